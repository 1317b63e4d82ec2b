import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'
import { UNDECIDED_DIET } from '../diet.ts'
import type { EnrolmentPlan } from '../enrolment.ts'
import type { Stretch } from './rollover-plan.queries.ts'

/** Whose enrolments, in which service. */
export type Diner = { municipalityId: string; pupilId: string; serviceId: string }

/** What changes of the enrolments of a pupil in a service. */
export type EnrolmentChange = Omit<Diner, 'municipalityId'> & { plan: EnrolmentPlan }

/**
 * The one place that writes enrolments. The accepted cancellations of the pupil go along to the school of each day: an
 * accepted cancellation is never charged, wherever the child eats.
 * The caller holds the pupil and the open days of the schools (`lockDiner`, `firstOpenDay`).
 */
export const writeEnrolments = (
  trx: Trx,
  { municipalityId, ...diner }: Diner,
  plan: EnrolmentPlan,
): Promise<void> => writeManyEnrolments(trx, municipalityId, [{ ...diner, plan }])

/** The same for many pupils, each in a service once: as many statements as for one. */
export async function writeManyEnrolments(
  trx: Trx,
  municipalityId: string,
  changes: readonly EnrolmentChange[],
): Promise<void> {
  // What goes makes room for what goes on.
  const dropped = changes.flatMap(({ plan }) => plan.drop)
  if (dropped.length > 0)
    await sql`delete from enrolment where municipality_id = ${municipalityId} and id = any(${dropped}::uuid[])`.execute(
      trx,
    )
  const ended = changes.flatMap(({ plan }) => plan.end)
  if (ended.length > 0)
    await sql`update enrolment e set valid_to = n."to"
      from jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as n(id uuid, "to" date)
      where e.municipality_id = ${municipalityId} and e.id = n.id`.execute(trx)
  const redieted = changes.flatMap(({ plan }) => plan.rediet)
  if (redieted.length > 0)
    await sql`update enrolment e set diet_code = n."dietCode", severe_reaction = n.severe
      from jsonb_to_recordset(${JSON.stringify(redieted)}::jsonb) as n(id uuid, "dietCode" text, severe boolean)
      where e.municipality_id = ${municipalityId} and e.id = n.id`.execute(trx)
  await addEnrolments(
    trx,
    municipalityId,
    changes.flatMap(({ plan, pupilId, serviceId }) =>
      plan.enrol.map((one) => ({ ...one, pupilId, serviceId })),
    ),
  )
  await carryCancellations(trx, municipalityId, changes)
}

/** An enrolment of a pupil in a service. */
export type NewEnrolment = EnrolmentPlan['enrol'][number] & { pupilId: string; serviceId: string }

/**
 * Writes enrolments of pupils who have none on those days, so that there is no cancellation to carry: of pupils who are new, or new
 * in a school year. Every other change goes through `writeEnrolments`.
 */
export async function addEnrolments(
  trx: Trx,
  municipalityId: string,
  enrolments: readonly NewEnrolment[],
): Promise<void> {
  if (enrolments.length === 0) return
  await sql`
    insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code,
      severe_reaction, weekdays, valid_from, valid_to)
    select ${municipalityId}::uuid, n."pupilId", n."serviceId", n."schoolId", n."classId", n."yearId", n."dietCode", n.severe,
      n.weekdays, n."from", n."to"
    from jsonb_to_recordset(${JSON.stringify(enrolments)}::jsonb) as n("pupilId" uuid, "serviceId" uuid, "schoolId" uuid,
      "classId" uuid, "yearId" uuid, "dietCode" text, severe boolean, weekdays smallint[], "from" date, "to" date)`.execute(
    trx,
  )
}

/** The pupils of a roll-over whose enrolments one statement writes. */
const isChosen = (rolloverId: string, { from, before }: Stretch) => sql`
  p.rollover_id = ${rolloverId}::uuid and p.pupil_id >= ${from}::uuid and p.pupil_id < ${before}::uuid`

