import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { EnrolmentStretch } from '#lib/school/enrolment.ts'
import { openCancellations } from '#lib/school/office/cancellation.queries.ts'
import { MOST_OFFERED, type NamedClass, offeredOf } from '#lib/school/office/class-choice.ts'
import { goesOn } from '#lib/school/office/departure.queries.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import type { AskedLastDay, EndFacts } from './enrolment-end.ts'
import type { AskedMove, MoveFacts, MovingPupil } from './enrolment-move.ts'
import { type OfferedClass, offeredClasses, offeredServices } from './offered-class.queries.ts'

type EnrolledHere = EnrolmentStretch & { where: string }

/** The enrolments of a pupil in a service, in order. */
export async function enrolmentsIn(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  pupilId: string,
  { lock }: { lock: boolean },
): Promise<EnrolledHere[]> {
  const { rows } = await sql<EnrolledHere>`
    select e.id, e.school_id as "schoolId", e.school_class_id as "classId", e.school_year_id as "yearId",
      c.name || ' · ' || s.name as "where", e.diet_code as "dietCode", e.severe_reaction as severe, e.weekdays,
      e.valid_from as "from", e.valid_to as "to"
    from enrolment e
    join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
    join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
    where e.municipality_id = ${municipalityId} and e.service_id = ${serviceId}::uuid and e.pupil_id = ${pupilId}::uuid
    order by e.valid_from ${lock ? sql`for update of e` : sql``}`.execute(trx)
  return rows
}

/**
 * What a move touches.
 * @param options.lock holds the pupils and the next days of the schools: neither a close nor a cancellation falls between
 */
export async function moveFacts(
  trx: Trx,
  municipalityId: string,
  { serviceId, classId, pupilIds }: AskedMove,
  options: { lock: boolean },
): Promise<MoveFacts> {
  const pupils: MovingPupil[] = []
  for (const id of [...new Set(pupilIds)].sort()) {
    if (options.lock) await lockDiner(trx, municipalityId, id)
    const pupil = await trx
      .selectFrom('pupil')
      .select('full_name as name')
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!pupil) continue
    pupils.push({
      ...{ id, name: pupil.name },
      enrolments: await enrolmentsIn(trx, municipalityId, serviceId, id, options),
      cancellations: await openCancellations(trx, municipalityId, serviceId, id),
    })
  }
  const destination = await destinationOf(trx, municipalityId, serviceId, classId)
  const schools = new Set([
    ...pupils.flatMap(({ enrolments }) => enrolments.map(({ schoolId }) => schoolId)),
    ...(destination ? [destination.schoolId] : []),
  ])
  const firstDay = await firstOpenDay(trx, municipalityId, serviceId, [...schools], options)
  pupils.sort((a, b) => a.name.localeCompare(b.name, 'it'))
  return { destination, firstDay, pupils }
}

async function destinationOf(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  classId: string,
): Promise<MoveFacts['destination']> {
  const { rows } = await sql<NonNullable<MoveFacts['destination']>>`
    select c.id as "classId", c.name as "className", s.id as "schoolId", s.name as "schoolName", c.school_year_id as "yearId",
      t.starts_on as "from", least(t.ends_on, c.valid_to, s.valid_to) as "to"
    from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    join service_schedule t on t.municipality_id = ${municipalityId} and t.school_id = c.school_id
      and t.school_year_id = c.school_year_id and t.service_id = ${serviceId}::uuid
    where c.municipality_id = ${municipalityId} and c.id = ${classId}::uuid
      and (c.valid_to is null or c.valid_to >= app_today()) and (s.valid_to is null or s.valid_to >= app_today())`.execute(
    trx,
  )
  return rows[0] ?? null
}

