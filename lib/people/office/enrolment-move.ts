import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import {
  cancellationsOnMove,
  type Destination,
  type EnrolmentPlan,
  type EnrolmentStretch,
  moveToClass,
  type OpenCancellation,
  type OwnWeekdays,
} from '#lib/school/enrolment.ts'
import { weekdaysInWords } from '#lib/school/schedule.words.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'

/** Pupils who go to another class, or to a class of another school, from a day on. */
export type AskedMove = { serviceId: string; classId: string; from: Day; pupilIds: readonly string[] }

export type MovingPupil = {
  id: string
  name: string
  enrolments: readonly (EnrolmentStretch & { where: string })[]
  /** Accepted cancellations of days that are open. */
  cancellations: readonly OpenCancellation[]
}

export type MoveFacts = {
  /** Null: no class of this municipality in which the service is given. `from`, `to`: the days of the service there. */
  destination: (Destination & { schoolName: string; className: string; from: Day }) | null
  /** The first day that no kitchen has counted, in every school that is left or entered. */
  firstDay: Day
  pupils: readonly MovingPupil[]
}

export type MovePlan = {
  /** `back`: the one class that is left, to which the way back leads; null where there are more. `where`, `to`: the classes in words. */
  moves: readonly { pupilId: string; plan: EnrolmentPlan; back: string | null; where: string; to: string }[]
  from: Day
  lines: readonly string[]
}

/** What a move would do, or why it cannot be. The same facts and the same form give the same plan. */
export function planMove(asked: AskedMove, facts: MoveFacts): Result<MovePlan> {
  const { destination, firstDay, pupils } = facts
  if (!destination) return refusedField('classId', 'enrolments:choose-class')
  if (pupils.length === 0) return refusedField('pupils', 'enrolments:choose-pupils')
  if (asked.from < firstDay) return refusedField('from', 'enrolments:too-early', { first: firstDay })
  if (asked.from > destination.to)
    return refusedField('from', 'enrolments:after-end', { last: destination.to })
  const from = [asked.from, destination.from].toSorted()[1] as Day
  const moves: {
    pupil: MovingPupil
    plan: EnrolmentPlan
    where: string
    back: string | null
    weekdays: OwnWeekdays
  }[] = []
  for (const pupil of pupils) {
    const move = moveToClass(pupil.enrolments, destination, from)
    if (!move) return refusedField('pupils', 'enrolments:not-enrolled', { name: pupil.name })
    const { moved, plan } = move
    if (moved.length > 0)
      moves.push({
        pupil,
        plan,
        where: [...new Set(moved.map((one) => one.where))].join(', poi '),
        back: classLeft(moved, destination.to),
        weekdays: moved.at(-1)?.weekdays ?? null,
      })
  }
  if (moves.length === 0) return refused('enrolments:nothing')
  return ok({
    moves: moves.map(({ pupil, plan, back, where }) => ({
      pupilId: pupil.id,
      plan,
      back,
      where,
      to: `${destination.schoolName}, ${destination.className}`,
    })),
    from,
    lines: [
      dated`Dal ${longDate(from)} ${moves.length === 1 ? 'un alunno mangia' : `${moves.length} alunni mangiano`} con ${destination.schoolName}, ${destination.className}. Fino al giorno prima non cambia niente.`,
      ...moves.flatMap(({ pupil, where, weekdays }) => [
        `${pupil.name}: lascia ${where}. Dieta e tariffa restano.`,
        ...(weekdays
          ? [`Anche lì ${pupil.name} mangia solo in questi giorni: ${weekdaysInWords(weekdays)}.`]
          : []),
        ...cancellationLines(pupil, destination, from),
      ]),
      ...stayLines(pupils.length - moves.length),
      'Chi può vedere questi alunni riceve un messaggio.',
    ],
  })
}

/** The class that a pupil leaves with every day that is moved; null where there were more, or where the new school ends earlier. */
function classLeft(moved: readonly EnrolmentStretch[], last: Day): string | null {
  const [first] = moved
  const isWhole = moved.every(({ classId, to }) => classId === first?.classId && to <= last)
  return first && isWhole ? first.classId : null
}

const stayLines = (staying: number): string[] =>
  staying === 0
    ? []
    : [
        staying === 1
          ? 'Un alunno è già in quella classe: resta.'
          : `${staying} alunni sono già in quella classe: restano.`,
      ]

/** Every booked cancellation that a move touches is named. */
function cancellationLines(pupil: MovingPupil, destination: Destination, from: Day): string[] {
  const { going, unneeded } = cancellationsOnMove(pupil.cancellations, destination, from)
  const inWords = (days: readonly Day[]) => days.map((day) => longDate(day)).join(', ')
  return [
    ...(going.length > 0
      ? [`Le disdette di ${pupil.name} valgono anche nella nuova scuola: ${inWords(going)}.`]
      : []),
    ...(unneeded.length > 0
      ? [
          `Giorni disdetti di ${pupil.name} in cui là non c’è mensa, e non si paga niente: ${inWords(unneeded)}.`,
        ]
      : []),
  ]
}
