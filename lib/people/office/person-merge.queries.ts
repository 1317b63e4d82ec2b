import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { AdultPair, AdultPairFacts, AdultSide } from './person-merge.ts'
import type { MergedPair, StandingMerge } from './pupil-merge.ts'

const LISTED = 100
const LATEST = 20

/**
 * Adults who may be in the registry twice: the same name (also the other way round), and the same telephone or e-mail, unless many have
 * it, or the same birth day, or a code that does not tell another one. Those who are merged or told apart are left out.
 */
export async function doubleAdults(trx: Trx, municipalityId: string): Promise<AdultPair[]> {
  const { rows } = await sql<AdultPair>`
    select ${listed(municipalityId, 'a')} as one, ${listed(municipalityId, 'b')} as other
    from doubled_adults(${LISTED}::int) f
    join person a on a.municipality_id = ${municipalityId} and a.id = f.a
    join person b on b.municipality_id = ${municipalityId} and b.id = f.b
    order by a.search_key, f.a, f.b`.execute(trx)
  return rows
}

const listed = (municipalityId: string, side: 'a' | 'b') => {
  const person = sql.ref(side)
  return sql`jsonb_build_object('id', ${person}.id, 'name', ${person}.full_name, 'birthDay', ${person}.birth_date,
    'families', coalesce((select jsonb_agg(h.name order by h.name, h.id) from active_member m
      join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
      where m.municipality_id = ${municipalityId} and m.person_id = ${person}.id), '[]'))`
}

/** The merges of adults of last that hold. */
export async function lastAdultMerges(trx: Trx, municipalityId: string): Promise<MergedPair[]> {
  const { rows } = await sql<MergedPair>`
    select m.kept_id as "keptId", m.gone_id as "goneId", c.full_name as name, m.done_at as "doneAt", p.full_name as "doneBy"
    from person_merge m
    join person c on c.municipality_id = ${municipalityId} and c.id = m.kept_id
    join person p on p.municipality_id = ${municipalityId} and p.id = m.done_by
    where m.municipality_id = ${municipalityId} and m.undone_at is null
    order by m.done_at desc, m.id desc limit ${LATEST}`.execute(trx)
  return rows
}

/** The merge in which one of these adults went; null where none did. */
export async function standingAdultMerge(
  trx: Trx,
  municipalityId: string,
  personIds: readonly string[],
): Promise<StandingMerge | null> {
  const { rows } = await sql<StandingMerge>`
    select m.id, m.kept_id as "keptId", m.gone_id as "goneId", m.fingerprint, m.done_at as "doneAt",
      p.full_name as "doneBy", m.done_by as "doneById"
    from person_merge m join person p on p.municipality_id = ${municipalityId} and p.id = m.done_by
    where m.municipality_id = ${municipalityId} and m.undone_at is null and m.gone_id = any(${[...personIds]}::uuid[])
    limit 1`.execute(trx)
  return rows[0] ?? null
}

/**
 * Two adults with everything that a merge touches; null where one of them is not there.
 * @param options.lock holds their families, so that no role changes meanwhile, and both people
 */
export async function adultFacts(
  trx: Trx,
  municipalityId: string,
  [oneId, otherId]: readonly [string, string],
  options: { lock: boolean },
): Promise<AdultPairFacts | null> {
  if (options.lock) {
    await sql`select from household h where h.municipality_id = ${municipalityId} and h.id in (select m.household_id from household_member m
      where m.municipality_id = ${municipalityId} and m.person_id in (${oneId}::uuid, ${otherId}::uuid))
      order by h.id for no key update`.execute(trx)
    await sql`select from person p where p.municipality_id = ${municipalityId} and p.id in (${oneId}::uuid, ${otherId}::uuid)
      order by p.id for no key update`.execute(trx)
  }
  const { today } = await readClock(trx)
  const one = await sideOf(trx, municipalityId, oneId)
  const other = await sideOf(trx, municipalityId, otherId)
  return one && other ? { one, other, today } : null
}

async function sideOf(trx: Trx, municipalityId: string, personId: string): Promise<AdultSide | null> {
  const { rows } = await sql<AdultSide>`
    select p.id, p.given_name as "givenName", p.family_name as "familyName", p.birth_date as "birthDay", p.fiscal_code as "fiscalCode",
      p.email, p.phone,
      coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'householdId', h.id, 'householdName', h.name, 'role', m.role,
          'pupilIds', case when not m.all_pupils then coalesce((select jsonb_agg(d.pupil_id order by d.pupil_id) from delegate_pupil d
            where d.municipality_id = ${municipalityId} and d.household_member_id = m.id), '[]') end,
          'to', m.valid_to) order by h.id, m.id)
        from active_member m join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
        where m.municipality_id = ${municipalityId} and m.person_id = p.id), '[]') as roles,
      exists (select from staff_member r where r.municipality_id = ${municipalityId} and r.person_id = p.id
        and r.ended_at is null and (r.valid_to is null or r.valid_to >= app_today())) as "isStaff",
      exists (select from person_code k join citizen c on c.fiscal_code_hash = k.fiscal_code_hash
        where k.municipality_id = ${municipalityId} and k.person_id = p.id) as "hasEntered",
      ((select count(*) from top_up t where t.municipality_id = ${municipalityId} and t.payer_id = p.id)
        + (select count(*) from invoice i where i.municipality_id = ${municipalityId} and i.holder_id = p.id))::int as payments,
      ((select count(*) from form_submission q where q.municipality_id = ${municipalityId} and q.person_id = p.id
          and q.state in ('submitted', 'in_review', 'integration'))
        + (select count(*) from household_applicant a where a.municipality_id = ${municipalityId} and a.person_id = p.id
          and a.ended_at is null and a.valid_to >= app_today()))::int as waiting,
      (select count(*) from form_submission q where q.municipality_id = ${municipalityId} and q.person_id = p.id
        and q.decided_at is not null)::int as documents
    from person p where p.municipality_id = ${municipalityId} and p.id = ${personId}::uuid`.execute(trx)
  return rows[0] ?? null
}

/** Two adults side by side, and the merge of them where it is done. `mayMerge`: the reader may make them one. */
export type OpenedAdults = { facts: AdultPairFacts; merge: StandingMerge | null; mayMerge: boolean }

/** A pair of adults as its page shows it; the reading is written down. Null where one is not there, or for who may not. */
export async function adultPairForOffice(
  viewer: Viewer,
  oneId: string,
  otherId: string,
): Promise<OpenedAdults | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(oneId) || !isUuid(otherId) || oneId === otherId)
    return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const facts = await adultFacts(trx, municipalityId, [oneId, otherId], { lock: false })
    if (!facts) return null
    for (const objectId of [oneId, otherId])
      await recordAudit(trx, viewer, { action: 'registry:adult-compared', objectType: 'person', objectId })
    return {
      facts,
      merge: await standingAdultMerge(trx, municipalityId, [oneId, otherId]),
      mayMerge: allowedToStaff(viewer, 'registry:merge'),
    }
  })
}
