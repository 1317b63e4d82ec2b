import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import { isInHand, type WorkTake } from './work-take.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "da 3 ore": how long something has waited, in its largest unit. */
export function ageInWords(since: Date, now: Date): string {
  const millis = Math.max(0, now.getTime() - since.getTime())
  if (millis < MINUTE) return 'da meno di un minuto'
  if (millis < HOUR)
    return italian(plural('da {n} minuto', 'da {n} minuti'), { n: Math.floor(millis / MINUTE) })
  if (millis < DAY) return italian(plural('da {n} ora', 'da {n} ore'), { n: Math.floor(millis / HOUR) })
  return italian(plural('da {n} giorno', 'da {n} giorni'), { n: Math.floor(millis / DAY) })
}

/** "Preso in carico da Anna Neri, da 10 minuti"; empty where no colleague has it. */
export function takeInWords(take: WorkTake | null, now: Date): string {
  if (!take) return ''
  if (isInHand(take)) return `Preso in carico da ${take.takenBy}, ${ageInWords(take.takenAt, now)}`
  if (!take.isDone || !take.endedAt) return ''
  return dated`Fatto, ha scritto ${take.endedBy ?? ''} il ${instantInWords(take.endedAt)}: ma ne aspetta ancora`
}
