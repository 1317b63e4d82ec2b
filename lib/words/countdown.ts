import { italian, type Words } from './language.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const hoursInWords = (n: number, t: Words) => (n > 0 ? t(n === 1 ? '{n} ora' : '{n} ore', { n }) : '')
const minutesInWords = (n: number, t: Words) => (n > 0 ? t(n === 1 ? '{n} minuto' : '{n} minuti', { n }) : '')

/**
 * How long is left, as it is said: "mancano 2 ore e 5 minuti", "manca 1 minuto", "manca meno di un minuto".
 * Minutes are rounded down, so it never promises time that is not there. Beyond a day it counts days.
 * @param millis milliseconds left
 * @returns null when nothing is left
 */
export function timeLeftInWords(millis: number, t: Words = italian): string | null {
  if (millis <= 0) return null
  if (millis < MINUTE) return t('manca meno di un minuto')
  const days = Math.floor(millis / (24 * HOUR))
  if (days > 0) return t(days === 1 ? 'manca {n} giorno' : 'mancano {n} giorni', { n: days })
  const hours = Math.floor(millis / HOUR)
  const minutes = Math.floor((millis % HOUR) / MINUTE)
  const parts = [hoursInWords(hours, t), minutesInWords(minutes, t)].filter(Boolean)
  const time =
    parts.length > 1
      ? t('{hours} e {minutes}', { hours: parts[0] ?? '', minutes: parts[1] ?? '' })
      : (parts[0] ?? '')
  return t(hours + minutes === 1 ? 'manca {time}' : 'mancano {time}', { time })
}
