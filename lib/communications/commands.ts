import 'server-only'
import { sql } from 'kysely'
import { asFamily, asStaff, asSystem, database, type Trx } from '#db/client.ts'
import { record } from '#lib/audit/commands.ts'
import { allowedToFamily, allowedToStaff, type Capability } from '#lib/auth/roles.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import { accessibilityFindings, isBlocking } from '#lib/content/accessibility.ts'
import { cleanHtml, filesOfVersion, picturesIn } from '#lib/content/sanitize.ts'
import type { Day } from '#lib/day.ts'
import { checkFiles, keepFiles, keepPicture, type PlacedFile, placeFiles } from '#lib/files/commands.ts'
import { titleFromName } from '#lib/files/media-type.ts'
import { phrase } from '#lib/language/language.ts'
import { written } from '#lib/language/written.ts'
import { notify } from '#lib/notifications/commands.ts'
import type { Told } from '#lib/notifications/notification.ts'
import { ok, type Refused, type Result, refused } from '#lib/result.ts'
import { isUuid } from '#lib/uuid.ts'
import {
  type ApprovalRefusal,
  type Audience,
  approvalRefusal,
  type CommunicationFields,
  type Count,
  correctionOf,
  type Life,
  REMINDER_PAUSE_HOURS,
  stateAt,
  writingRefusal,
} from './communication.ts'
import {
  audienceIn,
  countAudience,
  type DeskVersion,
  lifeOf,
  readVersion,
  remindable,
} from './desk/queries.ts'
import { type Communication, findOwn, readCommunication } from './queries.ts'

/** What the office wrote. `body` is whatever the browser sent: it is cleaned here. */
export type Draft = Omit<CommunicationFields, 'body'> & {
  /** Null: something new. */
  id: string | null
  /** The version that was on the screen; 0 for something new. */
  baseVersion: number
  body: string
  /** Fiscal codes of holders, delegates or pupils: their households join those of the audience. */
  fiscalCodes: readonly string[]
  kept: readonly { id: string; title: string }[]
  added: readonly File[]
}

export type Saved = { id: string; version: number }

const MOST_ATTACHMENTS = 10
const MOST_IN_AUDIENCE = 500

type Locked = Life & {
  id: string
  now: Date
  today: Day
  approvedVersion: number | null
  approvedBy: string | null
}

/** The communication under a lock until the transaction ends; null when there is none. */
async function lockItem(trx: Trx, municipalityId: string, id: string): Promise<Locked | null> {
  const row = await trx
    .selectFrom('communication')
    .selectAll()
    .select([sql<Date>`app_now()`.as('now'), sql<Day>`app_today()`.as('today')])
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return null
  return {
    ...lifeOf(row),
    id,
    now: row.now,
    today: row.today,
    approvedVersion: row.approved_version,
    approvedBy: row.approved_by,
  }
}

/** One transaction of the office on one communication, which stays locked: who may, what is there, then `work`. */
async function onItem<T>(
  viewer: Viewer,
  capability: Capability,
  id: string,
  work: (trx: Trx, item: Locked) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!allowedToStaff(viewer, capability) || !isUuid(id)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const item = await lockItem(trx, viewer.municipalityId, id)
    return item ? work(trx, item) : refused('request:not-found')
  })
}

const update = (trx: Trx, municipalityId: string, id: string) =>
  trx.updateTable('communication').where('municipality_id', '=', municipalityId).where('id', '=', id)

type Actor = Pick<Viewer, 'municipalityId'> & Partial<Pick<Viewer, 'personId' | 'sessionId'>>

const audit = (
  trx: Trx,
  actor: Actor,
  action: string,
  item: Saved,
  details: Record<string, string | number | boolean> = {},
) =>
  record(trx, actor, {
    action: `communications.${action}`,
    objectType: 'communication',
    objectId: item.id,
    details: { version: item.version, ...details },
  })

/**
 * Writes a new version of a communication, or a new one. What families read stays as it is. Two people never overwrite each
 * other: who started from an older version is told, and keeps what was typed.
 */
