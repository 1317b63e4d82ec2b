import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { DietFacts } from '#lib/forms/office/diet-effect.ts'
import type { Enrolled } from '#lib/forms/office/effects.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { type DietDesk, ENDS_SOON_DAYS, type WaitingDiet } from './diet-desk.ts'

/** The diets that wait for the office; null for a viewer who may not decide them. The reading is written in the register. */
export async function dietDesk(viewer: Viewer): Promise<DietDesk | null> {
  if (!allowedToStaff(viewer, 'diets:manage')) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<WaitingDiet>`
      select p.id as "pupilId", p.full_name as name, s.name || ', ' || c.name as "where", e.diet_code as "dietCode",
        d.name as "dietName", e.severe_reaction as severe, e.valid_from as "from", e.valid_to as "to"
      from enrolment e
      join pupil p on p.municipality_id = ${viewer.municipalityId} and p.id = e.pupil_id
      join school s on s.municipality_id = ${viewer.municipalityId} and s.id = e.school_id
      join school_class c on c.municipality_id = ${viewer.municipalityId} and c.id = e.school_class_id
      join diet d on d.municipality_id = ${viewer.municipalityId} and d.code = e.diet_code
      where e.municipality_id = ${viewer.municipalityId} and e.valid_to >= app_today()
        and (e.diet_code = ${UNDECIDED_DIET} or e.diet_code <> ${COMMON_DIET} and e.valid_to <= app_today() + ${ENDS_SOON_DAYS}::int
          and not exists (select from enrolment n where n.municipality_id = ${viewer.municipalityId} and n.pupil_id = e.pupil_id
            and n.service_id = e.service_id and n.valid_from = e.valid_to + 1 and n.diet_code = e.diet_code))
      order by e.valid_from, p.full_name, p.id`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'diets.desk-read',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
    })
    return {
      undecided: rows.filter(({ dietCode }) => dietCode === UNDECIDED_DIET),
      ending: rows.filter(({ dietCode }) => dietCode !== UNDECIDED_DIET),
    }
  })
}

/** What a decision about a pupil's diet works with, and where it is written. */
export type DinerDiets = { facts: DietFacts; householdId: string; serviceId: string }

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
      s.name || ', ' || c.name as "where", e.diet_code as "dietCode", e.severe_reaction as severe,
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
    .select(['code', 'name', 'valid_from as from', 'valid_to as to'])
    .where('municipality_id', '=', municipalityId)
    .orderBy('code')
    .execute()
  return {
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
