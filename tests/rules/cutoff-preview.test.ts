import { describe, expect, test } from 'vitest'
import { addDays } from '#lib/kernel/day.ts'
import { type DayState, previewOf, verdictOf } from '#lib/meals/cutoff.ts'
import { outcomeInWords, previewInWords, reasonInWords } from '#lib/meals/meal-change.words.ts'
import {
  inverseOf,
  isChangeable,
  type MealAction,
  STATES,
  type StateKind,
  stateAfter,
} from '#lib/meals/meal-state.ts'
import fc from '#tests/support/random.ts'

const GRETA = '0192aaaa-0000-7000-8000-000000000001'
const SOFIA = '0192aaaa-0000-7000-8000-000000000002'
const CUTOFF = new Date('2026-11-24T08:30:00Z')

const state = (day: string, kind: StateKind, why: string | null = null): DayState => ({
  day,
  kind,
  cutoffAt: CUTOFF,
  why,
})

const anyKind = fc.constantFrom(...(Object.keys(STATES) as StateKind[]))
const anyAction = fc.constantFrom<MealAction>('cancel', 'restore')
const anyDay = fc.integer({ min: 0, max: 300 }).map((offset) => addDays('2026-09-01', offset))
const anyMeal = fc.record({
  pupilId: fc.constantFrom(GRETA, SOFIA),
  state: fc.record({ day: anyDay, kind: anyKind }).map(({ day, kind }) => state(day, kind)),
})

describe('a preview', () => {
  test('says for every day whether it changes and why not', () => {
    const preview = previewOf('cancel', [
      { pupilId: GRETA, state: state('2026-11-24', 'presentLate') },
      { pupilId: GRETA, state: state('2026-11-25', 'present') },
      { pupilId: GRETA, state: state('2026-11-26', 'absent') },
      { pupilId: GRETA, state: state('2026-12-08', 'closed', 'Immacolata Concezione') },
    ])
    expect(preview.changes.map((line) => line.day)).toEqual(['2026-11-25'])
    expect(preview.unchanged.map((line) => reasonInWords('cancel', line))).toEqual([
      'non più modificabile: il termine era alle 9:30',
      'già assente',
      'chiuso: Immacolata Concezione',
    ])
    expect(previewInWords(preview)).toBe(
      '1 pasto da disdire. Non cambiano: 1 non più modificabile, 1 con la mensa chiusa, 1 già assente.',
    )
    expect(outcomeInWords(preview)).toContain('1 pasto disdetto. Non sono cambiati: 1 non più modificabile')
  })

  test('says nothing more when everything changes', () => {
    const preview = previewOf('restore', [
      { pupilId: GRETA, state: state('2026-11-25', 'absent') },
      { pupilId: SOFIA, state: state('2026-11-25', 'absent') },
    ])
    expect(previewInWords(preview)).toBe('2 pasti da ripristinare.')
  })

  test('a late day that is already as wished is not called late', () => {
    expect(verdictOf('cancel', 'absentLate')).toBe('already')
    expect(verdictOf('cancel', 'presentLate')).toBe('late')
    expect(verdictOf('restore', 'presentLate')).toBe('already')
  })

  test('never drops a day: every line is in exactly one list, and the counts add up', () => {
    fc.assert(
      fc.property(anyAction, fc.array(anyMeal, { maxLength: 60 }), (action, meals) => {
        const preview = previewOf(action, meals)
        expect(preview.changes.length + preview.unchanged.length).toBe(meals.length)
        expect(Object.values(preview.counts).reduce((sum, count) => sum + count, 0)).toBe(meals.length)
        expect(preview.counts.changes).toBe(preview.changes.length)
      }),
    )
  })

  test('touches only what a family may still change', () => {
    fc.assert(
      fc.property(anyAction, anyKind, (action, kind) => {
        if (verdictOf(action, kind) === 'changes') expect(isChangeable(kind)).toBe(true)
      }),
    )
  })

  test('doing it twice changes nothing more, and the inverse brings every changed day back', () => {
    fc.assert(
      fc.property(anyAction, fc.constantFrom<StateKind>('present', 'absent'), (action, kind) => {
        if (verdictOf(action, kind) !== 'changes') return
        const after = stateAfter(action)
        expect(verdictOf(action, after)).toBe('already')
        expect(verdictOf(inverseOf(action), after)).toBe('changes')
        expect(stateAfter(inverseOf(action))).toBe(kind)
      }),
    )
  })
})
