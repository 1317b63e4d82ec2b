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

/** A file as it is sent. `sha256` is hexadecimal. */
export type StoredFile = {
  name: string
  mediaType: string
  sha256: string
  bytes: Uint8Array
  /** Public; otherwise only this viewer may read it. */
  isPublic: boolean
}

/**
 * A file of a municipality: of something that is public now, its coat of arms, of a communication to the viewer, or any that
 * the viewer's office works with. null for what does not exist and for what may not be seen.
 * @throws when the storage has lost it or changed it
 */
export async function readFile(
  municipalityId: string,
  id: string,
  viewer: Viewer | null,
): Promise<StoredFile | null> {
  if (!isUuid(id)) return null
  const open = await asPublic(municipalityId, (trx) => findPublicFile(trx, municipalityId, id))
  const row = open ?? (viewer && (await findForViewer(viewer, id)))
  if (!row) return null
  const bytes = row.content ?? (await objectStorage(env())?.get(`${municipalityId}/${id}`))
  const sha256 = row.sha256.toString('hex')
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new Error(`file ${id} is not what was uploaded`)
  }
  return { name: row.name, mediaType: row.media_type, sha256, bytes, isPublic: open !== undefined }
}

async function findForViewer(viewer: Viewer, id: string) {
  if (allowedToStaff(viewer, 'content:write')) {
    const found = await asStaff(viewer, (trx) => findFile(trx, viewer.municipalityId, id).executeTakeFirst())
    if (found) return found
  }
  if (allowedToStaff(viewer, 'communications:read')) {
    const found = await asStaff(viewer, (trx) => findOfficeFile(trx, viewer, id))
    if (found) return found
  }
  if (!allowedToFamily(viewer, 'communications:read')) return undefined
  return readAsFamily(viewer, (trx) => findOwnFile(trx, viewer, id))
}

/** A file of a communication in any state, or a picture that is not in a saved one yet. */
const findOfficeFile = (trx: Trx, { municipalityId, personId }: Viewer, id: string) =>
  findFile(trx, municipalityId, id)
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
async function findOwnFile(trx: Trx, viewer: Viewer, id: string) {
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
  return rows[0]?.found ? findFile(trx, municipalityId, id).executeTakeFirst() : undefined
}

const findFile = (trx: Trx, municipalityId: string, id: string) =>
  trx
    .selectFrom('stored_file')
    .select(['name', 'media_type', 'sha256', 'content'])
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)

/** The same, only for a file that something public shows: checked here and by the row's policy. */
async function findPublicFile(trx: Trx, municipalityId: string, id: string) {
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
  return shown || arms ? findFile(trx, municipalityId, id).executeTakeFirst() : undefined
}
