import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { type Plate, UNDECIDED_DIET } from '#lib/school/diet.ts'
import {
  cancellationsOnMove,
  type EnrolmentPlan,
  type EnrolmentStretch,
  endAfter,
  moveToClass,
  type OpenCancellation,
} from '#lib/school/enrolment.ts'
import type { SchoolKind } from '#lib/school/municipality.ts'
import { ownWeekdaysInWords } from '#lib/school/schedule.words.ts'
import { type FarePlan, type OfferedBand, planFare, startOf } from '#lib/tariffs/fare-assignment.ts'
import type { FarePeriod } from '#lib/tariffs/price.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import type { FormKind } from '../form.ts'
import { type DietFacts, planDiet, type TypedDiet } from './diet-effect.ts'

/** What the office writes when it accepts, as the form of the screen sends it. */
export type TypedDecision = TypedDiet & { classId: string; bandCode: string }

/** The canteen as it is for this pupil, read under lock when it counts. */
export type EffectFacts = {
  pupil: { id: string | null; name: string }
  /** A child to write down; null when the pupil is known. `elsewhere`: another family has a pupil with this code. */
  newPupil: { givenName: string; familyName: string; fiscalCode: string; birthDay: Day } | null
  elsewhere: boolean
  /** The person who sent the request has no household yet: accepted, the request gives this one. */
  applicant: { personId: string; name: string } | null
  enrolments: readonly Enrolled[]
  /** Accepted cancellations of days that are open. */
  cancellations: readonly OpenCancellation[]
  fares: readonly (FarePeriod & { id: string })[]
  /** The first day whose count is not in the kitchen yet. */
  firstDay: Day
  /** Classes of the form's school year. Days of the service of their school, or of the year. */
  classes: readonly {
    id: string
    name: string
    schoolId: string
    schoolName: string
    schoolKind: SchoolKind
    yearId: string
    from: Day
    to: Day
  }[]
  diets: DietFacts['diets']
  standardDiet: string
  /** The family answered that a special diet is needed. */
  asksDiet: boolean
  /** The request holds its pupil until a diet is decided, or until the day before the one that was; null where it holds none. */
  dietHold: { until: Day | null } | null
  /** Those that may still be given. */
  bands: readonly OfferedBand[]
  yearEndsOn: Day
}

/** `where`: school and class in words. */
export type Enrolled = EnrolmentStretch & { where: string }

/** Rows to write, and the same in words. Applied whole or not at all. */
export type Plan = FarePlan &
  EnrolmentPlan & {
    newPupil: EffectFacts['newPupil']
    /** Who becomes the holder of the household. */
    holder: string | null
    /** The last day on which a request for a diet holds its pupil; null where it holds none. */
    heldTo: Day | null
  }

const nothing = (lines: string[]): Plan => ({
  newPupil: null,
  holder: null,
  heldTo: null,
  end: [],
  drop: [],
  rediet: [],
  enrol: [],
  endFares: [],
  dropFares: [],
  fare: null,
  lines,
})

/**
 * What correcting an accepted submission would do, from a day on: what was eaten and charged before stays. The same facts and
 * decision give the same plan.
 */
export function planCorrection(kind: FormKind, typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  switch (kind) {
    case 'enrolment':
      return planClassChange(typed, facts)
    case 'withdrawal':
      return planOtherLastDay(typed, facts)
    case 'diet':
      return unlessNothing(planDietOf(typed, facts), changesDiet)
    case 'fare':
      return unlessNothing(planFareOf(typed, facts), (plan) => changesFare(plan, facts.fares))
    default:
      return refused('forms:decided', { state: 'accepted' })
  }
}

/** A correction to what holds already would tell the family of a change that is none. */
const unlessNothing = (planned: Result<Plan>, changes: (plan: Plan) => boolean): Result<Plan> =>
  !planned.ok || changes(planned.value) ? planned : refused('forms:nothing-to-correct')

const changesDiet = ({ end, enrol, rediet }: Plan): boolean => end.length + enrol.length + rediet.length > 0

/** False when the same band holds on each day of the new period already, and ends with it. */
function changesFare({ fare, endFares, dropFares }: Plan, fares: EffectFacts['fares']): boolean {
  if (!fare) return true
  const replaced = [...endFares.map(({ id }) => id), ...dropFares]
  const touched = fares
    .filter(({ id }) => replaced.includes(id))
    .toSorted((a, b) => a.from.localeCompare(b.from))
  const [first, last] = [touched[0], touched.at(-1)]
  if (!first || first.from > fare.from || last?.to !== fare.to) return true
  return touched.some(
    ({ bandCode, from }, at) =>
      bandCode !== fare.bandCode || (at > 0 && from !== addDays(touched[at - 1]?.to as Day, 1)),
  )
}

