'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { cancelBatch, confirmBatch, prepareAgain } from '#lib/forms/office/batch.commands.ts'
import { batchInput } from '#lib/forms/office/batch.input.ts'
import type { Result } from '#lib/kernel/result.ts'

/** To the page of the batch, which says what is being done. */
const shown = (municipalitySlug: string, result: Result<{ id: string }>) => {
  if (!result.ok) return result
  redirect(`/admin/${municipalitySlug}/moduli/gruppi/${result.value.id}`)
}

/** Does what the preview showed, request by request. */
export const confirm = staffAction({
  capability: 'forms:manage',
  input: batchInput,
  run: async (viewer, { batchId }, municipalitySlug) =>
    shown(municipalitySlug, await confirmBatch(viewer, batchId)),
})

export const cancel = staffAction({
  capability: 'forms:manage',
  input: batchInput,
  run: async (viewer, { batchId }, municipalitySlug) =>
    shown(municipalitySlug, await cancelBatch(viewer, batchId)),
})

/** Another preview of what this batch did not do. */
export const again = staffAction({
  capability: 'forms:manage',
  input: batchInput,
  run: async (viewer, { batchId }, municipalitySlug) =>
    shown(municipalitySlug, await prepareAgain(viewer, batchId)),
})
