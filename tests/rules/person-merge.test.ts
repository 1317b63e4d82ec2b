import { describe, expect, test } from 'vitest'
import { type AdultRole, planRoles } from '#lib/people/office/person-merge.ts'

const role = (given: Partial<AdultRole> = {}): AdultRole => ({
  ...{ id: 'r', householdId: 'h', householdName: 'Conti', role: 'delegate', pupilIds: null, to: null },
  ...given,
})

describe('the roles of two adults who are one', () => {
  test('of a family in which only the one that goes has one are given again', () => {
    const plan = planRoles([role({ id: 'k', householdId: 'other' })], [role({ id: 'g', role: 'holder' })])
    expect(plan).toMatchObject({
      value: { ends: ['g'], gives: [{ householdId: 'h', role: 'holder', like: 'g' }] },
    })
  })

  test('of a family in which both have one are the wider of the two, and one that is wide enough stays', () => {
    expect(planRoles([role({ id: 'k', role: 'holder' })], [role({ id: 'g' })])).toMatchObject({
      value: { ends: ['g'], gives: [] },
    })
    expect(planRoles([role({ id: 'k' })], [role({ id: 'g', role: 'holder' })])).toMatchObject({
      value: { ends: ['g', 'k'], gives: [{ role: 'holder', like: 'g' }] },
    })
    const to = '2027-01-31'
    expect(
      planRoles([role({ id: 'k', pupilIds: ['a'], to })], [role({ id: 'g', pupilIds: ['b', 'a'], to })]),
    ).toMatchObject({ value: { ends: ['g', 'k'], gives: [{ pupilIds: ['a', 'b'], to }] } })
    expect(planRoles([role({ id: 'k', to })], [role({ id: 'g' })])).toMatchObject({
      value: { gives: [{ pupilIds: null, to: null }] },
    })
  })

  test('are refused where together they would be more than either: other pupils until another day', () => {
    expect(
      planRoles([role({ pupilIds: ['a'] })], [role({ pupilIds: ['b'], to: '2027-01-31' })]),
    ).toMatchObject({ ok: false, code: 'adults:roles', details: { family: 'Conti' } })
    expect(planRoles([role({ pupilIds: ['a'] })], [role({ to: '2027-01-31' })])).toMatchObject({ ok: false })
  })
})
