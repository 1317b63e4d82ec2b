import { type Cents, parseEuro } from '#lib/kernel/money.ts'

/** An amount of money as a file has it. `bad`: what cannot be read, as it stands. */
export type FileAmount = {
  cents: Cents
  /** "2.150" alone may be two thousand euro, or two euro with three decimals: a person says it. */
  isAmbiguous: boolean
  /** As it stands in the file. */
  text: string
}

/** A number longer than this is no amount. */
const LONGEST_AMOUNT = 24
const THOUSANDS_OR_DECIMALS = /^\d{1,3}\.\d{3}$/

/**
 * Reads an amount with its sign, Italian first: "-4,30", "1.234,56", "4,30-", "(4,30)", "€ 12". On the characters, never through a float.
 * @returns null for an empty cell
 */
export function amountIn(cell: string): FileAmount | { bad: string } | null {
  const text = cell.trim()
  if (text === '') return null
  if (text.length > LONGEST_AMOUNT) return { bad: text }
  const bare = text.normalize('NFKC').replace(/[\s€]/g, '').replace(/−/g, '-')
  const isNegative =
    bare.startsWith('-') || bare.endsWith('-') || (bare.startsWith('(') && bare.endsWith(')'))
  const digits = bare.replace(/^[-+(]/, '').replace(/[-)]$/, '')
  const cents = parseEuro(digits)
  if (cents === null) return { bad: text }
  return { cents: isNegative ? 0 - cents : cents, isAmbiguous: THOUSANDS_OR_DECIMALS.test(digits), text }
}
