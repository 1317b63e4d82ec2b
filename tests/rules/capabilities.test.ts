import { describe, expect, test } from 'vitest'
import {
  allowedOnPupil,
  allowedToFamily,
  allowedToStaff,
  CAPABILITIES,
  type Capability,
} from '#lib/access/capabilities.ts'
import {
  type FamilyRole,
  OFFICE_ROLES,
  PARTIAL_ROLES,
  type StaffRole,
  type Viewer,
} from '#lib/access/viewer.ts'

const OWN = '01a20871-16ab-74d4-b615-b80b0ac86778'
const OTHER = '01a20871-16ab-74d4-b615-b80b0ac86779'

const nobody: Viewer = {
  municipalityId: OWN,
  personId: OWN,
  citizenId: OWN,
  sessionId: OWN,
  name: 'Laura Conti',
  memberships: [],
  staffRoles: [],
}
const parent = (role: FamilyRole): Viewer => ({ ...nobody, memberships: [{ householdId: OWN, role }] })
const clerk = (role: StaffRole): Viewer => ({ ...nobody, staffRoles: [role] })

const PARENTS = ['holder', 'delegate', 'past_holder'] as const
const CLERKS = [...OFFICE_ROLES, ...PARTIAL_ROLES] as const

/**
 * ● may, · may not. Holder, delegate, past holder; operator, accountant, manager, editor, reader, kitchen, school office, teacher.
 */
const TABLE: Record<Capability, string> = {
  'meals:read': '●●· ●●●·····',
  'meals:change': '●●· ●·●·····',
  'meals:change-late': '··· ●·●·····',
  'meals:rate': '●●· ········',
  'calendar:feed': '●●· ········',
  'menus:write': '··· ●·●·····',
  'money:read': '●·· ●●●·····',
  'invoices:read': '●·● ●●●·····',
  'money:pay': '●·· ········',
  'money:adjust': '··· ·●●·····',
  'tariffs:manage': '··· ·●●·····',
  'supplier:manage': '··· ·●●·····',
  'household:read': '●●· ●●●·····',
  'household:manage': '●·· ●●●·····',
  'registry:correct': '··· ●·●·····',
  'registry:merge': '··· ··●·····',
  'registry:erase': '··· ··●·····',
  'transfers:send': '··· ●·●·····',
  'transfers:receive': '··· ●·●·····',
  'views:keep': '··· ●●●●··●·',
  'pupils:list': '··· ●●●···●·',
  'family:look': '··· ●·●·····',
  'contacts:manage': '●●● ········',
  'notifications:read': '●●● ········',
  'deliveries:manage': '··· ●●●·····',
  'registers:export': '··· ··●·····',
  'registers:read': '··· ●·●·····',
  'delegation:leave': '·●· ········',
  'access:manage': '●●● ●●●●●●●●',
  'communications:read': '●●· ●●●●····',
  'communications:write': '··· ●●●·····',
  'forms:fill': '●·· ········',
  'diets:manage': '··· ●·●·····',
  'forms:manage': '··· ●·●·····',
  'communications:approve': '··· ··●·····',
  'questionnaires:answer': '●●· ········',
  'questionnaires:read': '··· ●·●●····',
  'questionnaires:write': '··· ●·●·····',
  'questionnaires:publish': '··· ··●·····',
  'kitchen:read': '··· ●●●·····',
  'kitchen:read-own': '··· ·····●··',
  'hatch:read': '··· ●·●·····',
  'classes:read-own': '··· ······●●',
  'calendar:manage': '··· ●·●·····',
  'content:write': '··· ··●●····',
  'content:publish': '··· ··●●····',
  'structure:manage': '··· ··●·····',
  'settings:manage': '··· ··●●····',
  'town:export': '··· ··●·····',
  'staff:manage': '··· ··●·····',
  'work:read': '··· ●●●●····',
  'figures:read': '··· ●●●●●···',
}

