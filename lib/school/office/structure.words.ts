import type { Day } from '#lib/kernel/day.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'

/** What ending a school does. */
export const schoolEndInWords = (name: string, to: Day, openDays: number): string[] => [
  dated`${name} ha la mensa fino al ${longDayWithYear(to)} compreso; poi nessuno vi si iscrive più.`,
  openDays === 0
    ? 'Dopo non ci sono giorni di servizio da togliere.'
    : openDays === 1
      ? 'Un giorno già previsto perde la mensa.'
      : `${openDays} giorni già previsti perdono la mensa.`,
  'Conteggi, addebiti e fatture di prima restano come sono.',
]

/** What ending a class does. */
export const classEndInWords = (name: string, to: Day): string[] => [
  dated`Dopo il ${longDayWithYear(to)} nessuno si iscrive più in ${name}.`,
  'Chi c’è stato resta nella storia: conteggi e addebiti non cambiano.',
]
