import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { goesOn } from '#lib/school/office/departure.queries.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { lastHouseholdMerges } from './household-merge.queries.ts'
import { doubleAdults, lastAdultMerges } from './person-merge.queries.ts'
import type {
  DoubleAdults,
  DoublePair,
  Doubles,
  MergedPair,
  MergeFacts,
  MergeSide,
  StandingMerge,
} from './pupil-merge.ts'
import { pairsToldApart } from './told-apart.queries.ts'

/** Pairs on one page: what is merged leaves it, and the next comes. */
const LISTED = 100

/**
 * Who may be in the registry twice: pupils with the same name (also the other way round) or the same first letters of the code and the
 * same birth day, or with the same name in one family; adults of one name who pay for several families. Pairs of which a colleague
 * said that they are two are left out and told apart from them. Null for who may not.
 */
export async function doublesForOffice(viewer: Viewer): Promise<Doubles | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<DoublePair>`
      select ${doubled(municipalityId, 'a')} as one, ${doubled(municipalityId, 'b')} as other
      from doubled_pupils(${LISTED + 1}::int) f
      join pupil a on a.municipality_id = ${municipalityId} and a.id = f.a
      join pupil b on b.municipality_id = ${municipalityId} and b.id = f.b
      join household ha on ha.municipality_id = ${municipalityId} and ha.id = a.household_id
      join household hb on hb.municipality_id = ${municipalityId} and hb.id = b.household_id
      order by a.list_key, f.a, f.b`.execute(trx)
    await recordAudit(trx, viewer, {
      ...{ action: 'registry:doubles-read', objectType: 'municipality', objectId: municipalityId },
      details: { shown: rows.length },
    })
    return {
      pupils: rows.slice(0, LISTED),
      more: rows.length > LISTED,
      adults: await doubleAdults(trx, municipalityId),
      holders: await holdersOfSeveral(trx, municipalityId),
      merged: await lastMerges(trx, municipalityId),
      mergedAdults: await lastAdultMerges(trx, municipalityId),
      mergedHouseholds: await lastHouseholdMerges(trx, municipalityId),
      apart: await pairsToldApart(trx, municipalityId),
    }
  })
}

/** Adults of one name who pay for several families. Two families of which a colleague said that they are two are left out. */
async function holdersOfSeveral(trx: Trx, municipalityId: string): Promise<DoubleAdults[]> {
  const { rows } = await sql<DoubleAdults>`
    select p.full_name as name, jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name) order by h.name, h.id) as families
    from holders_of_several(${LISTED}::int) f
    join person p on p.municipality_id = ${municipalityId} and p.id = f.person_id
    join household h on h.municipality_id = ${municipalityId} and h.id = any (f.households)
    group by p.id, p.full_name order by p.full_name, p.id`.execute(trx)
  return rows
}

const LATEST = 20

/** The merges of last that hold. */
async function lastMerges(trx: Trx, municipalityId: string): Promise<MergedPair[]> {
  const { rows } = await sql<MergedPair>`
    select m.kept_id as "keptId", m.gone_id as "goneId", c.full_name as name, m.done_at as "doneAt", p.full_name as "doneBy"
    from pupil_merge m
    join pupil c on c.municipality_id = ${municipalityId} and c.id = m.kept_id
    join person p on p.municipality_id = ${municipalityId} and p.id = m.done_by
    where m.municipality_id = ${municipalityId} and m.undone_at is null
    order by m.done_at desc, m.id desc limit ${LATEST}`.execute(trx)
  return rows
}

const doubled = (municipalityId: string, side: 'a' | 'b') => {
  const [pupil, household] = [sql.ref(side), sql.ref(`h${side}`)]
  return sql`jsonb_build_object('id', ${pupil}.id, 'name', ${pupil}.full_name, 'birthDay', ${pupil}.birth_date, 'familyName', ${household}.name,
    'where', (select k.name || ' · ' || s.name from enrolment e
      join school_class k on k.municipality_id = ${municipalityId} and k.id = e.school_class_id
      join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
      where e.municipality_id = ${municipalityId} and e.pupil_id = ${pupil}.id order by e.valid_to desc limit 1))`
}

/** The merge in which one of these pupils went; null where none did. */
export async function standingMerge(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
): Promise<StandingMerge | null> {
  const { rows } = await sql<StandingMerge>`
    select m.id, m.kept_id as "keptId", m.gone_id as "goneId", m.fingerprint, m.done_at as "doneAt",
      p.full_name as "doneBy", m.done_by as "doneById"
    from pupil_merge m join person p on p.municipality_id = ${municipalityId} and p.id = m.done_by
    where m.municipality_id = ${municipalityId} and m.undone_at is null and m.gone_id = any(${[...pupilIds]}::uuid[])
    order by m.done_at desc limit 1`.execute(trx)
  return rows[0] ?? null
}

/**
 * Two pupils with everything that a merge touches; null where one of them is not there.
 * @param options.lock holds the pupils and the next days of their services: neither a close nor a cancellation falls between
 */
