import type { Day, Weekday } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { eatsOn } from '#lib/meals/cutoff.ts'
import {
  type EnrolmentPlan,
  type EnrolmentStretch,
  eatOn,
  isSameWeek,
  type OwnWeekdays,
  weekWithin,
} from '#lib/school/enrolment.ts'
import { ownWeekdaysInWords, weekdaysInWords } from '#lib/school/schedule.words.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'

/** Other weekdays of a pupil in a service, from a day on. */
export type AskedWeekdays = { pupilId: string; serviceId: string; from: Day; weekdays: OwnWeekdays }

export type WeekdaysFacts = {
  pupilName: string
  serviceName: string
  enrolments: readonly EnrolmentStretch[]
  /** The first day that no kitchen has counted, in the schools of the enrolments. */
  firstDay: Day
  /** Those of the last school for the service. */
  schoolWeek: readonly Weekday[]
  /** Open days of the pupil's schools from `firstDay` on: whether a cancellation stands, and what a meal costs. */
  days: readonly { day: Day; isCancelled: boolean; cents: Cents | null }[]
}

/** `back`: the weekdays as they were, to which the way back leads; null where there were several. */
export type WeekdaysPlan = {
  plan: EnrolmentPlan
  lines: readonly string[]
  before: string
  after: string
  back: string | null
}

const ALL = 'all'

/** Weekdays as the register keeps them for the way back, and as `weekdaysOfKey` reads them: "1,3,5", "all". */
export const keyOfWeekdays = (weekdays: OwnWeekdays): string => weekdays?.join() ?? ALL

export const weekdaysOfKey = (key: string): OwnWeekdays =>
  key === ALL ? null : (key.split(',').map(Number) as Weekday[])

/** What other weekdays would do, or why they cannot be. The same facts and the same form give the same plan. */
export function planWeekdays(asked: AskedWeekdays, facts: WeekdaysFacts): Result<WeekdaysPlan> {
  const { enrolments, firstDay, schoolWeek } = facts
  if (asked.from < firstDay) return refusedField('from', 'enrolments:too-early', { first: firstDay })
  const weekdays = weekWithin(asked.weekdays, schoolWeek)
  if (weekdays === undefined)
    return refusedField('weekdays', 'enrolments:no-weekday', { weekdays: weekdaysInWords(schoolWeek) })
  const eats = eatOn(enrolments, weekdays, asked.from)
  if (!eats) return refusedField('from', 'enrolments:not-enrolled-then')
  const { changed, plan } = eats
  const [first, ...others] = changed
  if (!first) return refused('enrolments:nothing')
  const before = [...new Set(changed.map((one) => ownWeekdaysInWords(one.weekdays)))].join(', poi ')
  const after = ownWeekdaysInWords(weekdays)
  return ok({
    ...{ plan, before, after },
    back: others.every((one) => isSameWeek(one.weekdays, first.weekdays))
      ? keyOfWeekdays(first.weekdays)
      : null,
    lines: [
      dated`Dal ${longDate(asked.from)} ${facts.pupilName} mangia a ${facts.serviceName} in questi giorni: ${after}. Prima: ${before}.`,
      ...effectLines(facts, changed, weekdays, asked.from),
      'Chi può vedere questo alunno riceve un messaggio.',
    ],
  })
}

type Days = WeekdaysFacts['days']

/** Meals that fall or come, in number and money, and every booked cancellation on a day that moves. */
function effectLines(
  { days }: WeekdaysFacts,
  changed: readonly EnrolmentStretch[],
  weekdays: OwnWeekdays,
  from: Day,
): string[] {
  const moving = days.flatMap((one) => {
    const enrolled = changed.find((stretch) => stretch.from <= one.day && one.day <= stretch.to)
    return one.day >= from && enrolled ? [{ ...one, eats: eatsOn(enrolled.weekdays, one.day) }] : []
  })
  const falling = moving.filter(({ day, eats }) => eats && !eatsOn(weekdays, day))
  const coming = moving.filter(({ day, eats }) => !eats && eatsOn(weekdays, day))
  return [
    mealsInWords(falling, 'in meno'),
    mealsInWords(coming, 'in più'),
    cancelledInWords(falling, 'Disdette che non servono più, e che valgono di nuovo se torna a quei giorni'),
    cancelledInWords(coming, 'Restano disdetti'),
  ].filter(Boolean)
}

function mealsInWords(days: Days, more: 'in più' | 'in meno'): string {
  const booked = days.filter(({ isCancelled }) => !isCancelled)
  const last = booked.at(-1)
  if (!last) return ''
  const cents = booked.reduce((sum, one) => sum + (one.cents ?? 0), 0)
  const meals = booked.length === 1 ? 'un pasto previsto' : `${booked.length} pasti previsti`
  return dated`Nei conteggi e negli addebiti fino al ${longDate(last.day)}: ${meals} ${more}, ${formatEuro(cents, 'it')} ${more} ai prezzi decisi finora.`
}

const cancelledInWords = (days: Days, what: string): string => {
  const cancelled = days.filter(({ isCancelled }) => isCancelled).map(({ day }) => longDate(day))
  return cancelled.length > 0 ? `${what}: ${cancelled.join(', ')}.` : ''
}
