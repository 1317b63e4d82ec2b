import { addDays, type Day, daysBetween, parseDay } from '#lib/kernel/day.ts'

/** A day without school, and why. */
export type Holiday = { day: Day; reason: string }

/** A holiday of one municipality, on the same day of every year: `day` is `MM-DD`. */
export type PatronSaint = { name: string; day: string }

/** Easter Sunday of a Gregorian year (the computus of Meeus, Jones and Butcher). */
export function easterOf(year: number): Day {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  const date = ((h + l - 7 * m + 114) % 31) + 1
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** Law 260/1949 as amended; 4 October again since 2026 by law 151/2025. */
const FIXED: readonly { day: string; reason: string; since?: number }[] = [
  { day: '01-01', reason: 'Capodanno' },
  { day: '01-06', reason: 'Epifania' },
  { day: '04-25', reason: 'Festa della Liberazione' },
  { day: '05-01', reason: 'Festa del Lavoro' },
  { day: '06-02', reason: 'Festa della Repubblica' },
  { day: '08-15', reason: 'Ferragosto' },
  { day: '10-04', reason: 'San Francesco d’Assisi', since: 2026 },
  { day: '11-01', reason: 'Ognissanti' },
  { day: '12-08', reason: 'Immacolata Concezione' },
  { day: '12-25', reason: 'Natale' },
  { day: '12-26', reason: 'Santo Stefano' },
]

/** The national holidays of a calendar year, in their order. */
export function nationalHolidays(year: number): Holiday[] {
  const easter = easterOf(year)
  const fixed = FIXED.filter(({ since = 0 }) => year >= since)
  return [
    ...fixed.map(({ day, reason }) => ({ day: `${year}-${day}`, reason })),
    { day: easter, reason: 'Pasqua' },
    { day: addDays(easter, 1), reason: 'Lunedì dell’Angelo' },
  ].sort((one, other) => one.day.localeCompare(other.day))
}

/** A patron of 29 February has its day in leap years alone. */
function patronIn(year: number, patron: PatronSaint | null): Holiday[] {
  const day = patron && parseDay(`${year}-${patron.day}`)
  return day ? [{ day, reason: patron.name }] : []
}

/** The national holidays and the patron's between two days, each day once. */
export function holidaysBetween({ from, to }: { from: Day; to: Day }, patron: PatronSaint | null): Holiday[] {
  const years = [Number(from.slice(0, 4)), Number(to.slice(0, 4))]
  const all = [...new Set(years)].flatMap((year) => [...nationalHolidays(year), ...patronIn(year, patron)])
  return eachDayOnce(all.filter(({ day }) => from <= day && day <= to))
}

/** Days in their order; the first reason that a day was given stays. */
export function eachDayOnce(holidays: readonly Holiday[]): Holiday[] {
  const reasons = new Map<Day, string>()
  for (const { day, reason } of holidays) if (!reasons.has(day)) reasons.set(day, reason)
  return [...reasons].map(([day, reason]) => ({ day, reason })).sort((a, b) => a.day.localeCompare(b.day))
}

/** Some days in a row with one reason. */
export type ClosedSpan = { from: Day; to: Day; reason: string }

export const daysOfSpans = (spans: readonly ClosedSpan[]): Holiday[] =>
  spans.flatMap(({ from, to, reason }) => daysBetween(from, to).map((day) => ({ day, reason })))
