import 'server-only'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { attachmentsIn } from '#lib/files/attachment.queries.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { Told } from '#lib/notifications/notification.ts'
import { accessibilityFindings, isBlocking } from '#lib/publishing/accessibility.ts'
import { isSubmitted, mayHappen, stateAt } from '#lib/publishing/lifecycle.ts'
import { phrase } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import { audienceIn, countAudience } from '../audience.queries.ts'
import {
  type ApprovalRefusal,
  type AudienceCount,
  approvalRefusal,
  REMINDER_PAUSE_HOURS,
} from '../communication.ts'
import type { CommunicationVersion } from './communication.queries.ts'
import {
  type Actor,
  auditCommunication,
  type LockedCommunication,
  lockCommunication,
  mustReadVersion,
  onCommunication,
  type SavedCommunication,
  updateCommunication,
} from './locked-communication.commands.ts'
import { remindable } from './recipient.queries.ts'

/** What keeps a version from being read by everybody; the title stands for the summary that communications do not have. */
function accessibilityRefusal(version: CommunicationVersion): Refused | null {
  const attachments = attachmentsIn(version)
  const count = accessibilityFindings({ ...version, summary: version.title, attachments }).filter(
    isBlocking,
  ).length
  return count > 0 ? refused('communications:not-accessible', { count }) : null
}

/** Asks a manager to approve the latest version, to go out immediately or at a moment. */
export const submitCommunication = (
  viewer: Viewer,
  id: string,
  version: number,
  wish: { publishAt: Date | null; note: string },
): Promise<Result<SavedCommunication>> =>
  onCommunication(viewer, 'communications:write', id, async (trx, item) => {
    const latest = await mustReadVersion(trx, viewer.municipalityId, id, item.latestVersion)
    if (item.latestVersion !== version || item.publishedVersion === version)
      return refused('communications:changed-meanwhile', { who: latest.author })
    if (!mayHappen('communication', 'submit', stateAt(item, item.now))) return refused('communications:over')
    if (wish.publishAt && wish.publishAt <= item.now) return refused('communications:in-the-past')
    const accessible = accessibilityRefusal(latest)
    if (accessible) return accessible
    await updateCommunication(trx, viewer.municipalityId, id)
      .set({
        submitted_version: version,
        submitted_by: viewer.personId,
        wanted_at: wish.publishAt,
        note: wish.note,
      })
      .execute()
    await auditCommunication(trx, viewer, 'submitted', { id, version })
    return ok({ id, version })
  })

/** Gives a version back to its author, with what should change. */
export const sendBackCommunication = (
  viewer: Viewer,
  id: string,
  note: string,
): Promise<Result<SavedCommunication>> =>
  onCommunication(viewer, 'communications:approve', id, async (trx, item) => {
    const saved = { id, version: item.latestVersion }
    if (!isSubmitted(item)) return refused('communications:not-submitted')
    await updateCommunication(trx, viewer.municipalityId, id)
      .set({ submitted_version: null, wanted_at: null, note })
      .execute()
    await auditCommunication(trx, viewer, 'sent-back', saved)
    return ok(saved)
  })

/**
 * Approves the latest version: it goes out immediately, or by itself at a moment. Recipients are resolved when it goes out.
 * @param seen the numbers of the dry run that was on the screen: if they are others by now, nothing goes out
 */
export const approveCommunication = (
  viewer: Viewer,
  id: string,
  version: number,
  asked: { publishAt: Date | null; seen: AudienceCount | null },
): Promise<Result<SavedCommunication & { persons: number }>> =>
  onCommunication(viewer, 'communications:approve', id, async (trx, item) => {
    const latest = await mustReadVersion(trx, viewer.municipalityId, id, item.latestVersion)
    const refusal = await whyNot(trx, viewer.municipalityId, item, { ...latest, number: version }, asked)
    if (refusal === 'communications:changed-meanwhile') return refused(refusal, { who: latest.author })
    if (refusal) return refused(refusal)
    const accessible = accessibilityRefusal(latest)
    if (accessible) return accessible
    const own = latest.authorId === viewer.personId
    await updateCommunication(trx, viewer.municipalityId, id)
      .set({
        approved_version: version,
        approved_by: viewer.personId,
        submitted_version: null,
        wanted_at: null,
        note: '',
        due_at: asked.publishAt,
      })
      .execute()
    await auditCommunication(
      trx,
      viewer,
      asked.publishAt ? 'scheduled' : 'approved',
      { id, version },
      { own },
    )
    if (asked.publishAt) return ok({ id, version, persons: 0 })
    const persons = await sendOut(trx, viewer, item, latest, viewer.personId)
    return ok({ id, version, persons })
  })

async function whyNot(
  trx: Trx,
  municipalityId: string,
  item: LockedCommunication,
  version: CommunicationVersion,
  asked: { publishAt: Date | null; seen: AudienceCount | null },
): Promise<ApprovalRefusal | null> {
  const found =
    item.publishedVersion === null
      ? await countAudience(trx, municipalityId, version)
      : { households: 0, persons: 0 }
  return approvalRefusal({ life: item, version, now: item.now, today: item.today, found, ...asked })
}

