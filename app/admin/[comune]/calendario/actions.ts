'use server'

import * as z from 'zod'
import { staffAction } from '#lib/entry/action.request.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { suspendService } from '#lib/school/office/suspension.commands.ts'

const amount = z.coerce.number().int().min(0)

/** Confirms the preview of a day off: its sums come back with it, and a difference sends the office to read again. */
export const confirmDayOff = staffAction({
  capability: 'calendar:manage',
  input: z.object({
    day: z.string().refine((text) => parseDay(text) !== null),
    schoolId: z.union([z.uuid(), z.literal('').transform(() => null)]),
    kind: z.enum(['closure', 'strike', 'trip']),
    reason: z.string().trim().min(1).max(200),
    meals: amount,
    refundCents: amount,
  }),
  run: (viewer, { meals, refundCents, ...asked }) =>
    suspendService(viewer, { ...asked, expected: { meals, refundCents } }),
})
