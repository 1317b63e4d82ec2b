import { parseFiscalCode } from '#lib/identity/fiscal-code.ts'

/** What typed words may be besides names: a whole fiscal code, or a part of a telephone number. */
export type TypedSearch = { words: string; fiscalCode: string | null; digits: string | null }

/** Fewer digits are in half of all numbers. */
const FEWEST_DIGITS = 5

/** Reads what was typed in the search of the families. */
export function readTypedSearch(words: string): TypedSearch {
  const digits = /^[+\d\s./()-]+$/.test(words) ? words.replace(/\D/g, '') : ''
  return {
    words,
    fiscalCode: parseFiscalCode(words)?.code ?? null,
    digits: digits.length >= FEWEST_DIGITS ? digits : null,
  }
}
