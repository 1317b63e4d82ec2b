import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import type { CountLine } from './count.ts'
import { countMail, type MailedCount } from './count-mail.words.ts'

/** A count that its kitchen was not sent. */
type UnsentCount = {
  kitchenCountId: string
  schoolId: string
  serviceId: string
  kitchenId: string
  kitchenName: string
  emails: string[]
  day: Day
}

/**
 * Sends the counts of today and of days to come to the kitchen that serves the school on that day, as soon as they are frozen: one
 * mail for each kitchen, day and address. What is written down and the mails are one transaction: each count goes out once, however
 * many workers look. A count that was replaced meanwhile is not sent.
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
  if (unsent.length === 0) return 0
  const { name: municipality } = await trx
    .selectFrom('municipality')
    .select('name')
    .where('id', '=', municipalityId)
    .executeTakeFirstOrThrow()
  let written = 0
  for (const group of Map.groupBy(unsent, ({ kitchenId, day }) => `${kitchenId} ${day}`).values()) {
    const [{ kitchenId, kitchenName, emails, day }] = group as [UnsentCount]
    const mark = fingerprintOf(group.map(({ kitchenCountId }) => kitchenCountId).toSorted())
    const counts = await countsOf(trx, day, new Set(group.map(placeOf)))
    const mail = countMail({ kitchen: kitchenName, municipality, day }, counts)
    for (const to of emails) {
      const dedupeKey = `count:${kitchenId}:${day}:${mark}:${to}`
      await enqueueMail(trx, municipalityId, { ...mail, dedupeKey, to, language: 'it' })
      written += 1
    }
  }
  return written
}

/** Writes down every version that is not sent yet, and answers those that are the newest of their day. */
async function takeUnsent(trx: Trx, municipalityId: string): Promise<UnsentCount[]> {
  const { rows } = await sql<UnsentCount>`
    with waiting as (
      select k.id, d.school_id, d.service_id, d.day, w.id as kitchen_id, w.name, w.emails,
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
    select w.id as "kitchenCountId", w.school_id as "schoolId", w.service_id as "serviceId", w.kitchen_id as "kitchenId", w.name as "kitchenName", w.emails, w.day
    from waiting w join taken t on t.kitchen_count_id = w.id
    where w.is_newest order by w.name, w.kitchen_id, w.day`.execute(trx)
  return rows
}

const placeOf = ({ schoolId, serviceId }: { schoolId: string; serviceId: string }): string =>
  `${schoolId} ${serviceId}`

type DayRow = Omit<MailedCount, 'lines' | 'state'> & { schoolId: string; serviceId: string; status: string }

async function countsOf(trx: Trx, day: Day, places: ReadonlySet<string>): Promise<MailedCount[]> {
  const { rows: days } = await sql<DayRow>`
    select school_id as "schoolId", service_id as "serviceId", name as "schoolName", service_name as "serviceName", status, version,
      frozen_at as "frozenAt", coalesce(closure_reason, count_reason, '') as reason
    from count_days(${day}::date)`.execute(trx)
  const { rows: lines } = await sql<CountLine>`
    select school_id as "schoolId", service_id as "serviceId", class_name as "className", diet_code as "dietCode", meals, absent,
      severe, asked
    from count_lines(${day}::date)`.execute(trx)
  return days
    .filter((row) => places.has(placeOf(row)) && row.status !== 'open')
    .map(({ status, ...row }) => ({
      ...row,
      state: status === 'suspended' ? 'suspended' : 'definitive',
      lines: lines.filter((line) => placeOf(line) === placeOf(row)),
    }))
}