/**
 * Writes the enrolments that a roll-over remembers, a stretch of pupils in one statement each: the old ones that reach beyond their year are
 * cut, those of the new year begin. No cancellation goes along: a pupil with one in another school is set apart by the plan.
 */
export async function enterYear(
  trx: Trx,
  municipalityId: string,
  { rolloverId, yearId, within }: { rolloverId: string; yearId: string; within: Stretch },
): Promise<void> {
  const chosen = isChosen(rolloverId, within)
  await sql`update enrolment e set valid_to = p.shortened_to from year_rollover_pupil p
    where p.municipality_id = ${municipalityId} and ${chosen} and p.shortened_to is not null
      and e.municipality_id = ${municipalityId} and e.id = p.from_enrolment_id`.execute(trx)
  await sql`
    insert into enrolment (municipality_id, id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, severe_reaction,
      weekdays, valid_from, valid_to)
    select ${municipalityId}::uuid, n.id, p.pupil_id, p.service_id, c.school_id, p.to_class_id, ${yearId}::uuid, n.diet_code,
      e.severe_reaction, e.weekdays, n.valid_from, n.valid_to
    from year_rollover_pupil p
    cross join lateral (
      select p.enrolment_id as id, p.diet_code, p.valid_from, coalesce(p.diet_to, p.valid_to) as valid_to
      union all
      select p.rest_id, ${UNDECIDED_DIET}, p.diet_to + 1, p.valid_to where p.rest_id is not null) n
    join school_class c on c.municipality_id = ${municipalityId} and c.id = p.to_class_id
    join enrolment e on e.municipality_id = ${municipalityId} and e.id = p.from_enrolment_id
    where p.municipality_id = ${municipalityId} and ${chosen} and p.outcome = 'moves'`.execute(trx)
}

/** Takes back what `enterYear` wrote: the enrolments of the new year go, the cut ones have their last day again. */
export async function leaveYear(
  trx: Trx,
  municipalityId: string,
  { rolloverId, within }: { rolloverId: string; within: Stretch },
): Promise<void> {
  const chosen = isChosen(rolloverId, within)
  await sql`delete from enrolment e using year_rollover_pupil p
    where p.municipality_id = ${municipalityId} and ${chosen} and e.municipality_id = ${municipalityId} and e.id in (p.enrolment_id, p.rest_id)`.execute(
    trx,
  )
  await sql`update enrolment e set valid_to = p.earlier_to from year_rollover_pupil p
    where p.municipality_id = ${municipalityId} and ${chosen} and p.earlier_to is not null
      and e.municipality_id = ${municipalityId} and e.id = p.from_enrolment_id`.execute(trx)
  await sql`delete from year_rollover_pupil p where p.municipality_id = ${municipalityId} and ${chosen}`.execute(
    trx,
  )
}

/**
 * Ends all enrolments in a service after a day, in one statement each. The service's later days lose their meals too: no cancellation
 * goes along, and what was cancelled on them stays written.
 */
export async function endServiceEnrolments(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  to: Day,
): Promise<void> {
  await sql`delete from enrolment where municipality_id = ${municipalityId} and service_id = ${serviceId} and valid_from > ${to}`.execute(
    trx,
  )
  await sql`update enrolment set valid_to = ${to}
    where municipality_id = ${municipalityId} and service_id = ${serviceId} and valid_to > ${to}`.execute(trx)
}

/** All enrolments and absences of a pupil as they were, each row as the database writes it. */
export type PupilBefore = { id: string; enrolments: unknown; absences: unknown }

