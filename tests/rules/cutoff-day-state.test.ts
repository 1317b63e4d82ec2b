import { describe, expect, test } from 'vitest'
import { dayInRome, instantInRome } from '#lib/kernel/day.ts'
import { type DayFacts, dayState, type Moment } from '#lib/meals/cutoff.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { accessibleName, isChangeable, STATES, type StateKind, stateInWords } from '#lib/meals/meal-state.ts'

const TUESDAY = '2026-11-24'

const facts = (change: Partial<DayFacts> = {}): DayFacts => ({
  day: TUESDAY,
  inYear: true,
  planned: true,
  elsewhere: false,
  closure: null,
  absent: false,
  cutoffAt: instantInRome(change.day ?? TUESDAY, '09:30'),
  status: 'open',
  ...change,
})

function at(day: string, time: string, milliseconds = 0): Moment {
  const now = new Date(instantInRome(day, time).getTime() + milliseconds)
  return { now, today: dayInRome(now) }
}

const kindAt = (moment: ReturnType<typeof at>, change?: Partial<DayFacts>): StateKind =>
  dayState(facts(change), moment).kind

describe('what a day is', () => {
  const morning = at(TUESDAY, '08:00')
  const afternoon = at(TUESDAY, '14:00')
  const nextDay = at('2026-11-25', '08:00')

  test.each<[string, ReturnType<typeof at>, Partial<DayFacts>, StateKind]>([
    ['presence is the default', morning, {}, 'present'],
    ['a cancelled meal is an absence', morning, { absent: true }, 'absent'],
    ['a day far ahead can be changed', at('2026-09-14', '12:00'), {}, 'present'],
    ['after the cutoff a presence stands', afternoon, {}, 'presentLate'],
    ['after the cutoff an absence stands', afternoon, { absent: true }, 'absentLate'],
    ['a closed day stands even before its cutoff', morning, { status: 'closed' }, 'presentLate'],
    ['on the same day a charged meal is not yet consumed', afternoon, { status: 'closed' }, 'presentLate'],
    ['a past, charged meal is consumed', nextDay, { status: 'closed' }, 'consumed'],
    ['a past meal not yet charged is only no longer changeable', nextDay, {}, 'presentLate'],
    ['a past absence', nextDay, { absent: true, status: 'closed' }, 'absentPast'],
    ['a closure explains itself', morning, { closure: 'Sciopero' }, 'closed'],
    ['a closure hides an absence sent before it', morning, { closure: 'Sciopero', absent: true }, 'closed'],
    ['a weekday that the school does not serve', morning, { planned: false }, 'unplanned'],
    [
      'a closure on a weekday not served changes nothing',
      morning,
      { planned: false, closure: 'Festa' },
      'unplanned',
    ],
    ['a planned weekday without a service day', morning, { cutoffAt: null, status: null }, 'unplanned'],
    ['the meal of the other household', morning, { elsewhere: true, absent: true }, 'elsewhere'],
    ['a past meal of the other household', nextDay, { elsewhere: true, status: 'closed' }, 'elsewhere'],
    [
      'a closure is the same for both households',
      morning,
      { elsewhere: true, closure: 'Sciopero' },
      'closed',
    ],
    ['a day in August', morning, { inYear: false }, 'outside'],
  ])('%s', (_rule, moment, change, expected) => {
    expect(kindAt(moment, change)).toBe(expected)
  })

  test('09:29:59.999 can still be changed, 09:30:00.000 cannot', () => {
    expect(kindAt(at(TUESDAY, '09:29', 59_999))).toBe('present')
    expect(kindAt(at(TUESDAY, '09:30'))).toBe('presentLate')
  })

  test.each(['2027-03-26', '2027-03-29', '2026-10-23', '2026-10-26'])(
    'around the clock changes the wall clock decides (%s)',
    (day) => {
      expect(kindAt(at(day, '09:29', 59_999), { day })).toBe('present')
      expect(kindAt(at(day, '09:30'), { day })).toBe('presentLate')
    },
  )

  test.each(['2027-03-28', '2026-10-25'])(
    'on a clock-change day too, should it ever be served (%s)',
    (day) => {
      expect(kindAt(at(day, '09:29', 59_999), { day })).toBe('present')
      expect(kindAt(at(day, '09:30'), { day })).toBe('presentLate')
    },
  )

  test('a service may close its bookings on the evening before', () => {
    const cutoffAt = instantInRome('2026-11-23', '18:00')
    expect(kindAt(at('2026-11-23', '17:59'), { cutoffAt })).toBe('present')
    expect(kindAt(at('2026-11-23', '18:00'), { cutoffAt })).toBe('presentLate')
  })

  test('a closed day carries its reason and no deadline', () => {
    expect(dayState(facts({ closure: 'Immacolata Concezione' }), morning)).toEqual({
      day: TUESDAY,
      kind: 'closed',
      cutoffAt: null,
      why: 'Immacolata Concezione',
    })
  })
})

describe('how a day is said', () => {
  test('the accessible name tells day, state and deadline', () => {
    expect(accessibleName('martedì 24 novembre', 'present', { until: '9:30' })).toBe(
      'martedì 24 novembre, presente, modificabile fino alle 9:30',
    )
    expect(accessibleName('martedì 8 dicembre', 'closed', { why: 'Immacolata Concezione' })).toBe(
      'martedì 8 dicembre, chiuso: Immacolata Concezione',
    )
  })

  test('a deadline on an earlier day names that day', () => {
    expect(deadlineInWords(TUESDAY, instantInRome(TUESDAY, '09:30'))).toBe('9:30')
    expect(deadlineInWords(TUESDAY, instantInRome('2026-11-23', '18:00'))).toBe('18:00 di lunedì 23 novembre')
  })

  test('every state has its own class, and words for cell, legend and sentence', () => {
    const kinds = Object.keys(STATES) as StateKind[]
    expect(new Set(kinds.map((kind) => STATES[kind].code)).size).toBe(kinds.length)
    for (const kind of kinds) {
      expect(STATES[kind].label).not.toBe('')
      expect(stateInWords(kind, { until: '9:30' })).not.toBe('')
    }
    expect(kinds.filter(isChangeable)).toEqual(['present', 'absent'])
  })
})
