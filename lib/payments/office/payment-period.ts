import { addDays, addMonths, type Day, firstDayOf, lastDayOf, monthOf, parseDay } from '#lib/kernel/day.ts'

/** Days from the first to the last, both in it. */
export type Period = { from: Day; to: Day }

const NUMERIC_DAY = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/
const NUMERIC_MONTH = /^(\d{1,2})[/.-](\d{4})$/
const ISO_MONTH = /^(\d{4})-(\d{2})$/
const YEAR = /^\d{4}$/

const NAMED: Readonly<Record<string, (today: Day) => Period>> = {
  oggi: (today) => ({ from: today, to: today }),
  ieri: (today) => ({ from: addDays(today, -1), to: addDays(today, -1) }),
  'questo mese': (today) => monthSpan(monthOf(today)),
  'mese scorso': (today) => monthSpan(addMonths(monthOf(today), -1)),
  'quest’anno': (today) => yearSpan(today.slice(0, 4)),
}

const monthSpan = (month: string): Period => ({ from: firstDayOf(month), to: lastDayOf(month) })
const yearSpan = (year: string): Period => ({ from: `${year}-01-01`, to: `${year}-12-31` })
const two = (digits: string) => digits.padStart(2, '0')

/**
 * A day, a month or a year as people type it: "24/11/2026", "11/2026", "2026", "2026-11-24", "oggi", "questo mese". Null for
 * anything else: a period that is not understood finds nothing.
 */
export function readPeriod(typed: string, today: Day): Period | null {
  const text = typed.trim().toLocaleLowerCase('it').replaceAll("'", '’').replace(/\s+/g, ' ')
  const named = Object.hasOwn(NAMED, text) ? NAMED[text] : undefined
  if (named) return named(today)
  const [, day, dayMonth, dayYear] = NUMERIC_DAY.exec(text) ?? []
  if (day && dayMonth && dayYear) return dayOnly(`${dayYear}-${two(dayMonth)}-${two(day)}`)
  const [, month, year] = NUMERIC_MONTH.exec(text) ?? []
  if (month && year) return monthOnly(`${year}-${two(month)}`)
  if (ISO_MONTH.test(text)) return monthOnly(text)
  if (YEAR.test(text)) return parseDay(`${text}-01-01`) ? yearSpan(text) : null
  return dayOnly(text)
}

const dayOnly = (text: string): Period | null => {
  const day = parseDay(text)
  return day ? { from: day, to: day } : null
}

const monthOnly = (month: string): Period | null => (parseDay(`${month}-01`) ? monthSpan(month) : null)