describe('a role', () => {
  test.each(Object.entries(TABLE) as [Capability, string][])('%s %s', (capability, row) => {
    const family = PARENTS.map((role) => (allowedToFamily(parent(role), capability) ? '●' : '·')).join('')
    const office = CLERKS.map((role) => (allowedToStaff(clerk(role), capability) ? '●' : '·')).join('')
    expect(`${family} ${office}`).toBe(row)
  })

  test('grants nothing that is not in this table', () => {
    expect(Object.keys(CAPABILITIES).sort()).toEqual(Object.keys(TABLE).sort())
  })

  test('is refused what is not named, the manager included', () => {
    const invented = 'money:print' as Capability
    expect(allowedToStaff(clerk('manager'), invented)).toBe(false)
    expect(allowedToFamily(parent('holder'), invented)).toBe(false)
  })

  test('of a parent holds for the own household, and without naming one, for any of their households', () => {
    expect(allowedToFamily(parent('holder'), 'money:pay', OWN)).toBe(true)
    expect(allowedToFamily(parent('holder'), 'money:pay', OTHER)).toBe(false)
    const two: Viewer = {
      ...nobody,
      memberships: [
        { householdId: OTHER, role: 'delegate' },
        { householdId: OWN, role: 'holder' },
      ],
    }
    expect(allowedToFamily(two, 'money:pay')).toBe(true)
    expect(allowedToFamily(two, 'money:pay', OTHER)).toBe(false)
    expect(allowedToFamily(two, 'meals:change', OTHER)).toBe(true)
  })

  test('of a parent reaches each pupil of the own household, of a delegate for single pupils those only', () => {
    const greta = { pupilId: 'greta', householdId: OWN }
    const sofia = { pupilId: 'sofia', householdId: OWN }
    const elsewhere = { pupilId: 'greta', householdId: OTHER }
    const onEach = (viewer: Viewer, capability: Capability = 'meals:change') =>
      [greta, sofia, elsewhere].map((pupil) => allowedOnPupil(viewer, capability, pupil))
    const delegateOf = (pupilIds: string[]): Viewer => ({
      ...nobody,
      memberships: [{ householdId: OWN, role: 'delegate', pupilIds }],
    })
    expect(onEach(parent('holder'))).toEqual([true, true, false])
    expect(onEach(parent('delegate'))).toEqual([true, true, false])
    expect(onEach(delegateOf(['greta']))).toEqual([true, false, false])
    expect(onEach(delegateOf([]))).toEqual([false, false, false])
    expect(onEach(parent('past_holder'))).toEqual([false, false, false])
    expect(onEach(clerk('manager'))).toEqual([false, false, false])
    expect(onEach(parent('delegate'), 'money:pay')).toEqual([false, false, false])
    expect(onEach(parent('holder'), 'money:print' as Capability)).toEqual([false, false, false])
  })

  test('of a holder at whom the office looks shows, and neither changes nor pays nor gives a secret', () => {
    const look = { id: OWN, until: '', householdId: OWN, householdName: '', by: OTHER }
    const looked = { ...parent('holder'), look }
    const shown = Object.keys(TABLE).filter((name) => allowedToFamily(looked, name as Capability))
    const seen = ['communications:read', 'household:read', 'meals:read', 'money:read', 'notifications:read']
    expect(shown.sort()).toEqual(seen)
    const greta = { pupilId: 'greta', householdId: OWN }
    expect(allowedOnPupil(looked, 'meals:change', greta)).toBe(false)
    expect(allowedOnPupil(looked, 'meals:read', greta)).toBe(true)
  })

  test('in the office gives no right in a family, and the other way round', () => {
    for (const capability of Object.keys(TABLE) as Capability[]) {
      for (const role of CLERKS) expect(allowedToFamily(clerk(role), capability)).toBe(false)
      for (const role of PARENTS) expect(allowedToStaff(parent(role), capability)).toBe(false)
    }
  })

  test('in the office adds to another: the stronger counts', () => {
    const both: Viewer = { ...nobody, staffRoles: ['editor', 'accountant'] }
    expect(allowedToStaff(both, 'tariffs:manage')).toBe(true)
    expect(allowedToStaff(both, 'registers:export')).toBe(false)
  })
})
