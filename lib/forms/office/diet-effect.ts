import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { COMMON_DIET, isDecidedDiet, isDietAfter, type Plate, UNDECIDED_DIET } from '#lib/school/diet.ts'
import type { EnrolmentPlan } from '#lib/school/enrolment.ts'
import { startOf } from '#lib/tariffs/fare-assignment.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import type { Enrolled } from './effects.ts'

/** A diet as it is typed. `to` empty: to the end of the enrolment; `nextDietCode`: what follows `to`; `severe`: "si" or empty. */
export type TypedDiet = { dietCode: string; from: string; to: string; nextDietCode: string; severe: string }

export type DietFacts = {
  pupil: { name: string }
  enrolments: readonly Enrolled[]
  firstDay: Day
  /** Where a request holds the pupil: until then the kitchen reads no common diet. */
  dietHold?: { until: Day | null } | null
  /** `parts`: the codes that it joins; `from`, `to`: when it may be given, null where that has no bound. */
  diets: readonly {
    code: string
    name: string
    parts?: readonly string[]
    from?: Day | null
    to?: Day | null
  }[]
}

/** `from`: the first day of the decision. */
export type DietPlan = Pick<EnrolmentPlan, 'end' | 'rediet' | 'enrol'> & { from: Day; lines: string[] }

type Decided = { from: Day; to: Day | null; plate: Plate; next: Plate }

/**
 * A diet from a day on, to its last day or to the end of the enrolment. After its last day the pupil has what the office
 * chose: the common diet, or none decided. What was eaten before stays.
 */
export function planDiet(typed: TypedDiet, facts: DietFacts): Result<DietPlan> {
  const read = readDecision(typed, facts)
  if (!read.ok) return read
  const decided = read.value
  const touched = facts.enrolments.filter(({ to }) => to >= decided.from)
  if (touched.length === 0) return refused('forms:no-enrolment')
  const pieces = touched.map((enrolled) => ({ enrolled, ...cut(enrolled, decided) }))
  return ok({
    from: decided.from,
    lines: linesOf(decided, facts, touched),
    end: pieces.flatMap(({ enrolled, first }) =>
      first.to === enrolled.to ? [] : [{ id: enrolled.id, to: first.to }],
    ),
    rediet: pieces.flatMap(({ enrolled, first }) =>
      isSame(first, enrolled) ? [] : [{ id: enrolled.id, dietCode: first.dietCode, severe: first.severe }],
    ),
    enrol: pieces.flatMap(({ enrolled: { schoolId, classId, yearId, weekdays }, rest }) =>
      rest.map((piece) => ({ schoolId, classId, yearId, weekdays, ...piece })),
    ),
  })
}

function readDecision(typed: TypedDiet, facts: DietFacts): Result<Decided> {
  const diet = facts.diets.find(({ code }) => code === typed.dietCode)
  if (!diet) return refusedField('dietCode', 'forms:choose-diet')
  const start = startOf(typed.from, facts)
  if (!start.ok) return start
  const to = typed.to === '' ? null : parseDay(typed.to)
  if (typed.to !== '' && !to) return refusedField('to', 'forms:choose-day')
  if (to && to < start.value) return refusedField('to', 'forms:period-reversed')
  if (to && !isDietAfter(typed.nextDietCode)) return refusedField('nextDietCode', 'forms:choose-diet')
  const last =
    to ??
    facts.enrolments
      .map((one) => one.to)
      .sort()
      .at(-1)
  if ((diet.from && start.value < diet.from) || (diet.to && last && last > diet.to))
    return refusedField('dietCode', 'forms:diet-not-valid', { code: diet.code, period: validityOf(diet) })
  const severe = typed.severe === 'si'
  return ok({
    from: start.value,
    to,
    plate: { dietCode: typed.dietCode, severe },
    next: { dietCode: typed.nextDietCode, severe: severe && typed.nextDietCode === UNDECIDED_DIET },
  })
}