/** What accepting would do, or why it cannot be done so. The same facts and decision give the same plan. */
export function planOf(kind: FormKind, typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  switch (kind) {
    case 'enrolment':
      return planEnrolment(typed, facts)
    case 'diet':
      return planDietOf(typed, facts)
    case 'fare':
      return planFareOf(typed, facts)
    case 'withdrawal':
      return planWithdrawal(typed, facts)
    default:
      return ok(nothing(['La famiglia legge che la domanda è accolta. Nient’altro cambia.']))
  }
}

/** The one that ends last. */
export const latestOf = <T extends { to: Day }>(periods: readonly T[]): T | undefined =>
  periods.toSorted((a, b) => b.to.localeCompare(a.to))[0]

/** The class that was chosen, and the first day in it: not before its service begins. */
function placeOf(
  typed: TypedDecision,
  facts: EffectFacts,
): Result<{ chosen: EffectFacts['classes'][number]; from: Day }> {
  const chosen = facts.classes.find(({ id }) => id === typed.classId)
  if (!chosen) return refusedField('classId', 'forms:choose-class')
  const start = startOf(typed.from, facts)
  if (!start.ok) return start
  const from = [start.value, chosen.from].toSorted().at(-1) as Day
  if (from > chosen.to) return refused('forms:period-reversed')
  return ok({ chosen, from })
}

function planEnrolment(typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  if (facts.elsewhere) return refused('forms:pupil-elsewhere')
  const place = placeOf(typed, facts)
  if (!place.ok) return place
  const { chosen, from } = place.value
  const clash = facts.enrolments.find((enrolled) => enrolled.from <= chosen.to && enrolled.to >= from)
  if (clash) return refused('forms:already-enrolled', { where: clash.where })
  const plate = firstPlate(facts)
  const weekdays = latestOf(facts.enrolments)?.weekdays ?? null
  return ok({
    ...nothing([
      ...(facts.applicant
        ? [
            `${facts.applicant.name} entra nel portale come intestatario: vede il calendario, disdice i pasti e paga.`,
          ]
        : []),
      ...(facts.newPupil ? [`${facts.pupil.name} entra tra gli alunni di questa famiglia.`] : []),
      `${facts.pupil.name} è iscritto alla mensa: ${chosen.schoolName}, ${chosen.name}.`,
      dated`Dal ${longDate(from)} al ${longDate(chosen.to)}: ogni giorno di mensa è presente, salvo disdetta.`,
      ...(weekdays ? [`Mangia come prima: ${ownWeekdaysInWords(weekdays)}.`] : []),
      ...plateLines(facts, plate),
      ...cancellationLines(facts, chosen, from),
    ]),
    newPupil: facts.newPupil,
    holder: facts.applicant?.personId ?? null,
    enrol: platesOf(facts, plate, from, chosen.to).map((piece) => ({
      schoolId: chosen.schoolId,
      classId: chosen.id,
      yearId: chosen.yearId,
      weekdays,
      ...piece,
    })),
  })
}

/** A diet goes on while its code may be given; then it is to be decided, and the kitchen reads so. */
function platesOf(
  { diets }: EffectFacts,
  plate: Plate,
  from: Day,
  to: Day,
): (Plate & { from: Day; to: Day })[] {
  const last = diets.find(({ code }) => code === plate.dietCode)?.to ?? to
  return [
    { ...plate, from, to: last < to ? last : to },
    { ...plate, dietCode: UNDECIDED_DIET, from: last < from ? from : addDays(last, 1), to },
  ].filter((piece) => piece.from <= piece.to)
}

/** A decided diet goes on. A family that asks for one is held until it is decided: silence never means the common diet. */
function firstPlate({ enrolments, standardDiet, asksDiet }: EffectFacts): Plate {
  const { dietCode, severe } = latestOf(enrolments) ?? { dietCode: standardDiet, severe: false }
  return { dietCode: dietCode === standardDiet && asksDiet ? UNDECIDED_DIET : dietCode, severe }
}

const endOfCode = ({ diets }: EffectFacts, dietCode: string): string => {
  const last = diets.find(({ code }) => code === dietCode)?.to
  return last ? dated`, che si dà fino al ${longDate(last)}; dopo è da definire` : ''
}

const plateLines = (facts: EffectFacts, { dietCode, severe }: Plate): string[] => [
  dietCode === UNDECIDED_DIET
    ? 'Dieta: da definire. La famiglia ha chiesto una dieta speciale: finché l’ufficio non decide, la cucina la legge nel conteggio come “DA-DEFINIRE” e chiede prima di servire.'
    : `Dieta: ${dietName(facts, dietCode)}${endOfCode(facts, dietCode)}.`,
  ...(severe ? [`La cucina legge che ${facts.pupil.name} rischia una reazione grave.`] : []),
]

