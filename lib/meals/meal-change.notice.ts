import { type Day, monthOf } from '#lib/kernel/day.ts'
import type { Said, Told } from '#lib/notifications/notification.ts'
import { longDay, shortDay } from '#lib/words/format-day.ts'
import { phrase, plural, type Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { type Contact, contactInWords } from './meal-contact.ts'
import type { MealAction } from './meal-state.ts'

const WORDS = {
  cancel: {
    one: phrase('Pasto disdetto: {day}'),
    many: plural('{n} pasto disdetto', '{n} pasti disdetti'),
    byParent: phrase('{who} ha disdetto il pasto di {day}.'),
    byOffice: phrase('L’ufficio della mensa ha disdetto il pasto di {day}.'),
    asked: phrase('L’ufficio della mensa, {how}, ha disdetto il pasto di {day}.'),
    manyByParent: plural('{who} ha disdetto {n} pasto: {days}.', '{who} ha disdetto {n} pasti: {days}.'),
    manyByOffice: plural(
      'L’ufficio della mensa ha disdetto {n} pasto: {days}.',
      'L’ufficio della mensa ha disdetto {n} pasti: {days}.',
    ),
    manyAsked: plural(
      'L’ufficio della mensa, {how}, ha disdetto {n} pasto: {days}.',
      'L’ufficio della mensa, {how}, ha disdetto {n} pasti: {days}.',
    ),
  },
  restore: {
    one: phrase('Pasto ripristinato: {day}'),
    many: plural('{n} pasto ripristinato', '{n} pasti ripristinati'),
    byParent: phrase('{who} ha ripristinato il pasto di {day}.'),
    byOffice: phrase('L’ufficio della mensa ha ripristinato il pasto di {day}.'),
    asked: phrase('L’ufficio della mensa, {how}, ha ripristinato il pasto di {day}.'),
    manyByParent: plural(
      '{who} ha ripristinato {n} pasto: {days}.',
      '{who} ha ripristinato {n} pasti: {days}.',
    ),
    manyByOffice: plural(
      'L’ufficio della mensa ha ripristinato {n} pasto: {days}.',
      'L’ufficio della mensa ha ripristinato {n} pasti: {days}.',
    ),
    manyAsked: plural(
      'L’ufficio della mensa, {how}, ha ripristinato {n} pasto: {days}.',
      'L’ufficio della mensa, {how}, ha ripristinato {n} pasti: {days}.',
    ),
  },
} as const satisfies Record<MealAction, object>

/** As many days as fit in a line; the calendar has them all. */
const MOST_NAMED = 6

function daysInWords(days: readonly Day[], t: Words): string {
  const named = inARow(
    days.slice(0, MOST_NAMED).map((day) => shortDay(day, t.language)),
    t,
  )
  const more = days.length - MOST_NAMED
  if (more <= 0) return named
  return t(plural('{days} e un altro giorno', '{days} e altri {n} giorni'), { days: named, n: more })
}

/**
 * What the other adults of a family read after one of them, or the office, changed meals. No name of a child: it goes by
 * e-mail too.
 * @param by who did it, as a name; null for the office
 * @param contact how the family asked the office, where it is known
 * @param days of the changed meals, one for each meal
 * @param today a change of today's meal does not wait for the end of quiet hours
 */
export function changeNotice(change: {
  action: MealAction
  days: readonly Day[]
  by: string | null
  contact: Contact | null
  today: Day
}): Pick<Told, 'say' | 'path' | 'urgent'> {
  const { action, by, contact, today } = change
  const days = [...new Set(change.days)].sort()
  const [first = today] = days
  const n = change.days.length
  const words = WORDS[action]
  const ofOffice = contact
    ? { one: words.asked, many: words.manyAsked }
    : { one: words.byOffice, many: words.manyByOffice }
  const author = by ? { one: words.byParent, many: words.manyByParent } : ofOffice
  const say = (t: Words): Said => {
    const values = {
      who: by ?? '',
      how: contactInWords(contact, t),
      n,
      day: longDay(first, t.language),
      days: daysInWords(days, t),
    }
    return n === 1
      ? { title: t(words.one, values), text: t(author.one, values) }
      : { title: t(words.many, values), text: t(author.many, values) }
  }
  return { say, path: `/prenotazioni?mese=${monthOf(first)}`, urgent: days.includes(today) }
}
