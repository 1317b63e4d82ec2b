import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'
import { OTHER_CODES } from './person-merge.ts'
import { SIDES } from './pupil-merge.ts'

const reason = textLine(200).min(3, 'Scrivi il motivo')
const pair = { oneId: z.uuid(), otherId: z.uuid() }
const presses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
}
const side = z.enum(SIDES, 'Scegli quale dei due')

/** The form that makes two adults one. */
export const adultMergeInput = z.object({
  ...pair,
  ...presses,
  keep: side,
  name: side,
  code: side,
  otherCode: z.enum(OTHER_CODES, 'Scegli che cosa succede all’altro codice'),
  checked: z
    .enum(['no', 'si'])
    .default('no')
    .transform((answer) => answer === 'si'),
  reason,
})

/** The form that takes such a merge back. */
export const undoAdultMergeInput = z.object({ ...pair, ...presses, mergeId: z.uuid(), reason })
