import 'server-only'
import { sql } from 'kysely'
import { asFamily, asSystem, reenterScope, type Trx } from '#db/client.ts'
import { PURPOSES } from '#db/sealed-columns.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { dataKeys, env } from '#lib/kernel/env.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { seal, unseal } from '#lib/kernel/sealed.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import { wordsOfPerson } from '#lib/session/language.commands.ts'
import { hashToken, type SessionFacts } from '#lib/session/session.queries.ts'
import { newSessionToken } from '#lib/session/session-token.adapter.ts'
import { answerNotice, delegationEndedNotice, invitationMail } from './delegate.notice.ts'
import { type FoundInvitation, invitationByToken, municipalityIdBySlug } from './delegate.queries.ts'
import { INVITATION_DAYS, judgeAnswer, judgeInvite } from './delegate.ts'
import { isInvited, personOfCitizen, personWithCode } from './person-code.queries.ts'

export type InviteRequest = {
  householdId: string
  fiscalCode: string
  email: string
  pupils: string[]
  until: Day | null
}

/**
 * Invites a person to be delegate for some of the household's children. The link goes by e-mail and is kept only as a
 * hash; it opens nothing without the SPID or CIE of the very person.
 */
export async function inviteDelegate(
  viewer: Viewer,
  request: InviteRequest,
  municipalitySlug: string,
): Promise<Result<{ email: string }>> {
  if (!allowedToFamily(viewer, 'household:manage', request.householdId)) return refused('request:not-found')
  const pupilIds = [...new Set(request.pupils)]
  return asFamily(viewer, async (trx) => {
    const hash = await hashOfCode(trx, request.fiscalCode)
    await lockHousehold(trx, viewer.municipalityId, request.householdId)
    const facts = await inviteFacts(trx, viewer, request.householdId, pupilIds, hash)
    if (facts.pupils !== pupilIds.length) return refused('request:not-found')
    const judged = judgeInvite({ ...facts, until: request.until })
    if (!judged.ok) return judged
    const token = newSessionToken()
    const { id } = await trx
      .insertInto('delegate_invitation')
      .values({
        municipality_id: viewer.municipalityId,
        household_id: request.householdId,
        invited_by: viewer.personId,
        fiscal_code_hash: hash,
        fiscal_code_sealed: seal(request.fiscalCode, PURPOSES.invitedCode, dataKeys()),
        email: request.email,
        pupil_ids: pupilIds,
        valid_to: request.until,
        token_hash: hashToken(token),
        expires_at: sql<Date>`app_now() + ${`${INVITATION_DAYS} days`}::interval`,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await recordAudit(trx, viewer, {
      action: 'delegates:invited',
      objectType: 'delegate_invitation',
      objectId: id,
      details: { children: pupilIds.length },
    })
    // In the language of the holder, who knows the invited person. What the invited chose is theirs, and not to be learned this way.
    const t = await wordsOfPerson(trx, viewer.municipalityId, viewer.personId)
    const mail = invitationMail(
      {
        holderName: viewer.name,
        municipalityName: facts.municipalityName,
        url: `${env().PUBLIC_ORIGIN}/${municipalitySlug}/invito/${token}`,
        lastDay: addDays(facts.today, INVITATION_DAYS),
      },
      t,
    )
    await enqueueMail(trx, viewer.municipalityId, {
      ...mail,
      language: t.language,
      dedupeKey: `delegate-invitation:${id}`,
      to: request.email,
      secret: true,
    })
    await tellKnownPerson(trx, viewer, { id, hash })
    return ok({ email: request.email })
  })
}

/**
 * A person whom the portal already knows finds the invitation there too, in case the mail went astray. Whether that is
 * so is not told to the inviting person.
 */
async function tellKnownPerson(
  trx: Trx,
  viewer: Viewer,
  invitation: { id: string; hash: Buffer },
): Promise<void> {
  const known = await personWithCode(trx, viewer.municipalityId, invitation.hash)
  if (!known) return
  await notify(trx, viewer.municipalityId, {
    event: 'delegation:invited',
    key: `delegation-invited:${invitation.id}`,
    to: [known],
    say: (t) => ({
      title: t('{name} ti invita come delegato', { name: viewer.name }),
      text: t(
        'Puoi accettare o rifiutare qui: non serve l’e-mail che ti abbiamo mandato. L’invito vale 14 giorni.',
      ),
    }),
    path: `/invito/${invitation.id}`,
  })
}

/** One change of a household's roles at a time; what is read next is read with the roles of that moment. */
async function lockHousehold(trx: Trx, municipalityId: string, householdId: string): Promise<void> {
  await sql`select lock_household(${municipalityId}, ${householdId}::uuid)`.execute(trx)
  await reenterScope(trx)
}

async function inviteFacts(trx: Trx, viewer: Viewer, householdId: string, pupilIds: string[], hash: Buffer) {
  const { rows } = await sql<{
    pupils: number
    isSelf: boolean
    isAlreadyDelegate: boolean
    openInvitations: number
    today: Day
    municipalityName: string
  }>`
    select (select count(*)::int from pupil c where c.municipality_id = ${viewer.municipalityId} and c.id = any(${pupilIds}::uuid[])
        and (c.household_id = ${householdId}::uuid or exists (select from meal_household_rule r
          where r.municipality_id = ${viewer.municipalityId} and r.pupil_id = c.id and r.household_id = ${householdId}::uuid
            and (r.valid_to is null or r.valid_to >= app_today())))) as pupils,
      coalesce(invited.id = ${viewer.personId}::uuid, false) as "isSelf",
      exists (select from active_member m where m.municipality_id = ${viewer.municipalityId} and m.household_id = ${householdId}::uuid
        and m.person_id = invited.id and m.role = 'delegate') as "isAlreadyDelegate",
      (select count(*)::int from delegate_invitation i where i.municipality_id = ${viewer.municipalityId} and i.household_id = ${householdId}::uuid
        and i.closed_at is null and i.expires_at > app_now()) as "openInvitations",
      app_today() as today, t.name as "municipalityName"
    from municipality t cross join (select person_with_code(${viewer.municipalityId}::uuid, ${hash}) as id) invited
    where t.id = ${viewer.municipalityId}`.execute(trx)
  return rows[0] as NonNullable<(typeof rows)[0]>
}

/** The holder takes an unanswered invitation back: its link opens nothing any more. */
export async function withdrawInvitation(viewer: Viewer, invitationId: string): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'household:manage')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const closed = await trx
      .updateTable('delegate_invitation')
      .set({ closed_at: sql<Date>`app_now()`, outcome: 'withdrawn', fiscal_code_sealed: null })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', invitationId)
      .where('invited_by', '=', viewer.personId)
      .where('closed_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!closed) return refused('request:not-found')
    await recordAudit(trx, viewer, {
      action: 'delegates:withdrawn',
      objectType: 'delegate_invitation',
      objectId: invitationId,
    })
    return ok(null)
  })
}

