import * as z from 'zod'

export const acknowledgementInput = z.object({
  id: z.uuid(),
  version: z.coerce.number().int().min(1).max(100_000),
})
