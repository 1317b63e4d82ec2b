import { describe, expect, test } from 'vitest'
import { addDays, type Day, type Weekday } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { eatsOn } from '#lib/meals/cutoff.ts'
import {
  keyOfWeekdays,
  planWeekdays,
  type WeekdaysFacts,
  weekdaysOfKey,
} from '#lib/people/office/enrolment-weekdays.ts'
import {
  type EnrolmentStretch,
  eatOn,
  moveToClass,
  type OwnWeekdays,
  weekWithin,
} from '#lib/school/enrolment.ts'
import fc from '#tests/support/random.ts'

const MONDAY: Day = '2026-11-30'
const TUESDAY: Day = '2026-12-01'
const stretch = (given: Partial<EnrolmentStretch> = {}): EnrolmentStretch => ({
  ...{ id: 'e1', schoolId: 'p', classId: '3a', yearId: 'y', dietCode: 'STD', severe: false, weekdays: null },
  ...{ from: '2026-09-14', to: '2027-06-05' },
  ...given,
})

describe('the weekdays of a pupil', () => {
  test('are all of the school’s where none are written', () => {
    expect(eatsOn(null, MONDAY)).toBe(true)
    expect(eatsOn([1, 3], MONDAY)).toBe(true)
    expect(eatsOn([1, 3], TUESDAY)).toBe(false)
  })

  test('are kept only where they are not the whole week of the school, and one of them is a day of it', () => {
    expect(weekWithin(null, [1, 2])).toBeNull()
    expect(weekWithin([1, 2, 6], [1, 2])).toBeNull()
    expect(weekWithin([2], [1, 2])).toEqual([2])
    expect(weekWithin([6], [1, 2])).toBeUndefined()
  })

  test('are read from the register as they were written into it', () => {
    for (const weekdays of [null, [5], [1, 3, 5]] as OwnWeekdays[])
      expect(weekdaysOfKey(keyOfWeekdays(weekdays))).toEqual(weekdays)
  })
})

describe('other weekdays from a day on', () => {
  test('cut the enrolment there: class, diet and last day go along', () => {
    expect(eatOn([stretch()], [1], TUESDAY)?.plan).toEqual({
      ...{ drop: [], rediet: [], end: [{ id: 'e1', to: MONDAY }] },
      enrol: [
        {
          ...{ schoolId: 'p', classId: '3a', yearId: 'y', dietCode: 'STD', severe: false, weekdays: [1] },
          ...{ from: TUESDAY, to: '2027-06-05' },
        },
      ],
    })
  })

  test('go back as they came: the enrolment is one again', () => {
    const cut = [stretch({ to: MONDAY }), stretch({ id: 'e2', weekdays: [1], from: TUESDAY })]
    expect(eatOn(cut, null, TUESDAY)?.plan).toEqual({
      ...{ drop: ['e2'], rediet: [], enrol: [] },
      end: [{ id: 'e1', to: '2027-06-05' }],
    })
  })

  test('stay where the pupil goes to another class', () => {
    const moved = moveToClass(
      [stretch({ weekdays: [2] })],
      { classId: '4b', schoolId: 'q', yearId: 'y', to: '2027-06-05' },
      TUESDAY,
    )
    expect(moved?.plan.enrol).toMatchObject([{ classId: '4b', weekdays: [2] }])
  })

  const week = fc.option(fc.subarray([1, 2, 3, 4, 5] as Weekday[], { minLength: 1 }), {
    nil: null,
  }) as fc.Arbitrary<OwnWeekdays>

  test('whatever is asked in any order, each day before stays and each day after is as asked last', () => {
    const steps = fc.array(fc.record({ week, at: fc.nat({ max: 20 }) }), { maxLength: 5 })
    fc.assert(
      fc.property(steps, (asked) => {
        let enrolments = [stretch({ from: MONDAY, to: addDays(MONDAY, 20) })]
        const model: OwnWeekdays[] = Array.from({ length: 21 }, () => null)
        for (const [n, one] of asked.entries()) {
          const plan = eatOn(enrolments, one.week, addDays(MONDAY, one.at))?.plan
          expect(plan).toBeDefined()
          const ends = new Map(plan?.end.map(({ id, to }) => [id, to]))
          enrolments = [
            ...enrolments
              .filter(({ id }) => !plan?.drop.includes(id))
              .map((row) => ({ ...row, to: ends.get(row.id) ?? row.to })),
            ...(plan?.enrol ?? []).map((row, at) => ({ ...row, id: `${n} ${at}` })),
          ]
          model.fill(one.week, one.at)
        }
        for (const [at, expected] of model.entries()) {
          const on = addDays(MONDAY, at)
          const there = enrolments.filter(({ from, to }) => from <= on && on <= to)
          expect(there.map(({ weekdays }) => weekdays)).toEqual([expected])
        }
      }),
    )
  })
})

describe('what other weekdays would do', () => {
  const facts = (given: Partial<WeekdaysFacts> = {}): WeekdaysFacts => ({
    ...{ pupilName: 'Greta Albertini', serviceName: 'Refezione', enrolments: [stretch()] },
    ...{ firstDay: MONDAY, schoolWeek: [1, 2, 3] as Weekday[] },
    days: [0, 1, 2].map((at) => ({ day: addDays(MONDAY, at), isCancelled: at === 1, cents: 540 as Cents })),
    ...given,
  })
  const ask = (weekdays: OwnWeekdays, from: Day = MONDAY) => ({
    pupilId: 'g',
    serviceId: 's',
    weekdays,
    from,
  })
  const words = (lines: readonly string[]) => lines.join('\n').replaceAll('\u00a0', ' ')

  test('says the meals that fall, their price, and the cancellations that are needed no more', () => {
    const planned = planWeekdays(ask([1]), facts())
    if (!planned.ok) throw new Error(planned.code)
    expect(words(planned.value.lines)).toContain(
      'Dal 30 novembre 2026 Greta Albertini mangia a Refezione in questi giorni: lunedì. Prima: tutti i giorni di mensa della scuola.',
    )
    expect(words(planned.value.lines)).toContain('un pasto previsto in meno, 5,40 € in meno')
    expect(words(planned.value.lines)).toContain('Disdette che non servono più')
    expect(words(planned.value.lines)).toContain('1 dicembre 2026.')
    expect(planned.value.back).toBe('all')
  })

  test('says the meals that come, and what stays cancelled', () => {
    const planned = planWeekdays(ask(null), facts({ enrolments: [stretch({ weekdays: [1] })] }))
    if (!planned.ok) throw new Error(planned.code)
    expect(words(planned.value.lines)).toContain('un pasto previsto in più, 5,40 € in più')
    expect(words(planned.value.lines)).toContain('Restano disdetti: 1 dicembre 2026.')
  })

  test('is refused for a day that is counted, for no day of the school, after the end, and when it is so already', () => {
    expect(planWeekdays(ask([1], '2026-11-27'), facts())).toMatchObject({ code: 'enrolments:too-early' })
    expect(planWeekdays(ask([5]), facts())).toMatchObject({ code: 'enrolments:no-weekday' })
    expect(planWeekdays(ask([1], '2027-06-06'), facts())).toMatchObject({
      code: 'enrolments:not-enrolled-then',
    })
    expect(planWeekdays(ask([1, 2, 3]), facts())).toMatchObject({ code: 'enrolments:nothing' })
  })
})