export async function mergeFacts(
  trx: Trx,
  municipalityId: string,
  [oneId, otherId]: readonly [string, string],
  options: { lock: boolean },
): Promise<MergeFacts | null> {
  if (options.lock) for (const id of [oneId, otherId].toSorted()) await lockDiner(trx, municipalityId, id)
  const { rows: found } = await sql<{ id: string; name: string }>`
    select v.id, v.name from service v
    where v.municipality_id = ${municipalityId} and v.id in (
      select e.service_id from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id in (${oneId}::uuid, ${otherId}::uuid)
      union all
      select f.service_id from fare_assignment f
      where f.municipality_id = ${municipalityId} and f.pupil_id in (${oneId}::uuid, ${otherId}::uuid))
    order by v.id`.execute(trx)
  const services = []
  for (const { id, name } of found)
    services.push({ id, name, firstDay: await firstOpenDay(trx, municipalityId, id, null, options) })
  const one = await sideOf(trx, municipalityId, oneId)
  const other = await sideOf(trx, municipalityId, otherId)
  return one && other ? { one, other, services } : null
}

async function sideOf(trx: Trx, municipalityId: string, pupilId: string): Promise<MergeSide | null> {
  const { rows } = await sql<MergeSide>`
    select p.id, p.given_name as "givenName", p.family_name as "familyName", p.birth_date as "birthDay", p.fiscal_code as "fiscalCode",
      p.household_id as "householdId", h.name as "householdName",
      coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'serviceId', e.service_id, 'schoolId', e.school_id,
          'classId', e.school_class_id, 'yearId', e.school_year_id, 'dietCode', e.diet_code, 'severe', e.severe_reaction, 'weekdays', e.weekdays,
          'from', e.valid_from, 'to', e.valid_to, 'where', k.name || ' · ' || s.name) order by e.valid_from, e.id)
        from enrolment e
        join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
        join school_class k on k.municipality_id = ${municipalityId} and k.id = e.school_class_id
        where e.municipality_id = ${municipalityId} and e.pupil_id = p.id), '[]') as enrolments,
      coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'serviceId', f.service_id, 'band', f.band_code, 'from', f.valid_from,
          'to', f.valid_to) order by f.valid_from, f.id)
        from fare_assignment f where f.municipality_id = ${municipalityId} and f.pupil_id = p.id), '[]') as fares,
      coalesce((select jsonb_agg(jsonb_build_object('serviceId', d.service_id, 'day', d.day) order by d.day, d.service_id)
        from absence a join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id and d.status = 'open'
          and d.cutoff_at > app_now()
        where a.municipality_id = ${municipalityId} and a.pupil_id = p.id), '[]') as cancelled,
      ((select count(*) from form_submission q where q.municipality_id = ${municipalityId} and q.pupil_id = p.id
          and q.decided_at is null and q.state in ('submitted', 'in_review', 'integration'))
        + (select count(*) from diet_hold w where w.municipality_id = ${municipalityId} and w.pupil_id = p.id and w.until is null))::int as waiting,
      exists (select from meal_household_rule u where u.municipality_id = ${municipalityId} and u.pupil_id = p.id
        and (u.valid_to is null or u.valid_to >= app_today())) as "isDivided",
      coalesce((select jsonb_agg(jsonb_build_object('memberId', m.id, 'name', o.full_name) order by m.id)
        from delegate_pupil d
        join active_member m on m.municipality_id = ${municipalityId} and m.id = d.household_member_id
        join person o on o.municipality_id = ${municipalityId} and o.id = m.person_id
        where d.municipality_id = ${municipalityId} and d.pupil_id = p.id), '[]') as delegates,
      (select count(*) from entry e where e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.kind = 'meals'
        and e.account_id in (select a.id from account a
          where a.municipality_id = ${municipalityId} and a.household_id = p.household_id))::int as "chargedMeals",
      (select count(*) from form_submission q where q.municipality_id = ${municipalityId} and q.pupil_id = p.id)::int as documents,
      coalesce((select jsonb_agg(jsonb_build_object('serviceId', a.service_id, 'balanceCents', a.balance_cents) order by a.service_id)
        from account a where a.municipality_id = ${municipalityId} and a.household_id = p.household_id and a.kind = 'household'
          and not exists (select from enrolment e
            join pupil o on o.municipality_id = ${municipalityId} and o.id = e.pupil_id and o.household_id = p.household_id and o.id <> p.id
            where e.municipality_id = ${municipalityId} and e.service_id = a.service_id and ${goesOn(municipalityId)})), '[]') as alone
    from pupil p join household h on h.municipality_id = ${municipalityId} and h.id = p.household_id
    where p.municipality_id = ${municipalityId} and p.id = ${pupilId}::uuid`.execute(trx)
  return rows[0] ?? null
}

/** Two pupils side by side, and the merge of them where it is done. */
export type OpenedPair = { facts: MergeFacts; merge: StandingMerge | null }

/** A pair as its page shows it; the reading is written down. Null where one is not there, or for who may not. */
export async function pairForOffice(
  viewer: Viewer,
  oneId: string,
  otherId: string,
): Promise<OpenedPair | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(oneId) || !isUuid(otherId) || oneId === otherId)
    return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const facts = await mergeFacts(trx, municipalityId, [oneId, otherId], { lock: false })
    if (!facts) return null
    for (const id of new Set([facts.one.householdId, facts.other.householdId]))
      await recordAudit(trx, viewer, { action: 'household.read', objectType: 'household', objectId: id })
    return { facts, merge: await standingMerge(trx, municipalityId, [oneId, otherId]) }
  })
}
