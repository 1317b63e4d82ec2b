import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { HandOver, UndoHandOver } from './hand-over.input.ts'
import { HAND_OVER_NOTICES } from './hand-over.notice.ts'
import { handOverFacts, presentHolder, undoFacts } from './hand-over.queries.ts'
import {
  type AskedHolder,
  type HandOverFacts,
  type HandOverPreview,
  handOverInWords,
  judgeHandOver,
  nameOfNew,
  undoInWords,
} from './hand-over.ts'
import { registerPerson } from './person.commands.ts'

const askedOf = ({
  fiscalCode,
  givenName,
  familyName,
  birthDay,
  email,
  keepAsDelegate,
}: HandOver): AskedHolder => ({
  fiscalCode,
  givenName,
  familyName,
  birthDay,
  email,
  keepAsDelegate,
})

/** What a change of holder would do, in words, before anything is done. */
export const previewHandOver = (viewer: Viewer, request: HandOver): Promise<Result<HandOverPreview>> =>
  onHousehold(viewer, request.householdId, async (trx) => {
    const facts = await handOverFacts(trx, viewer.municipalityId, request)
    const judged = judgeHandOver(askedOf(request), facts)
    return judged.ok ? ok(previewOf(request, facts)) : judged
  })

function previewOf(request: HandOver, facts: HandOverFacts): HandOverPreview {
  const asked = askedOf(request)
  const lines = handOverInWords(asked, facts)
  const after = facts.holder?.memberId ?? ''
  return { lines, after, seen: fingerprintOf({ asked, lines, after }) }
}

/**
 * Makes a person the holder of a household from this instant, exactly as it was previewed. The account, with its balance, goes on;
 * the earlier holder keeps the own payments and invoices, and the new holder sees movements from now on. Open invitations
 * of the earlier holder are withdrawn; both people are told. A confirmation sent twice is done once.
 */
export const handOver = (viewer: Viewer, request: HandOver): Promise<Result<{ name: string }>> =>
  onHousehold(viewer, request.householdId, async (trx) => {
    const { municipalityId, personId: actor } = viewer
    const facts = await handOverFacts(trx, municipalityId, request)
    const asked = askedOf(request)
    const name = nameOfNew(asked, facts.known)
    const { holder } = facts
    if (request.after !== '' && request.after !== (holder?.memberId ?? '')) {
      const isOwn = holder !== null && holder.givenBy === actor && holder.personId === facts.known?.id
      return isOwn ? ok({ name }) : changedMeanwhile(holder)
    }
    const judged = judgeHandOver(asked, facts)
    if (!judged.ok) return judged
    if (previewOf(request, facts).seen !== request.seen) return refused('households:preview-changed')
    const personId = facts.known?.id ?? (await registerPerson(trx, municipalityId, asked))
    await endRoles(trx, municipalityId, request.householdId, personId)
    const role = await giveRoles(trx, viewer, request, { personId, before: holder?.personId ?? null })
    await withdrawInvitations(trx, municipalityId, request.householdId)
    await recordAudit(trx, viewer, {
      action: 'household:handed-over',
      objectType: 'household',
      objectId: request.householdId,
      details: { from: holder?.personId ?? null, to: personId, reason: request.reason },
    })
    await tell(trx, municipalityId, { key: role, to: personId, notice: 'becomes' })
    if (holder) await tell(trx, municipalityId, { key: role, to: holder.personId, notice: 'leaves' })
    return ok({ name })
  })

/** What undoing the last change of holder would do, in words. */
export const previewUndo = (viewer: Viewer, request: UndoHandOver): Promise<Result<HandOverPreview>> =>
  onHousehold(viewer, request.householdId, async (trx) => {
    const facts = await undoFacts(trx, viewer.municipalityId, request.householdId)
    if (!facts?.isInTime) return refused('households:undo-over')
    const lines = undoInWords(facts)
    return ok({ lines, after: facts.memberId, seen: fingerprintOf({ lines, after: facts.memberId }) })
  })

/**
 * Undoes the last change of holder: every role that ended with it begins again as it was, and every role that it gave ends. The
 * holder who comes back sees the movements as before the change, and those since. Payments and invoices stay with their payer.
 */
export const undoHandOver = (viewer: Viewer, request: UndoHandOver): Promise<Result<{ name: string }>> =>
  onHousehold(viewer, request.householdId, async (trx) => {
    const { municipalityId } = viewer
    const { householdId, undoReason: reason } = request
    const facts = await undoFacts(trx, municipalityId, householdId)
    if (facts?.memberId !== request.after) return undoneMeanwhile(trx, viewer, householdId)
    if (!facts.isInTime) return refused('households:undo-over')
    const lines = undoInWords(facts)
    if (fingerprintOf({ lines, after: facts.memberId }) !== request.seen)
      return refused('households:preview-changed')
    await restoreRoles(trx, viewer, householdId, facts.memberId)
    await recordAudit(trx, viewer, {
      action: 'household:hand-over-undone',
      objectType: 'household',
      objectId: householdId,
      details: { from: facts.personId, to: facts.beforePersonId, reason },
    })
    const key = `${facts.memberId}:undone`
    await tell(trx, municipalityId, { key, to: facts.beforePersonId, notice: 'returns' })
    await tell(trx, municipalityId, { key, to: facts.personId, notice: 'stepsBack' })
    return ok({ name: facts.beforeName })
  })

