import 'server-only'
import { createHash } from 'node:crypto'
import { asStaff, type Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { PURPOSES } from '#db/sealed-columns.ts'
import { allowedToFamily, allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { dataKeys } from '#lib/kernel/env.ts'
import { unsealBytes } from '#lib/kernel/sealed.ts'
import { isUuid } from '#lib/kernel/uuid.ts'

export type DocumentFile = { name: string; mediaType: string; bytes: Uint8Array }

/** What is read of a document's row: its bytes are some megabytes, and sealed. */
type Part = 'facts' | 'whole'

/**
 * A document: for the person who uploaded it while they are the holder, or to the office once it was sent; the office's reading is
 * written in the register that the family sees. Null for any other viewer, and for a deleted document.
 */
export const documentFor = (viewer: Viewer, id: string): Promise<DocumentFile | null> =>
  find(viewer, id, 'whole', fileOf)

/** The same without its bytes, which stay where they are: they were not read, and nothing is written down. */
export const documentFacts = (
  viewer: Viewer,
  id: string,
): Promise<Pick<DocumentFile, 'name' | 'mediaType'> | null> =>
  find(viewer, id, 'facts', ({ name, media_type: mediaType, is_kept }) =>
    is_kept ? { name, mediaType } : null,
  )

async function find<T>(
  viewer: Viewer,
  id: string,
  part: Part,
  as: (row: DocumentRow) => T | null,
): Promise<T | null> {
  if (!isUuid(id)) return null
  if (allowedToFamily(viewer, 'forms:fill')) {
    const own = await readAsFamily(viewer, (trx) => readDocument(trx, viewer.municipalityId, id, part))
    const isOwn =
      own?.person_id === viewer.personId && allowedToFamily(viewer, 'forms:fill', own.household_id)
    if (own && isOwn) return as(own)
  }
  if (!allowedToStaff(viewer, 'forms:manage')) return null
  return asStaff(viewer, async (trx) => {
    const row = await readDocument(trx, viewer.municipalityId, id, part)
    if (!row?.submission_id) return null
    if (part === 'whole')
      await recordAudit(trx, viewer, {
        action: 'forms.document-read',
        objectType: 'household',
        objectId: row.household_id,
        details: { submission: row.submission_id },
      })
    return as(row)
  })
}

const readDocument = (trx: Trx, municipalityId: string, id: string, part: Part) =>
  trx
    .selectFrom('form_document')
    .select(['name', 'media_type', 'size', 'sha256', 'household_id', 'person_id', 'submission_id'])
    .select(({ eb }) => eb('content', 'is not', null).$castTo<boolean>().as('is_kept'))
    .$if(part === 'whole', (document) => document.select('content'))
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .executeTakeFirst()

type DocumentRow = {
  name: string
  media_type: string
  size: number
  sha256: Buffer
  is_kept: boolean
  content?: Buffer | null
}

/**
 * A document, opened. One as long as its own size was uploaded before documents were sealed, and `npm run db:reseal` has not
 * come to it.
 * @throws when its key is not there, or when it is not what was uploaded
 */
function fileOf({ name, media_type: mediaType, size, sha256, content }: DocumentRow): DocumentFile | null {
  if (!content) return null
  const bytes = content.length === size ? content : unsealBytes(content, PURPOSES.document, dataKeys())
  if (!bytes || !createHash('sha256').update(bytes).digest().equals(sha256))
    throw new Error('forms: a document cannot be opened: its key is missing, or it was changed')
  return { name, mediaType, bytes }
}