/** What another last day touches, with the household; null where there is no such enrolment. */
export async function endFacts(
  trx: Trx,
  municipalityId: string,
  { pupilId, serviceId }: Omit<AskedLastDay, 'last'>,
  options: { lock: boolean },
): Promise<{ householdId: string; facts: EndFacts } | null> {
  if (options.lock) await lockDiner(trx, municipalityId, pupilId)
  const enrolments = await enrolmentsIn(trx, municipalityId, serviceId, pupilId, options)
  const latest = enrolments.toSorted((a, b) => b.to.localeCompare(a.to))[0]
  if (!latest) return null
  const schools = [...new Set(enrolments.map(({ schoolId }) => schoolId))]
  const firstDay = await firstOpenDay(trx, municipalityId, serviceId, schools, options)
  type Found = Omit<EndFacts, 'enrolments' | 'firstDay' | 'lastOfService'> & {
    householdId: string
    lastOfService: Day | null
  }
  const { rows } = await sql<Found>`
    select c.household_id as "householdId", c.full_name as "pupilName", v.name as "serviceName",
      (select t.ends_on from service_schedule t where t.municipality_id = ${municipalityId} and t.service_id = v.id
        and t.school_id = ${latest.schoolId}::uuid and t.school_year_id = ${latest.yearId}::uuid) as "lastOfService",
      coalesce((select jsonb_agg(jsonb_build_object('day', d.day, 'isCancelled', exists (select from absence a
            where a.municipality_id = ${municipalityId} and a.service_day_id = d.id and a.pupil_id = c.id)) order by d.day)
        from enrolment e
        join service_day d on d.municipality_id = ${municipalityId} and d.service_id = e.service_id and d.school_id = e.school_id
          and d.day between e.valid_from and e.valid_to and eats_on(e.weekdays, d.day) and d.day >= ${firstDay}::date
          and d.status = 'open'
        where e.municipality_id = ${municipalityId} and e.pupil_id = c.id and e.service_id = v.id), '[]') as meals,
      (select a.balance_cents from account a where a.municipality_id = ${municipalityId} and a.service_id = v.id
        and a.household_id = c.household_id) as "balanceCents",
      (select count(distinct o.id)::int from pupil o
        join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = o.id and e.service_id = v.id
          and ${goesOn(municipalityId)}
        where o.municipality_id = ${municipalityId} and o.household_id = c.household_id and o.id <> c.id) as "othersEnrolled"
    from pupil c, service v
    where c.municipality_id = ${municipalityId} and c.id = ${pupilId}::uuid
      and v.municipality_id = ${municipalityId} and v.id = ${serviceId}::uuid`.execute(trx)
  const found = rows[0]
  if (!found) return null
  const { householdId, lastOfService, ...facts } = found
  return { householdId, facts: { ...facts, enrolments, firstDay, lastOfService: lastOfService ?? latest.to } }
}

/** The pupils of a class in a service, now or later, and the classes of the same year to which they may go. */
export type MovableClass = {
  serviceId: string
  className: string
  schoolName: string
  serviceName: string
  /** The first day that no kitchen has counted, in any school: wherever the pupils go. */
  firstDay: Day
  pupils: { id: string; name: string; householdId: string; from: Day; to: Day }[]
  /** Null: they are too many to choose from. */
  classes: NamedClass[] | null
}

/**
 * A class list with names; its reading is written down. Null where there is no such class, or for who may not.
 * @param asked the service; empty: the first that is given
 */
export async function classListForOffice(
  viewer: Viewer,
  classId: string,
  asked: string,
): Promise<MovableClass | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(classId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const serviceId = asked === '' ? (await offeredServices(trx, municipalityId))[0]?.id : asked
    if (!isUuid(serviceId)) return null
    const { rows } = await sql<Pick<MovableClass, 'className' | 'schoolName' | 'serviceName'>>`
      select c.name as "className", s.name as "schoolName", v.name as "serviceName"
      from school_class c
      join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
      join service v on v.municipality_id = ${municipalityId} and v.id = ${serviceId}::uuid
      where c.municipality_id = ${municipalityId} and c.id = ${classId}::uuid`.execute(trx)
    const names = rows[0]
    if (!names) return null
    const [pupils, classes, firstDay] = await Promise.all([
      sql<MovableClass['pupils'][number]>`
        select p.id, p.full_name as name, p.household_id as "householdId", min(e.valid_from) as "from", max(e.valid_to) as "to"
        from enrolment e join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
        where e.municipality_id = ${municipalityId} and e.service_id = ${serviceId}::uuid
          and e.school_class_id = ${classId}::uuid and e.valid_to >= app_today()
        group by p.id, p.full_name, p.household_id, p.family_name
        order by p.family_name, p.full_name, p.id`.execute(trx),
      sql<NamedClass>`
        select o.id, o.name || ' · ' || s.name as name from school_class o
        join school s on s.municipality_id = ${municipalityId} and s.id = o.school_id
        join service_schedule t on t.municipality_id = ${municipalityId} and t.school_id = o.school_id
          and t.school_year_id = o.school_year_id and t.service_id = ${serviceId}::uuid
        where o.municipality_id = ${municipalityId} and o.id <> ${classId}::uuid
          and o.school_year_id = (select c.school_year_id from school_class c
            where c.municipality_id = ${municipalityId} and c.id = ${classId}::uuid)
        order by s.name, o.name limit ${MOST_OFFERED + 1}`.execute(trx),
      firstOpenDay(trx, municipalityId, serviceId, null, { lock: false }),
    ])
    await recordAudit(trx, viewer, {
      action: 'enrolments.class-read',
      objectType: 'school_class',
      objectId: classId,
      details: { pupils: pupils.rows.length },
    })
    return { ...names, serviceId, firstDay, pupils: pupils.rows, classes: offeredOf(classes.rows) }
  })
}

