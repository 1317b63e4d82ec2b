import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff, type Capability } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { ActOf } from '#lib/audit/audit-event.words.ts'
import { keepVersionFiles, placeAttachments, unknownFile } from '#lib/files/attachment.commands.ts'
import { attachmentsIn } from '#lib/files/attachment.queries.ts'
import { keepPicture, type PlacedFile } from '#lib/files/file.commands.ts'
import { changedByOther, ok, type Result, refused } from '#lib/kernel/result.ts'
import { freeSlug, slugOf } from '#lib/kernel/slug.ts'
import { accessibilityFindings, isBlocking } from '#lib/publishing/accessibility.ts'
import { mayHappen, type PublicationWindow, stateAt } from '#lib/publishing/lifecycle.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import { type ContentFields, type ContentKind, publicationStart, scheduleRefusal } from '../content.ts'
import { contentFields } from './content.fields.ts'
import {
  CONTENT_LIFE_COLUMNS,
  type ContentVersion,
  contentLife,
  readContentVersion,
} from './content.queries.ts'

/** What an editor wrote. `body` is unchecked HTML from the browser: it is cleaned here. */
export type ContentDraft = Omit<ContentFields, 'body'> & {
  /** Null: something new. */
  id: string | null
  /** The version that was on the screen; 0 for something new. */
  baseVersion: number
  body: string
  /** Attachments to keep, in this order, with their titles. */
  kept: readonly { id: string; title: string }[]
  added: readonly File[]
}

export type SavedContent = { id: string; version: number }

const MOST_ATTACHMENTS = 20

type LockedContent = ReturnType<typeof contentLife> & { id: string; kind: ContentKind; now: Date }

/** The item under a lock until the transaction ends, with the database's time; null when there is none. */
async function lockContent(trx: Trx, viewer: Viewer, id: string): Promise<LockedContent | null> {
  const row = await trx
    .selectFrom('content_item')
    .select(['kind', ...CONTENT_LIFE_COLUMNS])
    .select(sql<Date>`app_now()`.as('now'))
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return null
  return { ...contentLife(row), id, kind: row.kind, now: row.now }
}

const onContent = <T>(
  viewer: Viewer,
  capability: Capability,
  id: string,
  work: (trx: Trx, item: LockedContent) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    capability,
    { table: 'content_item', id },
    (trx) => lockContent(trx, viewer, id),
    work,
    refused('content:not-found'),
  )

const update = (trx: Trx, viewer: Viewer, id: string) =>
  trx.updateTable('content_item').where('municipality_id', '=', viewer.municipalityId).where('id', '=', id)

const audit = (trx: Trx, viewer: Viewer, action: ActOf<'content.'>, item: SavedContent) =>
  recordAudit(trx, viewer, {
    action: `content.${action}`,
    objectType: 'content_item',
    objectId: item.id,
    details: { version: item.version },
  })

/**
 * Writes a new version of something, or something new. What is public stays as it is. Two editors never overwrite each other:
 * who started from an older version is told, and keeps what was typed.
 * @returns the id and the number of the version; the same number when nothing changed
 */
export async function saveContent(
  viewer: Viewer,
  kind: ContentKind,
  draft: ContentDraft,
): Promise<Result<SavedContent>> {
  if (!allowedToStaff(viewer, 'content:write')) return refused('request:not-found')
  const placed = await placeAttachments(viewer, draft, MOST_ATTACHMENTS)
  if (!placed.ok) return placed
  return asStaff(viewer, async (trx) => {
    if (draft.id === null) return createContent(trx, viewer, kind, draft, placed.value)
    const item = await lockContent(trx, viewer, draft.id)
    if (!item || item.kind !== kind) return refused('content:not-found')
    return saveVersion(trx, viewer, item, draft, placed.value)
  })
}

