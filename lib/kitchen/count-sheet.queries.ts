import 'server-only'
import { sql } from 'kysely'
import { asStaff, asSystem, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { MailFile } from '#lib/outbox/delivery.ts'
import { countSheetCsv } from './count-sheet.csv.ts'
import { countSheetPdf } from './count-sheet.pdf.ts'
import type { CountSheet, NewestSheet, SheetLine } from './count-sheet.ts'
import { sheetFileName } from './count-sheet.words.ts'

type Head = Pick<CountSheet, 'kitchenName' | 'municipality' | 'day' | 'number' | 'writtenAt'>
type CountRow = {
  countId: string
  schoolId: string
  schoolName: string
  serviceName: string
  version: number
  frozenAt: Date
  reason: string
  beforeId: string | null
  beforeVersion: number | null
  usualId: string | null
  usualDay: Day | null
}

/** A sheet with its counts, for a transaction that may read it; null where there is none for it. */
export async function countSheetIn(
  trx: Trx,
  municipalityId: string,
  sheetId: string,
): Promise<CountSheet | null> {
  const { rows: heads } = await sql<Head>`
    select h.kitchen_name as "kitchenName", m.name as municipality, h.day, h.number, h.written_at as "writtenAt"
    from sheet_head(${sheetId}::uuid) h join municipality m on m.id = ${municipalityId}`.execute(trx)
  const [head] = heads
  if (!head) return null
  const { rows: counts } = await sql<CountRow>`
    select count_id as "countId", school_id as "schoolId", school_name as "schoolName", service_name as "serviceName", version,
      frozen_at as "frozenAt", reason, before_id as "beforeId", before_version as "beforeVersion", usual_id as "usualId",
      usual_day as "usualDay"
    from sheet_counts(${sheetId}::uuid)`.execute(trx)
  const { rows: lines } = await sql<SheetLine & { countId: string }>`
    select count_id as "countId", class_name as "className", diet_code as "dietCode", meals, absent, severe, asked
    from sheet_lines(${sheetId}::uuid)`.execute(trx)
  const byCount = Map.groupBy(lines, ({ countId }) => countId)
  const linesOf = (id: string | null): SheetLine[] =>
    (id === null ? [] : (byCount.get(id) ?? [])).map(({ countId: _, ...line }) => line)
  return {
    ...head,
    counts: counts.map(({ countId, beforeId, beforeVersion, usualId, usualDay, ...count }) => ({
      ...count,
      lines: linesOf(countId),
      before: beforeVersion === null ? null : { version: beforeVersion, lines: linesOf(beforeId) },
      usual: usualDay === null ? null : { day: usualDay, lines: linesOf(usualId) },
    })),
  }
}

const mayRead = (viewer: Viewer): boolean =>
  allowedToStaff(viewer, 'kitchen:read') || allowedToStaff(viewer, 'kitchen:read-own')

/** A sheet for a person: of any kitchen for the office, of the own one for a cook. Null for any other. */
export const sheetFor = async (viewer: Viewer, sheetId: string): Promise<CountSheet | null> =>
  mayRead(viewer) ? asStaff(viewer, (trx) => countSheetIn(trx, viewer.municipalityId, sheetId)) : null

/** The newest sheet of each kitchen whose sheets the person may read; null for who reads none. */
export async function newestSheets(viewer: Viewer, day: Day): Promise<NewestSheet[] | null> {
  if (!mayRead(viewer)) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<NewestSheet>`
      select id, kitchen_name as "kitchenName", number, written_at as "writtenAt" from newest_sheets(${day}::date)`.execute(
      trx,
    )
    return rows
  })
}

/** The files that leave with the mail of a sheet. */
export async function sheetFiles(municipalityId: string, sheetId: string): Promise<MailFile[]> {
  const sheet = await asSystem(municipalityId, (trx) => countSheetIn(trx, municipalityId, sheetId))
  if (!sheet) return []
  const name = sheetFileName(sheet)
  return [
    { filename: `${name}.pdf`, contentType: 'application/pdf', content: await countSheetPdf(sheet) },
    { filename: `${name}.csv`, contentType: 'text/csv; charset=utf-8', content: countSheetCsv(sheet) },
  ]
}
