import { describe, expect, test } from 'vitest'
import { addressInWords, byRelevance, enrolmentState, ROLE_POWERS } from '#lib/people/household.ts'

describe('an enrolment', () => {
  const validity = { from: '2026-09-14', to: '2027-06-05' }
  test.each([
    ['2026-09-13', 'coming'],
    ['2026-09-14', 'current'],
    ['2027-06-05', 'current'],
    ['2027-06-06', 'ended'],
  ] as const)('is on %s: %s', (today, state) => {
    expect(enrolmentState(validity, today)).toBe(state)
  })

  test('that runs comes before those to come, and those before the past ones, newest first', () => {
    const all = [
      { state: 'ended', from: '2024-09-14' },
      { state: 'coming', from: '2027-09-14' },
      { state: 'ended', from: '2025-09-14' },
      { state: 'current', from: '2026-09-14' },
    ] as const
    expect([...all].sort(byRelevance).map((one) => one.from)).toEqual([
      '2026-09-14',
      '2027-09-14',
      '2025-09-14',
      '2024-09-14',
    ])
  })
})

describe('an address', () => {
  const whole = { street: 'Via Verdi 3', postcode: '37060', city: 'Mozzecane', province: 'VR', country: 'IT' }
  test('is said whole', () => expect(addressInWords(whole)).toBe('Via Verdi 3, 37060 Mozzecane (VR)'))
  test('is said with what is known of it', () => {
    expect(addressInWords({ ...whole, street: null, province: null })).toBe('37060 Mozzecane')
    expect(addressInWords({ ...whole, postcode: null, city: null })).toBe('Via Verdi 3')
  })
  test('abroad is said with its country', () => {
    const abroad = {
      street: '12 rue de la Paix',
      postcode: '69002',
      city: 'Lyon',
      province: null,
      country: 'FR',
    }
    expect(addressInWords(abroad)).toBe('12 rue de la Paix, 69002 Lyon, FR')
  })
  test('is nothing when nothing is known', () => {
    expect(
      addressInWords({ street: null, postcode: null, city: null, province: null, country: 'IT' }),
    ).toBeNull()
  })
})

test('the delegate’s page says plainly that money is not for delegates', () => {
  const denied = ROLE_POWERS.delegate.filter((power) => !power.may).map((power) => power.sentence)
  expect(denied).toEqual(['Non può vedere saldo e movimenti', 'Non può ricaricare e ricevere le fatture'])
  expect(ROLE_POWERS.holder.every((power) => power.may)).toBe(true)
})
