'use server'

import { staffAction } from '#lib/entry/action.request.ts'
import { enterClosure } from '#lib/school/office/closure.commands.ts'
import { closureInput } from '#lib/school/office/closure.input.ts'

/** Confirms the preview of a closure: its sums come back with it, and a difference sends the office to read again. */
export const confirmClosure = staffAction({
  capability: 'calendar:manage',
  input: closureInput,
  run: (viewer, { meals, refundCents, ...asked }) =>
    enterClosure(viewer, { ...asked, expected: { meals, refundCents } }),
})
