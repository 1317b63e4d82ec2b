import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import type { Day } from '#lib/kernel/day.ts'
import { countMail } from './count-mail.words.ts'
import { countSheetIn } from './count-sheet.queries.ts'

/** A count that its kitchen was not sent. */
type UnsentCount = {
  kitchenCountId: string
  kitchenId: string
  emails: string[]
  day: Day
  /** It was not replaced meanwhile. */
  isNewest: boolean
}

/**
 * Sends the counts of today and of days to come to the kitchen that serves the school on that day, as soon as they are frozen: a
 * sheet of all its schools for each kitchen and day, as a mail with files to each address. What is written down and the mails are
 * one transaction: each count begins one sheet, however many workers look. A count that was replaced meanwhile stands in none.
 * @returns how many mails were written
 */
export async function sendCounts(): Promise<number> {
  let written = 0
  for (const id of await municipalitiesWith(sql`municipalities_with_unsent_counts()`))
    written += await asSystem(id, (trx) => sendIn(trx, id))
  return written
}

async function sendIn(trx: Trx, municipalityId: string): Promise<number> {
  const unsent = await takeUnsent(trx, municipalityId)
  let written = 0
  for (const group of Map.groupBy(unsent, ({ kitchenId, day }) => `${kitchenId} ${day}`).values()) {
    if (!group.some(({ isNewest }) => isNewest)) continue
    const { emails } = group[0] as UnsentCount
    const sheetId = await beginSheet(trx, municipalityId, group)
    const sheet = await countSheetIn(trx, municipalityId, sheetId)
    if (!sheet) continue
    const { subject, text } = countMail(sheet)
    for (const to of emails) {
      await sql`select enqueue_count_mail(${municipalityId}::uuid, ${`count:${sheetId}:${to}`}, ${to}, ${subject}, ${text},
        ${sheetId}::uuid)`.execute(trx)
      written += 1
    }
  }
  return written
}

/** Writes down every version that is not sent yet; a worker that looks at the same time waits here, and finds none. */
async function takeUnsent(trx: Trx, municipalityId: string): Promise<UnsentCount[]> {
  const { rows } = await sql<UnsentCount>`
    with waiting as (
      select k.id, d.day, w.id as kitchen_id, w.name, w.emails,
        row_number() over (partition by k.service_day_id order by k.version desc) = 1 as is_newest
      from service_day d
      join service v on v.municipality_id = ${municipalityId} and v.id = d.service_id and v.is_cooked
      join kitchen_count k on k.municipality_id = ${municipalityId} and k.service_day_id = d.id
      join lateral (
        select g.kitchen_id from kitchen_school g where g.municipality_id = ${municipalityId} and g.school_id = d.school_id
          and g.valid_from <= d.day order by g.valid_from desc limit 1
      ) serves on true
      join kitchen w on w.municipality_id = ${municipalityId} and w.id = serves.kitchen_id and w.emails <> '{}'
      where d.municipality_id = ${municipalityId} and d.day >= app_today() and d.status <> 'open'
    ), taken as (
      insert into count_mail (municipality_id, kitchen_count_id, kitchen_id)
      select ${municipalityId}, id, kitchen_id from waiting order by id
      on conflict do nothing
      returning kitchen_count_id
    )
    select w.id as "kitchenCountId", w.kitchen_id as "kitchenId", w.emails, w.day, w.is_newest as "isNewest"
    from waiting w join taken t on t.kitchen_count_id = w.id order by w.name, w.kitchen_id, w.day`.execute(
    trx,
  )
  return rows
}

/** The next sheet of a kitchen and day, with the counts that begin in it. */
async function beginSheet(trx: Trx, municipalityId: string, counts: readonly UnsentCount[]): Promise<string> {
  const [{ kitchenId, day }] = counts as [UnsentCount]
  const { rows } = await sql<{ id: string }>`
    insert into count_sheet (municipality_id, kitchen_id, day, number)
    select ${municipalityId}, ${kitchenId}::uuid, ${day}::date, coalesce(max(h.number), 0) + 1 from count_sheet h
    where h.municipality_id = ${municipalityId} and h.kitchen_id = ${kitchenId}::uuid and h.day = ${day}::date
    returning id`.execute(trx)
  const { id } = rows[0] as { id: string }
  await sql`update count_mail set count_sheet_id = ${id}
    where municipality_id = ${municipalityId}
      and kitchen_count_id = any(${counts.map(({ kitchenCountId }) => kitchenCountId)}::uuid[])`.execute(trx)
  return id
}
