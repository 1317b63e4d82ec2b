import { parseEuro } from '#lib/kernel/money.ts'
import type { Words } from '#lib/words/language.ts'
import { formatEuro } from './format-money.ts'

export type Details = Readonly<Record<string, string | number>>

const AMOUNT = /^[\d.]+,\d\d\s€$/
const INSTANT = /^(\d\d\/\d\d\/\d{4}) alle (\d+:\d\d)$/

/** A detail as a rule wrote it, in Italian, said in the language of the reader: amounts and hours have their own way. */
function said(detail: string | number, t: Words): string | number {
  if (t.language === 'it' || typeof detail === 'number') return detail
  const cents = AMOUNT.test(detail) ? parseEuro(detail) : null
  if (cents !== null) return formatEuro(cents, t.language)
  return t(detail.replace(INSTANT, '$1 at $2'))
}

/** A sentence with its details. */
export const inWords = (sentence: string, details: Details, t: Words): string =>
  t(sentence, Object.fromEntries(Object.entries(details).map(([name, detail]) => [name, said(detail, t)])))