/** A page of the classes of a school year that is not over; the first such year unless another is named. */
export type ClassesOfYear = {
  yearName: string
  total: number
  page: number
  pages: number
  classes: OfferedClass[]
  services: { id: string; name: string }[]
}

const CLASSES_PER_PAGE = 100

/** Of these classes those with a list, with how many pupils each has; null for who may not move pupils. */
export async function classesToList(
  viewer: Viewer,
  asked: { yearName: string; page: number },
): Promise<ClassesOfYear | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows: years } = await sql<{ id: string; name: string; total: number }>`
      select y.id, y.name, count(c.id)::int as total from school_year y
      join school_class c on c.municipality_id = ${municipalityId} and c.school_year_id = y.id
        and (c.valid_to is null or c.valid_to >= app_today())
      join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
        and (s.valid_to is null or s.valid_to >= app_today())
      where y.municipality_id = ${municipalityId} and y.ends_on >= app_today()
      group by y.id, y.name, y.starts_on order by y.starts_on`.execute(trx)
    const year = years.find(({ name }) => name === asked.yearName) ?? years[0]
    const pages = Math.max(1, Math.ceil((year?.total ?? 0) / CLASSES_PER_PAGE))
    const page = Math.min(asked.page, pages)
    const [classes, services] = await Promise.all([
      year
        ? offeredClasses(trx, municipalityId, {
            ...{ withPupils: true, yearId: year.id, most: CLASSES_PER_PAGE },
            after: (page - 1) * CLASSES_PER_PAGE,
          })
        : [],
      offeredServices(trx, municipalityId),
    ])
    return { yearName: year?.name ?? '', total: year?.total ?? 0, page, pages, classes, services }
  })
}

/** A pupil's enrolments that are not over, a line for each service, for the form that ends one. Null where there is none to see. */
export async function endingForOffice(
  viewer: Viewer,
  householdId: string,
  pupilId: string,
): Promise<{
  pupilName: string
  services: { id: string; name: string; last: Day; firstLast: Day }[]
} | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(householdId) || !isUuid(pupilId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{
      pupilName: string
      id: string | null
      name: string | null
      last: Day | null
    }>`
      select p.full_name as "pupilName", v.id, v.name, max(e.valid_to) as last
      from pupil p
      left join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.valid_to >= app_today()
      left join service v on v.municipality_id = ${municipalityId} and v.id = e.service_id
      where p.municipality_id = ${municipalityId} and p.id = ${pupilId}::uuid and p.household_id = ${householdId}::uuid
      group by p.full_name, v.id, v.name order by v.name`.execute(trx)
    const [first] = rows
    if (!first) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: householdId,
    })
    const services = []
    for (const { id, name, last } of rows) {
      if (!id || !name || !last) continue
      const found = await endFacts(trx, municipalityId, { pupilId, serviceId: id }, { lock: false })
      if (found) services.push({ id, name, last, firstLast: addDays(found.facts.firstDay, -1) })
    }
    return { pupilName: first.pupilName, services }
  })
}
