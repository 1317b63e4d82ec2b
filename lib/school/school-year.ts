import { addSeconds } from 'date-fns'
import { addDays, type Day, daysBetween, instantInRome, type Weekday, weekdayOf } from '#lib/kernel/day.ts'

/** When a service is given in a school, and until when a family may change a meal of it. */
export type Schedule = {
  weekdays: readonly Weekday[]
  startsOn: Day
  endsOn: Day
  /** Wall clock in Italy, `HH:MM`. */
  cutoffTime: string
  /** 0: the same day; 1: the day before, and so on. */
  cutoffDaysBefore: number
  /** Between the cutoff and the close, so that a cancellation that arrived in time is also written in time. */
  graceSeconds: number
}

export type PlannedDay = { day: Day; cutoffAt: Date; closeAt: Date }

/** The instant before which a meal of `day` may change: the wall clock decides, so clock changes move the instant, not the hour. */
export const cutoffOf = (day: Day, schedule: Pick<Schedule, 'cutoffTime' | 'cutoffDaysBefore'>): Date =>
  instantInRome(addDays(day, -schedule.cutoffDaysBefore), schedule.cutoffTime)

/** The service days of a schedule: its weekdays between its two ends, without the days named in `closed`. */
export function plannedDays(schedule: Schedule, closed: ReadonlySet<Day>): PlannedDay[] {
  return daysBetween(schedule.startsOn, schedule.endsOn)
    .filter((day) => schedule.weekdays.includes(weekdayOf(day)) && !closed.has(day))
    .map((day) => {
      const cutoffAt = cutoffOf(day, schedule)
      return { day, cutoffAt, closeAt: addSeconds(cutoffAt, schedule.graceSeconds) }
    })
}
