import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { idOrNone, textLine } from '#lib/web/field.input.ts'
import { MOST_IN_BATCH } from './batch.ts'

/** Chosen requests, or all that a filter finds (its address), and what is to be done with them. */
export const prepareBatchInput = z
  .object({
    intent: z.enum(['accept', 'ask']),
    which: z.enum(['chosen', 'found']).default('chosen'),
    scelte: z.array(z.uuid()).max(MOST_IN_BATCH).default([]),
    filter: z.string().max(500).default(''),
    classId: idOrNone.default(null),
    words: textLine(1_500).default(''),
    dueOn: z.string().max(10).default(''),
  })
  .refine(({ intent, dueOn }) => intent === 'accept' || parseDay(dueOn) !== null, {
    path: ['dueOn'],
    error: 'Scrivi il giorno entro cui rispondere',
  })
  .refine(({ intent, words }) => intent === 'accept' || words !== '', {
    path: ['words'],
    error: 'Scrivi che cosa manca',
  })

export const batchInput = z.object({ batchId: z.uuid() })
