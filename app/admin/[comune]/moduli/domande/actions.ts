'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { prepareBatch } from '#lib/forms/office/batch.commands.ts'
import { prepareBatchInput } from '#lib/forms/office/batch.input.ts'
import { readQueueFilter } from '#lib/forms/office/submission.address.ts'
import { parseDay } from '#lib/kernel/day.ts'

/** The first press on several requests: their preview is prepared, and shown on the page of the batch. */
export const prepare = staffAction({
  capability: 'forms:manage',
  input: prepareBatchInput,
  run: async (viewer, { intent, which, scelte, filter, classId, words, dueOn }, municipalitySlug) => {
    const isAsk = intent === 'ask'
    const prepared = await prepareBatch(viewer, {
      kind: intent,
      which: which === 'found' ? readQueueFilter(Object.fromEntries(new URLSearchParams(filter))) : scelte,
      classId: isAsk ? null : classId,
      words: isAsk ? words : '',
      dueOn: isAsk ? parseDay(dueOn) : null,
    })
    if (!prepared.ok) return prepared
    redirect(`/admin/${municipalitySlug}/moduli/gruppi/${prepared.value.id}`)
  },
})
