import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { AskedErasure, ErasureFacts } from './erasure.ts'

/** A household with its pupils, for the form that erases; null where there is none, or for who may not. */
export async function erasureOffer(
  viewer: Viewer,
  householdId: string,
): Promise<{ householdName: string; pupils: { id: string; name: string }[] } | null> {
  if (!allowedToStaff(viewer, 'registry:erase') || !isUuid(householdId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ householdName: string; pupils: { id: string; name: string }[] }>`
      select h.name as "householdName", coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.full_name)
          order by p.birth_date, p.id) from pupil p
        where p.municipality_id = ${municipalityId} and p.household_id = h.id), '[]') as pupils
      from household h where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid`.execute(
      trx,
    )
    const found = rows[0]
    if (!found) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: householdId,
    })
    return found
  })
}

/** What erasing a household, or one pupil of it, would take out, and what keeps it; null where there is none. */
export async function erasureFacts(
  trx: Trx,
  municipalityId: string,
  { householdId, pupilId }: AskedErasure,
): Promise<ErasureFacts | null> {
  const { rows } = await sql<Omit<ErasureFacts, 'found'>>`
    with going as (select p.id, p.full_name from pupil p where p.municipality_id = ${municipalityId}
        and p.household_id = ${householdId}::uuid and (${pupilId}::uuid is null or p.id = ${pupilId}::uuid)),
      erasable as (select k.id from erasable_people(${municipalityId}::uuid, ${householdId}::uuid) k (id)
        where ${pupilId}::uuid is null),
      members as (select distinct p.id, p.full_name from household_member m
        join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = ${householdId}::uuid and ${pupilId}::uuid is null)
    select h.name as "householdName",
      array(select g.full_name from going g order by g.full_name, g.id) as pupils,
      array(select m.full_name from members m where m.id in (select id from erasable) order by 1) as people,
      array(select m.full_name from members m where m.id not in (select id from erasable) order by 1) as staying,
      (select count(*)::int from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id in (select id from going)) as enrolments,
      (select count(*)::int from fare_assignment f where f.municipality_id = ${municipalityId}
        and f.pupil_id in (select id from going)) as fares,
      (select count(*)::int from notification n where n.municipality_id = ${municipalityId}
        and n.person_id in (select id from erasable)) as messages
    from household h where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid
      and (${pupilId}::uuid is null or exists (select from going))`.execute(trx)
  const facts = rows[0]
  return facts ? { ...facts, found: await keepersOf(trx, municipalityId, { householdId, pupilId }) } : null
}

async function keepersOf(
  trx: Trx,
  municipalityId: string,
  { householdId, pupilId }: AskedErasure,
): Promise<ErasureFacts['found']> {
  const isWhole = pupilId === null
  const household = sql`${householdId}::uuid`
  const pupils = sql`(select p.id from pupil p where p.municipality_id = ${municipalityId} and p.household_id = ${household}
    and (${pupilId}::uuid is null or p.id = ${pupilId}::uuid))`
  const accounts = sql`(select a.id from account a where a.municipality_id = ${municipalityId} and a.household_id = ${household})`
  const { rows } = await sql<ErasureFacts['found']>`
    select
      is_pupil_counted(${municipalityId}::uuid, ${household}, ${pupilId}::uuid) as counted,
      exists (select from entry e where e.municipality_id = ${municipalityId} and e.account_id in ${accounts}
        and (${isWhole}::boolean or e.pupil_id in ${pupils})) as entries,
      ${isWhole}::boolean and exists (select from top_up t
        where t.municipality_id = ${municipalityId} and t.household_id = ${household}) as payments,
      ${isWhole}::boolean and exists (select from invoice i
        where i.municipality_id = ${municipalityId} and i.household_id = ${household}) as invoices,
      exists (select from absence_event v where v.municipality_id = ${municipalityId} and v.pupil_id in ${pupils})
        or exists (select from absence v where v.municipality_id = ${municipalityId} and v.pupil_id in ${pupils}) as cancellations,
      exists (select from form_submission s where s.municipality_id = ${municipalityId} and s.household_id = ${household}
          and (${isWhole}::boolean or s.pupil_id in ${pupils}))
        or ${isWhole}::boolean and exists (select from form_draft f
          where f.municipality_id = ${municipalityId} and f.household_id = ${household})
        or exists (select from link_request l where l.municipality_id = ${municipalityId} and l.pupil_id in ${pupils}) as requests,
      ${isWhole}::boolean and exists (select from communication_recipient c
        where c.municipality_id = ${municipalityId} and c.household_id = ${household}) as communications,
      ${isWhole}::boolean and exists (select from delegate_invitation i
        where i.municipality_id = ${municipalityId} and i.household_id = ${household}) as invitations,
      exists (select from meal_rating r where r.municipality_id = ${municipalityId} and r.pupil_id in ${pupils}) as ratings,
      exists (select from questionnaire_part q where q.municipality_id = ${municipalityId}
        and (q.pupil_id in ${pupils} or ${isWhole}::boolean and q.household_id = ${household})) as answers,
      ${isWhole}::boolean and exists (select from refund_case r
        where r.municipality_id = ${municipalityId} and r.household_id = ${household}) as refunds,
      exists (select from departing_transfer t where t.municipality_id = ${municipalityId} and t.household_id = ${household}
          and (${isWhole}::boolean or ${pupilId}::uuid = any (t.pupil_ids)))
        or ${isWhole}::boolean and exists (select from arriving_transfer t
          where t.municipality_id = ${municipalityId} and t.household_id = ${household}) as transfers,
      exists (select from pupil_merge m where m.municipality_id = ${municipalityId}
        and (m.kept_id in ${pupils} or m.gone_id in ${pupils})) as merges,
      exists (select from year_rollover_pupil r where r.municipality_id = ${municipalityId} and r.pupil_id in ${pupils}) as years,
      ${isWhole}::boolean and exists (select from family_look l
        where l.municipality_id = ${municipalityId} and l.household_id = ${household}) as looks,
      ${isWhole}::boolean and exists (select from erasable_people(${municipalityId}::uuid, ${household}) k (id)
        join person_code c on c.municipality_id = ${municipalityId} and c.person_id = k.id
        join citizen z on z.fiscal_code_hash = c.fiscal_code_hash) as "signedIn"`.execute(trx)
  return rows[0] as ErasureFacts['found']
}
