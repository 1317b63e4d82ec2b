import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import type { Day } from '#lib/kernel/day.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { changeNotice } from './meal-change.notice.ts'
import type { Asked } from './meal-contact.ts'
import { type MealEvent, netChanges } from './net-change.ts'

const AT_ONE_TIME = 20

/**
 * Tells the other adults of a household what a person, or the office, has changed in the last minutes: once, and how it ended. For
 * the worker, as often as it likes.
 * @returns how many notices were settled
 */
export async function tellMealChanges(): Promise<number> {
  let settled = 0
  for (const id of await municipalitiesWith(sql`municipalities_with_due_meal_notices()`))
    settled += await asSystem(id, (trx) => tellDue(trx, id))
  return settled
}

type Notice = {
  householdId: string
  personId: string
  personName: string
  byOffice: boolean
  since: Date
  today: Day
}

async function tellDue(trx: Trx, municipalityId: string): Promise<number> {
  // A change holds its notice to the end of its transaction: one that is held is told later, with that change.
  const { rows } = await sql<Notice>`
    with due as (
      select household_id, person_id, by_office from meal_notice
      where municipality_id = ${municipalityId} and due_at <= app_now()
      order by due_at limit ${AT_ONE_TIME} for update skip locked)
    delete from meal_notice n using due, person p
    where n.municipality_id = ${municipalityId} and n.household_id = due.household_id and n.person_id = due.person_id
      and n.by_office = due.by_office and p.municipality_id = ${municipalityId} and p.id = n.person_id
    returning n.household_id as "householdId", n.person_id as "personId", p.full_name as "personName",
      n.by_office as "byOffice", n.since, app_today() as today`.execute(trx)
  for (const notice of rows) await tell(trx, municipalityId, notice)
  return rows.length
}

async function tell(trx: Trx, municipalityId: string, notice: Notice): Promise<void> {
  const { householdId, personId, personName, byOffice, since, today } = notice
  const { rows: events } = await sql<MealEvent & Pick<Asked, 'contact'> & { ofHousehold: string }>`
    select v.pupil_id as "pupilId", v.service_day_id as "serviceDayId", v.day, v.kind, r.contact,
      household_of_meal(${municipalityId}::uuid, v.pupil_id, v.day) as "ofHousehold"
    from absence_receipt r
    join absence_event v on v.municipality_id = ${municipalityId} and v.receipt_id = r.id
      and v.day between r.first_day and r.last_day
    where r.municipality_id = ${municipalityId} and r.household_id = ${householdId}::uuid
      and r.person_id = ${personId}::uuid and (r.channel = 'office') = ${byOffice} and r.arrived_at >= ${since}
    order by v.id`.execute(trx)
  const net = netChanges(events)
  // Each household hears of its own days: a child may have two.
  const households = new Map(events.map((event) => [`${event.pupilId} ${event.day}`, event.ofHousehold]))
  const ofHousehold = ({ pupilId, day }: MealEvent) => households.get(`${pupilId} ${day}`) as string
  const told = [...new Set(events.map((event) => event.ofHousehold))]
  for (const [action, own] of (['cancel', 'restore'] as const).flatMap((way) =>
    told.map((id) => [way, id] as const),
  )) {
    const changes = net[action].filter((change) => ofHousehold(change) === own)
    if (changes.length === 0) continue
    const [contact = null, ...others] = new Set(
      events.filter((event) => ofHousehold(event) === own).map((event) => event.contact),
    )
    const adults = await adultsOfPupils(
      trx,
      municipalityId,
      changes.map(({ pupilId }) => pupilId),
      own,
    )
    await notify(trx, municipalityId, {
      event: 'meals:changed',
      key: `meals:${action}:${own}:${personId}:${byOffice}:${since.toISOString()}`,
      to: adults.filter((adult) => adult !== personId),
      ...changeNotice({
        action,
        days: changes.map(({ day }) => day),
        by: byOffice ? null : personName,
        contact: others.length > 0 ? null : contact,
        today,
      }),
    })
  }
}
