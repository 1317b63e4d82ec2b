import { describe, expect, test } from 'vitest'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { kitchenInput } from '#lib/kitchen/office/kitchen.input.ts'
import {
  planServing,
  planTakingBack,
  type SchoolService,
  type Served,
} from '#lib/kitchen/office/kitchen-move.ts'
import fc from '#tests/support/random.ts'

const TUESDAY = '2026-12-01'
const CHRISTMAS = '2026-12-24'
const JANUARY = '2027-01-07'

const served = (from: Day, kitchenId: string): Served => ({
  from,
  kitchenId,
  kitchenName: `Cucina ${kitchenId}`,
})
const school = (rows: Served[], given: Partial<SchoolService> = {}): SchoolService => ({
  ...{ served: rows, firstDay: TUESDAY, firstMeal: TUESDAY },
  ...given,
})
const asked = (kitchenId: string, from: string, to = '') => ({ kitchenId, from, to })
const codeOf = (result: { ok: boolean; code?: string }) => (result.ok ? 'done' : result.code)
/** Who serves on a day, as the database reads it. */
const onDay = (rows: readonly { from: Day; kitchenId: string }[], day: Day) =>
  rows.toSorted((a, b) => a.from.localeCompare(b.from)).findLast(({ from }) => from <= day)?.kitchenId ?? null

describe('a school that moves to another kitchen', () => {
  const ofA = school([served('2026-09-01', 'A')])

  test('goes there from a day on, and stays where it was until then', () => {
    const plan = planServing(asked('B', JANUARY), ofA)
    expect(plan).toMatchObject({ ok: true, value: { from: JANUARY, to: null, before: { kitchenId: 'A' } } })
    expect(plan.ok && plan.value.rows).toEqual([{ from: JANUARY, kitchenId: 'B' }])
  })

  test('comes back after a last day', () => {
    const plan = planServing(asked('B', TUESDAY, CHRISTMAS), ofA)
    expect(plan.ok && plan.value.rows).toEqual([
      { from: TUESDAY, kitchenId: 'B' },
      { from: '2026-12-25', kitchenId: 'A' },
    ])
  })

  test('never changes a day that was counted', () => {
    expect(codeOf(planServing(asked('B', '2026-11-30'), ofA))).toBe('structure:too-early')
  })

  test('does not run over a change that is decided already, and stops before it', () => {
    const waiting = school([served('2026-09-01', 'A'), served(JANUARY, 'B')])
    expect(codeOf(planServing(asked('C', TUESDAY), waiting))).toBe('kitchens:overlap')
    expect(codeOf(planServing(asked('C', TUESDAY, JANUARY), waiting))).toBe('kitchens:overlap')
    const plan = planServing(asked('C', TUESDAY, '2027-01-06'), waiting)
    expect(plan.ok && plan.value).toMatchObject({ after: { kitchenId: 'B' } })
    expect(plan.ok && plan.value.rows).toEqual([{ from: TUESDAY, kitchenId: 'C' }])
  })

  test('takes the place of a change that begins on the same day', () => {
    const waiting = school([served('2026-09-01', 'A'), served(JANUARY, 'B')])
    expect(codeOf(planServing(asked('C', JANUARY), waiting))).toBe('done')
  })

  test('leaves no day with meals without a kitchen', () => {
    const first = school([])
    expect(codeOf(planServing(asked('A', '2026-12-02'), first))).toBe('kitchens:gap')
    expect(codeOf(planServing(asked('A', TUESDAY, CHRISTMAS), first))).toBe('kitchens:gap')
    expect(codeOf(planServing(asked('A', TUESDAY), first))).toBe('done')
    expect(codeOf(planServing(asked('A', JANUARY), school([], { firstMeal: JANUARY })))).toBe('done')
  })

  test('is refused where it is there already, or where a day does not exist', () => {
    expect(codeOf(planServing(asked('A', JANUARY), ofA))).toBe('structure:nothing-changes')
    expect(codeOf(planServing(asked('B', '2027-02-30'), ofA))).toBe('structure:choose-day')
    expect(codeOf(planServing(asked('B', JANUARY, CHRISTMAS), ofA))).toBe('structure:choose-day')
  })

  test('of any history, the past stays, the asked days are the new kitchen’s, and no later day changes', () => {
    const day = fc.integer({ min: 0, max: 60 }).map((n) => addDays('2026-11-15', n))
    const kitchen = fc.constantFrom('A', 'B', 'C')
    const history = fc
      .uniqueArray(fc.record({ from: day, kitchenId: kitchen }), {
        selector: ({ from }) => from,
        maxLength: 4,
      })
      .map((rows) => rows.map(({ from, kitchenId }) => served(from, kitchenId)))
      .map((rows) => rows.toSorted((a, b) => a.from.localeCompare(b.from)))
    fc.assert(
      fc.property(history, kitchen, day, fc.option(day), (rows, kitchenId, from, to) => {
        const plan = planServing(asked(kitchenId, from, to ?? ''), school(rows))
        if (!plan.ok) return
        const after = [...rows.filter((row) => row.from !== plan.value.from), ...plan.value.rows]
        for (let n = 0; n < 75; n += 1) {
          const one = addDays('2026-11-15', n)
          const isAsked = one >= from && (to === null || one <= to)
          expect(onDay(after, one)).toBe(isAsked ? kitchenId : onDay(rows, one))
        }
      }),
    )
  })
})

describe('a change that has not begun', () => {
  const waiting = school([served('2026-09-01', 'A'), served(JANUARY, 'B')])

  test('is taken back, and the kitchen before goes on', () => {
    expect(planTakingBack(JANUARY, waiting)).toMatchObject({
      ok: true,
      value: { before: { kitchenId: 'A' } },
    })
  })

  test('is not taken back once it began, and the first kitchen of a school never', () => {
    expect(codeOf(planTakingBack(JANUARY, { ...waiting, firstDay: '2027-01-08' }))).toBe(
      'structure:too-early',
    )
    expect(codeOf(planTakingBack(JANUARY, school([served(JANUARY, 'B')])))).toBe('kitchens:gap')
    expect(codeOf(planTakingBack(CHRISTMAS, waiting))).toBe('request:not-found')
  })
})

describe('the addresses of a kitchen', () => {
  const read = (emails: string) =>
    kitchenInput.safeParse({
      kitchenId: '01890000-0000-7000-8000-000000000000',
      revision: '1',
      name: 'A',
      emails,
    })

  test('are read each once, whatever stands between them', () => {
    expect(read(' a@esempio.it; b@esempio.it\nc@esempio.it, a@esempio.it').data?.emails).toEqual([
      'a@esempio.it',
      'b@esempio.it',
      'c@esempio.it',
    ])
    expect(read('').data?.emails).toEqual([])
  })

  test('are refused where one is none, or where they are too many', () => {
    expect(read('cucina').success).toBe(false)
    expect(
      read(
        'abcdef'
          .split('')
          .map((box) => `${box}@esempio.it`)
          .join(','),
      ).success,
    ).toBe(false)
  })
})
