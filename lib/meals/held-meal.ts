import type { Membership } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { type CancelRule, cancelledByOn } from '#lib/school/cancel-rule.ts'
import type { EnrolmentFact } from './cutoff.ts'

/** An enrolment with who may cancel its service since when. */
export type RuledEnrolment = EnrolmentFact & { cancelRules: readonly CancelRule[] }

/**
 * Whether only the holder of the household may change one of these meals, and the person is another one.
 * @param enrolments in their order: of two on one day the first one decides, as in the calendar
 */
export function holdsMeal(
  memberships: readonly Membership[],
  householdId: string,
  enrolments: readonly RuledEnrolment[],
  meals: readonly { pupilId: string; day: Day }[],
): boolean {
  const isHolder = memberships.some((one) => one.householdId === householdId && one.role === 'holder')
  if (isHolder) return false
  return meals.some(({ pupilId, day }) => {
    const own = enrolments.find(
      (one) => one.pupilId === pupilId && one.valid.from <= day && day <= one.valid.to,
    )
    return own !== undefined && cancelledByOn(own.cancelRules, day) === 'holder'
  })
}
