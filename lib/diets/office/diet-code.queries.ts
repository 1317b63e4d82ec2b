import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import type { DietCode, Holding } from '../diet-code.ts'

/** Every code of the municipality; null for a viewer who may not manage them. */
export async function dietCodes(viewer: Viewer): Promise<DietCode[] | null> {
  if (!allowedToStaff(viewer, 'diets:manage')) return null
  return asStaff(viewer, (trx) => codesOf(trx, viewer.municipalityId))
}

/** The same in the caller's transaction. */
export async function codesOf(trx: Trx, municipalityId: string): Promise<DietCode[]> {
  const { rows } = await sql<DietCode>`
    select d.code, d.name, d.legend, d.allergens, d.parts, d.valid_from as "from", d.valid_to as "to", d.revision,
      (select p.full_name from person p where p.municipality_id = ${municipalityId} and p.id = d.updated_by) as "savedBy",
      (select count(distinct e.pupil_id)::int from enrolment e where e.municipality_id = ${municipalityId}
        and e.diet_code = d.code and e.valid_to >= app_today()) as pupils
    from diet d where d.municipality_id = ${municipalityId} order by d.code`.execute(trx)
  return rows
}

/** Who has a code after a day, by name. */
export async function holdingsAfter(
  trx: Trx,
  municipalityId: string,
  code: string,
  lastDay: Day,
  { lock }: { lock: boolean },
): Promise<Holding[]> {
  if (lock)
    await sql`select p.id from pupil p where p.municipality_id = ${municipalityId} and p.id in (
        select e.pupil_id from enrolment e where e.municipality_id = ${municipalityId} and e.diet_code = ${code} and e.valid_to > ${lastDay}::date)
      order by p.id for no key update of p`.execute(trx)
  const { rows } = await sql<Holding>`
    select e.id, e.pupil_id as "pupilId", p.full_name as name, s.name || ', ' || c.name as "where", e.service_id as "serviceId",
      e.school_id as "schoolId", e.school_class_id as "classId", e.school_year_id as "yearId", e.severe_reaction as severe, e.weekdays,
      e.valid_from as "from", e.valid_to as "to"
    from enrolment e
    join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
    join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
    join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
    where e.municipality_id = ${municipalityId} and e.diet_code = ${code} and e.valid_to > ${lastDay}::date
    order by p.full_name, p.id, e.valid_from ${lock ? sql`for update of e` : sql``}`.execute(trx)
  return rows
}

/** Who has a code from today on, on a day before another one, by name. */
export async function holdersBefore(
  trx: Trx,
  municipalityId: string,
  code: string,
  day: Day,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct p.full_name as name from enrolment e
    join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
    where e.municipality_id = ${municipalityId} and e.diet_code = ${code} and e.valid_to >= app_today()
      and greatest(e.valid_from, app_today()) < ${day}::date
    order by 1`.execute(trx)
  return rows.map(({ name }) => name)
}

/** The first day that no kitchen of the municipality has counted, in any active service. */
export async function firstUncountedDay(
  trx: Trx,
  municipalityId: string,
  options: { lock: boolean },
): Promise<Day> {
  const services = await trx
    .selectFrom('service')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('active', '=', true)
    .orderBy('id')
    .execute()
  const days: Day[] = []
  for (const { id } of services) days.push(await firstOpenDay(trx, municipalityId, id, null, options))
  return days.sort().at(-1) as Day
}
