import * as z from 'zod'
import { WAITING_KINDS } from './waiting-work.ts'

/** A press on a line of *Oggi*. */
export const workInput = z.object({
  kind: z.enum(WAITING_KINDS),
  seen: z.union([z.literal(''), z.uuid()]),
})
