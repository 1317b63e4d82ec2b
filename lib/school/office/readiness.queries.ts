import 'server-only'
import { sql } from 'kysely'
import { asPublic, asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { TownFacts } from './readiness.ts'

type Row = Omit<TownFacts, 'settings'> & Partial<TownFacts['settings']>

/** What a municipality has of what families need, in the caller's transaction. */
export async function townFacts(trx: Trx, municipalityId: string): Promise<TownFacts> {
  const { rows } = await sql<Row>`
    with y as (select id, name from school_year where municipality_id = ${municipalityId} and ends_on >= app_today() order by starts_on limit 1),
    here as (select id, name from school where municipality_id = ${municipalityId} and (valid_to is null or valid_to >= app_today())),
    fed as (select here.name as school, k.name, k.id as kitchen_id, here.id as school_id, k.emails <> '{}' or k.phone <> '' as is_reachable from here
      left join lateral (select g.kitchen_id from kitchen_school g where g.municipality_id = ${municipalityId} and g.school_id = here.id
        and g.valid_from <= app_today() order by g.valid_from desc limit 1) serves on true
      left join kitchen k on k.municipality_id = ${municipalityId} and k.id = serves.kitchen_id),
    given as (select id, name from service where municipality_id = ${municipalityId} and active and valid_to is null)
    select m.opens_on as "opensOn", coalesce(m.opens_on <= app_today(), false) as "isOpen", (select name from y) as "yearName",
      (select count(distinct a.person_id)::int from active_staff_member a where a.municipality_id = ${municipalityId} and a.role = 'manager') as managers,
      (select count(*)::int from here) as schools,
      array(select here.name from here where not exists (select from school_class c where c.municipality_id = ${municipalityId}
        and c.school_id = here.id and c.school_year_id = (select id from y)) order by 1) as "withoutClasses",
      array(select here.name from here where not exists (select from service_schedule w join given on given.id = w.service_id
        where w.municipality_id = ${municipalityId} and w.school_id = here.id and w.school_year_id = (select id from y)) order by 1) as "withoutWeek",
      array(select fed.school from fed where fed.name is null order by 1) as "withoutKitchen",
      array(select distinct fed.name from fed where not fed.is_reachable order by 1) as "withoutAddress",
      array(select distinct fed.name from fed where fed.kitchen_id is not null and not exists (select from active_staff_member a
        where a.municipality_id = ${municipalityId} and a.role = 'kitchen' and case when a.kitchen_id is null
          then a.school_id is null or a.school_id = fed.school_id else a.kitchen_id = fed.kitchen_id end) order by 1) as "withoutPeople",
      (select count(*)::int from given) as services,
      array(select given.name from given where not exists (select from meal_price p where p.municipality_id = ${municipalityId}
        and p.service_id = given.id) order by 1) as "withoutPrice",
      (select count(*)::int from service_day d where d.municipality_id = ${municipalityId} and d.status = 'open' and d.cutoff_at > app_now()) as "openDays",
      (select count(distinct e.pupil_id)::int from enrolment e where e.municipality_id = ${municipalityId} and e.valid_to >= app_today()) as pupils,
      (select count(*)::int from pupil p where p.municipality_id = ${municipalityId} and p.fiscal_code is null and exists (
        select from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.valid_to >= app_today())) as "withoutCode",
      s.dpo_email as "dpoEmail", s.transparency_url as "transparencyUrl", s.accessibility_declaration_url as "accessibilityDeclarationUrl",
      s.accessibility_goals_url as "accessibilityGoalsUrl", s.appointment_url as "appointmentUrl", s.report_url as "reportUrl"
    from municipality m left join municipality_settings s on s.municipality_id = ${municipalityId}
    where m.id = ${municipalityId}`.execute(trx)
  const { opensOn, isOpen, yearName, managers, schools, withoutClasses, withoutWeek, ...row } = rows[0] as Row
  const {
    withoutKitchen,
    withoutAddress,
    withoutPeople,
    services,
    withoutPrice,
    openDays,
    pupils,
    withoutCode,
    ...settings
  } = row
  const words = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? '']))
  return {
    ...{ opensOn, isOpen, yearName, managers, schools, withoutClasses, withoutWeek },
    ...{
      withoutKitchen,
      withoutAddress,
      withoutPeople,
      services,
      withoutPrice,
      openDays,
      pupils,
      withoutCode,
    },
    settings: words as TownFacts['settings'],
  }
}

/** The same for the manager's page; null for who may not see it. */
export async function readinessOf(viewer: Viewer): Promise<TownFacts | null> {
  if (!allowedToStaff(viewer, 'structure:manage')) return null
  return asStaff(viewer, (trx) => townFacts(trx, viewer.municipalityId))
}

/** Whether families may enter a municipality, and if not yet, the day on which they may (null: not decided). */
export const openingOf = (municipalityId: string): Promise<Pick<TownFacts, 'opensOn' | 'isOpen'>> =>
  asPublic(municipalityId, async (trx) => {
    const { rows } = await sql<Pick<TownFacts, 'opensOn' | 'isOpen'>>`
      select opens_on as "opensOn", coalesce(opens_on <= app_today(), false) as "isOpen"
      from municipality where id = ${municipalityId}`.execute(trx)
    return rows[0] ?? { opensOn: null, isOpen: false }
  })
