'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { prepareBatch } from '#lib/forms/office/batch.commands.ts'
import { acceptBatchInput, askBatchInput } from '#lib/forms/office/batch.input.ts'
import { type QueueFilter, readQueueFilter } from '#lib/forms/office/submission.address.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { ok } from '#lib/kernel/result.ts'
import { chosenClass } from '#lib/school/office/class-choice.queries.ts'
import { paramsOf } from '#lib/web/query-params.ts'

type Asked = { query: string; formId: string | null; all?: '1' | undefined; chosen: readonly string[] }

const meant = ({ query, formId, all, chosen }: Asked): readonly string[] | QueueFilter => {
  if (!all) return chosen
  const filter = readQueueFilter(paramsOf(new URLSearchParams(query)))
  return formId ? { ...filter, formId } : filter
}

/** The first press on several requests: the preview of their acceptance is prepared, and shown on the page of the batch. */
export const prepareAcceptance = staffAction({
  capability: 'forms:manage',
  input: acceptBatchInput,
  run: async (viewer, asked, municipalitySlug) => {
    const which = meant(asked)
    const chosen = asked.classId ? await chosenClass(viewer, asked.classId) : ok(null)
    if (!chosen.ok) return chosen
    const prepared = await prepareBatch(viewer, {
      ...{ kind: 'accept' as const, which, classId: chosen.value, words: '', dueOn: null },
    })
    if (!prepared.ok) return prepared
    redirect(`/admin/${municipalitySlug}/moduli/gruppi/${prepared.value.id}`)
  },
})

/** The same of what each of them is asked for. */
export const prepareAsking = staffAction({
  capability: 'forms:manage',
  input: askBatchInput,
  run: async (viewer, asked, municipalitySlug) => {
    const { words, dueOn } = asked
    const prepared = await prepareBatch(viewer, {
      ...{ kind: 'ask' as const, which: meant(asked), classId: null, words, dueOn: parseDay(dueOn) },
    })
    if (!prepared.ok) return prepared
    redirect(`/admin/${municipalitySlug}/moduli/gruppi/${prepared.value.id}`)
  },
})
