import { expect, test } from 'vitest'
import { activeHouseholds, heldHouseholds, ownPupils } from '#lib/access/own-pupils.ts'
import type { Membership } from '#lib/access/viewer.ts'

/** A parent who pays for one family, is delegate for all of a second, for one child of a third, and paid for a fourth once. */
const memberships: Membership[] = [
  { householdId: 'pays', role: 'holder' },
  { householdId: 'helps', role: 'delegate' },
  { householdId: 'helps-one', role: 'delegate', pupilIds: ['greta'] },
  { householdId: 'paid-once', role: 'past_holder' },
]

test('a parent may change the meals of whole families or of one child, never of a past family', () => {
  expect(ownPupils({ memberships })).toEqual({ households: ['pays', 'helps'], pupils: ['greta'] })
})

test('a delegation for no child at all is not one for all of them', () => {
  const none: Membership[] = [{ householdId: 'helps', role: 'delegate', pupilIds: [] }]
  expect(ownPupils({ memberships: none })).toEqual({ households: [], pupils: [] })
})

test('a parent pays for some of the households in which they have a role', () => {
  expect(activeHouseholds({ memberships })).toEqual(['pays', 'helps', 'helps-one'])
  expect(heldHouseholds({ memberships })).toEqual(['pays'])
})
