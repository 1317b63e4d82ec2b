import type { FamilyRole, Viewer } from './viewer.ts'

/** The pupils that a parent may see: whole households, and single pupils of others, also those who eat here on some days. Rights over money are not in it. */
export type OwnPupils = { households: string[]; pupils: string[] }

/** The pupils whose meals the viewer may see and change, as the database answered for this request. */
export function ownPupils({ memberships }: Pick<Viewer, 'memberships'>): OwnPupils {
  const active = memberships.filter(({ role }) => isActive(role))
  return {
    households: active.filter(({ pupilIds }) => !pupilIds).map(({ householdId }) => householdId),
    pupils: [
      ...new Set(
        active.flatMap(({ pupilIds = [], sharedPupilIds = [] }) => [...pupilIds, ...sharedPupilIds]),
      ),
    ],
  }
}

/** The households in which the viewer has any role but a past one. */
export const activeHouseholds = ({ memberships }: Pick<Viewer, 'memberships'>): string[] =>
  memberships.filter(({ role }) => isActive(role)).map(({ householdId }) => householdId)

const isActive = (role: FamilyRole): boolean => role === 'holder' || role === 'delegate'

/** The households for which the viewer may send requests: those that the viewer pays for, or has applied for. */
export const fillingHouseholds = ({ memberships }: Pick<Viewer, 'memberships'>): string[] =>
  memberships
    .filter(({ role }) => role === 'holder' || role === 'applicant')
    .map(({ householdId }) => householdId)

/** Whether the viewer has only applied for this household. */
export const isApplicant = ({ memberships }: Pick<Viewer, 'memberships'>, householdId: string): boolean =>
  memberships.some((one) => one.householdId === householdId && one.role === 'applicant')

/** The households in which the viewer pays. */
export const heldHouseholds = ({ memberships }: Pick<Viewer, 'memberships'>): string[] =>
  memberships.filter(({ role }) => role === 'holder').map(({ householdId }) => householdId)
