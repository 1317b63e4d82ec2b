import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { italian, type Words } from '#lib/words/language.ts'

/** "dal 7 gennaio 2027", "dall’8 gennaio 2027", "from 7 January 2027" */
export const fromDay = (day: Day, t: Words = italian): string =>
  t('dal {day}', { day: longDate(day, t.language) })

/** "al 31 agosto 2027", "all’8 gennaio 2027" */
export const toDay = (day: Day, t: Words = italian): string =>
  t('al {day}', { day: longDate(day, t.language) })

/** "Dal 7 gennaio 2027", at the beginning of a sentence */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** "gratuito" where a meal costs nothing. */
export const priceInWords = (cents: Cents, t: Words = italian): string =>
  cents === 0 ? t('gratuito') : formatEuro(cents, t.language)
