import { italian, plural, type Words } from './language.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

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
  if (days > 0) return t(plural('manca {n} giorno', 'mancano {n} giorni'), { n: days })
  const hours = Math.floor(millis / HOUR)
  const minutes = Math.floor((millis % HOUR) / MINUTE)
  if (hours === 0) return t(plural('manca {n} minuto', 'mancano {n} minuti'), { n: minutes })
  if (minutes === 0) return t(plural('manca {n} ora', 'mancano {n} ore'), { n: hours })
  return t(plural('mancano {n} ora e {minutes}', 'mancano {n} ore e {minutes}'), {
    n: hours,
    minutes: t(plural('{n} minuto', '{n} minuti'), { n: minutes }),
  })
}
