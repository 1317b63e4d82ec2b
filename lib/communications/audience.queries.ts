import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { Audience, AudienceCount, CommunicationFields } from './communication.ts'
import type { FamilyChoice } from './office/communication.fields.ts'
import { type CommunicationVersion, readCommunicationVersion } from './office/communication.queries.ts'

type Audienced = Pick<CommunicationFields, 'about' | 'audience'>

/**
 * Who a text would reach now, as names of a `with`: `enrolled` (pupils, with the own household and with a second one), `chosen` (households, with the balance that a text
 * about money speaks of) and `reached` (adults of theirs, each once).
 */
export const audienceIn = (municipalityId: string, fields: Audienced): RawBuilder<unknown> => sql`
    at_home as (${enrolledPupils(municipalityId, fields.audience)}),
    enrolled as (
      select n.pupil_id, n.household_id from at_home n
      union all
      select n.pupil_id, r.household_id from at_home n
      join meal_household_rule r on r.municipality_id = ${municipalityId} and r.pupil_id = n.pupil_id
        and (r.valid_to is null or r.valid_to >= app_today())),
    chosen as (${householdsOf(municipalityId, fields.audience)}),
    reached as (${adultsReached(municipalityId, fields)})`

const listOf = (ids: readonly string[]) => sql`${[...ids]}::uuid[]`

/** Enrolled: until the end of the service, in a school year that is not over. */
const enrolledPupils = (municipalityId: string, audience: Audience) => sql`
      select e.pupil_id, c.household_id from enrolment e
      join school_year y on y.municipality_id = ${municipalityId} and y.id = e.school_year_id and y.ends_on >= app_today()
      join pupil c on c.municipality_id = ${municipalityId} and c.id = e.pupil_id
      where e.municipality_id = ${municipalityId}::uuid
        and e.valid_to >= least(app_today(), (select max(s.ends_on) from service_schedule s where s.municipality_id = ${municipalityId}
          and s.service_id = e.service_id and s.school_id = e.school_id and s.school_year_id = e.school_year_id))
        and ${isEnrolledThere(audience)}`

function isEnrolledThere({ to, ids }: Audience): RawBuilder<unknown> {
  if (to === 'services') return sql`e.service_id = any(${listOf(ids)})`
  if (to === 'schools') return sql`e.school_id = any(${listOf(ids)})`
  if (to === 'classes') return sql`e.school_class_id = any(${listOf(ids)})`
  return sql`true`
}

/** Of one service only its account counts, of all else the household's accounts together. */
const householdsOf = (municipalityId: string, audience: Audience) => sql`
      select h.id as household_id, h.name, ${audience.inDebt ? sql`b.debt` : sql`b.balance`} as balance_cents
      from household h
      cross join lateral (select sum(a.balance_cents)::bigint as balance, (sum(a.balance_cents) filter (where a.balance_cents < 0))::bigint as debt
        from account a where a.municipality_id = ${municipalityId} and a.household_id = h.id and a.kind = 'household'
          and ${audience.to === 'services' ? sql`a.service_id = any(${listOf(audience.ids)})` : sql`true`}) b
      where h.municipality_id = ${municipalityId}::uuid
        and ${isChosen(audience)}
        and ${audience.inDebt ? sql`b.debt < 0` : sql`true`}`

/** In debt and nothing else: every household in debt, also one that has left the service. */
function isChosen({ to, ids, inDebt }: Audience): RawBuilder<unknown> {
  if (to === 'households') return sql`h.id = any(${listOf(ids)})`
  if (to === 'everybody' && inDebt) return sql`true`
  // `is true` keeps the list a hashed subplan. Pulled up into a join it becomes a nested loop, households times pupils, because
  // the planner takes `enrolled` for one row.
  return sql`(h.id in (select n.household_id from enrolled n)) is true`
}

const adultsReached = (municipalityId: string, fields: Audienced) => sql`
      select distinct on (ch.household_id, p.id) ch.household_id, ch.balance_cents, p.id as person_id, m.role, p.full_name, p.given_name, p.family_name,
        nullif(p.email, p.refused_email) is not null as has_email
      from chosen ch
      join active_member m on m.municipality_id = ${municipalityId}::uuid and m.household_id = ch.household_id
      join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
      where ${isReached(municipalityId, fields)}
      order by ch.household_id, p.id, m.role desc`

/**
 * Money is the holder's alone. Of the service hears every adult of a household that was chosen by itself; else the adults for all
 * its pupils, and a delegate of some pupils when one of those is meant.
 */
function isReached(municipalityId: string, { about, audience }: Audienced): RawBuilder<unknown> {
  if (about === 'money') return sql`m.role = 'holder'`
  if (audience.to === 'households') return sql`true`
  return sql`(m.all_pupils or exists (select from adult_of_pupil a join enrolled n on n.pupil_id = a.pupil_id
        where a.municipality_id = ${municipalityId} and a.household_member_id = m.id)
      or exists (select from adult_of_shared_pupil a join enrolled n on n.pupil_id = a.pupil_id
        where a.municipality_id = ${municipalityId} and a.household_member_id = m.id))`
}

