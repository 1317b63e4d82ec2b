import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'

/** Where the files of each version stand, and the column that names the thing. */
export const VERSION_FILES = {
  content: { table: 'content_version_file', owner: 'item_id' },
  communication: { table: 'communication_version_file', owner: 'communication_id' },
} as const

/** A file of a version: attached to it, or a picture that only its text shows. */
export type VersionFile = {
  id: string
  name: string
  title: string
  mediaType: string
  size: number
  role: 'attachment' | 'image'
}

/** The files of a version, in their order. */
export async function readVersionFiles(
  trx: Trx,
  kind: keyof typeof VERSION_FILES,
  municipalityId: string,
  { id, version }: { id: string; version: number },
): Promise<VersionFile[]> {
  const { table, owner } = VERSION_FILES[kind]
  const { rows } = await sql<VersionFile>`
    select s.id, s.name, s.size, s.media_type as "mediaType", f.title, f.role from ${sql.table(table)} f
    join stored_file s on s.municipality_id = ${municipalityId} and s.id = f.file_id
    where f.municipality_id = ${municipalityId} and ${sql.ref(`f.${owner}`)} = ${id}::uuid and f.version = ${version}::integer
    order by f.position`.execute(trx)
  return rows
}

export const attachmentsIn = <File extends { role: VersionFile['role'] }>({
  files,
}: {
  files: readonly File[]
}): File[] => files.filter((file) => file.role === 'attachment')
