import { describe, expect, test } from 'vitest'
import { type CalendarFacts, eaterIn, mealsOf, pupilOf, pupilsOf, serviceOf } from '#lib/meals/cutoff.ts'
import { isEater, readCalendarAddress } from '#lib/meals/meal.address.ts'
import fc from '#tests/support/random.ts'

const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`
const PUPILS = [uuid(1), uuid(2)]
const SERVICES = [uuid(11), uuid(12), uuid(13)]
const DAYS = ['2026-11-24', '2026-11-25']
const SCHOOL = uuid(99)

/** Every pupil in every service, on both days. */
const calendar: CalendarFacts = {
  enrolments: PUPILS.flatMap((pupilId) =>
    SERVICES.map((serviceId) => ({
      ...{ pupilId, serviceId, schoolId: SCHOOL, weekdays: [1, 2, 3, 4, 5], ownWeekdays: null },
      valid: { from: '2026-09-14', to: '2027-06-05' },
      served: { from: '2026-09-14', to: '2027-06-05' },
    })),
  ),
  serviceDays: SERVICES.flatMap((serviceId) =>
    DAYS.map((day) => ({
      ...{ id: `${serviceId} ${day}`, serviceId, schoolId: SCHOOL, day, status: 'open' as const },
      cutoffAt: new Date(`${day}T08:30:00Z`),
    })),
  ),
  closures: [],
  absences: [],
}

const anEater = fc
  .tuple(fc.constantFrom(...PUPILS), fc.constantFrom(null, ...SERVICES))
  .map(([pupilId, serviceId]) => (serviceId === null ? pupilId : eaterIn(pupilId, serviceId)))

describe('who eats', () => {
  test('is a pupil, or a pupil in one service, and is read back as it was written', () => {
    const [pupilId = '', serviceId = ''] = [PUPILS[0], SERVICES[0]]
    const eater = eaterIn(pupilId, serviceId)
    expect([pupilOf(eater), serviceOf(eater)]).toEqual([pupilId, serviceId])
    expect([pupilOf(pupilId), serviceOf(pupilId)]).toEqual([pupilId, null])
    expect(pupilsOf([eater, pupilId])).toEqual([pupilId])
    expect([eater, pupilId].every(isEater)).toBe(true)
    for (const text of [
      '',
      '.',
      `${pupilId}.`,
      `.${pupilId}`,
      `${eater}.${serviceId}`,
      `${pupilId}.merenda`,
      null,
    ])
      expect(isEater(text), String(text)).toBe(false)
    expect(readCalendarAddress({ figlio: eater })).toMatchObject({ child: eater })
    expect(readCalendarAddress({ figlio: `${pupilId}.merenda` })).toBeNull()
  })

  test('in whatever ways a request names them, changes each meal once and no meal that is not named', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anEater, { minLength: 1, maxLength: 8 }), (pupilIds) => {
        const meals = mealsOf({ action: 'cancel', pupilIds, days: DAYS }, calendar)
        const got = meals.map(({ pupilId, serviceDayId }) => `${pupilOf(pupilId)} ${serviceDayId}`)
        // By the pupil alone the first service is meant.
        const named = new Set(
          pupilIds.flatMap((eater) =>
            DAYS.map((day) => `${pupilOf(eater)} ${serviceOf(eater) ?? SERVICES[0]} ${day}`),
          ),
        )
        expect(got.toSorted()).toEqual([...named].toSorted())
      }),
    )
  })
})
