import type { Cents } from '#lib/kernel/money.ts'
import { type Language, LOCALES } from './locales.ts'

const made: Partial<Record<Language, Intl.NumberFormat>> = {}

/** 88470 → "884,70 €" (no-break space before the sign, thousands with a dot); in English "€884.70". */
export function formatEuro(cents: Cents, language: Language = 'it'): string {
  made[language] ??= new Intl.NumberFormat(LOCALES[language].tag, {
    style: 'currency',
    currency: 'EUR',
    useGrouping: 'always',
  })
  return made[language].format(cents / 100)
}

/** -540 → "−5,40 €", 10800 → "+108,00 €": for movements, with the minus that screens and readers know. */
export const formatSignedEuro = (cents: Cents, language: Language = 'it'): string =>
  `${cents > 0 ? '+' : ''}${formatBalance(cents, language)}`

/** -540 → "−5,40 €", 10800 → "108,00 €" */
export const formatBalance = (cents: Cents, language: Language = 'it'): string =>
  formatEuro(cents, language).replace('-', '−')
