import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { Audience, AudienceCount, CommunicationFields } from './communication.ts'
import type { FamilyChoice } from './office/communication.fields.ts'
import { type CommunicationVersion, readCommunicationVersion } from './office/communication.queries.ts'

/**
 * Who a text would reach now, as two names of a `with`: `chosen` (households, with the balance that a text about money speaks of)
 * and `reached` (adults of theirs, each once). Enrolled: until the end of the service, in a school year that is not over; in
 * debt without anything else: every household in debt, also one that has left. A delegate of some children is reached for those.
 */
export function audienceIn(
  municipalityId: string,
  { about, audience }: Pick<CommunicationFields, 'about' | 'audience'>,
): RawBuilder<unknown> {
  const { to, ids, inDebt } = audience
  const list = sql`${[...ids]}::uuid[]`
  return sql`
    enrolled as (
      select e.pupil_id, c.household_id from enrolment e
      join school_year y on y.municipality_id = e.municipality_id and y.id = e.school_year_id and y.ends_on >= app_today()
      join pupil c on c.municipality_id = e.municipality_id and c.id = e.pupil_id
      where e.municipality_id = ${municipalityId}::uuid
        and e.valid_to >= least(app_today(), (select max(s.ends_on) from service_schedule s where s.municipality_id = e.municipality_id
          and s.service_id = e.service_id and s.school_id = e.school_id and s.school_year_id = e.school_year_id))
        and case ${to}::text when 'services' then e.service_id = any(${list}) when 'schools' then e.school_id = any(${list})
          when 'classes' then e.school_class_id = any(${list}) else true end
    ), chosen as (
      select h.id as household_id, h.name, case when ${inDebt}::boolean then b.debt else b.balance end as balance_cents
      from household h
      cross join lateral (select sum(a.balance_cents)::bigint as balance, (sum(a.balance_cents) filter (where a.balance_cents < 0))::bigint as debt
        from account a where a.municipality_id = h.municipality_id and a.household_id = h.id and a.kind = 'household'
          and (${to}::text <> 'services' or a.service_id = any(${list}))) b
      where h.municipality_id = ${municipalityId}::uuid and (not ${inDebt}::boolean or b.debt < 0)
        and case when ${to}::text = 'households' then h.id = any(${list}) when ${to}::text = 'everybody' and ${inDebt}::boolean then true
          else h.id in (select n.household_id from enrolled n) end
    ), reached as (
      select distinct on (ch.household_id, p.id) ch.household_id, ch.balance_cents, p.id as person_id, m.role, p.full_name, p.given_name, p.family_name,
        nullif(p.email, p.refused_email) is not null as has_email
      from chosen ch
      join active_member m on m.municipality_id = ${municipalityId}::uuid and m.household_id = ch.household_id
      join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
      where m.role = 'holder' or ${about}::text = 'service' and (${to}::text = 'households' or m.all_pupils
        or exists (select from adult_of_pupil a join enrolled n on n.pupil_id = a.pupil_id
          where a.municipality_id = m.municipality_id and a.household_member_id = m.id))
      order by ch.household_id, p.id, m.role desc
    )`
}

/** Exactly how many a text would reach now. */
export async function countAudience(
  trx: Trx,
  municipalityId: string,
  fields: Pick<CommunicationFields, 'about' | 'audience'>,
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

/** Services, schools and classes of the school years that are not over; null for a viewer who may not write. */
export async function audienceChoices(viewer: Viewer): Promise<AudienceChoices | null> {
  if (!allowedToStaff(viewer, 'communications:read')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<AudienceChoices>`
      select (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name), '[]')
          from service s where s.municipality_id = ${municipalityId}) as services,
        (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'classes',
            (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name) order by k.name), '[]') from school_class k
              join school_year y on y.municipality_id = k.municipality_id and y.id = k.school_year_id and y.ends_on >= app_today()
              where k.municipality_id = s.municipality_id and k.school_id = s.id)) order by s.name), '[]')
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
      join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
      where m.municipality_id = h.municipality_id and m.household_id = h.id and m.role = 'holder' limit 1) as holder
    from household h where h.municipality_id = ${municipalityId} and h.id = any(${ids.filter(isUuid)}::uuid[])
    order by h.name, h.id`.execute(trx)
  return rows
}