/** Exactly how many a text would reach now. */
export async function countAudience(
  trx: Trx,
  municipalityId: string,
  fields: Audienced,
): Promise<AudienceCount> {
  const { rows } = await sql<AudienceCount>`
    with ${audienceIn(municipalityId, fields)}
    select count(distinct household_id)::int as households, count(distinct person_id)::int as persons from reached`.execute(
    trx,
  )
  return rows[0] ?? { households: 0, persons: 0 }
}

export type DryRun = AudienceCount & {
  withEmail: number
  /** Adults who will find it in the portal only, 50 at most. */
  withoutEmail: string[]
  withoutEmailCount: number
  /** Households that match and have no adult who would get it, 20 at most. */
  unreached: string[]
  sample: { household: string; adults: string[]; balanceCents: number | null }[]
}

const SAMPLE = 5

/** What publishing the latest version now would do, without doing it; null for a viewer who may not write. */
export async function runDry(viewer: Viewer, id: string): Promise<DryRun | null> {
  if (!allowedToStaff(viewer, 'communications:write') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const version = await latestVersion(trx, municipalityId, id)
    if (!version) return null
    const { rows } = await sql<DryRun>`
      with ${audienceIn(municipalityId, version)},
      adults as (select person_id, bool_or(has_email) as has_email, min(family_name || ' ' || given_name) as name from reached group by person_id),
      mute as (select name from adults where not has_email)
      select (select count(distinct household_id)::int from reached) as households,
        (select count(*)::int from adults) as persons,
        (select count(*)::int from adults where has_email) as "withEmail",
        (select count(*)::int from mute) as "withoutEmailCount",
        (select coalesce(array_agg(name), '{}') from (select name from mute order by name limit 50) m) as "withoutEmail",
        (select coalesce(array_agg(name), '{}') from (select name from chosen ch
          where not exists (select from reached r where r.household_id = ch.household_id) order by name limit 20) u) as unreached,
        (select coalesce(jsonb_agg(s), '[]') from (
          select ch.name as household, case when ${version.about} = 'money' then ch.balance_cents end as "balanceCents",
            array_agg(r.full_name order by r.role desc, r.family_name) as adults
          from chosen ch join reached r on r.household_id = ch.household_id
          group by ch.household_id, ch.name, ch.balance_cents order by ch.name, ch.household_id limit ${SAMPLE}) s) as sample`.execute(
      trx,
    )
    return rows[0] ?? null
  })
}

async function latestVersion(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<CommunicationVersion | null> {
  const row = await trx
    .selectFrom('communication')
    .select('latest_version')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? readCommunicationVersion(trx, municipalityId, id, row.latest_version) : null
}

/** What an audience can be made of: names by id. */
export type AudienceChoices = {
  services: { id: string; name: string }[]
  schools: { id: string; name: string; classes: { id: string; name: string }[] }[]
}

/** Services, schools and classes of the school years that are not over, a coming year named; null for a viewer who may not write. */
export async function audienceChoices(viewer: Viewer): Promise<AudienceChoices | null> {
  if (!allowedToStaff(viewer, 'communications:read')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<AudienceChoices>`
      select (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name), '[]')
          from service s where s.municipality_id = ${municipalityId}) as services,
        (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'classes',
            (select coalesce(jsonb_agg(jsonb_build_object('id', k.id,
                'name', k.name || case when y.starts_on > app_today() then ' (' || y.name || ')' else '' end) order by y.starts_on, k.name), '[]')
              from school_class k
              join school_year y on y.municipality_id = ${municipalityId} and y.id = k.school_year_id and y.ends_on >= app_today()
              where k.municipality_id = ${municipalityId} and k.school_id = s.id)) order by s.name), '[]')
          from school s where s.municipality_id = ${municipalityId}) as schools`.execute(trx)
    return rows[0] ?? null
  })
}

/** The households chosen one by one, in the order of their names, for the list to tick; none for any other audience. */
export const chosenHouseholds = (
  viewer: Viewer,
  audience: Pick<Audience, 'to' | 'ids'>,
): Promise<FamilyChoice[]> =>
  allowedToStaff(viewer, 'communications:write')
    ? asStaff(viewer, (trx) => namesOfHouseholds(trx, viewer.municipalityId, audience))
    : Promise.resolve([])

/** The same in the caller's transaction. */
export async function namesOfHouseholds(
  trx: Trx,
  municipalityId: string,
  { to, ids }: Pick<Audience, 'to' | 'ids'>,
): Promise<FamilyChoice[]> {
  if (to !== 'households' || ids.length === 0) return []
  const { rows } = await sql<FamilyChoice>`
    select h.id, h.name, (select p.full_name from active_member m
      join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
      where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1) as holder
    from household h where h.municipality_id = ${municipalityId} and h.id = any(${ids.filter(isUuid)}::uuid[])
    order by h.name, h.id`.execute(trx)
  return rows
}