export async function saveCommunication(viewer: Viewer, draft: Draft): Promise<Result<Saved>> {
  if (!allowedToStaff(viewer, 'communications:write')) return refused('request:not-found')
  const checked = await checkFiles(draft.added)
  if (!checked.ok) return checked
  if (draft.kept.length + checked.value.length > MOST_ATTACHMENTS)
    return refused('files:too-many', { max: MOST_ATTACHMENTS })
  const placed = await placeFiles(viewer.municipalityId, checked.value)
  if (!placed.ok) return placed
  return asStaff(viewer, async (trx) => {
    const item = draft.id === null ? null : await lockItem(trx, viewer.municipalityId, draft.id)
    if (draft.id !== null && !item) return refused('request:not-found')
    if (item?.withdrawnAt) return refused('communications:over')
    return writeDraft(trx, viewer, item, draft, placed.value)
  })
}

async function writeDraft(
  trx: Trx,
  viewer: Viewer,
  item: Locked | null,
  draft: Draft,
  added: readonly PlacedFile[],
): Promise<Result<Saved>> {
  const latest = item && (await readVersion(trx, viewer.municipalityId, item.id, item.latestVersion))
  if (item && latest && item.latestVersion !== draft.baseVersion)
    return refused('communications:changed-meanwhile', { who: latest.author ?? 'un’altra persona' })
  const audience = await audienceOf(trx, viewer, draft)
  if (!audience.ok) return audience
  const written: CommunicationFields = { ...draft, body: cleanHtml(draft.body), audience: audience.value }
  const published = item && (await publishedOf(trx, viewer, item))
  const fields = published ? correctionOf(written, published) : { ...written, reason: '' }
  const refusal = writingRefusal(fields)
  if (refusal) return refused(refusal)
  const unknown = await unknownFile(trx, viewer, fields, draft.kept)
  if (unknown) return unknown
  if (item && latest && added.length === 0 && isSame(latest, fields, draft.kept))
    return ok({ id: item.id, version: item.latestVersion })
  const saved = item
    ? { id: item.id, version: item.latestVersion + 1 }
    : { id: await createItem(trx, viewer), version: 1 }
  if (item) await update(trx, viewer.municipalityId, item.id).set({ latest_version: saved.version }).execute()
  await writeVersion(trx, viewer, saved, fields, draft.kept, added)
  await audit(trx, viewer, item ? 'saved' : 'created', saved)
  return ok(saved)
}

const publishedOf = (trx: Trx, viewer: Viewer, item: Locked): Promise<DeskVersion | null> | null =>
  item.publishedVersion === null
    ? null
    : readVersion(trx, viewer.municipalityId, item.id, item.publishedVersion)