/**
 * Puts a version out: the first time its recipients become a fact, in one statement; then everybody is told, also of a
 * correction. The caller holds the lock, so that it happens once.
 */
async function sendOut(
  trx: Trx,
  actor: Actor,
  item: LockedCommunication,
  version: CommunicationVersion,
  approvedBy: string | null,
): Promise<number> {
  const { municipalityId } = actor
  const saved = { id: item.id, version: version.number }
  await trx
    .insertInto('communication_publication')
    .values({
      municipality_id: municipalityId,
      communication_id: item.id,
      version: version.number,
      title: version.title,
      approved_by: approvedBy,
    })
    .execute()
  const isFirst = item.publishedVersion === null
  if (isFirst) await keepRecipients(trx, municipalityId, item.id, version)
  await updateCommunication(trx, municipalityId, item.id)
    .set({
      published_version: version.number,
      expires_at: version.expiresAt,
      due_at: null,
      ...(isFirst ? { published_at: item.now } : {}),
    })
    .execute()
  const people = await recipients(trx, municipalityId, item.id)
  await auditCommunication(trx, actor, isFirst ? 'published' : 'corrected', saved, { persons: people.length })
  await notify(trx, municipalityId, {
    ...communicationNotice(version, isFirst ? 'new' : 'corrected'),
    key: `communication:${item.id}:${version.number}`,
    communication: { id: item.id, version: version.number },
    to: people,
    money: { households: await reachedHouseholds(trx, municipalityId, item.id) },
    path: `/comunicazioni/${item.id}`,
  })
  return people.length
}

async function keepRecipients(
  trx: Trx,
  municipalityId: string,
  id: string,
  version: CommunicationVersion,
): Promise<void> {
  // Nothing is joined here: the planner cannot know that a `with` holds ten thousand rows.
  await sql`
    with ${audienceIn(municipalityId, version)}, kept as (
      insert into communication_recipient (municipality_id, communication_id, household_id, about, balance_cents)
      select distinct ${municipalityId}::uuid, ${id}::uuid, r.household_id, ${version.about}::text,
        case when ${version.about}::text = 'money' then r.balance_cents end
      from reached r
    )
    insert into communication_recipient_person (municipality_id, communication_id, household_id, person_id, about, role, had_email)
    select ${municipalityId}::uuid, ${id}::uuid, r.household_id, r.person_id, ${version.about}::text, r.role, r.has_email
    from reached r`.execute(trx)
}

async function recipients(trx: Trx, municipalityId: string, id: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('communication_recipient_person')
    .select('person_id')
    .distinct()
    .where('municipality_id', '=', municipalityId)
    .where('communication_id', '=', id)
    .execute()
  return rows.map((row) => row.person_id)
}

/** The households whose holders are told, where the communication is about money. */
async function reachedHouseholds(trx: Trx, municipalityId: string, id: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('communication_recipient')
    .select('household_id')
    .where('municipality_id', '=', municipalityId)
    .where('communication_id', '=', id)
    .where('about', '=', 'money')
    .execute()
  return rows.map((row) => row.household_id)
}

const OPENINGS = {
  new: phrase('C’è una nuova comunicazione per te'),
  corrected: phrase('Una comunicazione che hai ricevuto è stata corretta'),
  reminder: phrase('C’è una comunicazione che aspetta te'),
} as const

/**
 * What leaves the portal says that there is something to read. The title goes with it only when it was written to many:
 * one written to single families, or about money, is read after signing in.
 */
function communicationNotice(
  version: CommunicationVersion,
  occasion: keyof typeof OPENINGS,
): Pick<Told, 'event' | 'say'> {
  const asks = version.acknowledgement !== 'none'
  const isPrivate = version.about === 'money' || version.audience.to === 'households'
  const event = asks ? 'communication:to-acknowledge' : 'communication:published'
  return {
    event: version.about === 'money' ? 'communication:about-money' : event,
    say: (t) => {
      const opening = t(OPENINGS[occasion])
      const title = written(version.title)
      const what = isPrivate ? `${opening}.` : `${opening}: “${title}”.`
      const request = asks ? ` ${t('Ti chiediamo di confermare che l’hai letta.')}` : ''
      return { title: isPrivate ? opening : title, text: what + request }
    },
  }
}

/** Takes an approved text that has not gone out back to the office. */
export const unscheduleCommunication = (viewer: Viewer, id: string): Promise<Result<SavedCommunication>> =>
  onCommunication(viewer, 'communications:approve', id, async (trx, item) => {
    if (!mayHappen('communication', 'takeBack', stateAt(item, item.now)))
      return refused('communications:not-scheduled')
    const saved = { id, version: item.approvedVersion ?? item.latestVersion }
    await updateCommunication(trx, viewer.municipalityId, id)
      .set({ due_at: null, approved_version: null })
      .execute()
    await auditCommunication(trx, viewer, 'unscheduled', saved)
    return ok(saved)
  })

