import { UNDECIDED_DIET } from '#lib/school/diet.ts'
import type { ChargeState } from './charge.ts'

/** Meals of one class and diet, as the kitchen needs them: codes and numbers, no names. */
export type CountLine = {
  schoolId: string
  serviceId: string
  className: string
  dietCode: string
  meals: number
  absent: number
  /** Of the meals, those of pupils who risk a severe reaction. */
  severe: number
  /** Of the meals, those of pupils for whom another diet is asked and not decided yet: this one holds, and the kitchen asks. */
  asked: number
}

/** Meals of one service and diet in all schools of a day. */
export type CountFigure = Pick<CountLine, 'serviceId' | 'dietCode' | 'meals' | 'absent' | 'severe'>

export type SchoolCount = {
  schoolId: string
  schoolName: string
  serviceId: string
  serviceName: string
  /** The kitchen prepares something for the service: its meals are to be cooked. */
  isCooked: boolean
  /** `provisional`: families can still change; `definitive`: frozen; `suspended`: no meals that day. */
  state: 'provisional' | 'definitive' | 'suspended'
  cutoffAt: Date
  /** Version and hour of the frozen count; null while provisional. */
  version: number | null
  frozenAt: Date | null
  /** The one that serves the school on that day; null where none was decided. */
  kitchenName: string | null
  /** Why there is no service, or why a later version exists; empty otherwise. */
  reason: string
  /** Of a definitive count. */
  charge: ChargeState
  lines: CountLine[]
}

export const mealsInLines = (lines: readonly Pick<CountLine, 'meals'>[]): number =>
  lines.reduce((sum, line) => sum + line.meals, 0)

/** Meals by diet code, the commonest first: what goes on the kitchen's board. */
export function mealsByDiet(
  lines: readonly Pick<CountLine, 'dietCode' | 'meals'>[],
): { dietCode: string; meals: number }[] {
  const totals = new Map<string, number>()
  for (const line of lines) totals.set(line.dietCode, (totals.get(line.dietCode) ?? 0) + line.meals)
  return [...totals]
    .map(([dietCode, meals]) => ({ dietCode, meals }))
    .sort((a, b) => b.meals - a.meals || a.dietCode.localeCompare(b.dietCode))
}

/** What the kitchen must know of a line beside its number: diets that are not decided, pupils at risk of a severe reaction. */
export type Warning = {
  className: string
  dietCode: string
  undecided: number
  severe: number
  asked: number
}

export const warningsOf = (lines: readonly Omit<CountLine, 'schoolId' | 'serviceId'>[]): Warning[] =>
  lines
    .map(({ className, dietCode, meals, severe, asked }) => ({
      className,
      dietCode,
      undecided: dietCode === UNDECIDED_DIET ? meals : 0,
      severe,
      asked,
    }))
    .filter(({ undecided, severe, asked }) => undecided + severe + asked > 0)
