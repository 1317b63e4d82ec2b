import { type Day, longDay, monthOf } from '#lib/day.ts'
import type { SuspensionKind } from './suspension.ts'

const KINDS = {
  strike: 'sciopero',
  closure: 'chiusura',
  trip: 'uscita didattica',
} as const satisfies Record<SuspensionKind, string>

/**
 * What families read when a day is taken off the calendar.
 * @param schools names of the schools that it is about
 * @param isRefunded the meals had been charged already, and are given back
 */
export function dayOffNotice(asked: {
  day: Day
  kind: SuspensionKind
  reason: string
  schools: readonly string[]
  isRefunded: boolean
}): { title: string; text: string; path: string } {
  const { day, kind, reason, schools, isRefunded } = asked
  return {
    title: `Niente mensa ${longDay(day)}: ${KINDS[kind]}`,
    text: `${reason.trim().replace(/\.*$/, '')}.
Riguarda: ${schools.join(', ')}.

Non devi disdire e ${isRefunded ? 'i pasti già addebitati tornano sul tuo saldo' : 'il pasto non si paga'}.`,
    path: `/prenotazioni?mese=${monthOf(day)}`,
  }
}
