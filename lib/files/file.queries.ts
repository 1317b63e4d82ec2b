import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asPublic, asStaff, type Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily, allowedToStaff } from '#lib/access/capabilities.ts'
import { activeHouseholds, heldHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { isLive } from '#lib/publishing/live.queries.ts'
import { objectStorage } from './object-storage.adapter.ts'

/** What is known of a file without its bytes. `sha256` is hexadecimal. */
export type FileFacts = {
  name: string
  mediaType: string
  /** In bytes. */
  size: number
  sha256: string
  /** Public; otherwise only this viewer may read it. */
  isPublic: boolean
}

/** A file as it is sent. */
export type StoredFile = FileFacts & { bytes: Uint8Array }

type FileRow = { name: string; media_type: string; size: number; sha256: Buffer; content?: Buffer | null }

/** What is read of a file's row: its bytes are some megabytes. */
type Part = 'facts' | 'whole'

/**
 * What a file of a municipality is: of something that is public now, its coat of arms, of a communication to the viewer, or any
 * that the viewer's office works with. null for what does not exist and for what may not be seen. Its bytes stay where they are.
 */
export async function fileFacts(
  municipalityId: string,
  id: string,
  viewer: Viewer | null,
): Promise<FileFacts | null> {
  const found = await locate(municipalityId, id, viewer, 'facts')
  return found && factsOf(found)
}

/**
 * The same file with its bytes.
 * @throws when the storage has lost it or changed it
 */
export async function readFile(
  municipalityId: string,
  id: string,
  viewer: Viewer | null,
): Promise<StoredFile | null> {
  const found = await locate(municipalityId, id, viewer, 'whole')
  if (!found) return null
  const bytes = found.row.content ?? (await objectStorage(env())?.get(`${municipalityId}/${id}`))
  const facts = factsOf(found)
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== facts.sha256) {
    throw new Error(`file ${id} is not what was uploaded`)
  }
  return { ...facts, bytes }
}

type Located = { row: FileRow; isPublic: boolean }

const factsOf = ({ row, isPublic }: Located): FileFacts => ({
  name: row.name,
  mediaType: row.media_type,
  size: row.size,
  sha256: row.sha256.toString('hex'),
  isPublic,
})

async function locate(
  municipalityId: string,
  id: string,
  viewer: Viewer | null,
  part: Part,
): Promise<Located | null> {
  if (!isUuid(id)) return null
  const open = await asPublic(municipalityId, (trx) => findPublicFile(trx, municipalityId, id, part))
  if (open) return { row: open, isPublic: true }
  const own = viewer && (await findForViewer(viewer, id, part))
  return own ? { row: own, isPublic: false } : null
}

async function findForViewer(viewer: Viewer, id: string, part: Part): Promise<FileRow | undefined> {
  if (allowedToStaff(viewer, 'content:write')) {
    const found = await asStaff(viewer, (trx) =>
      findFile(trx, viewer.municipalityId, id, part).executeTakeFirst(),
    )
    if (found) return found
  }
  if (allowedToStaff(viewer, 'communications:read')) {
    const found = await asStaff(viewer, (trx) => findOfficeFile(trx, viewer, id, part))
    if (found) return found
  }
  if (!allowedToFamily(viewer, 'communications:read')) return undefined
  return readAsFamily(viewer, (trx) => findOwnFile(trx, viewer, id, part))
}

/** A file of a communication in any state, or a picture that is not in a saved one yet. */
const findOfficeFile = (trx: Trx, { municipalityId, personId }: Viewer, id: string, part: Part) =>
  findFile(trx, municipalityId, id, part)
    .where((where) =>
      where.or([
        where('uploaded_by', '=', personId),
        where.exists(
          where
            .selectFrom('communication_version_file as f')
            .select('f.file_id')
            .where('f.municipality_id', '=', municipalityId)
            .where('f.file_id', '=', id),
        ),
      ]),
    )
    .executeTakeFirst()

/** A file of a version that was sent to this person, of a communication that was not withdrawn. */
async function findOwnFile(trx: Trx, viewer: Viewer, id: string, part: Part) {
  const { municipalityId, personId } = viewer
  await enterSubject(trx, 'communications')
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from communication_version_file f
      join communication c on c.municipality_id = ${municipalityId} and c.id = f.communication_id and c.withdrawn_at is null
      join communication_publication x on x.municipality_id = ${municipalityId} and x.communication_id = f.communication_id and x.version = f.version
      join communication_recipient_person p on p.municipality_id = ${municipalityId} and p.communication_id = f.communication_id
      where f.municipality_id = ${municipalityId} and f.file_id = ${id}::uuid and p.person_id = ${personId}
        and (p.household_id = any(${heldHouseholds(viewer)}::uuid[])
          or p.about = 'service' and p.household_id = any(${activeHouseholds(viewer)}::uuid[]))) as found`.execute(
    trx,
  )
  return rows[0]?.found ? findFile(trx, municipalityId, id, part).executeTakeFirst() : undefined
}

const findFile = (trx: Trx, municipalityId: string, id: string, part: Part) =>
  trx
    .selectFrom('stored_file')
    .select(['name', 'media_type', 'size', 'sha256'])
    .$if(part === 'whole', (file) => file.select('content'))
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)

/** The same, only for a file that something public shows: checked here and by the row's policy. */
async function findPublicFile(trx: Trx, municipalityId: string, id: string, part: Part) {
  const [shown, arms] = await Promise.all([
    trx
      .selectFrom('content_version_file as f')
      .innerJoin('content_item as i', (join) =>
        join
          .on('i.municipality_id', '=', municipalityId)
          .onRef('i.id', '=', 'f.item_id')
          .onRef('i.published_version', '=', 'f.version'),
      )
      .select('f.file_id')
      .where('f.municipality_id', '=', municipalityId)
      .where('f.file_id', '=', id)
      .where(isLive)
      .limit(1)
      .executeTakeFirst(),
    trx
      .selectFrom('municipality_settings')
      .select('coat_of_arms_id')
      .where('municipality_id', '=', municipalityId)
      .where('coat_of_arms_id', '=', id)
      .executeTakeFirst(),
  ])
  return shown || arms ? findFile(trx, municipalityId, id, part).executeTakeFirst() : undefined
}
