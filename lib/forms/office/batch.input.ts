import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { LONGEST_QUERY } from '#lib/lists/list-view.ts'
import { LONGEST_CLASS } from '#lib/school/office/class-choice.ts'
import { idOrNone, textLine } from '#lib/web/field.input.ts'
import { MOST_IN_BATCH } from './batch.ts'

/** Chosen requests, or all that the query of their page finds; of one form, where the page is that form's. */
const chosenRequests = {
  query: z.string().max(LONGEST_QUERY),
  formId: idOrNone.default(null),
  all: z.literal('1').optional(),
  chosen: z.array(z.uuid()).max(MOST_IN_BATCH).default([]),
}

/** The form that accepts several requests together. */
export const acceptBatchInput = z.object({
  ...chosenRequests,
  classId: z.string().trim().max(LONGEST_CLASS).default(''),
})

/** The form that asks of several requests what is missing. */
export const askBatchInput = z.object({
  ...chosenRequests,
  words: textLine(1_500).refine((words) => words !== '', 'Scrivi che cosa manca'),
  dueOn: z
    .string()
    .max(10)
    .refine((day) => parseDay(day) !== null, 'Scrivi il giorno entro cui rispondere'),
})

export const batchInput = z.object({ batchId: z.uuid() })
