import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { EnrolmentPlan } from '../enrolment.ts'

/** Whose enrolments, in which service. */
export type Diner = { municipalityId: string; pupilId: string; serviceId: string }

/**
 * The one place that writes enrolments. The accepted cancellations of the pupil go along to the school of each day: an
 * accepted cancellation is never charged, wherever the child eats.
 * The caller holds the pupil and the open days of the schools (`lockDiner`, `firstOpenDay`).
 */
export async function writeEnrolments(trx: Trx, diner: Diner, plan: EnrolmentPlan): Promise<void> {
  const { municipalityId, pupilId, serviceId } = diner
  // What goes makes room for what goes on.
  if (plan.drop.length > 0) {
    await trx
      .deleteFrom('enrolment')
      .where('municipality_id', '=', municipalityId)
      .where('id', 'in', plan.drop)
      .execute()
  }
  for (const { id, to } of plan.end) {
    await enrolment(trx, municipalityId, id).set({ valid_to: to }).execute()
  }
  for (const { id, dietCode, severe } of plan.rediet) {
    await enrolment(trx, municipalityId, id).set({ diet_code: dietCode, severe_reaction: severe }).execute()
  }
  if (plan.enrol.length > 0) {
    await trx
      .insertInto('enrolment')
      .values(
        plan.enrol.map(({ schoolId, classId, yearId, dietCode, severe, from, to }) => ({
          municipality_id: municipalityId,
          pupil_id: pupilId,
          service_id: serviceId,
          school_id: schoolId,
          school_class_id: classId,
          school_year_id: yearId,
          diet_code: dietCode,
          severe_reaction: severe,
          valid_from: from,
          valid_to: to,
        })),
      )
      .execute()
  }
  await carryCancellations(trx, diner)
}

const enrolment = (trx: Trx, municipalityId: string, id: string) =>
  trx.updateTable('enrolment').where('municipality_id', '=', municipalityId).where('id', '=', id)

/** Locks the pupil as a change of meals does: a cancellation made meanwhile waits, and finds the new school. */
export const lockDiner = (trx: Trx, municipalityId: string, pupilId: string) =>
  sql`select from pupil where municipality_id = ${municipalityId} and id = ${pupilId} for no key update`.execute(
    trx,
  )

/**
 * A cancellation stands on the day of a school. Where the pupil now eats at another on that day, it stands there, under the
 * same receipt. A day without a meal there keeps it where it was: if the pupil comes back, it holds.
 */
async function carryCancellations(trx: Trx, { municipalityId, pupilId, serviceId }: Diner): Promise<void> {
  await sql`
    with carried as materialized (
      select a.service_day_id as old_id, a.receipt_id, there.id as new_id, was.status = 'open' as may_go
      from absence a
      join service_day was on was.municipality_id = ${municipalityId} and was.id = a.service_day_id
        and was.service_id = ${serviceId} and was.day >= app_today()
      join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = a.pupil_id
        and e.service_id = was.service_id and e.school_id <> was.school_id
        and e.valid_from <= was.day and e.valid_to >= was.day
      join service_day there on there.municipality_id = ${municipalityId} and there.service_id = was.service_id
        and there.school_id = e.school_id and there.day = was.day and there.status = 'open'
      where a.municipality_id = ${municipalityId} and a.pupil_id = ${pupilId}
    ), placed as (
      insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
      select ${municipalityId}, new_id, ${pupilId}, receipt_id from carried
      on conflict do nothing
    )
    delete from absence a using carried
    where a.municipality_id = ${municipalityId} and a.pupil_id = ${pupilId} and a.service_day_id = carried.old_id
      and carried.may_go`.execute(trx)
}
