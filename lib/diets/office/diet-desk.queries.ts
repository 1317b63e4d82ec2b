import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { DietFacts } from '#lib/forms/office/diet-effect.ts'
import type { Enrolled } from '#lib/forms/office/effects.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { MOST_OFFERED, offeredOf } from '#lib/school/office/class-choice.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { endingDiets } from '../diet-end.queries.ts'
import { ENDED_LATELY_DAYS } from '../diet-end.ts'
import { type DeskFilter, SOON } from './diet-desk.address.ts'
import type { DietDesk, LapsingDiet, RequestedDiet, WaitingDiet } from './diet-desk.ts'

const PLACE = (municipalityId: string) => sql`
  join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
  join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
  join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
  join diet d on d.municipality_id = ${municipalityId} and d.code = e.diet_code`

/**
 * The diets that wait for the office: asked for with a form, to be decided, about to end. Null for a viewer who may not decide them.
 * The reading is written in the register.
 * @param filter which of those that end
 */
export async function dietDesk(viewer: Viewer, filter: DeskFilter = SOON): Promise<DietDesk | null> {
  if (!allowedToStaff(viewer, 'diets:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [requested, undecided, ending, schools] = await Promise.all([
      requestedDiets(trx, municipalityId),
      undecidedDiets(trx, municipalityId),
      lapsingDiets(trx, municipalityId, filter),
      trx
        .selectFrom('school')
        .select(['id', 'name'])
        .where('municipality_id', '=', municipalityId)
        .orderBy('name')
        .limit(MOST_OFFERED + 1)
        .execute(),
    ])
    await recordAudit(trx, viewer, {
      action: 'diets.desk-read',
      objectType: 'municipality',
      objectId: municipalityId,
    })
    return { requested, undecided, ending, schools: offeredOf(schools) }
  })
}

/** Requests that hold a pupil, with what the pupil eats meanwhile. */
async function requestedDiets(trx: Trx, municipalityId: string): Promise<RequestedDiet[]> {
  const { rows } = await sql<RequestedDiet>`
    select p.id as "pupilId", p.full_name as name, s.name || ', ' || c.name as "where", e.diet_code as "dietCode",
      d.name as "dietName", e.severe_reaction or h.severe as severe, h.since as "from", q.form_id as "formId",
      q.id as "submissionId", q.protocol_number || '/' || q.protocol_year as protocol
    from diet_hold h
    join form_submission q on q.municipality_id = ${municipalityId} and q.id = h.submission_id
    join lateral (
      select n.pupil_id, n.school_id, n.school_class_id, n.diet_code, n.severe_reaction from enrolment n
      where n.municipality_id = ${municipalityId} and n.pupil_id = h.pupil_id and n.valid_to >= greatest(h.since, app_today())
      order by n.valid_from limit 1) e on true
    ${PLACE(municipalityId)}
    where h.municipality_id = ${municipalityId} and h.until is null
    order by q.submitted_at, q.id`.execute(trx)
  return rows
}

async function undecidedDiets(trx: Trx, municipalityId: string): Promise<WaitingDiet[]> {
  const { rows } = await sql<WaitingDiet>`
    select p.id as "pupilId", p.full_name as name, s.name || ', ' || c.name as "where", e.diet_code as "dietCode",
      d.name as "dietName", e.severe_reaction as severe, e.valid_from as "from", e.valid_to as "to"
    from enrolment e ${PLACE(municipalityId)}
    where e.municipality_id = ${municipalityId} and e.valid_to >= app_today() and e.diet_code = ${UNDECIDED_DIET}
    order by e.valid_from, p.full_name, p.id`.execute(trx)
  return rows
}

