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

/** A day that was taken from the calendar, and is there after all. */
type Returned = { day: Day; reason: string; schools: readonly string[] }

const aboutReturned = ({ reason, schools }: Returned, t: Words): string =>
  t('{reason}.\nRiguarda: {schools}.', {
    reason: written(trimEndOf(reason.trim(), '.')),
    schools: written(schools.join(', ')),
  })

/** What families read when a day that was counted and given back is taken up again. */
export function takenUpNotice(returned: Returned, t: Words): Said {
  const meal = t(
    'Il pasto che avevamo contato vale ancora: se te l’avevamo restituito, è di nuovo addebitato. Se quel giorno tuo figlio non ha mangiato, scrivilo all’ufficio: ti restituiamo il pasto.',
  )
  return {
    title: t('La mensa c’è {day}', { day: longDay(returned.day, t.language) }),
    text: `${aboutReturned(returned, t)}\n\n${meal}`,
  }
}

/** What families read when a day that was taken from the calendar comes back, and they can still cancel. */
export function reopeningNotice(returned: Returned, t: Words): Said {
  const about = aboutReturned(returned, t)
  const meal = t(
    'Il pasto è previsto e si paga, se non l’avevi già disdetto. Puoi disdirlo entro il termine.',
  )
  return {
    title: t('La mensa c’è {day}', { day: longDay(returned.day, t.language) }),
    text: `${about}\n\n${meal}`,
  }
}
