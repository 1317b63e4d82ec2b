import * as z from 'zod'
import type { TopUpRequest } from './top-up.commands.ts'

/** The recap's form, as the browser sends it back. Only what it asks for counts; what it costs is read again. */
export const typedTopUp = z
  .object({
    conto: z.uuid(),
    pasti: z.string().max(10),
    metodo: z.enum(['card', 'mybank']),
    chiave: z.uuid(),
    prezzo: z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number),
  })
  .transform(
    (form): TopUpRequest => ({
      accountId: form.conto,
      meals: form.pasti,
      method: form.metodo,
      clientKey: form.chiave.toLowerCase(),
      expectedUnitCents: form.prezzo,
    }),
  )
