import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import type { KitchenWords } from '../kitchen.ts'
import type { MoveEffect } from './kitchen.words.ts'
import type { SchoolService, Served } from './kitchen-move.ts'

/** A school that a kitchen serves; `to` null: until another one is decided. */
export type ServedSchool = { schoolId: string; schoolName: string; from: Day; to: Day | null }

export type KitchenLine = KitchenWords & { id: string; schools: ServedSchool[] }

/** A school that has the canteen, and the kitchen that serves it today. */
export type SchoolKitchen = { id: string; name: string; kitchenName: string | null }

/** The kitchens with the schools they serve now or will serve, and all schools; null for who may not see the page. */
export async function kitchenLines(
  viewer: Viewer,
): Promise<{ kitchens: KitchenLine[]; schools: SchoolKitchen[] } | null> {
  if (!allowedToStaff(viewer, 'structure:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [kitchens, schools] = await Promise.all([
      kitchensOf(trx, municipalityId),
      schoolKitchens(trx, municipalityId),
    ])
    return { kitchens, schools }
  })
}

async function kitchensOf(trx: Trx, municipalityId: string): Promise<KitchenLine[]> {
  const { rows } = await sql<KitchenLine>`
    select k.id, k.name, k.emails, k.phone,
      coalesce((select json_agg(json_build_object('schoolId', q.school_id, 'schoolName', q.name, 'from', q.valid_from, 'to', q.until)
          order by q.name, q.valid_from) from (${spans(municipalityId)}) q
        where q.kitchen_id = k.id and (q.until is null or q.until >= app_today())), '[]') as schools
    from kitchen k where k.municipality_id = ${municipalityId} order by k.name`.execute(trx)
  return rows
}

/** Each time that a kitchen serves a school, with its last day. */
const spans = (municipalityId: string) => sql`
  select g.kitchen_id, g.school_id, s.name, g.valid_from,
    lead(g.valid_from) over (partition by g.school_id order by g.valid_from) - 1 as until
  from kitchen_school g join school s on s.municipality_id = ${municipalityId} and s.id = g.school_id
  where g.municipality_id = ${municipalityId}`

async function schoolKitchens(trx: Trx, municipalityId: string): Promise<SchoolKitchen[]> {
  const { rows } = await sql<SchoolKitchen>`
    select s.id, s.name, (select k.name from kitchen_school g
      join kitchen k on k.municipality_id = ${municipalityId} and k.id = g.kitchen_id
      where g.municipality_id = ${municipalityId} and g.school_id = s.id and g.valid_from <= app_today()
      order by g.valid_from desc limit 1) as "kitchenName"
    from school s where s.municipality_id = ${municipalityId} and (s.valid_to is null or s.valid_to >= app_today())
    order by s.name`.execute(trx)
  return rows
}

/** A kitchen with who saved it last. */
export type KitchenNow = KitchenWords & { id: string; revision: number; savedBy: string | null }

export async function kitchenNow(trx: Trx, municipalityId: string, id: string): Promise<KitchenNow | null> {
  const { rows } = await sql<KitchenNow>`
    select k.id, k.name, k.emails, k.phone, k.revision, p.full_name as "savedBy"
    from kitchen k left join person p on p.municipality_id = ${municipalityId} and p.id = k.updated_by
    where k.municipality_id = ${municipalityId} and k.id = ${id}`.execute(trx)
  return rows[0] ?? null
}

export type KitchenSheet = KitchenNow & {
  /** All that it served, the latest first. */
  served: (ServedSchool & { mayTakeBack: boolean })[]
  schools: SchoolKitchen[]
  /** Who has its role, now or later. */
  people: { personId: string; name: string }[]
  /** The latest mails with counts: of which day, and when they were written. */
  mails: { day: Day; writtenAt: Date; schools: number }[]
}

/** One kitchen for its page; null where there is none or for who may not see it. */
export async function kitchenSheet(viewer: Viewer, id: string): Promise<KitchenSheet | null> {
  if (!allowedToStaff(viewer, 'structure:manage') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const kitchen = await kitchenNow(trx, municipalityId, id)
    if (!kitchen) return null
    const [served, schools, people, mails] = await Promise.all([
      servedBy(trx, municipalityId, id),
      schoolKitchens(trx, municipalityId),
      peopleOf(trx, municipalityId, id),
      latestMails(trx, municipalityId, id),
    ])
    return { ...kitchen, served, schools, people, mails }
  })
}

async function servedBy(trx: Trx, municipalityId: string, id: string): Promise<KitchenSheet['served']> {
  const { rows } = await sql<KitchenSheet['served'][number]>`
    select q.school_id as "schoolId", q.name as "schoolName", q.valid_from as "from", q.until as "to",
      q.valid_from > app_today() and exists (select from kitchen_school e where e.municipality_id = ${municipalityId}
        and e.school_id = q.school_id and e.valid_from < q.valid_from) as "mayTakeBack"
    from (${spans(municipalityId)}) q where q.kitchen_id = ${id} order by q.valid_from desc, q.name`.execute(
    trx,
  )
  return rows
}

