import { describe, expect, test } from 'vitest'
import { addDays, daysBetween } from '#lib/kernel/day.ts'
import { type Closure, closedPeriods, isUndoable, reopeningOf } from '#lib/school/closure.ts'
import fc from '#tests/support/random.ts'

const off = (day: string, reason = 'Vacanze di Natale', schoolName: string | null = null): Closure => ({
  id: `${day} ${schoolName}`,
  day,
  kind: 'holiday',
  reason,
  schoolName,
  by: null,
  undoneBy: null,
})

describe('closures in a row', () => {
  test('with one reason are one period, across the end of a month and of a year', () => {
    const days = ['2026-12-30', '2026-12-31', '2027-01-01'].map((day) => off(day))
    expect(closedPeriods(days)).toMatchObject([{ from: '2026-12-30', to: '2027-01-01' }])
  })

  test('a day between them, another reason or another school starts a new one', () => {
    expect(closedPeriods([off('2026-11-02'), off('2026-11-04')])).toHaveLength(2)
    expect(closedPeriods([off('2026-11-02'), off('2026-11-03', 'Sciopero')])).toHaveLength(2)
    expect(
      closedPeriods([off('2026-11-02'), off('2026-11-03', 'Vacanze di Natale', 'Girotondo')]),
    ).toHaveLength(2)
  })

  test('two schools closed on the same days are two periods, told apart', () => {
    const days = ['2026-11-02', '2026-11-03'].flatMap((day) => [
      off(day, 'Sciopero', 'Girotondo'),
      off(day, 'Sciopero', 'Capoluogo'),
    ])
    expect(closedPeriods(days)).toMatchObject([
      { from: '2026-11-02', to: '2026-11-03', schoolName: 'Girotondo' },
      { from: '2026-11-02', to: '2026-11-03', schoolName: 'Capoluogo' },
    ])
  })

  test('no day is lost and none is added, whatever the order', () => {
    const days = fc
      .uniqueArray(fc.integer({ min: 0, max: 40 }))
      .map((ns) => ns.map((n) => off(addDays('2026-12-01', n))))
    fc.assert(
      fc.property(days, (closures) => {
        const told = closedPeriods(closures).flatMap(({ from, to }) => daysBetween(from, to))
        expect(told.sort()).toEqual(closures.map(({ day }) => day).sort())
      }),
    )
  })
})

describe('a closure', () => {
  test('is taken back only while it is in force, and never a holiday', () => {
    expect(isUndoable({ kind: 'strike', undoneBy: null })).toBe(true)
    expect(isUndoable({ kind: 'strike', undoneBy: 'Elena Marchi' })).toBe(false)
    expect(isUndoable({ kind: 'holiday', undoneBy: null })).toBe(false)
  })

  test('opens a day while its families can cancel, takes up a counted one once and soon, and leaves the others suspended', () => {
    const cutoffAt = new Date('2026-11-24T08:30:00Z')
    const justBefore = new Date(cutoffAt.getTime() - 1)
    const becomes = (isCounted: boolean, now: Date, wasTakenUp = false) =>
      reopeningOf({ isCounted, wasTakenUp, cutoffAt }, now)
    expect(becomes(false, justBefore)).toBe('opens')
    expect(becomes(false, cutoffAt)).toBe('late')
    expect(becomes(true, cutoffAt)).toBe('taken-up')
    expect(becomes(true, new Date('2026-12-08T08:29:59Z'))).toBe('taken-up')
    expect(becomes(true, new Date('2026-12-08T08:30:00Z'))).toBe('too-old')
    expect(becomes(true, cutoffAt, true)).toBe('done-before')
  })
})
