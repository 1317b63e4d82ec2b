import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'
import { SIDES } from './pupil-merge.ts'

const reason = textLine(200).min(3, 'Scrivi il motivo')
const pair = { oneId: z.uuid(), otherId: z.uuid() }
const presses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
}
const side = z.enum(SIDES, 'Scegli quale dei due')

/** The form that makes two pupils one. */
export const pupilMergeInput = z.object({
  ...pair,
  ...presses,
  keep: side,
  name: side,
  birth: side,
  code: side,
  reason,
})

/** The form that takes a merge back. */
export const undoMergeInput = z.object({ ...pair, ...presses, mergeId: z.uuid(), reason })
