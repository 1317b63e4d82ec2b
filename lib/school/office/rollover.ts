import type { SchoolKind } from '../municipality.ts'

/** A class of the year that ends. */
export type OldClass = { id: string; name: string; schoolId: string; kind: SchoolKind }
/** A class of the year that begins. */
export type NewClass = { id: string; name: string; schoolId: string }

/** Where a class goes. `name`: what the class is called in the next year, also where it is not made yet. */
export type ClassStep = { goes: 'up' | 'same'; name: string } | { goes: 'out' } | { goes: 'unknown' }

/** The last grade of each kind of school; a nursery school has sections, not grades. */
const LAST_GRADE: Readonly<Record<SchoolKind, number>> = { infanzia: 0, primaria: 5, secondaria: 3 }

const ROMAN = ['I', 'II', 'III', 'IV', 'V'] as const

/** "2ª B" → 2 and "ª B"; "IIB" → 2 and "B"; null where a name says no grade. */
export function gradeOf(name: string): { grade: number; section: string; isRoman: boolean } | null {
  const arabic = /^([1-5])(\D.*)?$/.exec(name)
  if (arabic) return { grade: Number(arabic[1]), section: arabic[2] ?? '', isRoman: false }
  const roman = /^(IV|V|I{1,3})([ª^. ]{0,3}[A-H]?)$/.exec(name)
  if (!roman) return null
  return {
    grade: ROMAN.indexOf(roman[1] as (typeof ROMAN)[number]) + 1,
    section: roman[2] ?? '',
    isRoman: true,
  }
}

/**
 * What the name of a class says about the next year: a grade goes up in its section, the last one leaves, the section of a nursery
 * school stays what it is. A name without a grade says nothing: a person decides.
 */
export function stepOf({ name, kind }: Pick<OldClass, 'name' | 'kind'>): ClassStep {
  const last = LAST_GRADE[kind]
  if (last === 0) return { goes: 'same', name }
  const read = gradeOf(name.trim())
  if (!read || read.grade > last) return { goes: 'unknown' }
  if (read.grade === last) return { goes: 'out' }
  const grade = read.isRoman ? ROMAN[read.grade] : String(read.grade + 1)
  return { goes: 'up', name: `${grade}${read.section}` }
}

/** `toClassId` and `leaves` as they are kept; `missing`: the class that has to be made before its pupils can go there. */
export type ProposedClass = {
  classId: string
  toClassId: string | null
  leaves: boolean
  missing: { schoolId: string; name: string } | null
}

const sameName = (name: string): string => name.replaceAll(' ', '').toLowerCase()

/** Where each class would go by its name alone, in its own school. */
export function proposeClasses(old: readonly OldClass[], next: readonly NewClass[]): ProposedClass[] {
  return old.map((one) => {
    const step = stepOf(one)
    if (!('name' in step))
      return { classId: one.id, toClassId: null, leaves: step.goes === 'out', missing: null }
    const there = next.find(
      ({ schoolId, name }) => schoolId === one.schoolId && sameName(name) === sameName(step.name),
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
