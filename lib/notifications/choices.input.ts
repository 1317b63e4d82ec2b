import * as z from 'zod'
import { phrase } from '#lib/words/language.ts'

const hour = z
  .string(phrase('Scegli un’ora.'))
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, phrase('Scrivi l’ora così: 21:00.'))

/** The form of choices as it was sent. */
export const choicesInput = z.object({
  scelte: z.array(z.string()).default([]),
  silenzio: z.string().optional(),
  dalle: hour,
  alle: hour,
  soglia: z
    .string()
    .regex(/^\d{1,2}$/, phrase('Scrivi un numero da 1 a 20.'))
    .transform(Number)
    .pipe(
      z.number().min(1, phrase('Scrivi un numero da 1 a 20.')).max(20, phrase('Scrivi un numero da 1 a 20.')),
    )
    .optional(),
})

/** An address in visible characters, as browsers write it. */
const endpoint = z
  .string()
  .max(1000)
  .regex(/^https?:\/\/[\x21-\x7e]+$/)
/** A browser's subscription: 65 and 16 bytes in base64url. */
const p256dh = z.string().regex(/^[\w-]{87}=?$/)
const auth = z.string().regex(/^[\w-]{22}(==)?$/)

export const subscriptionInput = z.object({ endpoint, p256dh, auth })

/** The old and the new subscription, each as a browser writes one in JSON. */
export const deviceRenewalInput = z.object({
  old: z.object({ endpoint, keys: z.object({ auth }) }),
  made: z.object({ endpoint, keys: z.object({ p256dh, auth }) }),
})

/** The input of a button that acts on everything: a fixed field, so that an empty form does nothing. */
export const allNotificationsInput = z.object({ id: z.literal('tutte') })
