import { type Day, longDay, monthOf, shortDay } from '#lib/day.ts'
import type { MealAction } from './states.ts'

const VERBS = { cancel: 'disdetto', restore: 'ripristinato' } as const satisfies Record<MealAction, string>
const MANY = { cancel: 'disdetti', restore: 'ripristinati' } as const satisfies Record<MealAction, string>
/** As many days as fit in a line; the calendar has them all. */
const MOST_NAMED = 6

export type ChangeNotice = { title: string; text: string; path: string; urgent: boolean }

/**
 * What the other adults of a family read after one of them, or the office, changed meals. No name of a child: it goes by
 * e-mail too.
 * @param by who did it, as a name; null for the office
 * @param days of the changed meals, one for each meal
 * @param today a change of today's meal cannot wait for the end of anybody's quiet hours
 */
export function changeNotice(change: {
  action: MealAction
  days: readonly Day[]
  by: string | null
  today: Day
}): ChangeNotice {
  const { action, by, today } = change
  const days = [...new Set(change.days)].sort()
  const [first = today] = days
  const who = by ?? 'L’ufficio della mensa'
  const count = change.days.length
  const named = days
    .slice(0, MOST_NAMED)
    .map((day) => shortDay(day))
    .join(', ')
  const more = days.length > MOST_NAMED ? ` e altri ${days.length - MOST_NAMED} giorni` : ''
  return {
    title: count === 1 ? `Pasto ${VERBS[action]}: ${longDay(first)}` : `${count} pasti ${MANY[action]}`,
    text:
      count === 1
        ? `${who} ha ${VERBS[action]} il pasto di ${longDay(first)}.`
        : `${who} ha ${VERBS[action]} ${count} pasti: ${named}${more}.`,
    path: `/prenotazioni?mese=${monthOf(first)}`,
    urgent: days.includes(today),
  }
}
