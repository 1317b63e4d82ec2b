const MINUTE = 60_000
const HOUR = 60 * MINUTE

const plural = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`)

/**
 * How long is left, as it is said: "mancano 2 ore e 5 minuti", "manca 1 minuto", "manca meno di un minuto".
 * Minutes are rounded down, so it never promises time that is not there. Beyond a day it counts days.
 * @param millis milliseconds left
 * @returns null when nothing is left
 */
export function timeLeftInWords(millis: number): string | null {
  if (millis <= 0) return null
  if (millis < MINUTE) return 'manca meno di un minuto'
  const days = Math.floor(millis / (24 * HOUR))
  if (days > 0) return `${days === 1 ? 'manca' : 'mancano'} ${plural(days, 'giorno', 'giorni')}`
  const hours = Math.floor(millis / HOUR)
  const minutes = Math.floor((millis % HOUR) / MINUTE)
  const words = [
    hours > 0 ? plural(hours, 'ora', 'ore') : '',
    minutes > 0 ? plural(minutes, 'minuto', 'minuti') : '',
  ].filter(Boolean)
  const singular = (hours === 1 && minutes === 0) || (hours === 0 && minutes === 1)
  return `${singular ? 'manca' : 'mancano'} ${words.join(' e ')}`
}
