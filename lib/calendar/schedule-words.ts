import type { Weekday } from '../day.ts'

const NAMES: Record<Weekday, string> = {
  1: 'lunedì',
  2: 'martedì',
  3: 'mercoledì',
  4: 'giovedì',
  5: 'venerdì',
  6: 'sabato',
  7: 'domenica',
}

const CONSECUTIVE_AT_LEAST = 3

/**
 * The days of a service as they are said: [2,3,4,5] → "da martedì a venerdì", [1,3] → "lunedì e mercoledì".
 * @param weekdays ISO weekdays, at least one, in any order
 */
export function weekdaysInWords(weekdays: readonly number[]): string {
  const days = [...new Set(weekdays)].sort((a, b) => a - b) as Weekday[]
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) throw new Error('a schedule has at least one weekday')
  const consecutive = last - first === days.length - 1
  if (consecutive && days.length >= CONSECUTIVE_AT_LEAST) return `da ${NAMES[first]} a ${NAMES[last]}`
  const names = days.map((day) => NAMES[day])
  return names.length === 1 ? (names[0] as string) : `${names.slice(0, -1).join(', ')} e ${names.at(-1)}`
}

/** A wall-clock time as it is said: "09:30:00" → "9:30". */
export function timeInWords(time: string): string {
  return `${Number(time.slice(0, 2))}:${time.slice(3, 5)}`
}

/** Until when a meal can be cancelled: "le 9:30 del giorno stesso", "le 15:00 del giorno prima", "le 12:00 di 3 giorni prima". */
export function cutoffInWords(time: string, daysBefore: number): string {
  const hour = timeInWords(time)
  const article = hour.startsWith('1:') ? 'l’' : 'le '
  if (daysBefore === 0) return `${article}${hour} del giorno stesso`
  if (daysBefore === 1) return `${article}${hour} del giorno prima`
  return `${article}${hour} di ${daysBefore} giorni prima`
}
