import { addDays, type Day, firstDayOf, type Month, ROME, type Weekday } from '#lib/kernel/day.ts'
import { italian, type Words } from './language.ts'
import { type Language, LOCALES } from './locales.ts'

const A_MONDAY: Day = '2024-01-01'

const utc = (day: Day): Date => new Date(`${day}T00:00:00Z`)

/** Some languages put it between the numbers of a date, which would turn the date round; elsewhere it stands as a box. */
const DIRECTION_MARK = '\u200f'

/** A formatter for every language, each made at its first use. */
function format(options: Intl.DateTimeFormatOptions, timeZone: string) {
  const made: Partial<Record<Language, Intl.DateTimeFormat>> = {}
  return (date: Date, language: Language): string => {
    made[language] ??= new Intl.DateTimeFormat(LOCALES[language].tag, { ...options, timeZone })
    return made[language].format(date).replaceAll(DIRECTION_MARK, '')
  }
}

const LONG = format({ weekday: 'long', day: 'numeric', month: 'long' }, 'UTC')
const LONG_YEAR = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, 'UTC')
const LONG_DATE = format({ day: 'numeric', month: 'long', year: 'numeric' }, 'UTC')
const NUMERIC = format({ day: '2-digit', month: '2-digit', year: 'numeric' }, 'UTC')
const SHORT = format({ weekday: 'short', day: 'numeric', month: 'short' }, 'UTC')
const WEEKDAY = format({ weekday: 'long' }, 'UTC')
const MONTH_NAME = format({ month: 'long', year: 'numeric' }, 'UTC')
const TIME = format({ hour: 'numeric', minute: '2-digit' }, ROME)
const TIME_SECONDS = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }, ROME)
const INSTANT_DAY = format({ day: '2-digit', month: '2-digit', year: 'numeric' }, ROME)

/** "martedì 24 novembre", "Tuesday 24 November" */
export const longDay = (day: Day, language: Language = 'it'): string => LONG(utc(day), language)
/** "martedì 24 novembre 2026" */
export const longDayWithYear = (day: Day, language: Language = 'it'): string => LONG_YEAR(utc(day), language)
/** "24 novembre 2026" */
export const longDate = (day: Day, language: Language = 'it'): string => LONG_DATE(utc(day), language)
/** "24/11/2026" */
export const numericDay = (day: Day, language: Language = 'it'): string => NUMERIC(utc(day), language)
/** "mar 24 nov" */
export const shortDay = (day: Day, language: Language = 'it'): string => SHORT(utc(day), language)
/** "martedì", "Tuesday" */
export const weekdayName = (weekday: Weekday, language: Language = 'it'): string =>
  WEEKDAY(utc(addDays(A_MONDAY, weekday - 1)), language)
/** Every day's name begins with it in Arabic. */
const ARTICLE = /^ال/

/** "mar", "Tue": the head of a column */
export const weekdayHead = (weekday: Weekday, language: Language = 'it'): string =>
  weekdayName(weekday, language).replace(ARTICLE, '').slice(0, 3)
/** "novembre 2026" */
export const monthName = (month: Month, language: Language = 'it'): string =>
  MONTH_NAME(utc(firstDayOf(month)), language)
/** "9:30", the wall clock in Italy */
export const timeInRome = (instant: Date, language: Language = 'it'): string => TIME(instant, language)
/** "09:30:00", the wall clock in Italy */
export const exactTimeInRome = (instant: Date, language: Language = 'it'): string =>
  TIME_SECONDS(instant, language)
/** "24/11/2026 alle 9:05" */
export const instantInWords = (instant: Date, t: Words = italian): string =>
  t('{day} alle {time}', { day: INSTANT_DAY(instant, t.language), time: timeInRome(instant, t.language) })
