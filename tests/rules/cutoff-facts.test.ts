import { describe, expect, test } from 'vitest'
import {
  type CalendarFacts,
  type DayFacts,
  type EnrolmentFact,
  pupilDays,
  type ServiceDayFact,
} from '#lib/meals/cutoff.ts'

const cutoffAt = new Date('2026-11-24T08:30:00Z')
const enrolment = (changes: Partial<EnrolmentFact> = {}): EnrolmentFact => ({
  pupilId: 'greta',
  serviceId: 'canteen',
  schoolId: 'primary',
  valid: { from: '2026-09-14', to: '2027-06-05' },
  served: { from: '2026-09-14', to: '2027-06-05' },
  weekdays: [1, 2, 3, 4, 5],
  ownWeekdays: null,
  ...changes,
})
const open = (changes: Partial<ServiceDayFact> = {}): ServiceDayFact => ({
  id: 'tuesday',
  serviceId: 'canteen',
  schoolId: 'primary',
  day: '2026-11-24',
  cutoffAt,
  status: 'open',
  ...changes,
})
const calendar = (changes: Partial<CalendarFacts> = {}): CalendarFacts => ({
  enrolments: [enrolment()],
  serviceDays: [open()],
  closures: [],
  absences: [],
  ...changes,
})
const of = (changes: Partial<CalendarFacts>, day = '2026-11-24', pupil = 'greta') =>
  pupilDays(calendar(changes))(pupil, day)
const factsOf = (changes: Partial<CalendarFacts>, day?: string, pupil?: string): DayFacts =>
  of(changes, day, pupil).facts

describe('what is known of a child’s day', () => {
  test('a day of service is as it is in the calendar', () => {
    expect(of({})).toEqual({
      pupilId: 'greta',
      serviceDayId: 'tuesday',
      facts: {
        day: '2026-11-24',
        inYear: true,
        planned: true,
        elsewhere: false,
        closure: null,
        absent: false,
        cutoffAt,
        status: 'open',
      },
    })
  })

  test('a day of service on which the child does not eat is not planned, whatever was cancelled', () => {
    const enrolments = [enrolment({ ownWeekdays: [1, 3] })]
    const absences = [{ pupilId: 'greta', serviceDayId: 'tuesday' }]
    expect(factsOf({ enrolments, absences }).planned).toBe(false)
    expect(factsOf({ enrolments, serviceDays: [open({ day: '2026-11-25' })] }, '2026-11-25').planned).toBe(
      true,
    )
    expect(factsOf({ enrolments, serviceDays: [] }, '2026-11-26').planned).toBe(false)
  })

  test('the absence is the child’s own, and of that very day', () => {
    expect(factsOf({ absences: [{ pupilId: 'greta', serviceDayId: 'tuesday' }] }).absent).toBe(true)
    expect(factsOf({ absences: [{ pupilId: 'sofia', serviceDayId: 'tuesday' }] }).absent).toBe(false)
    expect(factsOf({ absences: [{ pupilId: 'greta', serviceDayId: 'monday' }] }).absent).toBe(false)
  })

  test('another school’s day is not the child’s', () => {
    const elsewhere = factsOf({ serviceDays: [open({ schoolId: 'nursery' })] })
    expect(elsewhere).toMatchObject({ cutoffAt: null, status: null })
    expect(factsOf({ serviceDays: [open({ serviceId: 'bus' })] })).toMatchObject({ status: null })
  })

  test('a weekday of the school without a service day is planned all the same: something closes it', () => {
    expect(factsOf({}, '2026-11-25')).toMatchObject({ planned: true, status: null })
    expect(factsOf({}, '2026-11-28')).toMatchObject({ planned: false, inYear: true })
  })

  test('a service day on an unusual weekday is planned', () => {
    const saturday = open({ id: 'saturday', day: '2026-11-28' })
    expect(factsOf({ serviceDays: [saturday] }, '2026-11-28')).toMatchObject({
      planned: true,
      status: 'open',
    })
  })

  test('the first and the last day of an enrolment belong to it', () => {
    const enrolments = [enrolment({ valid: { from: '2026-11-24', to: '2026-11-25' } })]
    expect(factsOf({ enrolments }).planned).toBe(true)
    expect(factsOf({ enrolments }, '2026-11-25').planned).toBe(true)
    expect(factsOf({ enrolments }, '2026-11-23')).toMatchObject({
      planned: false,
      inYear: true,
      status: null,
    })
    expect(factsOf({ enrolments }, '2026-11-26')).toMatchObject({ planned: false, inYear: true })
  })

  test('the first and the last day of the canteen belong to the year', () => {
    const enrolments = [enrolment({ served: { from: '2026-11-24', to: '2026-11-25' } })]
    const none = { enrolments, serviceDays: [] }
    expect(factsOf(none)).toMatchObject({ inYear: true, planned: true })
    expect(factsOf(none, '2026-11-25')).toMatchObject({ inYear: true, planned: true })
    expect(factsOf(none, '2026-11-23')).toMatchObject({ inYear: false, planned: false })
    expect(factsOf(none, '2026-11-26')).toMatchObject({ inYear: false, planned: false })
  })

  test('a pupil who changes school in mid-year is in the year through either', () => {
    const enrolments = [
      enrolment({
        served: { from: '2026-09-14', to: '2026-11-20' },
        valid: { from: '2026-09-14', to: '2026-11-20' },
      }),
      enrolment({ schoolId: 'nursery', valid: { from: '2026-11-23', to: '2027-06-05' } }),
    ]
    const serviceDays = [open({ id: 'hers', schoolId: 'nursery' }), open()]
    expect(of({ enrolments, serviceDays })).toMatchObject({ serviceDayId: 'hers', facts: { inYear: true } })
  })

  test('a child that is not enrolled has no meal to speak of', () => {
    expect(of({}, '2026-11-24', 'sofia')).toEqual({
      pupilId: 'sofia',
      serviceDayId: null,
      facts: {
        ...{ day: '2026-11-24', inYear: false, planned: false, elsewhere: false, closure: null },
        ...{ absent: false, cutoffAt: null, status: null },
      },
    })
  })
})

describe('why there is no canteen', () => {
  const closure = (schoolId: string | null, reason: string, day = '2026-11-24') => ({
    ...{ serviceId: 'canteen', schoolId, day, reason },
  })

  test('a closure of the school comes before one of every school', () => {
    const closures = [closure(null, 'Ponte'), closure('primary', 'Gita')]
    expect(factsOf({ serviceDays: [], closures }).closure).toBe('Gita')
    expect(factsOf({ serviceDays: [], closures: [closure(null, 'Ponte')] }).closure).toBe('Ponte')
    expect(factsOf({ serviceDays: [], closures: [closure('nursery', 'Gita')] }).closure).toBeNull()
    expect(
      factsOf({ serviceDays: [], closures: [closure('primary', 'Gita', '2026-11-25')] }).closure,
    ).toBeNull()
  })

  test('a service day that exists says by itself whether it is open', () => {
    const closures = [closure('primary', 'Sciopero')]
    expect(factsOf({ closures }).closure).toBeNull()
    expect(factsOf({ serviceDays: [open({ status: 'closed' })], closures }).closure).toBeNull()
    expect(factsOf({ serviceDays: [open({ status: 'suspended' })], closures })).toMatchObject({
      ...{ closure: 'Sciopero', status: 'suspended', planned: true },
    })
  })
})
