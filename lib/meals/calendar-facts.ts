import { type Day, isWithin, weekdayOf } from '#lib/kernel/day.ts'
import type { CutoffFacts } from './cutoff.ts'
import type { DayFacts } from './day-state.ts'
import type { Period } from './month.ts'

/** One pupil in one service and school, for as long as it lasts, with what that school's service does in the week. */
export type EnrolmentFact = {
  pupilId: string
  serviceId: string
  schoolId: string
  /** Both days included. */
  valid: Period
  /** From the first to the last day of the canteen in the school year. */
  served: Period
  weekdays: readonly number[]
}

export type ServiceDayFact = {
  id: string
  serviceId: string
  schoolId: string
  day: Day
  cutoffAt: Date
  status: CutoffFacts['status']
}

/** A closure of one school, or (null) of every school of the service. */
export type ClosureFact = { serviceId: string; schoolId: string | null; day: Day; reason: string }

export type CalendarFacts = {
  enrolments: readonly EnrolmentFact[]
  serviceDays: readonly ServiceDayFact[]
  closures: readonly ClosureFact[]
  absences: readonly { pupilId: string; serviceDayId: string }[]
}

/** The facts of a day for a pupil, with the service day they come from where there is one. */
export type PupilDay = { pupilId: string; serviceDayId: string | null; facts: DayFacts }

/**
 * Puts the rows of a few queries together: a function that answers for any pupil and day of them.
 * A service day that exists says by itself whether it is open; closures explain why one is not.
 */
export function pupilDays(calendar: CalendarFacts): (pupilId: string, day: Day) => PupilDay {
  const serviceDays = new Map(
    calendar.serviceDays.map((row) => [`${row.serviceId} ${row.schoolId} ${row.day}`, row]),
  )
  const closures = new Map(
    calendar.closures.map((row) => [`${row.serviceId} ${row.schoolId ?? 'all'} ${row.day}`, row.reason]),
  )
  const absences = new Set(calendar.absences.map((row) => `${row.pupilId} ${row.serviceDayId}`))
  const reasonOf = (serviceId: string, schoolId: string, day: Day): string | null =>
    closures.get(`${serviceId} ${schoolId} ${day}`) ?? closures.get(`${serviceId} all ${day}`) ?? null

  return (pupilId, day) => {
    const own = calendar.enrolments.filter((row) => row.pupilId === pupilId)
    const enrolment = own.find((row) => isWithin(day, row.valid))
    const inYear = own.some((row) => isWithin(day, row.served))
    const nothing: DayFacts = {
      day,
      inYear,
      planned: false,
      closure: null,
      absent: false,
      cutoffAt: null,
      status: null,
    }
    if (!enrolment) return { pupilId, serviceDayId: null, facts: nothing }
    const { serviceId, schoolId, weekdays, served } = enrolment
    const serviceDay = serviceDays.get(`${serviceId} ${schoolId} ${day}`)
    const isOpen = serviceDay !== undefined && serviceDay.status !== 'suspended'
    return {
      pupilId,
      serviceDayId: serviceDay?.id ?? null,
      facts: {
        day,
        inYear,
        planned: serviceDay !== undefined || (isWithin(day, served) && weekdays.includes(weekdayOf(day))),
        closure: isOpen ? null : reasonOf(serviceId, schoolId, day),
        absent: serviceDay !== undefined && absences.has(`${pupilId} ${serviceDay.id}`),
        cutoffAt: serviceDay?.cutoffAt ?? null,
        status: serviceDay?.status ?? null,
      },
    }
  }
}