/** Takes back something that families could read. Its title stays where it was read, with when and why. */
export const withdrawCommunication = (
  viewer: Viewer,
  id: string,
  reason: string,
): Promise<Result<SavedCommunication>> =>
  onCommunication(viewer, 'communications:approve', id, async (trx, item) => {
    if (!mayHappen('communication', 'withdraw', stateAt(item, item.now)))
      return refused('communications:not-public')
    await updateCommunication(trx, viewer.municipalityId, id)
      .set({ withdrawn_at: item.now, withdrawn_reason: reason, withdrawn_by: viewer.personId })
      .execute()
    const saved = { id, version: item.publishedVersion as number }
    await auditCommunication(trx, viewer, 'withdrawn', saved)
    return ok(saved)
  })

/**
 * Reminds those who have not read, or not confirmed, and no others. Not twice in a day, also when two colleagues press together.
 * @returns how many were reminded
 */
export const remindRecipients = (
  viewer: Viewer,
  id: string,
  target: 'unread' | 'unacknowledged',
): Promise<Result<{ id: string; persons: number }>> =>
  onCommunication(viewer, 'communications:write', id, async (trx, item) => {
    if (!mayHappen('communication', 'remind', stateAt(item, item.now)))
      return refused('communications:not-public')
    const number = item.publishedVersion as number
    const version = await mustReadVersion(trx, viewer.municipalityId, id, number)
    if (target === 'unacknowledged' && version.acknowledgement === 'none')
      return refused('communications:nothing-asked')
    const { rows } = await sql<{ recent: boolean }>`
      select exists (select from communication_reminder where municipality_id = ${viewer.municipalityId} and communication_id = ${id}::uuid
        and sent_at > app_now() - ${`${REMINDER_PAUSE_HOURS} hours`}::interval) as recent`.execute(trx)
    if (rows[0]?.recent) return refused('communications:reminded-already', { hours: REMINDER_PAUSE_HOURS })
    const people = await remindable(trx, viewer.municipalityId, id, target)
    if (people.length === 0) return refused('communications:nobody-to-remind')
    const reminder = await trx
      .insertInto('communication_reminder')
      .values({
        municipality_id: viewer.municipalityId,
        communication_id: id,
        version: number,
        target,
        persons: people.length,
        sent_by: viewer.personId,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await auditCommunication(trx, viewer, 'reminded', { id, version: number }, { persons: people.length })
    await notify(trx, viewer.municipalityId, {
      ...communicationNotice(version, 'reminder'),
      key: `communication:${id}:${number}:reminder:${reminder.id}`,
      to: people,
      money: { households: await reachedHouseholds(trx, viewer.municipalityId, id) },
      path: `/comunicazioni/${id}`,
    })
    return ok({ id, persons: people.length })
  })

/**
 * Puts out what was approved for a moment that has come, of every municipality, each once: the row's lock decides who does it,
 * and the row itself that it is done. What can no longer go out returns to the office with the reason.
 * @returns how many rows were dealt with
 */
export async function publishDueCommunications(isStopping: () => boolean = () => false): Promise<number> {
  let done = 0
  for (const id of await municipalitiesWith(sql`municipalities_with_due_communications()`)) {
    while (!isStopping() && (await publishNextDue(id))) done += 1
  }
  return done
}

const publishNextDue = (municipalityId: string): Promise<boolean> =>
  asSystem(municipalityId, async (trx) => {
    const due = await trx
      .selectFrom('communication')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .where('due_at', '<=', sql<Date>`app_now()`)
      .orderBy('due_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst()
    const item = due && (await lockCommunication(trx, municipalityId, due.id))
    if (!item) return false
    const version = await mustReadVersion(trx, municipalityId, item.id, item.approvedVersion as number)
    // What was written after the approval is not what goes out, and does not stop it.
    const approved = { ...item, latestVersion: version.number }
    const refusal = await whyNot(trx, municipalityId, approved, version, { publishAt: null, seen: null })
    if (refusal) await returnToOffice(trx, municipalityId, item, refusal)
    else await sendOut(trx, { municipalityId }, item, version, item.approvedBy)
    return true
  })

const RETURNED: Partial<Record<ApprovalRefusal, string>> = {
  'communications:no-recipients': 'Non è uscita: al momento previsto non c’era nessun destinatario.',
  'communications:expires-first': 'Non è uscita: al momento previsto era già scaduta.',
  'communications:due-passed': 'Non è uscita: il giorno entro cui confermare era già passato.',
}

async function returnToOffice(
  trx: Trx,
  municipalityId: string,
  item: LockedCommunication,
  refusal: ApprovalRefusal,
): Promise<void> {
  await updateCommunication(trx, municipalityId, item.id)
    .set({
      due_at: null,
      approved_version: null,
      note: RETURNED[refusal] ?? 'Non è uscita al momento previsto.',
    })
    .execute()
  await auditCommunication(
    trx,
    { municipalityId },
    'returned',
    { id: item.id, version: item.latestVersion },
    { why: refusal },
  )
}
