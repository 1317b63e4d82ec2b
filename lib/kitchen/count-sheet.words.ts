import { longDay } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import {
  type CountSheet,
  type MealsDifference,
  type SchoolDifference,
  sheetDifferences,
} from './count-sheet.ts'

/** "12 pasti" */
export const mealsInWords = (meals: number): string => italian(plural('{n} pasto', '{n} pasti'), { n: meals })

/** "+3", "−2" */
const withSign = (difference: number): string => `${difference > 0 ? '+' : '−'}${Math.abs(difference)}`

/** "3A, D01: da 2 a 1 (−1)" */
const lineInWords = ({ className, dietCode, from, to }: MealsDifference): string =>
  `${className === undefined ? '' : `${className}, `}${dietCode}: da ${from} a ${to} (${withSign(to - from)})`

/** What is other in a school, its headline first. */
function differenceInWords(difference: SchoolDifference): { head: string; lines: string[] } {
  const { kind, schoolName, serviceName, reason, from, to, usualDay, lines } = difference
  const place = `${schoolName}, ${serviceName}`
  const why = reason ? `. Motivo: ${reason}` : ''
  const total = from === to ? mealsInWords(to) : `da ${from} a ${mealsInWords(to)} (${withSign(to - from)})`
  if (kind === 'added') return { head: `${place}: si aggiunge, ${mealsInWords(to)}${why}`, lines: [] }
  if (kind === 'changed')
    return {
      head: `${place}: ${to === 0 ? 'MENSA SOSPESA, ' : ''}${total}${why}`,
      lines: lines.map(lineInWords),
    }
  return { head: `${place}, rispetto a ${longDay(usualDay ?? '')}: ${total}`, lines: lines.map(lineInWords) }
}

/** What stands above the differences. */
export const differencesTitle = ({ number }: Pick<CountSheet, 'number'>): string =>
  number === 1
    ? 'Che cosa è diverso dall’ultima volta nello stesso giorno della settimana'
    : 'Che cosa cambia dal foglio di prima'

/** What is said where nothing is other. */
export const noDifferences = ({ number }: Pick<CountSheet, 'number'>): string =>
  number === 1
    ? 'Niente da segnalare, o non c’è un giorno con cui fare il confronto.'
    : 'I pasti sono gli stessi del foglio di prima.'

/** Every difference of a sheet, in words. */
export const differencesInWords = (sheet: CountSheet): { head: string; lines: string[] }[] =>
  sheetDifferences(sheet).map(differenceInWords)

/** "conteggio-2026-11-24-foglio-2" */
export const sheetFileName = ({ day, number }: Pick<CountSheet, 'day' | 'number'>): string =>
  `conteggio-${day}-foglio-${number}`