/** Runs what is about one household, under its lock: two colleagues come one after the other. */
async function onHousehold<T>(
  viewer: Viewer,
  householdId: string,
  run: (trx: Trx) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!allowedToStaff(viewer, 'household:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const household = await trx
      .selectFrom('household')
      .select('id')
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', householdId)
      .forNoKeyUpdate()
      .executeTakeFirst()
    return household ? run(trx) : refused('request:not-found')
  })
}

const changedMeanwhile = (holder: HandOverFacts['holder']) =>
  refused('households:changed-meanwhile', { who: holder?.giverName ?? null, holder: holder?.name ?? null })

/** The change is not there any more. The colleague who sent the same confirmation twice has done it. */
async function undoneMeanwhile(
  trx: Trx,
  viewer: Viewer,
  householdId: string,
): Promise<Result<{ name: string }>> {
  const holder = await presentHolder(trx, viewer.municipalityId, householdId)
  if (holder && holder.givenBy === viewer.personId) return ok({ name: holder.name })
  return changedMeanwhile(holder)
}

/** Ends the holder's role and any role that the new holder had; the other delegates stay. */
const endRoles = (trx: Trx, municipalityId: string, householdId: string, personId: string) =>
  trx
    .updateTable('household_member')
    .set({ ended_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('household_id', '=', householdId)
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('role', '=', 'holder'), where('person_id', '=', personId)]))
    .where((where) =>
      where.or([where('valid_to', 'is', null), where('valid_to', '>=', sql<Day>`app_today()`)]),
    )
    .execute()

/** Gives the new holder's role, and that of a delegate to the earlier holder if asked. @returns the id of the holder's role */
async function giveRoles(
  trx: Trx,
  viewer: Viewer,
  { householdId, keepAsDelegate }: HandOver,
  { personId, before }: { personId: string; before: string | null },
): Promise<string> {
  const given = {
    municipality_id: viewer.municipalityId,
    household_id: householdId,
    valid_from: sql<Day>`app_today()`,
    given_by: viewer.personId,
  }
  const { id } = await trx
    .insertInto('household_member')
    .values({ ...given, person_id: personId, role: 'holder' })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (before && keepAsDelegate) {
    await trx
      .insertInto('household_member')
      .values({ ...given, person_id: before, role: 'delegate' })
      .execute()
  }
  return id
}

const withdrawInvitations = (trx: Trx, municipalityId: string, householdId: string) =>
  trx
    .updateTable('delegate_invitation')
    .set({ closed_at: sql<Date>`app_now()`, outcome: 'withdrawn', fiscal_code_sealed: null })
    .where('municipality_id', '=', municipalityId)
    .where('household_id', '=', householdId)
    .where('closed_at', 'is', null)
    .execute()

/**
 * Gives again the roles that ended with a change of holder, and ends those that stand in their way. `started_at` is that of the
 * earlier role: from that instant a holder sees the movements.
 */
async function restoreRoles(trx: Trx, viewer: Viewer, householdId: string, memberId: string): Promise<void> {
  const { municipalityId } = viewer
  const { rows: ended } = await sql<{ id: string; person_id: string }>`
    select e.id, e.person_id from household_member e
    join household_member m on m.municipality_id = ${municipalityId} and m.id = ${memberId}::uuid and e.ended_at = m.started_at
    where e.municipality_id = ${municipalityId} and e.household_id = ${householdId}::uuid
      and (e.valid_to is null or e.valid_to >= app_today())`.execute(trx)
  await sql`
    update household_member k set ended_at = app_now()
    where k.municipality_id = ${municipalityId} and k.id in (
      select a.id from active_member a where a.municipality_id = ${municipalityId} and a.household_id = ${householdId}::uuid
        and (a.person_id = any(${ended.map((role) => role.person_id)}::uuid[])
          or a.started_at = (select m.started_at from household_member m
            where m.municipality_id = ${municipalityId} and m.id = ${memberId}::uuid)))`.execute(trx)
  for (const { id } of ended) await giveAgain(trx, viewer, id)
}

async function giveAgain(
  trx: Trx,
  { municipalityId, personId: givenBy }: Viewer,
  roleId: string,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    insert into household_member (municipality_id, household_id, person_id, role, all_pupils, valid_from, valid_to, started_at, given_by)
    select e.municipality_id, e.household_id, e.person_id, e.role, e.all_pupils, app_today(), e.valid_to, e.started_at, ${givenBy}::uuid
    from household_member e where e.municipality_id = ${municipalityId} and e.id = ${roleId}::uuid
    returning id`.execute(trx)
  await sql`
    insert into delegate_pupil (municipality_id, household_member_id, pupil_id)
    select ${municipalityId}::uuid, ${rows[0]?.id}::uuid, d.pupil_id from delegate_pupil d
    where d.municipality_id = ${municipalityId} and d.household_member_id = ${roleId}::uuid`.execute(trx)
}

const PATHS = {
  becomes: '/oggi',
  returns: '/oggi',
  leaves: '/pagamenti/fatture',
  stepsBack: '/pagamenti/fatture',
}

const tell = (
  trx: Trx,
  municipalityId: string,
  { key, to, notice }: { key: string; to: string; notice: keyof typeof HAND_OVER_NOTICES },
) =>
  notify(trx, municipalityId, {
    event: 'household:holder-changed',
    key: `holder-changed:${key}`,
    to: [to],
    say: HAND_OVER_NOTICES[notice],
    path: PATHS[notice],
  })
