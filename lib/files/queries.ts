import 'server-only'
import { createHash } from 'node:crypto'
import { asPublic, asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/auth/roles.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import { isLive } from '#lib/content/queries.ts'
import { env } from '#lib/env.ts'
import { objectStorage } from './object-storage.ts'

/** A file as it is sent. `sha256` is hexadecimal. */
export type StoredFile = { name: string; mediaType: string; sha256: string; bytes: Uint8Array }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * A file of a municipality: of something that is public now, its coat of arms, or any when an editor asks.
 * null for what does not exist and for what may not be seen.
 * @throws when the storage has lost it or changed it
 */
export async function readFile(
  municipalityId: string,
  id: string,
  viewer: Viewer | null,
): Promise<StoredFile | null> {
  if (!UUID.test(id)) return null
  const row =
    viewer && allowedToStaff(viewer, 'content:write')
      ? await asStaff(viewer, (trx) => findFile(trx, municipalityId, id))
      : await asPublic(municipalityId, (trx) => findPublicFile(trx, municipalityId, id))
  if (!row) return null
  const bytes = row.content ?? (await objectStorage(env())?.get(`${municipalityId}/${id}`))
  const sha256 = row.sha256.toString('hex')
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new Error(`file ${id} is not what was uploaded`)
  }
  return { name: row.name, mediaType: row.media_type, sha256, bytes }
}

const findFile = (trx: Trx, municipalityId: string, id: string) =>
  trx
    .selectFrom('stored_file')
    .select(['name', 'media_type', 'sha256', 'content'])
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .executeTakeFirst()

/** The same, only when something public shows it: asked here as well as by the row's policy. */
async function findPublicFile(trx: Trx, municipalityId: string, id: string) {
  const [shown, arms] = await Promise.all([
    trx
      .selectFrom('content_version_file as f')
      .innerJoin('content_item as i', (join) =>
        join
          .onRef('i.municipality_id', '=', 'f.municipality_id')
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
  return shown || arms ? findFile(trx, municipalityId, id) : undefined
}