async function createContent(
  trx: Trx,
  viewer: Viewer,
  kind: ContentKind,
  draft: ContentDraft,
  added: readonly PlacedFile[],
): Promise<Result<SavedContent>> {
  const pictures = await unknownFile(trx, viewer, { ...draft, body: cleanHtml(draft.body) }, 'content')
  if (pictures) return pictures
  const { id } = await trx
    .insertInto('content_item')
    .values({
      municipality_id: viewer.municipalityId,
      kind,
      slug: await freeAddress(trx, viewer, kind, draft.title, null),
      latest_version: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const saved = { id, version: 1 }
  await writeVersion(trx, viewer, saved, draft, added, null)
  await audit(trx, viewer, 'created', saved)
  return ok(saved)
}

async function saveVersion(
  trx: Trx,
  viewer: Viewer,
  item: LockedContent,
  draft: ContentDraft,
  added: readonly PlacedFile[],
): Promise<Result<SavedContent>> {
  const latest = await latestOf(trx, viewer, item)
  if (item.latestVersion !== draft.baseVersion)
    return changedByOther('content:changed-meanwhile', {
      who: latest.author,
      at: { baseVersion: item.latestVersion },
      fields: contentFields({ ...latest, files: attachmentsIn(latest) }),
    })
  if (added.length === 0 && isSame(latest, draft)) return ok({ id: item.id, version: item.latestVersion })
  const pictures = await unknownFile(trx, viewer, { ...draft, body: cleanHtml(draft.body) }, 'content')
  if (pictures) return pictures
  const saved = { id: item.id, version: item.latestVersion + 1 }
  await writeVersion(trx, viewer, saved, draft, added, null)
  // The address follows the title until the text is public and readers may have noted it down.
  const slug =
    item.publishedVersion === null ? await freeAddress(trx, viewer, item.kind, draft.title, item.id) : null
  await update(trx, viewer, item.id)
    .set({ latest_version: saved.version, ...(slug ? { slug } : {}) })
    .execute()
  await audit(trx, viewer, 'saved', saved)
  return ok(saved)
}

async function latestOf(trx: Trx, viewer: Viewer, item: LockedContent): Promise<ContentVersion> {
  const latest = await readContentVersion(trx, viewer.municipalityId, item.id, item.latestVersion)
  if (!latest) throw new Error(`content ${item.id} has no version ${item.latestVersion}`)
  return latest
}

function isSame(version: ContentVersion, draft: ContentDraft): boolean {
  const fields = ['title', 'summary', 'category', 'urgent', 'highlighted'] as const
  const files = (list: readonly { id: string; title: string }[]) =>
    list.map(({ id, title }) => `${id} ${title}`).join('\n')
  return (
    fields.every((field) => version[field] === draft[field]) &&
    version.body === cleanHtml(draft.body) &&
    files(attachmentsIn(version)) === files(draft.kept)
  )
}

async function writeVersion(
  trx: Trx,
  viewer: Viewer,
  { id, version }: SavedContent,
  draft: ContentDraft,
  added: readonly PlacedFile[],
  restoredFrom: number | null,
): Promise<void> {
  const body = cleanHtml(draft.body)
  await trx
    .insertInto('content_version')
    .values({
      municipality_id: viewer.municipalityId,
      item_id: id,
      number: version,
      title: draft.title,
      summary: draft.summary,
      body,
      category: draft.category,
      urgent: draft.urgent,
      highlighted: draft.highlighted,
      author_id: viewer.personId,
      restored_from: restoredFrom,
    })
    .execute()
  await keepVersionFiles(trx, viewer, 'content', { id, version }, { body, kept: draft.kept, added })
}

/** The title as an address that nothing else of the kind has: "orari", "orari-2", "orari-3"… */
async function freeAddress(
  trx: Trx,
  viewer: Viewer,
  kind: ContentKind,
  title: string,
  own: string | null,
): Promise<string> {
  const wanted = slugOf(title)
  const rows = await trx
    .selectFrom('content_item')
    .select('slug')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('kind', '=', kind)
    .where('slug', 'like', `${wanted}%`)
    .$if(own !== null, (query) => query.where('id', '!=', own as string))
    .execute()
  return freeSlug(wanted, new Set(rows.map((row) => row.slug)))
}

/** A picture for the text, stored before the text is saved. */
export const uploadContentPicture = async (
  viewer: Viewer,
  file: File,
): Promise<Result<{ id: string; name: string }>> =>
  allowedToStaff(viewer, 'content:write') ? keepPicture(viewer, file) : refused('request:not-found')

/** Asks a colleague to look at the latest version before it is published. Publishing does not wait for the answer. */
export const askContentReview = (viewer: Viewer, id: string, note: string): Promise<Result<SavedContent>> =>
  onContent(viewer, 'content:write', id, async (trx, item) => {
    await update(trx, viewer, id)
      .set({ review_version: item.latestVersion, review_requested_by: viewer.personId, review_note: note })
      .execute()
    const saved = { id, version: item.latestVersion }
    await audit(trx, viewer, 'review-asked', saved)
    return ok(saved)
  })

/** Gives a version under review back to its author, with what should change. */
export const sendBackContent = (viewer: Viewer, id: string, note: string): Promise<Result<SavedContent>> =>
  onContent(viewer, 'content:publish', id, async (trx, item) => {
    await update(trx, viewer, id).set({ review_version: null, review_note: note }).execute()
    const saved = { id, version: item.latestVersion }
    await audit(trx, viewer, 'sent-back', saved)
    return ok(saved)
  })

/**
 * Makes the latest version the public one, from a moment and until a moment (null: now, for ever). Nothing that some people
 * could not read gets through. What was withdrawn or had expired comes back.
 * @param version the version that was on the screen: a newer one must be read first
 */
export const publishContent = (
  viewer: Viewer,
  id: string,
  version: number,
  window: PublicationWindow,
): Promise<Result<SavedContent>> =>
  onContent(viewer, 'content:publish', id, async (trx, item) => {
    const latest = await latestOf(trx, viewer, item)
    if (item.latestVersion !== version) return refused('content:changed-meanwhile', { who: latest.author })
    const refusal = scheduleRefusal(window, item, item.now) ?? nothingNew(item, window)
    if (refusal) return refused(refusal)
    const count = accessibilityFindings({ ...latest, attachments: attachmentsIn(latest) }).filter(
      isBlocking,
    ).length
    if (count > 0) return refused('content:not-accessible', { count })
    await update(trx, viewer, id)
      .set({
        published_version: version,
        publish_at: publicationStart(window, item, item.now),
        expire_at: window.closesAt,
        published_at: item.now,
        published_by: viewer.personId,
        review_version: null,
        review_note: '',
        withdrawn_at: null,
        withdrawn_reason: null,
      })
      .execute()
    const saved = { id, version }
    await audit(trx, viewer, 'published', saved)
    return ok(saved)
  })

function nothingNew(
  item: LockedContent,
  { opensAt, closesAt }: PublicationWindow,
): 'content:nothing-new' | null {
  const sameWords = item.publishedVersion === item.latestVersion
  const sameEnd = item.closesAt?.getTime() === closesAt?.getTime()
  const live = stateAt(item, item.now) === 'published'
  return sameWords && sameEnd && live && !opensAt ? 'content:nothing-new' : null
}

/** Takes something public, or about to be, away. Its address answers that it is gone, since when and why. */
export const withdrawContent = (viewer: Viewer, id: string, reason: string): Promise<Result<SavedContent>> =>
  onContent(viewer, 'content:publish', id, async (trx, item) => {
    if (!mayHappen(item.kind, 'withdraw', stateAt(item, item.now))) return refused('content:not-public')
    await update(trx, viewer, id).set({ withdrawn_at: item.now, withdrawn_reason: reason }).execute()
    const saved = { id, version: item.publishedVersion as number }
    await audit(trx, viewer, 'withdrawn', saved)
    return ok(saved)
  })

/** Writes an old version again, as the newest. Nothing that was written is lost, and the public sees no change. */
export const restoreContent = (viewer: Viewer, id: string, number: number): Promise<Result<SavedContent>> =>
  onContent(viewer, 'content:write', id, async (trx, item) => {
    const old = await readContentVersion(trx, viewer.municipalityId, id, number)
    if (!old || number === item.latestVersion) return refused('content:unknown-version')
    const saved = { id, version: item.latestVersion + 1 }
    const draft = { ...old, id, baseVersion: item.latestVersion, kept: attachmentsIn(old), added: [] }
    await writeVersion(trx, viewer, saved, draft, [], number)
    await update(trx, viewer, id).set({ latest_version: saved.version }).execute()
    await audit(trx, viewer, 'restored', saved)
    return ok(saved)
  })