/** Those that end soon, and those that ended lately and gave way to the common diet: what was forgotten is still seen. */
async function lapsingDiets(
  trx: Trx,
  municipalityId: string,
  { days, schoolId, schoolName }: DeskFilter,
): Promise<LapsingDiet[]> {
  const { rows } = await sql<LapsingDiet>`
    select p.id as "pupilId", p.full_name as name, s.name || ', ' || c.name as "where", e.diet_code as "dietCode",
      d.name as "dietName", e.severe_reaction as severe, e.valid_from as "from", e.valid_to as "to",
      next.diet_code as "nextDietCode", f.name as "nextDietName",
      (select max(n.told_at) from diet_end_notice n where n.municipality_id = ${municipalityId} and n.pupil_id = e.pupil_id
        and n.last_day = e.valid_to) as "toldAt"
    from ${endingDiets(municipalityId)} ${PLACE(municipalityId)}
    join diet f on f.municipality_id = ${municipalityId} and f.code = next.diet_code
    where e.valid_to <= app_today() + ${days}::int
      and (e.valid_to >= app_today() or next.diet_code = ${COMMON_DIET} and e.valid_to >= app_today() - ${ENDED_LATELY_DAYS}::int)
      ${schoolId ? sql`and e.school_id = ${schoolId}::uuid` : sql``}
      ${schoolName ? sql`and ${holdsWords(sql`search_key(s.name)`, schoolName)}` : sql``}
    order by e.valid_to, p.full_name, p.id`.execute(trx)
  return rows
}

/** What a decision about a pupil's diet works with, and where it is written. */
export type DinerDiets = {
  facts: DietFacts
  householdId: string
  serviceId: string
  /** Requests for this pupil that are not decided: they hold the pupil also after a decision here. */
  requests: { id: string; formId: string; protocol: string }[]
}

/** Null when the pupil is not there or has no place in the canteen. */
export async function dinerDiets(
  trx: Trx,
  municipalityId: string,
  pupilId: string,
  options: { lock: boolean },
): Promise<DinerDiets | null> {
  if (options.lock) await lockDiner(trx, municipalityId, pupilId)
  const { rows } = await sql<Enrolled & { name: string; householdId: string; serviceId: string }>`
    select e.id, e.school_id as "schoolId", e.school_class_id as "classId", e.school_year_id as "yearId",
      s.name || ', ' || c.name as "where", e.diet_code as "dietCode", e.severe_reaction as severe, e.weekdays,
      e.valid_from as "from", e.valid_to as "to", p.full_name as name, p.household_id as "householdId", e.service_id as "serviceId"
    from enrolment e
    join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
    join service v on v.municipality_id = ${municipalityId} and v.id = e.service_id and v.active
    join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
    join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
    where e.municipality_id = ${municipalityId} and e.pupil_id = ${pupilId}::uuid
    order by e.valid_from ${options.lock ? sql`for update of e` : sql``}`.execute(trx)
  const [first] = rows
  if (!first) return null
  const own = rows.filter(({ serviceId }) => serviceId === first.serviceId)
  const schools = [...new Set(own.map(({ schoolId }) => schoolId))]
  const firstDay = await firstOpenDay(trx, municipalityId, first.serviceId, schools, options)
  const diets = await trx
    .selectFrom('diet')
    .select(['code', 'name', 'parts', 'valid_from as from', 'valid_to as to'])
    .where('municipality_id', '=', municipalityId)
    .orderBy('code')
    .execute()
  const { rows: requests } = await sql<DinerDiets['requests'][number]>`
    select q.id, q.form_id as "formId", q.protocol_number || '/' || q.protocol_year as protocol
    from diet_hold h join form_submission q on q.municipality_id = ${municipalityId} and q.id = h.submission_id
    where h.municipality_id = ${municipalityId} and h.pupil_id = ${pupilId}::uuid and h.until is null
    order by q.submitted_at, q.id`.execute(trx)
  return {
    requests,
    householdId: first.householdId,
    serviceId: first.serviceId,
    facts: { pupil: { name: first.name }, enrolments: own, firstDay, diets },
  }
}

/** A pupil's diets for the office, from the past to the last one; null for a viewer who may not decide them. */
export async function pupilDiets(viewer: Viewer, pupilId: string): Promise<DinerDiets | null> {
  if (!allowedToStaff(viewer, 'diets:manage') || !isUuid(pupilId)) return null
  return asStaff(viewer, async (trx) => {
    const found = await dinerDiets(trx, viewer.municipalityId, pupilId, { lock: false })
    if (found)
      await recordAudit(trx, viewer, {
        action: 'diet.read',
        objectType: 'household',
        objectId: found.householdId,
        details: { pupil: pupilId },
      })
    return found
  })
}
