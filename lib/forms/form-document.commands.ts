import 'server-only'
import { createHash } from 'node:crypto'
import type { Trx } from '#db/client.ts'
import { PURPOSES } from '#db/sealed-columns.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type CheckedFile, checkFiles } from '#lib/files/file.commands.ts'
import { mediaTypeOf, wordsOfType } from '#lib/files/file-type.ts'
import { dataKeys } from '#lib/kernel/env.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { sealBytes } from '#lib/kernel/sealed.ts'
import { refusedByRows } from '#lib/session/budget.commands.ts'
import type { Field } from './form.ts'

/** An uploaded file that was checked, with the question that it answers. */
export type FieldDocument = CheckedFile & { field: string }

/** Checks that each file is what its name says; the first that is not is refused. */
export async function checkDocuments(
  files: readonly { field: string; file: File }[],
): Promise<Result<FieldDocument[]>> {
  const documents: FieldDocument[] = []
  for (const { field, file } of files) {
    const checked = await checkFiles([file])
    if (!checked.ok) return checked
    documents.push(...checked.value.map((one) => ({ ...one, field })))
  }
  return ok(documents)
}

/** A question takes documents of the types that the office chose for it. */
export function checkDocumentType({ types }: Pick<Field, 'types'>, document: CheckedFile): Result<null> {
  const allowed = types.map(mediaTypeOf)
  if (allowed.includes(document.mediaType)) return ok(null)
  return refused('forms:wrong-document', {
    name: document.name,
    types: types.map(wordsOfType),
  })
}

/** Why these documents cannot be kept: the family has brought as many bytes in a year as it may. */
export async function spentByDocuments(
  trx: Trx,
  viewer: Viewer,
  householdId: string,
  added: readonly FieldDocument[],
): Promise<Refused | null> {
  if (added.length === 0) return null
  const brought = trx
    .selectFrom('form_document')
    .select(['uploaded_at as at', 'size as amount'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('household_id', '=', householdId)
  const more = added.reduce((sum, document) => sum + document.bytes.length, 0)
  return refusedByRows(trx, 'forms:documents', brought, more)
}

/** Keeps documents with a draft or with a submission that was sent: sealed, because they are certificates of children. */
export async function addDocuments(
  trx: Trx,
  viewer: Viewer,
  householdId: string,
  owner: { draft_id: string } | { submission_id: string },
  documents: readonly FieldDocument[],
): Promise<void> {
  if (documents.length === 0) return
  await trx
    .insertInto('form_document')
    .values(
      documents.map((document) => ({
        ...owner,
        municipality_id: viewer.municipalityId,
        household_id: householdId,
        person_id: viewer.personId,
        field: document.field,
        name: document.name,
        media_type: document.mediaType,
        size: document.bytes.length,
        sha256: createHash('sha256').update(document.bytes).digest(),
        content: sealBytes(document.bytes, PURPOSES.document, dataKeys()),
      })),
    )
    .execute()
}
