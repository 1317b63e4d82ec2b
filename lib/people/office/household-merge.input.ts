import * as z from 'zod'
import { textLine } from '#lib/web/field.input.ts'
import { SIDES } from './pupil-merge.ts'

const reason = textLine(200).min(3, 'Scrivi il motivo')
const pair = { oneId: z.uuid(), otherId: z.uuid() }
const presses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
}

/** The form that makes two households one. */
export const householdMergeInput = z.object({
  ...pair,
  ...presses,
  keep: z.enum(SIDES, 'Scegli quale delle due'),
  reason,
})

/** The form that takes such a merge back. */
export const undoHouseholdMergeInput = z.object({ ...pair, ...presses, mergeId: z.uuid(), reason })