const validityOf = ({ from, to }: DietFacts['diets'][number]): string =>
  [from ? dated`dal ${longDate(from)}` : '', to ? dated`fino al ${longDate(to)}` : '']
    .filter(Boolean)
    .join(' ')

type Piece = Plate & { from: Day; to: Day }

const isSame = (a: Plate, b: Plate): boolean => a.dietCode === b.dietCode && a.severe === b.severe

/** An enrolment in the pieces that differ in what is eaten: the first keeps its row. */
function cut(enrolled: Enrolled, { from, to, plate, next }: Decided): { first: Piece; rest: Piece[] } {
  const { dietCode, severe } = enrolled
  const wanted: Piece[] = [
    { dietCode, severe, from: enrolled.from, to: addDays(from, -1) },
    { ...plate, from, to: to ?? enrolled.to },
    ...(to ? [{ ...next, from: addDays(to, 1), to: enrolled.to }] : []),
  ]
  const pieces: Piece[] = []
  for (const one of wanted) {
    const piece = { ...one, from: later(one.from, enrolled.from), to: earlier(one.to, enrolled.to) }
    const last = pieces.at(-1)
    if (piece.from > piece.to) continue
    if (last && isSame(last, piece)) last.to = piece.to
    else pieces.push(piece)
  }
  const [first, ...rest] = pieces as [Piece, ...Piece[]]
  return { first, rest }
}

const later = (a: Day, b: Day): Day => (a > b ? a : b)
const earlier = (a: Day, b: Day): Day => (a < b ? a : b)

/** The decided diets that this one replaces and does not hold. */
function takenAway(
  { dietCode }: Plate,
  diets: DietFacts['diets'],
  touched: readonly Enrolled[],
): readonly string[] {
  const parts = diets.find(({ code }) => code === dietCode)?.parts ?? []
  const codes = new Set(touched.map((one) => one.dietCode).filter(isDecidedDiet))
  return [...codes].filter((code) => code !== dietCode && !parts.includes(code))
}

function linesOf(
  { from, to, plate, next }: Decided,
  { pupil, enrolments, diets, dietHold }: DietFacts,
  touched: readonly Enrolled[],
): string[] {
  const nameOf = (code: string) => diets.find((diet) => diet.code === code)?.name ?? code
  const before = enrolments.find((one) => one.from < from && one.to >= addDays(from, -1))
  const period = to ? dated`Dal ${longDate(from)} al ${longDate(to)}` : dated`Dal ${longDate(from)}`
  return [
    plate.dietCode === UNDECIDED_DIET
      ? `${period} la dieta di ${pupil.name} è da definire: la cucina lo legge nel conteggio.`
      : `${period} la cucina prepara per ${pupil.name}: ${nameOf(plate.dietCode)} (${plate.dietCode}).`,
    ...takenAway(plate, diets, touched).map(
      (code) => `Prende il posto di: ${nameOf(code)} (${code}), che da quel giorno non si prepara più.`,
    ),
    ...(plate.severe ? [`La cucina legge che ${pupil.name} rischia una reazione grave.`] : []),
    ...(!plate.severe && touched.some(({ severe }) => severe)
      ? [`La cucina non legge più che ${pupil.name} rischia una reazione grave.`]
      : []),
    ...(to && touched.some((one) => one.to > to)
      ? [
          next.dietCode === UNDECIDED_DIET
            ? dated`Dal ${longDate(addDays(to, 1))} la dieta è di nuovo da definire, finché l’ufficio non decide.`
            : dated`Dal ${longDate(addDays(to, 1))}: ${nameOf(next.dietCode)}.`,
        ]
      : []),
    ...(before && before.dietCode !== plate.dietCode && !(dietHold && before.dietCode === COMMON_DIET)
      ? [`Fino al giorno prima resta: ${nameOf(before.dietCode)}.`]
      : []),
  ]
}
