import 'server-only'
import { asFamily } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { DOCUMENT_TYPES, MOST_DOCUMENTS } from './form.ts'
import {
  addDocuments,
  checkDocuments,
  checkDocumentType,
  spentByDocuments,
} from './form-document.commands.ts'
import { lockOwnSubmission, setSubmissionState, writeMilestone } from './submission.commands.ts'
import { INTEGRATION_FIELD } from './submission.queries.ts'
import { afterMove } from './submission.ts'

const MOST_WORDS = 2_000

/** The family answers what the office asked for: words, documents, or both. Late is better than never, until it is decided. */
export async function answerIntegration(
  viewer: Viewer,
  request: { submissionId: string; words: string; files: readonly File[] },
): Promise<Result<{ submissionId: string }>> {
  if (!allowedToFamily(viewer, 'forms:fill')) return refused('request:not-found')
  const checked = await checkDocuments(request.files.map((file) => ({ field: INTEGRATION_FIELD, file })))
  if (!checked.ok) return checked
  if (checked.value.length === 0 && request.words === '') return refused('forms:no-document')
  if (checked.value.length > MOST_DOCUMENTS) return refused('forms:too-many-documents', { n: MOST_DOCUMENTS })
  for (const document of checked.value) {
    const judged = checkDocumentType({ types: DOCUMENT_TYPES }, document)
    if (!judged.ok) return judged
  }
  return asFamily(viewer, async (trx) => {
    const own = await lockOwnSubmission(trx, viewer, request.submissionId)
    if (!own) return refused('request:not-found')
    const moved = afterMove(own.state, 'answered')
    if (!moved.ok) return moved
    const spent = await spentByDocuments(trx, viewer, own.household_id, checked.value)
    if (spent) return spent
    await addDocuments(trx, viewer, own.household_id, { submission_id: own.id }, checked.value)
    await setSubmissionState(trx, viewer, own.id, { state: moved.value, due_on: null })
    await writeMilestone(trx, viewer, own.id, 'answered', request.words.slice(0, MOST_WORDS))
    await recordAudit(trx, viewer, {
      action: 'forms.answered',
      objectType: 'form_submission',
      objectId: own.id,
    })
    return ok({ submissionId: own.id })
  })
}
