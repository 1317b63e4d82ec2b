import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { type ClosedSpan, easterOf } from './holidays.ts'

/** What a region closes every year: `MM-DD`, or days before and after Easter (`pasqua-3`, `pasqua+2`). */
type YearlySpan = { from: string; to: string; reason: string }

export const YEARLY_DAY = /^(\d{2}-\d{2}|pasqua[+-]\d{1,2})$/

const FIRST_MONTH = '09'

/** The day of a school year that begins in September of `year`; null for 29 February of a common year. */
function dayIn(year: number, text: string): Day | null {
  if (text.startsWith('pasqua')) return addDays(easterOf(year + 1), Number(text.slice('pasqua'.length)))
  return parseDay(`${text.slice(0, 2) >= FIRST_MONTH ? year : year + 1}-${text}`)
}

/** The closures of a region in the school year that begins in September of `year`, in their order. */
export const yearlyClosures = (spans: readonly YearlySpan[], year: number): ClosedSpan[] =>
  spans
    .flatMap(({ from, to, reason }) => {
      const first = dayIn(year, from)
      const last = dayIn(year, to)
      return first && last && first <= last ? [{ from: first, to: last, reason }] : []
    })
    .sort((one, other) => one.from.localeCompare(other.from))
