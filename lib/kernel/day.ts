/** A civil day, `YYYY-MM-DD`, always valid in the Gregorian calendar. It has no time zone, as a date on a wall calendar has none. */
export type Day = string
/** A month, `YYYY-MM`. */
export type Month = string
/** ISO weekday: 1 Monday … 7 Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** Canteens, cutoffs and invoices all live in this zone, wherever the servers are. */
export const ROME = 'Europe/Rome'

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

const utc = (day: Day): Date => new Date(`${day}T00:00:00Z`)
const fromUtc = (date: Date): Day => date.toISOString().slice(0, 10)

/** Reads `YYYY-MM-DD`; null for anything else, 31 February and years outside 1900–2199 included. */
export function parseDay(text: unknown): Day | null {
  if (typeof text !== 'string' || !DAY.test(text)) return null
  const year = Number(text.slice(0, 4))
  if (year < 1900 || year > 2199) return null
  const date = utc(text)
  return !Number.isNaN(date.getTime()) && fromUtc(date) === text ? text : null
}

/** Reads `YYYY-MM`; null for anything else. */
export const parseMonth = (text: unknown): Month | null =>
  typeof text === 'string' && MONTH.test(text) && parseDay(`${text}-01`) ? text : null

export const monthOf = (day: Day): Month => day.slice(0, 7)
export const firstDayOf = (month: Month): Day => `${month}-01`

/** The day `days` later (negative: earlier). Civil arithmetic: clock changes do not exist here. */
export function addDays(day: Day, days: number): Day {
  const date = utc(day)
  date.setUTCDate(date.getUTCDate() + days)
  return fromUtc(date)
}

/** The month `months` later (negative: earlier). */
export function addMonths(month: Month, months: number): Month {
  const date = utc(firstDayOf(month))
  date.setUTCMonth(date.getUTCMonth() + months)
  return fromUtc(date).slice(0, 7)
}

export const lastDayOf = (month: Month): Day => addDays(firstDayOf(addMonths(month, 1)), -1)

/** Every day from `from` to `to`, both included; empty when `to` comes first. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

const DAY_MS = 86_400_000

/** How many days after `from` a day comes (negative: before). */
export const daysSince = (from: Day, day: Day): number => (utc(day).getTime() - utc(from).getTime()) / DAY_MS

/** Whether a day lies in a period, both ends included. */
export const isWithin = (day: Day, { from, to }: { from: Day; to: Day }): boolean => from <= day && day <= to

export function weekdayOf(day: Day): Weekday {
  return (utc(day).getUTCDay() || 7) as Weekday
}

/** The Swedish way of writing a date is the ISO one. */
const ISO_DAY_IN_ROME = new Intl.DateTimeFormat('sv-SE', { timeZone: ROME })

/** The civil day on which an instant falls in Italy. */
export const dayInRome = (instant: Date): Day => ISO_DAY_IN_ROME.format(instant)

const WALL_CLOCK_IN_ROME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ROME,
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** "2026-11-24T09:30:00", what a calendar and a clock on a wall in Italy show at an instant. */
export const wallClockInRome = (instant: Date | number): string =>
  WALL_CLOCK_IN_ROME.format(instant).replace(' ', 'T')

/** How far the wall clock in Italy is ahead of UTC at an instant, in milliseconds. */
const aheadOfUtc = (instant: number): number => Date.parse(`${wallClockInRome(instant)}Z`) - instant

/**
 * The instant of a wall-clock time in Italy.
 * @param time `HH:MM`
 * Times that do not exist or exist twice (02:00–03:00 on clock-change days) are never used by the service.
 */
export function instantInRome(day: Day, time: string): Date {
  const wall = Date.parse(`${day}T${time}:00Z`)
  // The first guess may stand on the other side of a clock change; from there the second cannot.
  return new Date(wall - aheadOfUtc(wall - aheadOfUtc(wall)))
}

/** The instant at which a day ends in Italy: a filter "until the 30th" includes the whole 30th. */
export const endOfDay = (day: Day): Date => instantInRome(addDays(day, 1), '00:00')
