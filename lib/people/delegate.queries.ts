import 'server-only'
import { sql } from 'kysely'
import { asSystem, database, type Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { activeHouseholds, heldHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { hashToken } from '#lib/session/session.queries.ts'
import {
  type Deed,
  type Delegate,
  type DelegationPage,
  type Invitation,
  type InvitationOutcome,
  type InvitationState,
  type InvitationToMe,
  invitationState,
  type OwnDelegation,
} from './delegate.ts'
import { isInvited } from './person-code.queries.ts'

const LATEST_DEEDS = 20
const LATEST_INVITATIONS = 10

/** The households that the viewer holds, each with its delegates, invitations, and who did what lately. */
export async function delegationPages(viewer: Viewer): Promise<DelegationPage[] | null> {
  if (!allowedToFamily(viewer, 'household:manage')) return null
  const held = heldHouseholds(viewer)
  return readAsFamily(viewer, async (trx) => {
    const [households, pupils, delegates, invitations, deeds] = await Promise.all([
      sql<{ id: string; name: string; today: Day }>`
        select id, name, app_today() as today from household
        where municipality_id = ${viewer.municipalityId} and id = any(${held}::uuid[]) order by name`.execute(
        trx,
      ),
      sql<{ id: string; household_id: string; name: string }>`
        select p.id, who.household_id, p.given_name as name from pupil p
        join (select o.id, o.household_id from pupil o
            where o.municipality_id = ${viewer.municipalityId} and o.household_id = any(${held}::uuid[])
          union select r.pupil_id, r.household_id from meal_household_rule r
            where r.municipality_id = ${viewer.municipalityId} and r.household_id = any(${held}::uuid[])
              and (r.valid_to is null or r.valid_to >= app_today())) who on who.id = p.id
        where p.municipality_id = ${viewer.municipalityId} order by p.birth_date, p.id`.execute(trx),
      delegateRows(trx, viewer, held),
      invitationRows(trx, viewer, held),
      deedRows(trx, viewer, held),
    ])
    const of = <T extends { household_id: string }>(rows: T[], id: string): Omit<T, 'household_id'>[] =>
      rows.filter((row) => row.household_id === id).map(({ household_id: _, ...row }) => row)
    return households.rows.map(({ id, name, today }) => ({
      householdId: id,
      householdName: name,
      today,
      pupils: of(pupils.rows, id),
      delegates: of(delegates, id),
      invitations: of(invitations, id),
      deeds: of(deeds, id),
    }))
  })
}

type Of<T> = T & { household_id: string }

async function delegateRows(trx: Trx, viewer: Viewer, held: string[]): Promise<Of<Delegate>[]> {
  const { rows } = await sql<Of<Delegate>>`
    select m.household_id, m.id as "memberId", m.person_id as "personId", p.full_name as name,
      m.valid_from as since, m.valid_to as until,
      (select array_agg(c.given_name order by c.birth_date, c.id) from delegate_pupil d
        join pupil c on c.municipality_id = ${viewer.municipalityId} and c.id = d.pupil_id
        where d.municipality_id = ${viewer.municipalityId} and d.household_member_id = m.id) as "pupilNames"
    from active_member m
    join person_name p on p.municipality_id = ${viewer.municipalityId} and p.id = m.person_id
    where m.municipality_id = ${viewer.municipalityId} and m.household_id = any(${held}::uuid[]) and m.role = 'delegate'
    order by m.started_at, m.id`.execute(trx)
  return rows
}

async function invitationRows(trx: Trx, viewer: Viewer, held: string[]): Promise<Of<Invitation>[]> {
  const { rows } = await sql<Of<Omit<Invitation, 'state'>> & { outcome: InvitationOutcome; now: Date }>`
    select i.household_id, i.id, i.email, i.valid_to as until, i.created_at as "createdAt", i.expires_at as "expiresAt",
      i.outcome, app_now() as now,
      (select array_agg(c.given_name order by c.birth_date, c.id) from pupil c
        where c.municipality_id = ${viewer.municipalityId} and c.id = any(i.pupil_ids)) as "pupilNames"
    from delegate_invitation i
    where i.municipality_id = ${viewer.municipalityId} and i.household_id = any(${held}::uuid[])
      and i.invited_by = ${viewer.personId}
    order by i.created_at desc, i.id desc limit ${LATEST_INVITATIONS}`.execute(trx)
  return rows.map(({ outcome, now, ...row }) => ({
    ...row,
    pupilNames: row.pupilNames ?? [],
    state: invitationState({ outcome, expiresAt: row.expiresAt, now }),
  }))
}

async function deedRows(trx: Trx, viewer: Viewer, held: string[]): Promise<Of<Deed>[]> {
  const { rows } = await sql<Of<Deed>>`
    select r.household_id, r.id, r.arrived_at as at, r.action, r.number as "receiptNumber",
      case when r.channel = 'office' then null else p.full_name end as by,
      v.meals, v.names as "pupilNames"
    from absence_receipt r
    join person_name p on p.municipality_id = ${viewer.municipalityId} and p.id = r.person_id
    cross join lateral (
      select count(*)::int as meals, array_agg(distinct c.given_name) as names from absence_event e
      join pupil c on c.municipality_id = ${viewer.municipalityId} and c.id = e.pupil_id
      where e.municipality_id = ${viewer.municipalityId} and e.receipt_id = r.id
        and e.day between r.first_day and r.last_day) v
    where r.municipality_id = ${viewer.municipalityId} and r.household_id = any(${held}::uuid[])
    order by r.arrived_at desc, r.id desc limit ${LATEST_DEEDS}`.execute(trx)
  return rows
}

/** The delegations that the viewer has from others; empty for a viewer who has none. */
export async function ownDelegations(viewer: Viewer): Promise<OwnDelegation[]> {
  if (!allowedToFamily(viewer, 'delegation:leave')) return []
  const { rows } = await readAsFamily(viewer, (trx) =>
    sql<OwnDelegation>`
      select m.id as "memberId", h.name as "householdName", m.valid_from as since, m.valid_to as until,
        coalesce((select p.full_name from active_member k
          join person_name p on p.municipality_id = ${viewer.municipalityId} and p.id = k.person_id
          where k.municipality_id = ${viewer.municipalityId} and k.household_id = m.household_id and k.role = 'holder'
          limit 1), '') as "holderName",
        coalesce((select array_agg(c.given_name order by c.birth_date, c.id) from pupil c
          where c.municipality_id = ${viewer.municipalityId} and c.id in (
            select a.pupil_id from adult_of_pupil a
            where a.municipality_id = ${viewer.municipalityId} and a.household_member_id = m.id
            union select a.pupil_id from adult_of_shared_pupil a
            where a.municipality_id = ${viewer.municipalityId} and a.household_member_id = m.id)), '{}') as "pupilNames"
      from active_member m
      join household h on h.municipality_id = ${viewer.municipalityId} and h.id = m.household_id
      where m.municipality_id = ${viewer.municipalityId} and m.person_id = ${viewer.personId} and m.role = 'delegate'
        and m.household_id = any(${activeHouseholds(viewer)}::uuid[])
      order by h.name, m.id`.execute(trx),
  )
  return rows
}

/** An invitation as its link finds it, for any reader. Locked when it is to be answered. */
export type FoundInvitation = {
  municipalityId: string
  municipalityName: string
  id: string
  householdId: string
  invitedBy: string
  holderName: string
  holderGivenName: string
  holderEmail: string | null
  /** Whether the inviting person is still the holder. */
  isStillHolder: boolean
  fiscalCodeSealed: Buffer | null
  pupilIds: string[]
  pupilNames: string[]
  until: Day | null
  expiresAt: Date
  state: InvitationState
  today: Day
}

const TOKEN = /^[\w-]{43}$/

/** The municipality of an address, by its name in the address; null when there is none. */
export async function municipalityIdBySlug(municipalitySlug: string): Promise<string | null> {
  const row = await database()
    .selectFrom('municipality')
    .select('id')
    .where('slug', '=', municipalitySlug)
    .where('active', '=', true)
    .executeTakeFirst()
  return row?.id ?? null
}

/**
 * The invitation of a link; null when there is none in this municipality with this secret, or with this id: the id stands in the
 * inbox of the invited person. Neither opens anything to another person.
 */
export async function invitationByToken(
  trx: Trx,
  municipalityId: string,
  token: string,
  options: { lock?: boolean } = {},
): Promise<FoundInvitation | null> {
  const isId = isUuid(token)
  if (!isId && !TOKEN.test(token)) return null
  const which = isId ? sql`i.id = ${token}::uuid` : sql`i.token_hash = ${hashToken(token)}`
  const { rows } = await sql<Omit<FoundInvitation, 'state'> & { outcome: InvitationOutcome; now: Date }>`
    select i.municipality_id as "municipalityId", t.name as "municipalityName", i.id, i.household_id as "householdId",
      i.invited_by as "invitedBy", p.full_name as "holderName", p.given_name as "holderGivenName",
      p.email as "holderEmail", i.fiscal_code_sealed as "fiscalCodeSealed",
      i.pupil_ids as "pupilIds", i.valid_to as until, i.expires_at as "expiresAt", i.outcome,
      app_now() as now, app_today() as today,
      exists (select from active_member m where m.municipality_id = ${municipalityId} and m.household_id = i.household_id
        and m.person_id = i.invited_by and m.role = 'holder') as "isStillHolder",
      coalesce((select array_agg(c.given_name order by c.birth_date, c.id) from pupil c
        where c.municipality_id = ${municipalityId} and c.id = any(i.pupil_ids)), '{}') as "pupilNames"
    from delegate_invitation i
    join municipality t on t.id = i.municipality_id
    join person p on p.municipality_id = ${municipalityId} and p.id = i.invited_by
    where i.municipality_id = ${municipalityId} and ${which}
    ${options.lock ? sql`for update of i` : sql``}`.execute(trx)
  const row = rows[0]
  if (!row) return null
  const { outcome, now, ...invitation } = row
  const state = invitationState({ outcome, expiresAt: row.expiresAt, now })
  return { ...invitation, state: state === 'open' && !row.isStillHolder ? 'withdrawn' : state }
}

export type InvitationView =
  | { kind: 'unknown' }
  | { kind: 'not-for-you' }
  | { kind: 'over'; state: Exclude<InvitationState, 'open'> }
  | { kind: 'open'; invitation: InvitationToMe }

/**
 * What a link shows to a signed-in person. Names of children and of the holder are for the invited person only:
 * another person with the link learns nothing.
 * The reader may be unknown to the municipality, so the transaction speaks as the system and compares the person itself.
 */
export async function invitationView(
  citizenId: string,
  municipalitySlug: string,
  token: string,
): Promise<InvitationView> {
  const municipalityId = await municipalityIdBySlug(municipalitySlug)
  if (!municipalityId) return { kind: 'unknown' }
  return asSystem(municipalityId, async (trx) => {
    const found = await invitationByToken(trx, municipalityId, token)
    if (!found) return { kind: 'unknown' }
    if (!(await isInvited(trx, municipalityId, found.id, citizenId))) return { kind: 'not-for-you' }
    if (found.state !== 'open') return { kind: 'over', state: found.state }
    const { holderName, municipalityName, pupilNames, until, expiresAt } = found
    return { kind: 'open', invitation: { holderName, municipalityName, pupilNames, until, expiresAt } }
  })
}
