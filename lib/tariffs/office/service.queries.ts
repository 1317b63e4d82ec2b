import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { CancelRule } from '#lib/school/cancel-rule.ts'
import type { EndEffect, RuleEffect } from './service.words.ts'
import type { NewServiceFacts } from './service-plan.ts'

export type ServiceLine = {
  id: string
  name: string
  code: string
  validTo: Day | null
  isCooked: boolean
  cents: Cents | null
  schools: number
  pupils: number
}

const LINE = (
  municipalityId: string,
) => sql`v.id, v.name, v.code, v.valid_to as "validTo", v.is_cooked as "isCooked",
  (select p.price_cents from meal_price p where p.municipality_id = ${municipalityId} and p.service_id = v.id and p.valid_from <= app_today()
    order by p.valid_from desc limit 1) as cents,
  (select count(distinct w.school_id)::int from service_schedule w where w.municipality_id = ${municipalityId} and w.service_id = v.id
    and w.ends_on >= app_today()) as schools,
  (select count(distinct e.pupil_id)::int from enrolment e where e.municipality_id = ${municipalityId} and e.service_id = v.id
    and e.valid_to >= app_today()) as pupils`

/** The services of the municipality, those that ended last; null for who may not see the page. */
export async function serviceLines(viewer: Viewer): Promise<ServiceLine[] | null> {
  if (!allowedToStaff(viewer, 'structure:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<ServiceLine>`
      select ${LINE(municipalityId)} from service v where v.municipality_id = ${municipalityId} and v.active
      order by v.valid_to nulls first, v.name`.execute(trx)
    return rows
  })
}

/** A service with what decides whether it may change. */
export type ServiceNow = ServiceLine & { revision: number; savedBy: string | null; rules: CancelRule[] }

export async function serviceNow(trx: Trx, municipalityId: string, id: string): Promise<ServiceNow | null> {
  const { rows } = await sql<ServiceNow>`
    select ${LINE(municipalityId)}, v.revision, p.full_name as "savedBy",
      coalesce((select json_agg(json_build_object('from', r.valid_from, 'cancelledBy', r.cancelled_by) order by r.valid_from)
        from service_rule r where r.municipality_id = ${municipalityId} and r.service_id = v.id), '[]') as rules
    from service v left join person p on p.municipality_id = ${municipalityId} and p.id = v.updated_by
    where v.municipality_id = ${municipalityId} and v.id = ${id} and v.active`.execute(trx)
  return rows[0] ?? null
}

/** One service for its page; null where there is none or for who may not see it. */
export async function serviceSheet(
  viewer: Viewer,
  id: string,
): Promise<(ServiceNow & { today: Day; places: { id: string; name: string }[] }) | null> {
  if (!allowedToStaff(viewer, 'structure:manage') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const service = await serviceNow(trx, municipalityId, id)
    if (!service) return null
    const { today } = await readClock(trx)
    const { rows: places } = await sql<{ id: string; name: string }>`
      select s.id, s.name from school s where s.municipality_id = ${municipalityId} and (s.valid_to is null or s.valid_to >= app_today())
        and exists (select from service_schedule w where w.municipality_id = ${municipalityId} and w.service_id = ${id}
          and w.school_id = s.id and w.ends_on >= app_today())
      order by s.name`.execute(trx)
    return { ...service, today, places }
  })
}

/** What a new service is made from, in the caller's transaction. */
export async function newServiceFacts(trx: Trx, municipalityId: string): Promise<NewServiceFacts> {
  const { now, today } = await readClock(trx)
  const { rows } = await sql<Omit<NewServiceFacts, 'now' | 'today'>>`
    select array(select v.name from service v where v.municipality_id = ${municipalityId} and v.active) as names,
      array(select v.code from service v where v.municipality_id = ${municipalityId}) as codes,
      coalesce((select json_agg(json_build_object('id', y.id, 'name', y.name, 'startsOn', y.starts_on, 'endsOn', y.ends_on,
          'servedUntil', (select max(w.ends_on) from service_schedule w where w.municipality_id = ${municipalityId}
            and w.school_year_id = y.id)) order by y.starts_on)
        from school_year y where y.municipality_id = ${municipalityId} and y.ends_on >= app_today()), '[]') as years,
      coalesce((select json_agg(json_build_object('id', s.id, 'name', s.name) order by s.name) from school s
        where s.municipality_id = ${municipalityId} and s.valid_to is null), '[]') as schools,
      coalesce((select json_agg(json_build_object('day', x.day, 'reason', x.reason) order by x.day) from (
        select distinct on (c.day) c.day, c.reason from closure c where c.municipality_id = ${municipalityId} and c.kind = 'holiday'
          and c.school_id is null and c.undone_at is null and c.day >= app_today() order by c.day, c.id) x), '[]') as holidays`.execute(
    trx,
  )
  return { ...(rows[0] as (typeof rows)[number]), now, today }
}

/** Whom a change of who cancels touches: pupils of the service from a day on, and delegates of their households. */
export async function ruleEffect(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  from: Day,
): Promise<RuleEffect & { pupilIds: string[] }> {
  const { rows } = await sql<RuleEffect & { pupilIds: string[] }>`
    with touched as (select distinct e.pupil_id from enrolment e where e.municipality_id = ${municipalityId}
      and e.service_id = ${serviceId} and e.valid_to >= ${from})
    select (select count(*)::int from touched) as pupils, array(select t.pupil_id from touched t order by 1) as "pupilIds",
      (select count(distinct m.person_id)::int from active_member m
        join pupil p on p.municipality_id = ${municipalityId} and p.household_id = m.household_id
        join touched t on t.pupil_id = p.id
        where m.municipality_id = ${municipalityId} and m.role = 'delegate') as delegates`.execute(trx)
  return rows[0] as RuleEffect & { pupilIds: string[] }
}

/** Whom the end of a service touches. */
export async function endEffect(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  to: Day,
): Promise<EndEffect & { pupilIds: string[] }> {
  const { rows } = await sql<EndEffect & { pupilIds: string[] }>`
    with ended as (select distinct e.pupil_id from enrolment e where e.municipality_id = ${municipalityId}
      and e.service_id = ${serviceId} and e.valid_to > ${to}),
    gone as (select d.id from service_day d where d.municipality_id = ${municipalityId} and d.service_id = ${serviceId}
      and d.day > ${to} and d.status = 'open')
    select (select count(*)::int from ended) as pupils, array(select ended.pupil_id from ended order by 1) as "pupilIds",
      (select count(*)::int from gone) as days,
      (select count(*)::int from absence a join gone on gone.id = a.service_day_id
        where a.municipality_id = ${municipalityId}) as cancellations`.execute(trx)
  return rows[0] as EndEffect & { pupilIds: string[] }
}