async function peopleOf(trx: Trx, municipalityId: string, id: string): Promise<KitchenSheet['people']> {
  const { rows } = await sql<KitchenSheet['people'][number]>`
    select distinct p.id as "personId", p.full_name as name from staff_member r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.person_id
    where r.municipality_id = ${municipalityId} and r.kitchen_id = ${id} and r.ended_at is null
      and (r.valid_to is null or r.valid_to >= app_today())
    order by name, "personId"`.execute(trx)
  return rows
}

async function latestMails(trx: Trx, municipalityId: string, id: string): Promise<KitchenSheet['mails']> {
  const { rows } = await sql<KitchenSheet['mails'][number]>`
    select d.day, c.written_at as "writtenAt", count(*)::int as schools from count_mail c
    join kitchen_count k on k.municipality_id = ${municipalityId} and k.id = c.kitchen_count_id
    join service_day d on d.municipality_id = ${municipalityId} and d.id = k.service_day_id
    where c.municipality_id = ${municipalityId} and c.kitchen_id = ${id}
    group by d.day, c.written_at order by c.written_at desc, d.day limit 5`.execute(trx)
  return rows
}

export type SchoolFacts = SchoolService & { schoolName: string; decidedBy: string | null }

/** Which kitchens serve a school; null where there is no such school. `lock`: its next days stay open to the end of the act. */
export async function schoolFacts(
  trx: Trx,
  municipalityId: string,
  schoolId: string,
  { lock }: { lock: boolean },
): Promise<SchoolFacts | null> {
  const { rows } = await sql<{
    schoolName: string
    decidedBy: string | null
    serviceIds: string[]
    served: Served[]
  }>`
    select s.name as "schoolName",
      (select p.full_name from kitchen_school g join person p on p.municipality_id = ${municipalityId} and p.id = g.decided_by
        where g.municipality_id = ${municipalityId} and g.school_id = s.id order by g.decided_at desc limit 1) as "decidedBy",
      array(select v.id from service v where v.municipality_id = ${municipalityId} and v.active order by v.id) as "serviceIds",
      coalesce((select json_agg(json_build_object('from', g.valid_from, 'kitchenId', k.id, 'kitchenName', k.name) order by g.valid_from)
        from kitchen_school g join kitchen k on k.municipality_id = ${municipalityId} and k.id = g.kitchen_id
        where g.municipality_id = ${municipalityId} and g.school_id = s.id), '[]') as served
    from school s where s.municipality_id = ${municipalityId} and s.id = ${schoolId}
      and (s.valid_to is null or s.valid_to >= app_today())`.execute(trx)
  const row = rows[0]
  if (!row) return null
  const first: Day[] = []
  for (const serviceId of row.serviceIds)
    first.push(await firstOpenDay(trx, municipalityId, serviceId, [schoolId], { lock }))
  const { schoolName, decidedBy, served } = row
  const { today } = await readClock(trx)
  const firstDay = first.sort().at(-1) ?? today
  const firstMeal = await firstMealFrom(trx, municipalityId, schoolId, firstDay)
  return { schoolName, decidedBy, served, firstDay, firstMeal }
}

/** The first day with a meal in a school, from a day on. */
async function firstMealFrom(
  trx: Trx,
  municipalityId: string,
  schoolId: string,
  day: Day,
): Promise<Day | null> {
  const { rows } = await sql<{ day: Day | null }>`
    select min(d.day) as day from service_day d where d.municipality_id = ${municipalityId} and d.school_id = ${schoolId}
      and d.status = 'open' and d.day >= ${day}::date`.execute(trx)
  return rows[0]?.day ?? null
}

type Change = { from: Day; to: Day | null; loses: string | null; gains: string }

/** The days with meals between two days, the pupils who eat there then, and the people of the two kitchens who have a role then. */
export async function moveEffect(
  trx: Trx,
  municipalityId: string,
  schoolId: string,
  { from, to, loses, gains }: Change,
): Promise<MoveEffect> {
  const namesOf = (kitchen: string | null) => sql`array(select distinct p.full_name from staff_member r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.person_id
    where r.municipality_id = ${municipalityId} and r.kitchen_id = ${kitchen}::uuid and r.ended_at is null
      and (r.valid_to is null or r.valid_to >= ${from}) and (${to}::date is null or r.valid_from <= ${to}) order by 1)`
  const { rows } = await sql<MoveEffect>`
    select (select count(*)::int from service_day d where d.municipality_id = ${municipalityId} and d.school_id = ${schoolId}
        and d.status = 'open' and d.day >= ${from} and (${to}::date is null or d.day <= ${to})) as days,
      (select count(distinct e.pupil_id)::int from enrolment e where e.municipality_id = ${municipalityId} and e.school_id = ${schoolId}
        and e.valid_to >= ${from} and (${to}::date is null or e.valid_from <= ${to})) as pupils,
      ${namesOf(loses)} as losing, ${namesOf(gains)} as gaining`.execute(trx)
  return rows[0] as MoveEffect
}
