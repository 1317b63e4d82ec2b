import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { parseEuro } from '#lib/kernel/money.ts'
import { FARE_RULES } from './fare-rule.ts'

/** A line that is stored: empty takes it away, and a field that was not sent changes nothing. */
const storedLine = (most: number) =>
  z
    .string()
    .trim()
    .max(most, { error: `Al massimo ${most} caratteri` })

const line = (most: number) => storedLine(most).default('')

const day = z
  .string()
  .default('')
  .refine((text) => parseDay(text) !== null, { error: 'Scrivi il giorno' })

/** "5,40", "€ 5.40", "0": cents, read character by character. */
export const price = z
  .string()
  .max(20)
  .default('')
  .transform((text, context) => {
    const cents = parseEuro(text)
    if (cents === null) {
      const isBelowZero = /^\s*(?:€\s*)?[-−]\s*\d/.test(text)
      const message = isBelowZero
        ? 'Il prezzo non può essere sotto zero: scrivilo in euro, per esempio 5,40'
        : 'Scrivi il prezzo in euro, per esempio 5,40'
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    return cents
  })

/** A two-press form: the first press shows what would happen, the second, with what was shown, does it. */
const twoPresses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: line(60),
}

const serviceId = z.uuid()
const revision = z.coerce.number().int().min(0)
const code = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9-]{1,12}$/, {
    error: 'Scrivi un codice breve: lettere senza accento, cifre e trattini, al massimo 12',
  })
/** Empty means the service's own price. */
const bandOrNone = line(12).transform((text) => text || null)
const words = {
  name: line(80).refine((text) => text !== '', { error: 'Scrivi come si chiama la fascia' }),
  description: line(300),
}

export const priceInput = z.object({
  serviceId,
  bandCode: bandOrNone,
  price,
  from: day,
  note: line(200),
  revision: revision.optional(),
  ...twoPresses,
})

export const priceCancelInput = z.object({ serviceId, bandCode: bandOrNone, day })

export const bandInput = z.object({ serviceId, code, ...words, price, from: day, note: line(200) })

export const bandWordsInput = z.object({
  serviceId,
  code,
  revision,
  ...words,
  description: storedLine(300),
})
export const bandClosingInput = z.object({ serviceId, code, revision, close: z.enum(['si', 'no']) })

/** A band by a rule, for many pupils. */
export const fareRuleInput = z.object({
  serviceId,
  rule: z.enum(FARE_RULES, { error: 'Scegli a chi spetta.' }),
  bandCode: line(12),
  from: line(20),
  to: line(20),
  reason: line(300).refine((text) => text !== '', {
    error: 'Scrivi l’atto o il motivo: resta in ufficio, la famiglia non lo legge',
  }),
  ...twoPresses,
})

export const fareInput = z.object({
  serviceId,
  pupilId: z.uuid(),
  bandCode: line(12),
  from: line(20),
  to: line(20),
  reason: line(300).refine((text) => text !== '', {
    error: 'Scrivi il motivo: resta in ufficio, la famiglia non lo legge',
  }),
  ...twoPresses,
})
