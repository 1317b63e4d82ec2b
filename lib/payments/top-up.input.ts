import * as z from 'zod'
import type { Cents } from '#lib/kernel/money.ts'
import type { TopUpMethod } from './gateway.ts'

/** What the recap's form sends. Amounts of money come from the database: the browser only repeats what it was shown. */
export type TopUpRequest = {
  accountId: string
  meals?: string | undefined
  amount?: string | undefined
  method: TopUpMethod
  /** UUID made with the recap: one key, one order, however often the button is pressed. */
  clientKey: string
  /** The price the payer saw, integer cents. */
  expectedUnitCents: Cents
}

/** The recap's form, as the browser sends it back. Only what it asks for counts; what it costs is read again. */
export const topUpInput = z
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
