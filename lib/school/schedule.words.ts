import type { Weekday } from '#lib/kernel/day.ts'
import { weekdayName } from '#lib/words/format-day.ts'
import { italian, plural, type Words } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import type { OwnWeekdays } from './enrolment.ts'

const CONSECUTIVE_AT_LEAST = 3

/**
 * The days of a service as they are said: [2,3,4,5] → "da martedì a venerdì", [1,3] → "lunedì e mercoledì".
 * @param weekdays ISO weekdays, at least one, in any order
 */
export function weekdaysInWords(weekdays: readonly number[], t: Words = italian): string {
  const name = (day: Weekday) => weekdayName(day, t.language)
  const days = [...new Set(weekdays)].sort((a, b) => a - b) as Weekday[]
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) throw new Error('a schedule has at least one weekday')
  const consecutive = last - first === days.length - 1
  if (consecutive && days.length >= CONSECUTIVE_AT_LEAST)
    return t('da {first} a {last}', { first: name(first), last: name(last) })
  return listInWords(days.map(name), t.language)
}

/** When a pupil eats: the own weekdays, or every day of the school's week. */
export const ownWeekdaysInWords = (weekdays: OwnWeekdays, t: Words = italian): string =>
  weekdays === null ? t('tutti i giorni di mensa della scuola') : weekdaysInWords(weekdays, t)

/** A wall-clock time as it is said: "09:30:00" → "9:30". */
export function timeInWords(time: string): string {
  return `${Number(time.slice(0, 2))}:${time.slice(3, 5)}`
}

/** Until when a meal can be cancelled: "le 9:30 del giorno stesso", "le 15:00 del giorno prima", "le 12:00 di 3 giorni prima". */
export function scheduledCutoffInWords(time: string, daysBefore: number, t: Words = italian): string {
  const hour = timeInWords(time)
  const at = hour.startsWith('1:') ? t('l’{hour}', { hour }) : t('le {hour}', { hour })
  if (daysBefore === 0) return t('{at} del giorno stesso', { at })
  return t(plural('{at} del giorno prima', '{at} di {n} giorni prima'), { at, n: daysBefore })
}
