import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { fileTypeOf, isPicture, MOST_BYTES, mediaTypeOf, safeFileName } from './file-type.ts'
import { type ObjectStorage, objectStorage } from './object-storage.adapter.ts'

/** A file that was read whole and found acceptable; nothing is kept yet. */
export type CheckedFile = { name: string; mediaType: string; bytes: Uint8Array }

/** Whether a field was left empty: the browser sends a file without name or bytes. With JavaScript, Next reads its missing name as "undefined". */
const isUntouched = ({ size, name }: File): boolean => size === 0 && (name === '' || name === 'undefined')

/** Reads the files of a form and judges them by their bytes. The empty file of an untouched field is left out. */
export async function checkFiles(
  files: readonly File[],
  options: { picturesOnly?: boolean } = {},
): Promise<Result<CheckedFile[]>> {
  const checked: CheckedFile[] = []
  for (const file of files) {
    if (isUntouched(file)) continue
    const name = file.name.slice(0, 80)
    if (file.size === 0) return refused('files:empty', { name })
    if (file.size > MOST_BYTES) return refused('files:too-big', { name, max: MOST_BYTES })
    const bytes = new Uint8Array(await file.arrayBuffer())
    const type = fileTypeOf(bytes)
    if (!type) return refused('files:unknown-type', { name })
    if (options.picturesOnly && !isPicture(mediaTypeOf(type))) return refused('files:not-a-picture', { name })
    checked.push({ name: safeFileName(file.name, type), mediaType: mediaTypeOf(type), bytes })
  }
  return ok(checked)
}

/** What a transaction will keep: the bytes are either in it already or in the object storage under the id. */
export type PlacedFile = CheckedFile & { id: string; inDatabase: boolean }

/**
 * Stores the bytes before the transaction that refers to them: a storage that fails then leaves no row,
 * and a transaction that fails leaves only bytes without a row, which no request can reach.
 */
export async function placeFiles(
  municipalityId: string,
  files: readonly CheckedFile[],
  storage: ObjectStorage | null = objectStorage(env()),
): Promise<Result<PlacedFile[]>> {
  const placed = files.map((file) => ({ ...file, id: randomUUID(), inDatabase: storage === null }))
  try {
    for (const file of storage ? placed : []) {
      await storage?.put(`${municipalityId}/${file.id}`, file.bytes, file.mediaType)
    }
  } catch (error) {
    log().error({ err: error }, 'files: object storage did not store a file')
    return refused('files:unavailable')
  }
  return ok(placed)
}

/** Writes the rows of placed files, with who brought them. */
export async function keepFiles(trx: Trx, viewer: Viewer, files: readonly PlacedFile[]): Promise<void> {
  for (const file of files) {
    await trx
      .insertInto('stored_file')
      .values({
        municipality_id: viewer.municipalityId,
        id: file.id,
        name: file.name,
        media_type: file.mediaType,
        size: file.bytes.length,
        sha256: createHash('sha256').update(file.bytes).digest(),
        content: file.inDatabase ? Buffer.from(file.bytes) : null,
        uploaded_by: viewer.personId,
        uploaded_at: sql`app_now()`,
      })
      .execute()
    await recordAudit(trx, viewer, {
      action: 'file.uploaded',
      objectType: 'stored_file',
      objectId: file.id,
      details: { mediaType: file.mediaType, size: file.bytes.length },
    })
  }
}

/**
 * Stores a picture for a text of the office before the text is saved, so that the editor can show it.
 * The caller has asked whether the viewer may write such a text.
 */
export async function keepPicture(viewer: Viewer, file: File): Promise<Result<{ id: string; name: string }>> {
  const checked = await checkFiles([file], { picturesOnly: true })
  if (!checked.ok) return checked
  const placed = await placeFiles(viewer.municipalityId, checked.value)
  if (!placed.ok) return placed
  const picture = placed.value[0]
  if (!picture) return refused('files:empty', { name: file.name })
  await asStaff(viewer, (trx) => keepFiles(trx, viewer, placed.value))
  return ok({ id: picture.id, name: picture.name })
}