/** The enrolment of the day before, if the pupil has one on it. */
const before = ({ enrolments }: EffectFacts, day: Day): readonly Enrolled[] =>
  enrolments.filter(({ from, to }) => from < day && to >= addDays(day, -1))

const dietName = (facts: EffectFacts, code: string): string =>
  facts.diets.find((diet) => diet.code === code)?.name ?? code

function planDietOf(typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  const diet = planDiet(typed, facts)
  if (!diet.ok) return diet
  const { from, lines, ...plan } = diet.value
  const heldTo = facts.dietHold && ([addDays(from, -1), facts.dietHold.until ?? from].toSorted()[0] as Day)
  const waits = heldTo !== null && heldTo >= facts.firstDay
  return ok({
    ...nothing([
      ...lines,
      ...(waits ? [dated`Fino al ${longDate(heldTo)} la cucina chiede ancora prima di servire.`] : []),
    ]),
    ...plan,
    heldTo,
  })
}

function planFareOf(typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  const fare = planFare(typed, facts)
  return fare.ok ? ok({ ...nothing([]), ...fare.value }) : fare
}

function planWithdrawal(typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  const last = parseDay(typed.from)
  if (!last) return refusedField('from', 'forms:choose-day')
  if (addDays(last, 1) < facts.firstDay)
    return refused('forms:too-early', { first: addDays(facts.firstDay, -1) })
  const ended = endAfter(facts.enrolments, last)
  if (!ended) return refused('forms:no-enrolment')
  return ok({
    ...nothing([
      dated`L’ultimo giorno di mensa di ${facts.pupil.name} è il ${longDate(last)}.`,
      'Dal giorno dopo non è più nei conteggi e non si addebita niente. Il saldo resta alla famiglia.',
    ]),
    ...ended,
  })
}

/** The rest of the enrolment in another class. */
function planClassChange(typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  const place = placeOf(typed, facts)
  if (!place.ok) return place
  const { chosen, from } = place.value
  const move = moveToClass(facts.enrolments, { ...chosen, classId: chosen.id }, from)
  if (!move) return refused('forms:no-enrolment')
  const { moved, plan } = move
  if (moved.length === 0) return refused('forms:nothing-to-correct')
  return ok({
    ...nothing([
      dated`Dal ${longDate(from)} ${facts.pupil.name} mangia con un’altra classe: ${chosen.schoolName}, ${chosen.name}.`,
      ...before(facts, from).map(({ where }) => `Fino al giorno prima resta: ${where}.`),
      `Dieta: ${[...new Set(moved.map(({ dietCode }) => dietName(facts, dietCode)))].join(', poi ')}.`,
      ...cancellationLines(facts, chosen, from),
    ]),
    ...plan,
  })
}

/** What becomes of the accepted cancellations of a child who goes to another school: every day is named. */
function cancellationLines(facts: EffectFacts, chosen: { schoolId: string; to: Day }, from: Day): string[] {
  const days = cancellationsOnMove(facts.cancellations, chosen, from)
  const inWords = (some: readonly Day[]) => some.map((day) => longDate(day)).join(', ')
  const [going, unneeded] = [inWords(days.going), inWords(days.unneeded)]
  return [
    ...(going ? [`Le disdette già accettate valgono anche nella nuova scuola: ${going}.`] : []),
    ...(unneeded
      ? [`Giorni disdetti in cui nella nuova scuola non c’è mensa, e non si paga niente: ${unneeded}.`]
      : []),
  ]
}

/** Earlier as at first; later, the last enrolment goes on until that day or the last one of its class. */
function planOtherLastDay(typed: TypedDecision, facts: EffectFacts): Result<Plan> {
  const last = parseDay(typed.from)
  if (!last) return refusedField('from', 'forms:choose-day')
  const latest = latestOf(facts.enrolments)
  if (!latest) return refused('forms:no-enrolment')
  if (last === latest.to) return refused('forms:nothing-to-correct')
  if (last < latest.to) return planWithdrawal(typed, facts)
  if (addDays(latest.to, 1) < facts.firstDay) return refused('forms:already-left', { last: latest.to })
  const inClass = facts.classes.find(({ id }) => id === latest.classId)
  if (!inClass || last > inClass.to) return refused('forms:period-reversed')
  return ok({
    ...nothing([
      dated`L’ultimo giorno di mensa di ${facts.pupil.name} non è più il ${longDate(latest.to)}: è il ${longDate(last)}.`,
      `Fino ad allora ogni giorno di mensa è presente, salvo disdetta. Dieta: ${dietName(facts, latest.dietCode)}.`,
    ]),
    end: [{ id: latest.id, to: last }],
  })
}
