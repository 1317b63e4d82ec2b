import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { keepVersionFiles, placeAttachments, unknownFile } from '#lib/files/attachment.commands.ts'
import { attachmentsIn } from '#lib/files/attachment.queries.ts'
import { keepPicture, type PlacedFile } from '#lib/files/file.commands.ts'
import { changedByOther, ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { mayHappen, stateAt } from '#lib/publishing/lifecycle.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import { namesOfHouseholds } from '../audience.queries.ts'
import {
  type Audience,
  type CommunicationFields,
  correctionOf,
  MERGE_FIELDS,
  type WritingRefusal,
  writingRefusal,
} from '../communication.ts'
import { communicationFields, communicationValues } from './communication.fields.ts'
import { type CommunicationVersion, readCommunicationVersion } from './communication.queries.ts'
import {
  auditCommunication,
  type LockedCommunication,
  lockCommunication,
  type SavedCommunication,
  updateCommunication,
} from './locked-communication.commands.ts'

/** What the office wrote. `body` is unchecked HTML from the browser: it is cleaned here. */
export type CommunicationDraft = Omit<CommunicationFields, 'body'> & {
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

const MOST_ATTACHMENTS = 10
const MOST_IN_AUDIENCE = 500

/**
 * Writes a new version of a communication, or a new one. What families read stays as it is. Two people never overwrite each
 * other: who started from an older version is told, and keeps what was typed.
 */
export async function saveCommunication(
  viewer: Viewer,
  draft: CommunicationDraft,
): Promise<Result<SavedCommunication>> {
  if (!allowedToStaff(viewer, 'communications:write')) return refused('request:not-found')
  const placed = await placeAttachments(viewer, draft, MOST_ATTACHMENTS)
  if (!placed.ok) return placed
  return asStaff(viewer, async (trx) => {
    const item = draft.id === null ? null : await lockCommunication(trx, viewer.municipalityId, draft.id)
    if (draft.id !== null && !item) return refused('request:not-found')
    if (item && !mayHappen('communication', 'save', stateAt(item, item.now)))
      return refused('communications:over')
    return writeDraft(trx, viewer, item, draft, placed.value)
  })
}

async function writeDraft(
  trx: Trx,
  viewer: Viewer,
  item: LockedCommunication | null,
  draft: CommunicationDraft,
  added: readonly PlacedFile[],
): Promise<Result<SavedCommunication>> {
  const latest =
    item && (await readCommunicationVersion(trx, viewer.municipalityId, item.id, item.latestVersion))
  if (item && latest && item.latestVersion !== draft.baseVersion)
    return changedByOther('communications:changed-meanwhile', {
      who: latest.author,
      at: { baseVersion: item.latestVersion },
      fields: communicationFields(
        communicationValues(latest),
        await namesOfHouseholds(trx, viewer.municipalityId, latest.audience),
      ),
    })
  const audience = await audienceOf(trx, viewer, draft)
  if (!audience.ok) return audience
  const written: CommunicationFields = { ...draft, body: cleanHtml(draft.body), audience: audience.value }
  const published = item && (await publishedOf(trx, viewer, item))
  const fields = published ? correctionOf(written, published) : { ...written, reason: '' }
  const refusal = writingRefusal(fields)
  if (refusal) return notWritable(refusal)
  const unknown = await unknownFile(trx, viewer, { body: fields.body, kept: draft.kept }, 'communication')
  if (unknown) return unknown
  if (item && latest && added.length === 0 && isSame(latest, fields, draft.kept))
    return ok({ id: item.id, version: item.latestVersion })
  const saved = item
    ? { id: item.id, version: item.latestVersion + 1 }
    : { id: await createCommunication(trx, viewer), version: 1 }
  if (item)
    await updateCommunication(trx, viewer.municipalityId, item.id)
      .set({ latest_version: saved.version })
      .execute()
  await writeVersion(trx, viewer, saved, fields, draft.kept, added)
  await auditCommunication(trx, viewer, item ? 'saved' : 'created', saved)
  return ok(saved)
}

const FIELDS = Object.keys(MERGE_FIELDS).map((name) => `{${name}}`)

function notWritable(refusal: WritingRefusal): Refused {
  return refusal === 'communications:unknown-field' || refusal === 'communications:field-in-title'
    ? refused(refusal, { fields: FIELDS })
    : refused(refusal)
}

const publishedOf = (
  trx: Trx,
  viewer: Viewer,
  item: LockedCommunication,
): Promise<CommunicationVersion | null> | null =>
  item.publishedVersion === null
    ? null
    : readCommunicationVersion(trx, viewer.municipalityId, item.id, item.publishedVersion)

async function createCommunication(trx: Trx, viewer: Viewer): Promise<string> {
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
async function audienceOf(trx: Trx, viewer: Viewer, draft: CommunicationDraft): Promise<Result<Audience>> {
  const { to, inDebt } = draft.audience
  if (to === 'everybody') return ok({ to, ids: [], inDebt })
  const ids = new Set(draft.audience.ids)
  if (to === 'households') {
    const found = await householdsOfCodes(trx, viewer, draft.fiscalCodes)
    const missing = draft.fiscalCodes.find((code) => !found.has(code))
    if (missing) return refused('communications:unknown-code', { code: missing })
    for (const households of found.values()) for (const id of households) ids.add(id)
  }
  if (ids.size > MOST_IN_AUDIENCE) return refused('communications:audience-too-long', { n: MOST_IN_AUDIENCE })
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
      select k.fiscal_code, c.household_id from pupil k
      join pupil c on c.municipality_id = ${viewer.municipalityId} and c.id = kept_pupil(${viewer.municipalityId}::uuid, k.id)
      where k.municipality_id = ${viewer.municipalityId} and k.fiscal_code = any(${[...codes]}::text[])
      union all
      select p.fiscal_code, m.household_id from person p
      join active_member m on m.municipality_id = ${viewer.municipalityId} and m.person_id = p.id
      where p.municipality_id = ${viewer.municipalityId} and p.fiscal_code = any(${[...codes]}::text[])
    ) found group by found.fiscal_code`.execute(trx)
  return new Map(rows.map((row) => [row.code, row.households]))
}

function isSame(
  latest: CommunicationVersion,
  fields: CommunicationFields,
  kept: CommunicationDraft['kept'],
): boolean {
  const attached = attachmentsIn(latest)
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
  { id, version }: SavedCommunication,
  fields: CommunicationFields,
  kept: CommunicationDraft['kept'],
  added: readonly PlacedFile[],
): Promise<void> {
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
  await keepVersionFiles(trx, viewer, 'communication', { id, version }, { body: fields.body, kept, added })
}

/** A picture for the text, stored before the text is saved. */
export const uploadCommunicationPicture = async (
  viewer: Viewer,
  file: File,
): Promise<Result<{ id: string; name: string }>> =>
  allowedToStaff(viewer, 'communications:write') ? keepPicture(viewer, file) : refused('request:not-found')
