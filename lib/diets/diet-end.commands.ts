import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { dietEndNotice } from './diet-end.notice.ts'
import { endingDiets } from './diet-end.queries.ts'
import { type EndingDiet, TOLD_BEFORE } from './diet-end.ts'

const AT_ONE_TIME = 100

/**
 * Tells families that the diet of a child ends: once when the end is near and once when it is very near. A diet that the office
 * goes on with until another day ends on that one. For the worker, as often as it likes.
 * @returns how many families were told
 */
export async function tellEndingDiets(): Promise<number> {
  let told = 0
  for (const id of await municipalitiesWith(sql`municipalities_with_ending_diets()`))
    told += await asSystem(id, (trx) => tellDue(trx, id))
  return told
}

async function tellDue(trx: Trx, municipalityId: string): Promise<number> {
  const { rows } = await sql<EndingDiet & { daysBefore: number }>`
    with ending as (
      select e.pupil_id, e.valid_to as last_day, next.diet_code as next_code,
        case when e.valid_to - app_today() <= ${TOLD_BEFORE.last} then ${TOLD_BEFORE.last} else ${TOLD_BEFORE.first} end::smallint as days_before
      from ${endingDiets(municipalityId)}
      where e.valid_to between app_today() and app_today() + ${TOLD_BEFORE.first}::int
    ), told as (
      insert into diet_end_notice (municipality_id, pupil_id, last_day, days_before)
      select ${municipalityId}, d.pupil_id, d.last_day, d.days_before from ending d
      where not exists (select from diet_end_notice n where n.municipality_id = ${municipalityId} and n.pupil_id = d.pupil_id
        and n.last_day = d.last_day and n.days_before = d.days_before)
      order by d.last_day, d.pupil_id limit ${AT_ONE_TIME}
      on conflict do nothing
      returning pupil_id, last_day, days_before
    )
    select told.pupil_id as "pupilId", told.last_day as "lastDay", told.days_before as "daysBefore", ending.next_code as "nextDietCode"
    from told join ending on ending.pupil_id = told.pupil_id and ending.last_day = told.last_day`.execute(trx)
  for (const diet of rows) {
    await notify(trx, municipalityId, {
      event: 'form:status',
      key: `diet-ends:${diet.pupilId}:${diet.lastDay}:${diet.daysBefore}`,
      to: await adultsOfPupils(trx, municipalityId, [diet.pupilId]),
      say: (t) => dietEndNotice(diet, t),
      path: '/servizi',
    })
  }
  return rows.length
}