async function createItem(trx: Trx, viewer: Viewer): Promise<string> {
  const { id } = await trx
    .insertInto('communication')
    .values({ municipality_id: viewer.municipalityId, latest_version: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const AUDIENCE_TABLES = {
  services: 'service',
  schools: 'school',
  classes: 'school_class',
  households: 'household',
} as const

/** The audience with the households of the typed fiscal codes; every id must be of this municipality. */
async function audienceOf(trx: Trx, viewer: Viewer, draft: Draft): Promise<Result<Audience>> {
  const { to, inDebt } = draft.audience
  if (to === 'everybody') return ok({ to, ids: [], inDebt })
  const ids = new Set(draft.audience.ids)
  if (to === 'households') {
    const found = await householdsOfCodes(trx, viewer, draft.fiscalCodes)
    const missing = draft.fiscalCodes.find((code) => !found.has(code))
    if (missing) return refused('communications:unknown-code', { code: missing })
    for (const households of found.values()) for (const id of households) ids.add(id)
  }
  if (ids.size > MOST_IN_AUDIENCE)
    return refused('communications:audience-too-long', { max: MOST_IN_AUDIENCE })
  const { rows } = await sql<{ known: number }>`
    select count(*)::int as known from ${sql.table(AUDIENCE_TABLES[to])}
    where municipality_id = ${viewer.municipalityId} and id = any(${[...ids]}::uuid[])`.execute(trx)
  if (rows[0]?.known !== ids.size) return refused('communications:unknown-audience')
  return ok({ to, ids: [...ids].sort(), inDebt })
}

async function householdsOfCodes(
  trx: Trx,
  viewer: Viewer,
  codes: readonly string[],
): Promise<Map<string, string[]>> {
  if (codes.length === 0) return new Map()
  const { rows } = await sql<{ code: string; households: string[] }>`
    select found.fiscal_code as code, array_agg(distinct found.household_id) as households from (
      select c.fiscal_code, c.household_id from pupil c
      where c.municipality_id = ${viewer.municipalityId} and c.fiscal_code = any(${[...codes]}::text[])
      union all
      select p.fiscal_code, m.household_id from person p
      join household_member m on m.municipality_id = p.municipality_id and m.person_id = p.id and m.ended_at is null
        and (m.valid_to is null or m.valid_to >= app_today())
      where p.municipality_id = ${viewer.municipalityId} and p.fiscal_code = any(${[...codes]}::text[])
    ) found group by found.fiscal_code`.execute(trx)
  return new Map(rows.map((row) => [row.code, row.households]))
}

/** A picture or an attachment must be a file of this municipality: an invented id stops here, not at a foreign key. */
async function unknownFile(
  trx: Trx,
  viewer: Viewer,
  { body }: CommunicationFields,
  kept: Draft['kept'],
): Promise<Refused | null> {
  const wanted = new Set([...picturesIn(body), ...kept.map((file) => file.id)])
  if (wanted.size === 0) return null
  const known = await trx
    .selectFrom('stored_file')
    .select('id')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', 'in', [...wanted])
    // Something of another kind, a family's own document for one, is no attachment of the office.
    .where((where) =>
      where.or([
        where('uploaded_by', '=', viewer.personId),
        where.exists(
          where
            .selectFrom('communication_version_file as f')
            .select('f.file_id')
            .whereRef('f.municipality_id', '=', 'stored_file.municipality_id')
            .whereRef('f.file_id', '=', 'stored_file.id'),
        ),
      ]),
    )
    .execute()
  return known.length === wanted.size ? null : refused('content:unknown-picture')
}

function isSame(latest: DeskVersion, fields: CommunicationFields, kept: Draft['kept']): boolean {
  const attached = latest.files.filter((file) => file.role === 'attachment')
  const comparable = (of: CommunicationFields, files: readonly { id: string; title: string }[]) =>
    JSON.stringify([
      of.kind,
      of.about,
      of.title,
      of.body,
      of.audience.to,
      [...of.audience.ids].sort(),
      of.audience.inDebt,
      of.acknowledgement,
      of.acknowledgeBy,
      of.expiresAt,
      of.reason,
      files.map(({ id, title }) => [id, title]),
    ])
  return comparable(latest, attached) === comparable(fields, kept)
}

async function writeVersion(
  trx: Trx,
  viewer: Viewer,
  { id, version }: Saved,
  fields: CommunicationFields,
  kept: Draft['kept'],
  added: readonly PlacedFile[],
): Promise<void> {
  await keepFiles(trx, viewer, added)
  await trx
    .insertInto('communication_version')
    .values({
      municipality_id: viewer.municipalityId,
      communication_id: id,
      number: version,
      kind: fields.kind,
      about: fields.about,
      title: fields.title,
      body: fields.body,
      audience: JSON.stringify(fields.audience),
      acknowledgement: fields.acknowledgement,
      acknowledge_by: fields.acknowledgeBy,
      expires_at: fields.expiresAt,
      reason: fields.reason,
      author_id: viewer.personId,
    })
    .execute()
  const attachments = [...kept, ...added.map((file) => ({ id: file.id, title: titleFromName(file.name) }))]
  const files = filesOfVersion(fields.body, attachments)
  if (files.length === 0) return
  await trx
    .insertInto('communication_version_file')
    .values(
      files.map((file, position) => ({
        municipality_id: viewer.municipalityId,
        communication_id: id,
        version,
        file_id: file.id,
        role: file.role,
        title: file.title,
        position,
      })),
    )
    .execute()
}

/** A picture for the text, kept at once. */
export const uploadPicture = async (
  viewer: Viewer,
  file: File,
): Promise<Result<{ id: string; name: string }>> =>
  allowedToStaff(viewer, 'communications:write') ? keepPicture(viewer, file) : refused('request:not-found')

/** What keeps a version from being read by everybody; the title stands for the summary that communications do not have. */
function accessibilityRefusal(version: DeskVersion): Refused | null {
  const attachments = version.files.filter((file) => file.role === 'attachment')
  const count = accessibilityFindings({ ...version, summary: version.title, attachments }).filter(
    isBlocking,
  ).length
  return count > 0 ? refused('communications:not-accessible', { count }) : null
}

async function mustRead(trx: Trx, municipalityId: string, id: string, number: number): Promise<DeskVersion> {
  const version = await readVersion(trx, municipalityId, id, number)
  if (!version) throw new Error(`communication ${id} has no version ${number}`)
  return version
}

/** Asks a manager to approve the latest version, to go out at once or at a moment. */
export const submitCommunication = (
  viewer: Viewer,
  id: string,
  version: number,
  wish: { publishAt: Date | null; note: string },
): Promise<Result<Saved>> =>
  onItem(viewer, 'communications:write', id, async (trx, item) => {
    const latest = await mustRead(trx, viewer.municipalityId, id, item.latestVersion)
    if (item.latestVersion !== version || item.publishedVersion === version)
      return refused('communications:changed-meanwhile', { who: latest.author ?? 'un’altra persona' })
    if (item.withdrawnAt) return refused('communications:over')
    if (wish.publishAt && wish.publishAt <= item.now) return refused('communications:in-the-past')
    const accessible = accessibilityRefusal(latest)
    if (accessible) return accessible
    await update(trx, viewer.municipalityId, id)
      .set({
        submitted_version: version,
        submitted_by: viewer.personId,
        wanted_at: wish.publishAt,
        note: wish.note,
      })
      .execute()
    await audit(trx, viewer, 'submitted', { id, version })
    return ok({ id, version })
  })

/** Gives a version back to whoever wrote it, with what should change. */
export const sendBackCommunication = (viewer: Viewer, id: string, note: string): Promise<Result<Saved>> =>
  onItem(viewer, 'communications:approve', id, async (trx, item) => {
    const saved = { id, version: item.latestVersion }
    if (item.submittedVersion !== item.latestVersion) return refused('communications:not-submitted')
    await update(trx, viewer.municipalityId, id)
      .set({ submitted_version: null, wanted_at: null, note })
      .execute()
    await audit(trx, viewer, 'sent-back', saved)
    return ok(saved)
  })

/**
 * Approves the latest version: it goes out at once, or by itself at a moment. Recipients are resolved when it goes out.
 * @param seen the numbers of the dry run that was on the screen: if they are others by now, nothing goes out
 */
export const approveCommunication = (
  viewer: Viewer,
  id: string,
  version: number,
  asked: { publishAt: Date | null; seen: Count | null },
): Promise<Result<Saved & { persons: number }>> =>
  onItem(viewer, 'communications:approve', id, async (trx, item) => {
    const latest = await mustRead(trx, viewer.municipalityId, id, item.latestVersion)
    const refusal = await whyNot(trx, viewer.municipalityId, item, { ...latest, number: version }, asked)
    if (refusal) return refused(refusal, { who: latest.author ?? 'un’altra persona' })
    const accessible = accessibilityRefusal(latest)
    if (accessible) return accessible
    const own = latest.authorId === viewer.personId
    await update(trx, viewer.municipalityId, id)
      .set({
        approved_version: version,
        approved_by: viewer.personId,
        submitted_version: null,
        wanted_at: null,
        note: '',
        due_at: asked.publishAt,
      })
      .execute()
    await audit(trx, viewer, asked.publishAt ? 'scheduled' : 'approved', { id, version }, { own })
    if (asked.publishAt) return ok({ id, version, persons: 0 })
    const persons = await sendOut(trx, viewer, item, latest, viewer.personId)
    return ok({ id, version, persons })
  })

async function whyNot(
  trx: Trx,
  municipalityId: string,
  item: Locked,
  version: DeskVersion,
  asked: { publishAt: Date | null; seen: Count | null },
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
  item: Locked,
  version: DeskVersion,
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
  await update(trx, municipalityId, item.id)
    .set({
      published_version: version.number,
      expires_at: version.expiresAt,
      due_at: null,
      ...(isFirst ? { published_at: item.now } : {}),
    })
    .execute()
  const people = await recipients(trx, municipalityId, item.id)
  await audit(trx, actor, isFirst ? 'published' : 'corrected', saved, { persons: people.length })
  await notify(trx, municipalityId, {
    ...messageOf(version, isFirst ? 'new' : 'corrected'),
    key: `communication:${item.id}:${version.number}`,
    to: people,
    path: `/comunicazioni/${item.id}`,
  })
  return people.length
}

async function keepRecipients(
  trx: Trx,
  municipalityId: string,
  id: string,
  version: DeskVersion,
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

const OPENINGS = {
  new: phrase('C’è una nuova comunicazione per te'),
  corrected: phrase('Una comunicazione che hai ricevuto è stata corretta'),
  reminder: phrase('C’è una comunicazione che aspetta te'),
} as const

/**
 * What leaves the portal says that there is something to read. The title goes with it only when it was written to many:
 * one written to single families, or about money, is read after signing in.
 */
function messageOf(version: DeskVersion, occasion: keyof typeof OPENINGS): Pick<Told, 'event' | 'say'> {
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

/** Takes an approved text that has not gone out back to its desk. */
export const unscheduleCommunication = (viewer: Viewer, id: string): Promise<Result<Saved>> =>
  onItem(viewer, 'communications:approve', id, async (trx, item) => {
    if (!item.dueAt) return refused('communications:not-scheduled')
    const saved = { id, version: item.approvedVersion ?? item.latestVersion }
    await update(trx, viewer.municipalityId, id).set({ due_at: null, approved_version: null }).execute()
    await audit(trx, viewer, 'unscheduled', saved)
    return ok(saved)
  })

/** Takes back something that families could read. Its title stays where it was read, with when and why. */
export const withdrawCommunication = (viewer: Viewer, id: string, reason: string): Promise<Result<Saved>> =>
  onItem(viewer, 'communications:approve', id, async (trx, item) => {
    const state = stateAt(item, item.now)
    if (state !== 'published' && state !== 'expired') return refused('communications:not-public')
    await update(trx, viewer.municipalityId, id)
      .set({ withdrawn_at: item.now, withdrawn_reason: reason, withdrawn_by: viewer.personId })
      .execute()
    const saved = { id, version: item.publishedVersion as number }
    await audit(trx, viewer, 'withdrawn', saved)
    return ok(saved)
  })

/**
 * Reminds those who have not read, or not confirmed, and nobody else. Not twice in a day, also from two desks at once.
 * @returns how many were reminded
 */
export const remindRecipients = (
  viewer: Viewer,
  id: string,
  target: 'unread' | 'unacknowledged',
): Promise<Result<{ id: string; persons: number }>> =>
  onItem(viewer, 'communications:write', id, async (trx, item) => {
    if (stateAt(item, item.now) !== 'published') return refused('communications:not-public')
    const number = item.publishedVersion as number
    const version = await mustRead(trx, viewer.municipalityId, id, number)
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
    await audit(trx, viewer, 'reminded', { id, version: number }, { persons: people.length })
    await notify(trx, viewer.municipalityId, {
      ...messageOf(version, 'reminder'),
      key: `communication:${id}:${number}:reminder:${reminder.id}`,
      to: people,
      path: `/comunicazioni/${id}`,
    })
    return ok({ id, persons: people.length })
  })

/**
 * Puts out what was approved for a moment that has come, of every municipality, each once: the row's lock decides who does it,
 * and the row itself that it is done. What can no longer go out returns to the desk with the reason.
 * @returns how many rows were dealt with
 */
export async function publishDueCommunications(isStopping: () => boolean = () => false): Promise<number> {
  const towns = await database().selectFrom('municipality').select('id').where('active', '=', true).execute()
  let done = 0
  for (const { id } of towns) {
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
    const item = due && (await lockItem(trx, municipalityId, due.id))
    if (!item) return false
    const version = await mustRead(trx, municipalityId, item.id, item.approvedVersion as number)
    // What was written after the approval is not what goes out, and does not stop it.
    const approved = { ...item, latestVersion: version.number }
    const refusal = await whyNot(trx, municipalityId, approved, version, { publishAt: null, seen: null })
    if (refusal) await returnToDesk(trx, municipalityId, item, refusal)
    else await sendOut(trx, { municipalityId }, item, version, item.approvedBy)
    return true
  })

const RETURNED: Partial<Record<ApprovalRefusal, string>> = {
  'communications:no-recipients': 'Non è uscita: al momento previsto non c’era nessun destinatario.',
  'communications:expires-first': 'Non è uscita: al momento previsto era già scaduta.',
  'communications:due-passed': 'Non è uscita: il giorno entro cui confermare era già passato.',
}

async function returnToDesk(
  trx: Trx,
  municipalityId: string,
  item: Locked,
  refusal: ApprovalRefusal,
): Promise<void> {
  await update(trx, municipalityId, item.id)
    .set({
      due_at: null,
      approved_version: null,
      note: RETURNED[refusal] ?? 'Non è uscita al momento previsto.',
    })
    .execute()
  await audit(
    trx,
    { municipalityId },
    'returned',
    { id: item.id, version: item.latestVersion },
    { why: refusal },
  )
}

/**
 * Opens a communication addressed to the viewer, and writes down that the version that is out was read, the first time.
 * Null for what is not there, and for what was addressed to somebody else.
 * @param version an earlier version that was out; null: the current one
 */
export async function openCommunication(
  viewer: Viewer,
  id: string,
  version: number | null,
): Promise<Communication | null> {
  if (!allowedToFamily(viewer, 'communications:read') || !isUuid(id)) return null
  return asFamily(viewer, async (trx) => {
    const found = await readCommunication(trx, viewer, id, version)
    if (found?.text?.isCurrent) {
      await sql`insert into communication_read (municipality_id, communication_id, version, person_id)
        values (${viewer.municipalityId}, ${id}::uuid, ${found.text.version}, ${viewer.personId}) on conflict do nothing`.execute(
        trx,
      )
    }
    return found
  })
}

/**
 * "Ho letto e preso atto": for the viewer, or for the viewer's households, as the office chose. Twice is once; after its day
 * it is accepted and marked late; of another version than the one that was on the screen it is not.
 */
export async function acknowledge(
  viewer: Viewer,
  id: string,
  version: number,
): Promise<Result<{ id: string }>> {
  if (!allowedToFamily(viewer, 'communications:read') || !isUuid(id)) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    // A withdrawal or a correction waits until this is written, or this sees it.
    await sql`select from communication where municipality_id = ${viewer.municipalityId} and id = ${id}::uuid for key share`.execute(
      trx,
    )
    const head = await findOwn(trx, viewer, id)
    if (!head) return refused('request:not-found')
    if (head.withdrawn_at) return refused('communications:withdrawn')
    if (head.published_version !== version) return refused('communications:corrected-meanwhile')
    const communication = await readCommunication(trx, viewer, id, version)
    const text = communication?.text
    if (!text || text.mode === 'none') return refused('communications:nothing-asked')
    if (text.acknowledgement === 'done') return ok({ id })
    if (text.acknowledgement === 'over') return refused('communications:expired')
    await sql`
      insert into communication_acknowledgement (municipality_id, communication_id, version, household_id, person_id, once_per, was_late)
      select ${viewer.municipalityId}, ${id}::uuid, ${version}, household, ${viewer.personId}, ${text.mode},
        ${text.acknowledgement === 'asked-late'}
      from unnest(${head.households}::uuid[]) household on conflict do nothing`.execute(trx)
    await audit(trx, viewer, 'acknowledged', { id, version }, { late: text.acknowledgement === 'asked-late' })
    return ok({ id })
  })
}
