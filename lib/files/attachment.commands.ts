import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { filesOfVersion, picturesIn, type SafeHtml } from '#lib/publishing/safe-html.ts'
import { VERSION_FILES } from './attachment.queries.ts'
import { checkFiles, keepFiles, type PlacedFile, placeFiles } from './file.commands.ts'
import { titleFromName } from './file-type.ts'

/** The attachments of the version before that stay, in this order, with their titles. */
export type KeptAttachments = readonly { id: string; title: string }[]

/** Checks new attachments and brings them to the archive, before the transaction that writes the version. */
export async function placeAttachments(
  viewer: Viewer,
  { kept, added }: { kept: KeptAttachments; added: readonly File[] },
  most: number,
): Promise<Result<readonly PlacedFile[]>> {
  const checked = await checkFiles(added)
  if (!checked.ok) return checked
  if (kept.length + checked.value.length > most) return refused('files:too-many', { n: most })
  return placeFiles(viewer.municipalityId, checked.value)
}

/**
 * Why a text may not show or attach what it names, or null: an invented id stops here, not at a foreign key.
 * @param among `communication`: only what the viewer uploaded or a communication shows; a family's own document is neither
 */
export async function unknownFile(
  trx: Trx,
  viewer: Viewer,
  { body, kept }: { body: SafeHtml; kept: KeptAttachments },
  among: keyof typeof VERSION_FILES,
): Promise<Refused | null> {
  const wanted = new Set([...picturesIn(body), ...kept.map((file) => file.id)])
  if (wanted.size === 0) return null
  const known = await trx
    .selectFrom('stored_file')
    .select('id')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', 'in', [...wanted])
    .$if(among === 'communication', (query) =>
      query.where((where) =>
        where.or([
          where('uploaded_by', '=', viewer.personId),
          where.exists(
            where
              .selectFrom('communication_version_file as f')
              .select('f.file_id')
              .where('f.municipality_id', '=', viewer.municipalityId)
              .whereRef('f.file_id', '=', 'stored_file.id'),
          ),
        ]),
      ),
    )
    .execute()
  return known.length === wanted.size ? null : refused('content:unknown-picture')
}

/** Keeps new files and writes which files a version has: its attachments, then the pictures of its text. */
export async function keepVersionFiles(
  trx: Trx,
  viewer: Viewer,
  kind: keyof typeof VERSION_FILES,
  { id, version }: { id: string; version: number },
  { body, kept, added }: { body: SafeHtml; kept: KeptAttachments; added: readonly PlacedFile[] },
): Promise<void> {
  await keepFiles(trx, viewer, added)
  const attachments = [...kept, ...added.map((file) => ({ id: file.id, title: titleFromName(file.name) }))]
  const files = filesOfVersion(body, attachments)
  if (files.length === 0) return
  const { table, owner } = VERSION_FILES[kind]
  const rows = JSON.stringify(files.map((file, position) => ({ ...file, position })))
  await sql`
    insert into ${sql.table(table)} (municipality_id, ${sql.ref(owner)}, version, file_id, role, title, position)
    select ${viewer.municipalityId}::uuid, ${id}::uuid, ${version}::integer, f.id, f.role, f.title, f.position
    from jsonb_to_recordset(${rows}::jsonb) as f(id uuid, role text, title text, position integer)`.execute(
    trx,
  )
}