/** Ends a delegation at this instant: the delegate's next request finds nothing. The holder's to do. */
export async function revokeDelegate(viewer: Viewer, memberId: string): Promise<Result<null>> {
  const held = viewer.memberships
    .map(({ householdId }) => householdId)
    .filter((householdId) => allowedToFamily(viewer, 'household:manage', householdId))
  if (held.length === 0) return refused('request:not-found')
  return asFamily(viewer, (trx) =>
    endDelegation(
      trx,
      viewer,
      sql<boolean>`household_id = any(${held}::uuid[])`,
      memberId,
      'delegates:revoked',
    ),
  )
}

/** A delegate gives the own delegation up. */
export async function leaveDelegation(viewer: Viewer, memberId: string): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'delegation:leave')) return refused('request:not-found')
  return asFamily(viewer, (trx) =>
    endDelegation(
      trx,
      viewer,
      sql<boolean>`person_id = ${viewer.personId}::uuid`,
      memberId,
      'delegates:left',
    ),
  )
}

async function endDelegation(
  trx: Trx,
  viewer: Viewer,
  own: ReturnType<typeof sql<boolean>>,
  memberId: string,
  action: 'delegates:revoked' | 'delegates:left',
): Promise<Result<null>> {
  // Read first: a delegate who leaves sees nothing of the household afterwards.
  const { rows: holders } = await sql<{ id: string }>`
    select h.person_id as id from household_member d
    join active_member h on h.municipality_id = ${viewer.municipalityId} and h.household_id = d.household_id and h.role = 'holder'
    where d.municipality_id = ${viewer.municipalityId} and d.id = ${memberId}::uuid`.execute(trx)
  const ended = await trx
    .updateTable('household_member')
    .set({ ended_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', memberId)
    .where('role', '=', 'delegate')
    .where('ended_at', 'is', null)
    .where(own)
    .returning(['household_id', 'person_id'])
    .executeTakeFirst()
  if (!ended) return refused('request:not-found')
  const isLeft = action === 'delegates:left'
  await notify(trx, viewer.municipalityId, {
    event: 'delegation:ended',
    key: `delegation-ended:${memberId}`,
    to: isLeft ? holders.map(({ id }) => id) : [ended.person_id],
    say: (t) => delegationEndedNotice(viewer.name, isLeft, t),
    path: isLeft ? '/profilo/deleghe' : '/',
  })
  await recordAudit(trx, viewer, {
    action,
    objectType: 'household_member',
    objectId: memberId,
    details: { household: ended.household_id },
  })
  return ok(null)
}

/**
 * The invited person says yes or no. Who they are is what SPID or CIE said of this session's citizen; the link alone is
 * not enough, and neither is the person without the link. The person may be unknown to the municipality until now, so the
 * transaction speaks as the system.
 */
export async function answerInvitation(
  session: Pick<SessionFacts, 'citizenId' | 'sessionId' | 'openedWith'>,
  municipalitySlug: string,
  { token, accept }: { token: string; accept: boolean },
): Promise<Result<{ accepted: boolean }>> {
  const municipalityId = await municipalityIdBySlug(municipalitySlug)
  if (!municipalityId) return refused('request:not-found')
  return asSystem(municipalityId, async (trx) => {
    const found = await invitationByToken(trx, municipalityId, token, { lock: true })
    if (!found) return refused('request:not-found')
    const citizen = await trx
      .selectFrom('citizen')
      .select(['id', 'fiscal_code_hash', 'given_name', 'family_name', 'full_name'])
      .where('id', '=', session.citizenId)
      .executeTakeFirstOrThrow()
    const judged = judgeAnswer({
      ...found,
      isInvited: await isInvited(trx, municipalityId, found.id, session.citizenId),
      byIdentity: session.openedWith === 'identity',
    })
    if (!judged.ok) return judged
    const personId = accept ? await admit(trx, found, citizen) : null
    await trx
      .updateTable('delegate_invitation')
      .set({
        closed_at: sql<Date>`app_now()`,
        outcome: accept ? 'accepted' : 'declined',
        accepted_by: personId,
        fiscal_code_sealed: null,
      })
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', found.id)
      .execute()
    const actor = { municipalityId, sessionId: session.sessionId, ...(personId ? { personId } : {}) }
    await recordAudit(trx, actor, {
      action: accept ? 'delegates:accepted' : 'delegates:declined',
      objectType: 'delegate_invitation',
      objectId: found.id,
      details: { household: found.householdId },
    })
    const facts = {
      givenName: found.holderGivenName,
      delegateName: citizen.full_name,
      accepted: accept,
      url: `${env().PUBLIC_ORIGIN}/${municipalitySlug}/profilo/deleghe`,
    }
    await notify(trx, municipalityId, {
      event: 'delegation:answered',
      key: `delegate-answer:${found.id}`,
      to: [found.invitedBy],
      say: (t) => answerNotice(facts, t),
      path: '/profilo/deleghe',
    })
    return ok({ accepted: accept })
  })
}

type Citizen = { id: string; fiscal_code_hash: Buffer; given_name: string; family_name: string }

/** Gives the role, to a person of the municipality who may have to be written down first. An earlier delegation is replaced. */
async function admit(trx: Trx, found: FoundInvitation, citizen: Citizen): Promise<string> {
  await lockHousehold(trx, found.municipalityId, found.householdId)
  const personId = await personOf(trx, found, citizen)
  await trx
    .updateTable('household_member')
    .set({ ended_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', found.municipalityId)
    .where('household_id', '=', found.householdId)
    .where('person_id', '=', personId)
    .where('role', '=', 'delegate')
    .where('ended_at', 'is', null)
    .execute()
  const { id } = await trx
    .insertInto('household_member')
    .values({
      municipality_id: found.municipalityId,
      household_id: found.householdId,
      person_id: personId,
      role: 'delegate',
      all_pupils: false,
      valid_from: sql<Day>`app_today()`,
      valid_to: found.until,
      given_by: found.invitedBy,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('delegate_pupil')
    .values(
      found.pupilIds.map((pupil_id) => ({
        municipality_id: found.municipalityId,
        household_member_id: id,
        pupil_id,
      })),
    )
    .execute()
  return personId
}

async function personOf(trx: Trx, found: FoundInvitation, citizen: Citizen): Promise<string> {
  const known = await personOfCitizen(trx, found.municipalityId, citizen.id)
  if (known) return known
  const code = found.fiscalCodeSealed && unseal(found.fiscalCodeSealed, PURPOSES.invitedCode, dataKeys())
  if (!code)
    throw new Error('the invited fiscal code cannot be read: was DATA_KEY replaced without DATA_KEY_ALSO?')
  const { id } = await trx
    .insertInto('person')
    .values({
      municipality_id: found.municipalityId,
      fiscal_code: code,
      fiscal_code_hash: citizen.fiscal_code_hash,
      given_name: citizen.given_name,
      family_name: citizen.family_name,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
