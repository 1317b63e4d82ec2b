import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import type { HouseholdFacts, HouseholdSide } from './household-merge.ts'
import type { MergedPair, StandingMerge } from './pupil-merge.ts'

const LATEST = 20

/** The merges of households of last that hold. */
export async function lastHouseholdMerges(trx: Trx, municipalityId: string): Promise<MergedPair[]> {
  const { rows } = await sql<MergedPair>`
    select m.kept_id as "keptId", m.gone_id as "goneId", h.name, m.done_at as "doneAt", p.full_name as "doneBy"
    from household_merge m
    join household h on h.municipality_id = ${municipalityId} and h.id = m.kept_id
    join person p on p.municipality_id = ${municipalityId} and p.id = m.done_by
    where m.municipality_id = ${municipalityId} and m.undone_at is null
    order by m.done_at desc, m.id desc limit ${LATEST}`.execute(trx)
  return rows
}

/** The merge in which one of these households went; null where none did. */
export async function standingHouseholdMerge(
  trx: Trx,
  municipalityId: string,
  householdIds: readonly string[],
): Promise<StandingMerge | null> {
  const { rows } = await sql<StandingMerge>`
    select m.id, m.kept_id as "keptId", m.gone_id as "goneId", m.fingerprint, m.done_at as "doneAt",
      p.full_name as "doneBy", m.done_by as "doneById"
    from household_merge m join person p on p.municipality_id = ${municipalityId} and p.id = m.done_by
    where m.municipality_id = ${municipalityId} and m.undone_at is null and m.gone_id = any(${[...householdIds]}::uuid[])
    limit 1`.execute(trx)
  return rows[0] ?? null
}

/**
 * Two households with everything that a merge touches; null where one of them is not there.
 * @param options.lock holds both, their pupils and the next days of their services: no role, cancellation or close falls between
 */
export async function householdFacts(
  trx: Trx,
  municipalityId: string,
  [oneId, otherId]: readonly [string, string],
  options: { lock: boolean },
): Promise<HouseholdFacts | null> {
  if (options.lock)
    await sql`select from household h where h.municipality_id = ${municipalityId} and h.id in (${oneId}::uuid, ${otherId}::uuid)
      order by h.id for no key update`.execute(trx)
  const { rows: pupils } = await sql<{ id: string }>`
    select p.id from pupil p where p.municipality_id = ${municipalityId} and p.household_id in (${oneId}::uuid, ${otherId}::uuid)
    order by p.id`.execute(trx)
  if (options.lock) for (const { id } of pupils) await lockDiner(trx, municipalityId, id)
  const { rows: found } = await sql<{ id: string; name: string }>`
    select v.id, v.name from service v where v.municipality_id = ${municipalityId} and v.id in (
      select e.service_id from enrolment e where e.municipality_id = ${municipalityId} and e.valid_to >= app_today()
        and e.pupil_id = any(${pupils.map(({ id }) => id)}::uuid[]))
    order by v.id`.execute(trx)
  const services = []
  for (const { id, name } of found)
    services.push({ id, name, firstDay: await firstOpenDay(trx, municipalityId, id, null, options) })
  const one = await sideOf(trx, municipalityId, oneId)
  const other = await sideOf(trx, municipalityId, otherId)
  return one && other ? { one, other, services } : null
}

async function sideOf(trx: Trx, municipalityId: string, householdId: string): Promise<HouseholdSide | null> {
  const { rows } = await sql<HouseholdSide>`
    select h.id, h.name,
      (select jsonb_build_object('personId', o.id, 'name', o.full_name) from active_member m
        join person o on o.municipality_id = ${municipalityId} and o.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1) as holder,
      coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.full_name, 'birthDay', p.birth_date,
          'serviceIds', coalesce((select jsonb_agg(distinct e.service_id) from enrolment e
            where e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.valid_to >= app_today()), '[]')) order by p.id)
        from pupil p where p.municipality_id = ${municipalityId} and p.household_id = h.id), '[]') as pupils,
      coalesce((select jsonb_agg(jsonb_build_object('memberId', m.id, 'personId', m.person_id, 'name', o.full_name, 'to', m.valid_to,
          'pupilIds', case when not m.all_pupils then coalesce((select jsonb_agg(d.pupil_id order by d.pupil_id) from delegate_pupil d
            where d.municipality_id = ${municipalityId} and d.household_member_id = m.id), '[]') end) order by m.id)
        from active_member m join person o on o.municipality_id = ${municipalityId} and o.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'delegate'), '[]') as delegates,
      coalesce((select jsonb_agg(jsonb_build_object('serviceId', a.service_id, 'serviceName', v.name, 'balanceCents', a.balance_cents)
          order by v.name, a.id)
        from account a join service v on v.municipality_id = ${municipalityId} and v.id = a.service_id
        where a.municipality_id = ${municipalityId} and a.household_id = h.id and a.kind = 'household'), '[]') as accounts,
      (select count(*) from top_up t where t.municipality_id = ${municipalityId} and t.household_id = h.id
        and t.state in ('created', 'redirected', 'pending'))::int as "openTopUps",
      ((select count(*) from form_submission q where q.municipality_id = ${municipalityId} and q.household_id = h.id
          and q.state in ('submitted', 'in_review', 'integration'))
        + (select count(*) from household_applicant a where a.municipality_id = ${municipalityId} and a.household_id = h.id
          and a.ended_at is null and a.valid_to >= app_today())
        + (select count(*) from departing_transfer d where d.municipality_id = ${municipalityId} and d.household_id = h.id
          and d.state = 'sent'))::int as waiting,
      (select count(*) from delegate_invitation i where i.municipality_id = ${municipalityId} and i.household_id = h.id
        and i.closed_at is null and i.expires_at > app_now())::int as invitations,
      uncharged_days_of(${municipalityId}::uuid, array(select p.id from pupil p
        where p.municipality_id = ${municipalityId} and p.household_id = h.id)) as charging,
      (select count(*) from refund_case r where r.municipality_id = ${municipalityId} and r.household_id = h.id
        and r.closed_at is null)::int as refunds,
      (select count(distinct u.pupil_id) from meal_household_rule u
        join pupil p on p.municipality_id = ${municipalityId} and p.id = u.pupil_id
        where u.municipality_id = ${municipalityId} and (u.household_id = h.id or p.household_id = h.id)
          and (u.valid_to is null or u.valid_to >= app_today()))::int as divided
    from household h where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid`.execute(trx)
  return rows[0] ?? null
}

/** Two households side by side, and the merge of them where it is done. `mayMerge`: the reader may make them one. */
export type OpenedHouseholds = {
  facts: HouseholdFacts
  merge: StandingMerge | null
  mayMerge: boolean
}

/** A pair of households as its page shows it; the reading is written down. Null where one is not there, or for who may not. */
export async function householdPairForOffice(
  viewer: Viewer,
  oneId: string,
  otherId: string,
): Promise<OpenedHouseholds | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(oneId) || !isUuid(otherId) || oneId === otherId)
    return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const facts = await householdFacts(trx, municipalityId, [oneId, otherId], { lock: false })
    if (!facts) return null
    for (const objectId of [oneId, otherId])
      await recordAudit(trx, viewer, { action: 'household.read', objectType: 'household', objectId })
    return {
      facts,
      merge: await standingHouseholdMerge(trx, municipalityId, [oneId, otherId]),
      mayMerge: allowedToStaff(viewer, 'registry:merge'),
    }
  })
}
