import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { csvText, italianCsv, italianCsvLines } from '#lib/kernel/csv.ts'
import { type Day, dayInRome } from '#lib/kernel/day.ts'
import { exactTimeInRome, numericDay } from '#lib/words/format-day.ts'
import { recordAudit } from './audit.commands.ts'
import { operationInWords, signInInWords } from './audit-event.words.ts'

type Line = {
  id: string
  occurred_at: Date
  /** The same with its microseconds, by which the next lines are found. */
  exactly: string
  register: 'operazioni' | 'accessi'
  name: string | null
  fiscal_code: string | null
  action: string
  object: string
  outcome: string
  session_id: string | null
}

/** How many lines are read and written at a time. */
const BATCH = 10_000

type Period = { from: Day; to: Day }

/** The next lines of a period in both registers, in the order in which they were written. */
const linesAfter = (
  viewer: Viewer,
  { from, to }: Period,
  last: Line | undefined,
  most: number,
): Promise<Line[]> =>
  asStaff(viewer, async (trx) => {
    const since = sql`(${last?.exactly ?? '-infinity'}::timestamptz, ${last?.id ?? '00000000-0000-0000-0000-000000000000'}::uuid)`
    const { rows } = await sql<Line>`
      with period as (select ${from}::date::timestamp at time zone 'Europe/Rome' as first,
        (${to}::date + 1)::timestamp at time zone 'Europe/Rome' as after)
      select e.id, e.occurred_at, e.occurred_at::text as exactly, 'operazioni' as register, p.full_name as name, p.fiscal_code,
        e.action, e.object_type || ' ' || e.object_id as object, e.outcome, e.session_id::text
      from audit_event e left join person p on p.municipality_id = ${viewer.municipalityId} and p.id = e.person_id, period
      where e.municipality_id = ${viewer.municipalityId} and e.occurred_at >= period.first and e.occurred_at < period.after
        and (e.occurred_at, e.id) > ${since}
      union all
      select s.id, s.occurred_at, s.occurred_at::text, 'accessi', c.full_name, p.fiscal_code,
        s.outcome, coalesce(s.method || ' livello ' || s.level, ''), '', s.session_id::text
      from sign_in_event s
      join municipality m on m.id = ${viewer.municipalityId} and m.slug = s.municipality_slug
      left join citizen c on c.id = s.citizen_id
      left join person_code p on p.municipality_id = ${viewer.municipalityId} and p.fiscal_code_hash = c.fiscal_code_hash, period
      where s.occurred_at >= period.first and s.occurred_at < period.after and (s.occurred_at, s.id) > ${since}
      order by 2, 1 limit ${most}`.execute(trx)
    return rows
  })

const cellsOf = (line: Line): string[] => [
  numericDay(dayInRome(line.occurred_at)),
  exactTimeInRome(line.occurred_at),
  line.register,
  csvText(line.name ?? ''),
  line.fiscal_code ?? '',
  csvText(line.register === 'operazioni' ? operationInWords(line.action) : signInInWords(line.action)),
  csvText(line.object),
  line.outcome,
  line.session_id ?? '',
]

const HEAD = [
  'Giorno',
  'Ora',
  'Registro',
  'Persona',
  'Codice fiscale',
  'Operazione',
  'Su',
  'Esito',
  'Sessione',
]

/** The file in pieces, down to the last line of the period, however many there are. */
async function* piecesOf(viewer: Viewer, period: Period, batch: number): AsyncGenerator<string> {
  yield italianCsv([HEAD])
  let lines: Line[] = []
  do {
    lines = await linesAfter(viewer, period, lines.at(-1), batch)
    yield italianCsvLines(lines.map(cellsOf))
  } while (lines.length === batch)
}

/**
 * Both registers of a period, for an authority that asks: each line attributed to a person. Only for managers, and the
 * export is itself an operation. Null for any other viewer, or for an invalid period.
 * @param from first day, @param to last day, both included
 * @returns the file in pieces: nothing of the period is left out
 */
export async function registersToExport(
  viewer: Viewer,
  { from, to, reason }: Period & { reason: string },
  batch = BATCH,
): Promise<AsyncIterable<string> | null> {
  if (!allowedToStaff(viewer, 'registers:export') || from > to || reason.trim() === '') return null
  await asStaff(viewer, (trx) =>
    recordAudit(trx, viewer, {
      action: 'registers:exported',
      objectType: 'register',
      objectId: `${from}/${to}`,
      details: { reason },
    }),
  )
  return piecesOf(viewer, { from, to }, batch)
}
