/** Money is an integer number of euro cents from the database to the screen; a `number` is exact up to 2^53. */
export type Cents = number

/** 88470 → "884.70": for XML, CSV and `<input>` values in machine notation. Exact, no floating point. */
export function decimalString(cents: Cents): string {
  const sign = cents < 0 ? '-' : ''
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const AMOUNT = /^(\d{1,3}(?:\.\d{3})+|\d{1,7})(?:,(\d{1,2})|\.(\d{1,2}))?$/

/**
 * Reads what a person types as euro: "5,40", "5.40", "1.080,00", "€ 108", " 108 ".
 * Works on the characters, never through a float. A dot followed by exactly three digits is a thousands separator.
 * @returns cents, or null when it is not an amount of euro with at most two decimals and seven integer digits.
 */
export function parseEuro(text: string): Cents | null {
  const bare = text.normalize('NFKC').replace(/[\s€]/g, '')
  const match = AMOUNT.exec(bare)
  if (!match) return null
  const euros = (match[1] as string).replaceAll('.', '')
  const cents = (match[2] ?? match[3] ?? '').padEnd(2, '0')
  return Number(euros) * 100 + Number(cents)
}
