import { type Day, dayInRome } from '#lib/kernel/day.ts'
import { longDay, timeInRome } from '#lib/words/format-day.ts'
import { italian, plural, type Words } from '#lib/words/language.ts'

/** The deadline after the words "fino alle": "9:30" on the day itself, "9:30 di lunedì 23 novembre" on an earlier one. */
export function deadlineInWords(day: Day, cutoffAt: Date, t: Words = italian): string {
  const deadlineDay = dayInRome(cutoffAt)
  const time = timeInRome(cutoffAt, t.language)
  return deadlineDay === day ? time : t('{time} di {day}', { time, day: longDay(deadlineDay, t.language) })
}

/** A service's cutoff as a rule: "entro le ore 9:30 del giorno stesso". */
export function cutoffInWords(
  { time, daysBefore: n }: { time: string; daysBefore: number },
  t: Words = italian,
): string {
  if (n === 0) return t('entro le ore {time} del giorno stesso', { time })
  return t(plural('entro le ore {time} del giorno prima', 'entro le ore {time} di {n} giorni prima'), {
    time,
    n,
  })
}
