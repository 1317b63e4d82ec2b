import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { type EnrolmentPlan, type EnrolmentStretch, endAfter } from '#lib/school/enrolment.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'

/** The last day of a pupil in a service, earlier or later than it is now. */
export type AskedLastDay = { pupilId: string; serviceId: string; last: Day }

export type EndFacts = {
  pupilName: string
  serviceName: string
  enrolments: readonly EnrolmentStretch[]
  /** The first day that no kitchen has counted, in the schools of the enrolments. */
  firstDay: Day
  /** The last day of the service in the school of the last enrolment. */
  lastOfService: Day
  /** Open days with a meal of this pupil, from `firstDay` on, and whether it is cancelled. */
  meals: readonly { day: Day; isCancelled: boolean }[]
  balanceCents: Cents | null
  /** Other pupils of the household who stay in the service to the end of its year. */
  othersEnrolled: number
}

/** `back`: the last day as it was, to which the way back leads; null where it does not restore everything. */
export type LastDayPlan = { plan: EnrolmentPlan; lines: readonly string[]; back: Day | null }

/** What another last day would do, or why it cannot be. The same facts and the same form give the same plan. */
export function planLastDay({ last }: AskedLastDay, facts: EndFacts): Result<LastDayPlan> {
  const { enrolments, firstDay, lastOfService } = facts
  const latest = enrolments.toSorted((a, b) => b.to.localeCompare(a.to))[0]
  if (!latest || last === latest.to) return refused('enrolments:nothing')
  if (addDays(last, 1) < firstDay)
    return refusedField('last', 'enrolments:too-early', { first: addDays(firstDay, -1) })
  if (last < latest.to) {
    const plan = endAfter(enrolments, last)
    if (!plan) return refused('enrolments:nothing')
    return ok({ plan, lines: endLines(last, facts), back: plan.drop.length === 0 ? latest.to : null })
  }
  if (addDays(latest.to, 1) < firstDay) return refused('enrolments:already-left', { last: latest.to })
  if (last > lastOfService) return refusedField('last', 'enrolments:after-end', { last: lastOfService })
  return ok({
    plan: { end: [{ id: latest.id, to: last }], drop: [], rediet: [], enrol: [] },
    back: latest.to,
    lines: [
      dated`L’ultimo giorno di ${facts.serviceName} di ${facts.pupilName} non è più il ${longDate(latest.to)}: è il ${longDate(last)}.`,
      'Fino ad allora ogni giorno di mensa è presente, salvo disdetta, nella classe e con la dieta di adesso.',
      TOLD,
    ],
  })
}

const TOLD = 'Chi può vedere questo alunno riceve un messaggio.'

function endLines(last: Day, { pupilName, serviceName, meals, ...facts }: EndFacts): string[] {
  const after = meals.filter(({ day }) => day > last)
  const booked = after.filter(({ isCancelled }) => !isCancelled).length
  const cancelled = after.filter(({ isCancelled }) => isCancelled).map(({ day }) => longDate(day))
  return [
    dated`L’ultimo giorno di ${serviceName} di ${pupilName} è il ${longDate(last)}.`,
    booked === 0
      ? 'Dopo quel giorno non c’era nessun pasto previsto.'
      : `Dal giorno dopo non è più nei conteggi e non si addebita niente: ${booked === 1 ? 'un pasto previsto' : `${booked} pasti previsti`} in meno.`,
    ...(cancelled.length > 0 ? [`Disdette che non servono più: ${cancelled.join(', ')}.`] : []),
    ...balanceLines(facts),
    TOLD,
  ]
}

/** What is left on the account is not decided here. */
function balanceLines({
  balanceCents,
  othersEnrolled,
}: Pick<EndFacts, 'balanceCents' | 'othersEnrolled'>): string[] {
  if (balanceCents === null || othersEnrolled > 0) return []
  const sum = formatEuro(Math.abs(balanceCents), 'it')
  if (balanceCents > 0)
    return [
      `È l’ultimo alunno iscritto della famiglia: restano ${sum} sul saldo, rimborso da decidere. Lo trovi in Rimborsi.`,
    ]
  return balanceCents < 0
    ? [`È l’ultimo alunno iscritto della famiglia: restano ${sum} da pagare.`]
    : ['È l’ultimo alunno iscritto della famiglia: il saldo è a zero.']
}
