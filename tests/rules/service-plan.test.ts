import { describe, expect, test } from 'vitest'
import { holdsMeal, type RuledEnrolment } from '#lib/meals/cutoff.ts'
import { type CancelRule, cancelledByOn } from '#lib/school/cancel-rule.ts'
import {
  type AskedService,
  codeOf,
  type NewServiceFacts,
  planCancelRule,
  planService,
  planServiceEnd,
} from '#lib/tariffs/office/service-plan.ts'

const TUESDAY = '2026-12-01'
const JANUARY = '2027-01-07'

const refusal = (result: { ok: boolean; code?: string }) => (result.ok ? 'done' : result.code)

const facts: NewServiceFacts = {
  today: TUESDAY,
  now: new Date('2026-12-01T07:00:00Z'),
  names: ['Refezione Scolastica'],
  codes: ['refezione', 'merenda'],
  years: [
    { id: 'y', name: '2026/2027', startsOn: '2026-09-01', endsOn: '2027-08-31', servedUntil: '2027-06-04' },
  ],
  schools: [
    { id: 'a', name: 'Collodi' },
    { id: 'b', name: 'Rodari' },
  ],
  holidays: [{ day: '2026-12-08', reason: 'Immacolata Concezione' }],
}

const snack: AskedService = {
  ...{ name: 'Merenda', cents: 120, from: '2026-12-02', weekdays: [2, 3], cutoffTime: '09:30' },
  ...{ cutoffDaysBefore: 0, cancelledBy: 'all', isCooked: true, isEverywhere: true },
}

describe('a new service', () => {
  test('has the days of its weekdays until the canteen ends, without the holidays, and a code of letters of its own', () => {
    const plan = planService(snack, facts)
    if (!plan.ok) throw new Error(plan.code)
    expect(plan.value).toMatchObject({ code: 'merenda-a', to: '2027-06-04', yearId: 'y' })
    expect(plan.value.days.slice(0, 3).map(({ day }) => day)).toEqual([
      '2026-12-02',
      '2026-12-09',
      '2026-12-15',
    ])
    expect(plan.value.schools).toHaveLength(2)
  })

  test('of the office’s choice begins in no school', () => {
    const plan = planService({ ...snack, isEverywhere: false }, facts)
    expect(plan.ok && plan.value.schools).toEqual([])
  })

  test.each([
    [{ name: 'refezione scolastica' }, 'structure:name-taken'],
    [{ cents: 0 }, 'tariffs:out-of-range'],
    [{ cents: 10_001 }, 'tariffs:out-of-range'],
    [{ from: '2026-11-30' }, 'structure:too-early'],
    [{ from: '2026-02-30' }, 'structure:choose-day'],
    [{ from: '2027-09-01' }, 'services:no-year'],
    [{ from: TUESDAY, cutoffTime: '07:30' }, 'structure:cutoff-passed'],
  ])('with %j is refused', (given, code) => {
    expect(refusal(planService({ ...snack, ...given }, facts))).toBe(code)
  })

  test('is called by a code that an address can hold, whatever its name', () => {
    expect(codeOf('Pre-scuola (7:30)', [])).toBe('pre-scuola')
    expect(codeOf('2026', [])).toBe('servizio')
    expect(codeOf('Merenda', ['merenda', 'merenda-a'])).toBe('merenda-b')
  })
})

describe('who may cancel', () => {
  const rules: CancelRule[] = [{ from: JANUARY, cancelledBy: 'holder' }]
  const free = { rules: [], firstDay: TUESDAY }

  test('is everybody until a rule begins, and whoever the latest rule says from then on', () => {
    expect(cancelledByOn(rules, '2027-01-06')).toBe('all')
    expect(cancelledByOn(rules, JANUARY)).toBe('holder')
    expect(cancelledByOn([...rules, { from: '2027-02-01', cancelledBy: 'all' }], '2027-03-01')).toBe('all')
  })

  test('changes from a day on that no kitchen has counted', () => {
    expect(planCancelRule({ cancelledBy: 'holder', from: JANUARY }, free)).toMatchObject({
      ok: true,
      value: { before: 'all', isWritten: true },
    })
    expect(refusal(planCancelRule({ cancelledBy: 'holder', from: '2026-11-30' }, free))).toBe(
      'structure:too-early',
    )
    expect(refusal(planCancelRule({ cancelledBy: 'all', from: JANUARY }, free))).toBe(
      'structure:nothing-changes',
    )
  })

  test('that was decided for later gives way to an earlier day, and takes back with what holds today', () => {
    const waiting = { rules, firstDay: TUESDAY }
    expect(refusal(planCancelRule({ cancelledBy: 'all', from: '2027-02-01' }, waiting))).toBe(
      'structure:change-waits',
    )
    expect(planCancelRule({ cancelledBy: 'all', from: '2026-12-02' }, waiting)).toMatchObject({
      ok: true,
      value: { isWritten: false },
    })
  })
})

describe('a meal of a service that only the holder cancels', () => {
  const enrolment: RuledEnrolment = {
    ...{ pupilId: 'p', serviceId: 'v', schoolId: 's', weekdays: [1, 2, 3, 4, 5], ownWeekdays: null },
    ...{ valid: { from: '2026-09-01', to: '2027-06-05' }, served: { from: '2026-09-14', to: '2027-06-05' } },
    cancelRules: [{ from: JANUARY, cancelledBy: 'holder' }],
    householdRules: [],
  }
  const meals = [
    { pupilId: 'p', day: '2026-12-02' },
    { pupilId: 'p', day: JANUARY },
  ]
  const as = (role: 'holder' | 'delegate', householdId = 'h') => [{ householdId, role }]

  test('is held from delegates from its day on, and from no holder', () => {
    expect(holdsMeal(as('delegate'), 'h', [enrolment], meals)).toBe(true)
    expect(holdsMeal(as('delegate'), 'h', [enrolment], meals.slice(0, 1))).toBe(false)
    expect(holdsMeal(as('holder'), 'h', [enrolment], meals)).toBe(false)
  })

  test('is held from a delegate who is the holder of another household', () => {
    expect(holdsMeal([...as('delegate'), ...as('holder', 'other')], 'h', [enrolment], meals)).toBe(true)
  })

  test('goes by the enrolment of its day', () => {
    const later = { ...enrolment, valid: { from: JANUARY, to: '2027-06-05' }, cancelRules: [] }
    const first = { ...enrolment, valid: { from: '2026-09-01', to: '2027-01-06' } }
    expect(holdsMeal(as('delegate'), 'h', [first, later], meals)).toBe(false)
  })
})

describe('the end of a service', () => {
  const open = { validTo: null, firstDay: TUESDAY }

  test('leaves what was counted, and only comes nearer', () => {
    expect(planServiceEnd(JANUARY, open)).toEqual({ ok: true, value: JANUARY })
    expect(refusal(planServiceEnd('2026-11-29', open))).toBe('structure:too-early')
    expect(refusal(planServiceEnd('2027-02-01', { ...open, validTo: JANUARY }))).toBe('services:ends-before')
    expect(refusal(planServiceEnd('', open))).toBe('structure:choose-day')
  })
})
