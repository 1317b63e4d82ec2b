import { describe, expect, test } from 'vitest'
import { BUDGETS, usesOf } from '#lib/kernel/budgets.ts'
import { parseEnv } from '#lib/kernel/env.ts'
import { isTextedIn, readPhone } from '#lib/people/phone.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'

describe('what an action spends', () => {
  test('is counted by the person, or by what it names', () => {
    const spending = [
      'delegates:invite',
      { act: 'delegates:invite-address', of: (typed: { email: string }) => typed.email },
    ] as const
    expect(usesOf(spending, 'laura', { email: 'a@example.it' })).toEqual([
      { act: 'delegates:invite', whose: 'laura' },
      { act: 'delegates:invite-address', whose: 'a@example.it' },
    ])
  })

  test('is nothing where the rows are counted, or where it says why', () => {
    expect(usesOf('forms:send', 'laura', {})).toEqual([])
    expect(usesOf({ none: 'an invitation is answered once' }, 'laura', {})).toEqual([])
  })

  test('S4 the limits are those that were decided', () => {
    const most = (act: keyof typeof BUDGETS) => [BUDGETS[act].most, BUDGETS[act].seconds / 3_600]
    expect(most('delegates:invite')).toEqual([10, 24])
    expect(most('delegates:invite-address')).toEqual([3, 24])
    expect(most('top-up:open')).toEqual([5, 24])
    expect(most('forms:send')).toEqual([20, 24 * 365])
    expect(most('forms:documents')).toEqual([100 * 1_024 * 1_024, 24 * 365])
  })
})

describe('S23 the countries whose numbers get texts', () => {
  const codes = (more = {}) =>
    parseEnv({ ...TEST_ENVIRONMENT, DATABASE_WEB_URL: 'postgresql://a@localhost/a', ...more })
      .SMS_CALLING_CODES
  const isTexted = (typed: string, more = {}) => {
    const phone = readPhone(typed)
    return phone && isTextedIn(phone, codes(more))
  }

  test.each([
    ['333 1234567', true],
    ['+49 1512 3456789', true],
    ['+353 85 123 4567', true],
    ['+421 905 123 456', true],
    ['+41 79 123 45 67', false],
    ['+44 7700 900123', false],
    ['+1 900 123 4567', false],
    ['+371 2123 4567', true],
    ['+373 621 12 345', false],
    ['+381 60 1234567', false],
    ['0455 550101', false],
  ])('%s: %s', (typed, expected) => {
    expect(isTexted(typed)).toBe(expected)
  })

  test('are those that the installation says', () => {
    expect(isTexted('+41 79 123 45 67', { SMS_CALLING_CODES: '39 41' })).toBe(true)
    expect(isTexted('+49 1512 3456789', { SMS_CALLING_CODES: '39 41' })).toBe(false)
    expect(() => codes({ SMS_CALLING_CODES: '+39' })).toThrow('prefissi senza +')
  })
})
