import type { Day } from '#lib/kernel/day.ts'
import { trimEndOf } from '#lib/kernel/trim.ts'
import type { Said } from '#lib/notifications/notification.ts'
import { longDay } from '#lib/words/format-day.ts'
import { phrase, type Words } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import type { ClosureKind } from './closure.ts'

const TITLES = {
  strike: phrase('Niente mensa {day}: sciopero'),
  closure: phrase('Niente mensa {day}: chiusura'),
  trip: phrase('Niente mensa {day}: uscita didattica'),
} as const satisfies Record<ClosureKind, string>

/**
 * `schools`: names of the schools that it is about. `isRefunded`: the meals had been charged already, and are given back.
 */
type AnnouncedClosure = {
  day: Day
  kind: ClosureKind
  reason: string
  schools: readonly string[]
  isRefunded: boolean
}

/** What families read when a day is taken from the calendar. */
export function closureNotice({ day, kind, reason, schools, isRefunded }: AnnouncedClosure, t: Words): Said {
  const about = t('{reason}.\nRiguarda: {schools}.', {
    reason: written(trimEndOf(reason.trim(), '.')),
    schools: written(schools.join(', ')),
  })
  const cost = t(
    isRefunded
      ? 'Non devi disdire e i pasti già addebitati tornano sul tuo saldo.'
      : 'Non devi disdire e il pasto non si paga.',
  )
  return { title: t(TITLES[kind], { day: longDay(day, t.language) }), text: `${about}\n\n${cost}` }
}

/** What families read when a day that was taken from the calendar comes back. */
export function reopeningNotice(
  { day, reason, schools }: { day: Day; reason: string; schools: readonly string[] },
  t: Words,
): Said {
  const about = t('{reason}.\nRiguarda: {schools}.', {
    reason: written(trimEndOf(reason.trim(), '.')),
    schools: written(schools.join(', ')),
  })
  const meal = t(
    'Il pasto è previsto e si paga, se non l’avevi già disdetto. Puoi disdirlo entro il termine.',
  )
  return { title: t('La mensa c’è {day}', { day: longDay(day, t.language) }), text: `${about}\n\n${meal}` }
}
