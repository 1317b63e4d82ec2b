'use server'

import { staffAction } from '#lib/entry/action.request.ts'
import { suspendService } from '#lib/school/office/suspension.commands.ts'
import { suspensionInput } from '#lib/school/office/suspension.input.ts'

/** Confirms the preview of a day off: its sums come back with it, and a difference sends the office to read again. */
export const confirmDayOff = staffAction({
  capability: 'calendar:manage',
  input: suspensionInput,
  run: (viewer, { meals, refundCents, ...asked }) =>
    suspendService(viewer, { ...asked, expected: { meals, refundCents } }),
})
