import { describe, expect, test } from 'vitest'
import { addDays, daysBetween } from '#lib/kernel/day.ts'
import { MOST_DAYS } from '#lib/meals/cutoff.ts'
import { readBatch } from '#lib/meals/meal-change.http.ts'
import fc from '#tests/support/random.ts'

const GRETA = '0192aaaa-0000-7000-8000-000000000001'
const SOFIA = '0192aaaa-0000-7000-8000-000000000002'

const anyDay = fc.integer({ min: 0, max: 300 }).map((offset) => addDays('2026-09-01', offset))

describe('reading a request', () => {
  const raw = (change: object) => readBatch({ action: 'cancel', pupilIds: [GRETA], days: [], ...change })

  test('gives single days and a period together, sorted and without repetitions', () => {
    expect(
      raw({ pupilIds: [SOFIA, GRETA, SOFIA], days: ['2026-12-01'], from: '2026-11-30', to: '2026-12-02' }),
    ).toEqual({
      ok: true,
      value: {
        action: 'cancel',
        pupilIds: [GRETA, SOFIA],
        days: ['2026-11-30', '2026-12-01', '2026-12-02'],
      },
    })
  })

  test('one end of a period alone means that day', () => {
    expect(raw({ from: '2026-11-30', to: '' })).toMatchObject({ value: { days: ['2026-11-30'] } })
    expect(raw({ to: '2026-11-30' })).toMatchObject({ value: { days: ['2026-11-30'] } })
  })

  test.each([
    ['no day', {}, 'meals:no-days'],
    ['31 February', { days: ['2027-02-31'] }, 'meals:bad-day'],
    ['a day as a person writes it', { days: ['24/11/2026'] }, 'meals:bad-day'],
    [
      'a period that ends before it begins',
      { from: '2026-12-02', to: '2026-12-01' },
      'meals:period-reversed',
    ],
    ['a period whose first day does not exist', { from: '2026-02-30', to: '2026-03-02' }, 'meals:bad-day'],
    ['a period whose last day does not exist', { from: '2026-02-27', to: '2026-02-30' }, 'meals:bad-day'],
    ['a period of centuries', { from: '1900-01-01', to: '2199-12-31' }, 'meals:too-many-days'],
    ['an unknown action', { action: 'delete', days: ['2026-11-24'] }, 'meals:unknown-action'],
    ['no pupil', { pupilIds: [], days: ['2026-11-24'] }, 'meals:no-pupil'],
    ['a pupil that cannot exist', { pupilIds: ["' or 1=1"], days: ['2026-11-24'] }, 'request:not-found'],
    ['thousands of pupils', { pupilIds: Array(21).fill(GRETA), days: ['2026-11-24'] }, 'meals:too-many-days'],
  ])('refuses %s', (_what, change, code) => {
    expect(raw(change)).toMatchObject({ ok: false, code })
  })

  test('counts single days and a period together, each day once', () => {
    const from = '2026-09-01'
    const year = daysBetween(from, addDays(from, MOST_DAYS - 1))
    expect(raw({ days: year })).toMatchObject({ ok: true })
    expect(raw({ days: year, from, to: from })).toMatchObject({ ok: true, value: { days: year } })
    expect(raw({ days: year, from: '2026-08-31', to: '2026-08-31' })).toMatchObject({
      code: 'meals:too-many-days',
    })
    expect(raw({ days: [...year, from] })).toMatchObject({ code: 'meals:too-many-days' })
  })

  test('takes twenty children together', () => {
    expect(raw({ pupilIds: Array(20).fill(GRETA), days: ['2026-11-24'] })).toMatchObject({ ok: true })
  })

  test('accepts the longest school year and not a day more', () => {
    expect(MOST_DAYS).toBe(366)
    expect(raw({ from: '2026-09-01', to: addDays('2026-09-01', MOST_DAYS - 1) })).toMatchObject({ ok: true })
    expect(raw({ from: '2026-09-01', to: addDays('2026-09-01', MOST_DAYS) })).toMatchObject({ ok: false })
  })

  test('whatever arrives is read or refused, never a crash', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.array(fc.anything()),
        fc.anything(),
        fc.anything(),
        (action, days, from, to) => {
          expect(typeof raw({ action, days, from, to }).ok).toBe('boolean')
        },
      ),
    )
  })

  test('a period is exactly its days', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 90 }), (from, length) => {
        const to = addDays(from, length)
        expect(raw({ from, to })).toMatchObject({ value: { days: daysBetween(from, to) } })
      }),
    )
  })
})
