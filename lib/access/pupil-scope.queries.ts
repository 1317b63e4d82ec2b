import { type RawBuilder, sql } from 'kysely'
import { isOwnMeal } from './capabilities.ts'
import { type OwnPupils, ownPupils } from './own-pupils.ts'
import type { Viewer } from './viewer.ts'

/** The pupils that a transaction of a family or of the office may reach, and of those with two households the meals. Ownership starts here. */
export type PupilScope = {
  municipalityId: string
  own: OwnPupils
  /** The person of a family who reads; null for the office, to which a meal of a pupil is any household's. */
  readerId: string | null
  isOwnMeal: (meal: { pupilId: string; householdId: string; otherId: string | null }) => boolean
}

export const familyScope = (viewer: Viewer): PupilScope => ({
  municipalityId: viewer.municipalityId,
  own: ownPupils(viewer),
  readerId: viewer.personId,
  isOwnMeal: (meal) => isOwnMeal(viewer, meal),
})

/** What the office reads of some pupils, or of a household: the capability was checked before. */
export const officeScope = (
  { municipalityId }: Pick<Viewer, 'municipalityId'>,
  { households = [], pupils = [] }: Partial<OwnPupils>,
): PupilScope => ({
  municipalityId,
  own: { households, pupils },
  readerId: null,
  isOwnMeal: () => true,
})

/**
 * SQL for "this row of `pupil` is in the scope".
 * @param alias of the table in the query
 */
export function isInScope(alias: string, { own }: PupilScope): RawBuilder<boolean> {
  const whole = sql<boolean>`${sql.ref(`${alias}.household_id`)} = any(${own.households}::uuid[])`
  if (own.pupils.length === 0) return whole
  return sql<boolean>`(${whole} or ${sql.ref(`${alias}.id`)} = any(${own.pupils}::uuid[]))`
}
