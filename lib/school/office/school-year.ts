import { addDays, type Day, parseDay, type Weekday } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import {
  type ClosedSpan,
  daysOfSpans,
  eachDayOnce,
  type Holiday,
  holidaysBetween,
  type PatronSaint,
} from '../holidays.ts'
import { type PlannedDay, plannedDays } from '../school-year.ts'

type Place = { serviceId: string; schoolId: string }

/** What a new school year is made from: the latest one, and the calendar. */
export type YearFacts = {
  today: Day
  now: Date
  serviceIds: string[]
  years: { id: string; name: string; startsOn: Day; endsOn: Day }[]
  patron: PatronSaint | null
  region: string
  /** Null for a region whose closures are not known. */
  regionalOf: (year: number) => ClosedSpan[] | null
  weeks: (Place & {
    weekdays: Weekday[]
    cutoffTime: string
    cutoffDaysBefore: number
    graceSeconds: number
  })[]
  classes: { schoolId: string; name: string }[]
}

export type AskedYear = Record<'startsOn' | 'endsOn' | 'serviceFrom' | 'serviceTo', string>

export type YearPlan = {
  name: string
  startsOn: Day
  endsOn: Day
  serviceFrom: Day
  serviceTo: Day
  holidays: Holiday[]
  weeks: { week: YearFacts['weeks'][number]; days: PlannedDay[] }[]
  classes: YearFacts['classes']
  lines: string[]
}

/** A school year is no longer than thirteen months. */
export const LONGEST_YEAR_DAYS = 400

type Days = Record<keyof AskedYear, Day>

function daysIn(asked: AskedYear): Result<Days> {
  const read = Object.entries(asked).map(([field, text]) => [field, parseDay(text)] as const)
  const wrong = read.find(([, day]) => day === null)
  return wrong ? refusedField(wrong[0], 'structure:choose-day') : ok(Object.fromEntries(read) as Days)
}

function checkDays(
  { startsOn, endsOn, serviceFrom, serviceTo }: Days,
  { years, today }: YearFacts,
): Result<null> {
  if (endsOn <= startsOn || endsOn > addDays(startsOn, LONGEST_YEAR_DAYS))
    return refusedField('endsOn', 'structure:year-order')
  if (endsOn < today) return refusedField('endsOn', 'town:day-past')
  const other = years.find((year) => startsOn <= year.endsOn && endsOn >= year.startsOn)
  if (other) return refusedField('startsOn', 'structure:years-overlap', { name: other.name })
  const within = { from: startsOn, to: endsOn }
  if (serviceFrom < startsOn || serviceFrom > endsOn)
    return refusedField('serviceFrom', 'structure:outside-year', within)
  if (serviceTo < serviceFrom || serviceTo > endsOn)
    return refusedField('serviceTo', 'structure:outside-year', within)
  return ok(null)
}

/** A new school year with the schools' last weeks and classes, the national holidays and what the region closes. */
export function planYear(asked: AskedYear, facts: YearFacts): Result<YearPlan> {
  const days = daysIn(asked)
  if (!days.ok) return days
  const right = checkDays(days.value, facts)
  if (!right.ok) return right
  const { startsOn, endsOn, serviceFrom, serviceTo } = days.value
  const first = Number(startsOn.slice(0, 4))
  const name = `${first}/${first + 1}`
  const twin = facts.years.find((year) => year.name === name)
  if (twin) return refusedField('startsOn', 'structure:years-overlap', { name })
  const regional = facts.regionalOf(first)
  const holidays = eachDayOnce([
    ...daysOfSpans(regional ?? []),
    ...holidaysBetween({ from: startsOn, to: endsOn }, facts.patron),
  ]).filter(({ day }) => startsOn <= day && day <= endsOn)
  const closed = new Set(holidays.map(({ day }) => day))
  const weeks = facts.weeks.map((week) => ({
    week,
    days: plannedDays({ ...week, startsOn: serviceFrom, endsOn: serviceTo }, closed).filter(
      ({ cutoffAt }) => cutoffAt > facts.now,
    ),
  }))
  const plan = { name, ...days.value, holidays, weeks, classes: facts.classes }
  return ok({ ...plan, lines: yearInWords(plan, facts, regional !== null) })
}

const yearInWords = (
  { name, startsOn, endsOn, serviceFrom, serviceTo, holidays, weeks, classes }: Omit<YearPlan, 'lines'>,
  { patron, region, years }: YearFacts,
  isRegionKnown: boolean,
): string[] => [
  dated`Nasce l’anno ${name}, dal ${numericDay(startsOn)} al ${numericDay(endsOn)}; la mensa dal ${longDayWithYear(serviceFrom)} al ${longDayWithYear(serviceTo)}.`,
  `${holidays.length} giorni di festa o chiusura${patron ? `, con il patrono (${patron.name})` : ''}.`,
  isRegionKnown
    ? `Le chiusure del ${region} sono quelle di ogni anno: confrontale con la delibera, e correggi qui sotto.`
    : `Di ${region} non conosco le chiusure: aggiungile qui sotto.`,
  weeks.length === 0
    ? 'Nessuna scuola ha una settimana da ripetere: si decide scuola per scuola.'
    : `Le scuole tengono giorni e termine dell’anno ${years[0]?.name ?? 'prima'}: ${weeks.reduce((sum, { days }) => sum + days.length, 0)} giorni di servizio, sommandole.`,
  classes.length === 0
    ? 'Nessuna classe da ripetere.'
    : `Le ${classes.length} classi si ripetono con gli stessi nomi, vuote: nessun alunno cambia classe.`,
]

/** A span of days that close, from the first day that no kitchen has counted on. */
export function planHoliday(
  asked: { from: string; to: string },
  { year, firstDay }: { year: { startsOn: Day; endsOn: Day }; firstDay: Day },
): Result<{ from: Day; to: Day }> {
  const from = parseDay(asked.from)
  const to = parseDay(asked.to || asked.from)
  if (!from) return refusedField('from', 'structure:choose-day')
  if (!to || to < from) return refusedField('to', 'structure:choose-day')
  if (from < firstDay) return refusedField('from', 'structure:too-early', { first: firstDay })
  const within = { from: year.startsOn, to: year.endsOn }
  if (from < within.from || to > within.to) return refused('structure:outside-year', within)
  return ok({ from, to })
}
