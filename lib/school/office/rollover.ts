import { comparableClass, stepOf } from '../class-name.ts'
import type { SchoolKind } from '../municipality.ts'

/** A class of the year that ends. */
export type OldClass = { id: string; name: string; schoolId: string; kind: SchoolKind }
/** A class of the year that begins. */
export type NewClass = { id: string; name: string; schoolId: string }

/** `toClassId` and `leaves` as they are kept; `missing`: the class that has to be made before its pupils can go there. */
export type ProposedClass = {
  classId: string
  toClassId: string | null
  leaves: boolean
  missing: { schoolId: string; name: string } | null
}

/** Where each class would go by its name alone, in its own school. */
export function proposeClasses(old: readonly OldClass[], next: readonly NewClass[]): ProposedClass[] {
  return old.map((one) => {
    const step = stepOf(one)
    if (!('name' in step))
      return { classId: one.id, toClassId: null, leaves: step.goes === 'out', missing: null }
    const there = next.find(
      ({ schoolId, name }) =>
        schoolId === one.schoolId && comparableClass(name) === comparableClass(step.name),
    )
    return {
      classId: one.id,
      toClassId: there?.id ?? null,
      leaves: false,
      missing: there ? null : { schoolId: one.schoolId, name: step.name },
    }
  })
}

/** From this age, reached in the year in which a school year begins, a child is not of the nursery school any more. */
export const SCHOOL_AGE = 6

export const OUTCOMES = ['moves', 'leaves', 'apart', 'already', 'left'] as const
/** What happens to a pupil in one service. `apart`: not before a person decides; `left`: not enrolled to the end of the old year. */
export type RolloverOutcome = (typeof OUTCOMES)[number]

export const REASONS = [
  'class',
  'chosen',
  'last-grade',
  'age',
  'enrolled',
  'ended',
  'no-class',
  'no-service',
  'no-weekday',
  'not-renewed',
  'renewal-open',
  'booked',
] as const
/** Why. */
export type Reason = (typeof REASONS)[number]

export const DECISIONS = ['rule', 'goes', 'class', 'leaves'] as const
/** What the office decides for a pupil: as the rule says, with the class although the rule sets it apart, in a named class, out. */
export type RolloverDecision = (typeof DECISIONS)[number]

export type OutcomeCount = { outcome: RolloverOutcome; why: Reason; pupils: number }

/** What the whole roll-over would do, or did. Counts are of pupils in a service. */
export type RolloverSummary = {
  counts: readonly OutcomeCount[]
  /** Of those who go on: whose diet is to be decided again, whose band ends with the old year. */
  dietsLapsing: number
  faresEnding: number
  /** Old enrolments that are cut because they reached beyond their year. */
  shortened: number
  /** Households whose last pupil leaves with money on their account, and with a debt. */
  refunds: { households: number; cents: number }
  debts: { households: number; cents: number }
}

export const pupilsWith = ({ counts }: Pick<RolloverSummary, 'counts'>, outcome: RolloverOutcome): number =>
  counts.reduce((sum, one) => sum + (one.outcome === outcome ? one.pupils : 0), 0)