/** Puts the enrolments and absences of pupils back as they were. The caller knows that nothing was counted since. */
export async function putEnrolmentsBack(
  trx: Trx,
  municipalityId: string,
  pupils: readonly PupilBefore[],
): Promise<void> {
  const before = sql`jsonb_to_recordset(${JSON.stringify(pupils)}::jsonb) as n(id uuid, enrolments jsonb, absences jsonb)`
  await sql`delete from absence a using ${before} where a.municipality_id = ${municipalityId} and a.pupil_id = n.id
    and not n.absences @> jsonb_build_array(to_jsonb(a))`.execute(trx)
  await sql`delete from enrolment e using ${before} where e.municipality_id = ${municipalityId} and e.pupil_id = n.id
    and not n.enrolments @> jsonb_build_array(to_jsonb(e))`.execute(trx)
  await sql`
    insert into enrolment (municipality_id, id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code,
      severe_reaction, weekdays, valid_from, valid_to)
    select ${municipalityId}::uuid, b.id, n.id, b.service_id, b.school_id, b.school_class_id, b.school_year_id, b.diet_code,
      b.severe_reaction, b.weekdays, b.valid_from, b.valid_to
    from ${before}, jsonb_populate_recordset(null::enrolment, n.enrolments) b
    where not exists (select from enrolment e where e.municipality_id = ${municipalityId} and e.id = b.id)`.execute(
    trx,
  )
  await sql`
    insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
    select ${municipalityId}::uuid, b.service_day_id, n.id, b.receipt_id
    from ${before}, jsonb_populate_recordset(null::absence, n.absences) b
    where not exists (select from absence a where a.municipality_id = ${municipalityId}
      and a.service_day_id = b.service_day_id and a.pupil_id = n.id)`.execute(trx)
}

/** Locks the pupil as a change of meals does: a cancellation made meanwhile waits, and finds the new school. */
export const lockDiner = (trx: Trx, municipalityId: string, pupilId: string) =>
  sql`select from pupil where municipality_id = ${municipalityId} and id = ${pupilId} for no key update`.execute(
    trx,
  )

/** Locks many, in the order of their keys, so that two never wait for each other in a ring. */
export const lockDiners = (trx: Trx, municipalityId: string, pupilIds: readonly string[]) =>
  sql`select from pupil where municipality_id = ${municipalityId} and id = any(${[...pupilIds]}::uuid[])
    order by id for no key update`.execute(trx)

/**
 * A cancellation stands on the day of a school. Where the pupil now eats at another on that day, it stands there, under the
 * same receipt. A day without a meal there keeps it where it was: if the pupil comes back, it holds.
 */
async function carryCancellations(
  trx: Trx,
  municipalityId: string,
  diners: readonly Omit<Diner, 'municipalityId'>[],
): Promise<void> {
  const pupils = diners.map(({ pupilId }) => pupilId)
  const services = diners.map(({ serviceId }) => serviceId)
  await sql`
    with carried as materialized (
      select a.pupil_id, a.service_day_id as old_id, a.receipt_id, there.id as new_id, was.status = 'open' as may_go
      from unnest(${pupils}::uuid[], ${services}::uuid[]) as n (pupil_id, service_id)
      join absence a on a.municipality_id = ${municipalityId} and a.pupil_id = n.pupil_id
      join service_day was on was.municipality_id = ${municipalityId} and was.id = a.service_day_id
        and was.service_id = n.service_id and was.day >= app_today()
      join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = a.pupil_id
        and e.service_id = was.service_id and e.school_id <> was.school_id
        and e.valid_from <= was.day and e.valid_to >= was.day and eats_on(e.weekdays, was.day)
      join service_day there on there.municipality_id = ${municipalityId} and there.service_id = was.service_id
        and there.school_id = e.school_id and there.day = was.day and there.status = 'open'
    ), placed as (
      insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
      select ${municipalityId}, new_id, pupil_id, receipt_id from carried
      on conflict do nothing
    )
    delete from absence a using carried
    where a.municipality_id = ${municipalityId} and a.pupil_id = carried.pupil_id and a.service_day_id = carried.old_id
      and carried.may_go`.execute(trx)
}
