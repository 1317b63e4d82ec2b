import type { Day } from '#lib/kernel/day.ts'
import type { CountState } from '#lib/kitchen/count-matrix.ts'
import { longDay } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import type { DayInShort, OfficeDays } from './office-day.ts'

const STATES: Readonly<Record<CountState, string>> = {
  none: '',
  suspended: 'Mensa sospesa in tutte le scuole.',
  provisional: 'Le famiglie possono ancora cambiare.',
  definitive: 'I numeri sono definitivi.',
}

/** Whether the numbers of a day may still move. */
export const dayStateInWords = ({ state }: Pick<DayInShort, 'state'>): string => STATES[state]

/** "In 4 scuole, 12 assenti, 5 diete, 1 con rischio di reazione grave" */
export function dayFiguresInWords({ schools, absent, special, undecided, severe }: DayInShort): string {
  const parts = [
    italian(plural('in {n} scuola', 'in {n} scuole'), { n: schools }),
    italian(plural('{n} assente', '{n} assenti'), { n: absent }),
    special > 0 && italian(plural('{n} dieta', '{n} diete'), { n: special }),
    undecided > 0 && italian(plural('{n} dieta da definire', '{n} diete da definire'), { n: undecided }),
    severe > 0 &&
      italian(plural('{n} con rischio di reazione grave', '{n} con rischio di reazione grave'), {
        n: severe,
      }),
  ].filter((part) => part !== false)
  const said = listInWords(parts, 'it')
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
}

/** The head of a day: today's, or the name of the next one with meals. */
export const dayTitle = (day: Day, today: Day): string =>
  day === today ? `Oggi, ${longDay(day)}` : `Prossimo giorno di mensa: ${longDay(day)}`

/** What *Oggi* says where today has no meals; empty where it has some. */
export function noMealsToday({ today, days }: Pick<OfficeDays, 'today' | 'days'>): string {
  const [next] = days
  if (!next) return 'Oggi non c’è mensa, e nel calendario non c’è un altro giorno con i pasti.'
  return next.day === today ? '' : `Oggi, ${longDay(today)}, non c’è mensa.`
}
