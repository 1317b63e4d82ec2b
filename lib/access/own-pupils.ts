import type { Viewer } from './viewer.ts'

/** The pupils that a parent may see: whole households, and single pupils of others. Rights over money are not in it. */
export type OwnPupils = { households: string[]; pupils: string[] }

/** The pupils whose meals the viewer may see and change, as the database answered for this request. */
export function ownPupils({ memberships }: Pick<Viewer, 'memberships'>): OwnPupils {
  const active = memberships.filter(({ role }) => role !== 'past_holder')
  return {
    households: active.filter(({ pupilIds }) => !pupilIds).map(({ householdId }) => householdId),
    pupils: active.flatMap(({ pupilIds }) => pupilIds ?? []),
  }
}

/** The households in which the viewer has any role but a past one. */
export const activeHouseholds = ({ memberships }: Pick<Viewer, 'memberships'>): string[] =>
  memberships.filter(({ role }) => role !== 'past_holder').map(({ householdId }) => householdId)

/** The households in which the viewer pays. */
export const heldHouseholds = ({ memberships }: Pick<Viewer, 'memberships'>): string[] =>
  memberships.filter(({ role }) => role === 'holder').map(({ householdId }) => householdId)
