import { addDays, type Day } from '#lib/kernel/day.ts'

export type DayOff = { id: string; day: Day; kind: string; reason: string; schoolName: string | null }

/** Days off in a row with one reason: `from` and `to` are the same for a single day. */
export type ClosedPeriod = Omit<DayOff, 'day'> & { from: Day; to: Day }

const isNext = (period: ClosedPeriod, dayOff: DayOff): boolean =>
  addDays(period.to, 1) === dayOff.day &&
  period.kind === dayOff.kind &&
  period.reason === dayOff.reason &&
  period.schoolName === dayOff.schoolName

/** Consecutive days with the same reason and school become one period, in the order of their first day. */
export function periodsOff(daysOff: readonly DayOff[]): ClosedPeriod[] {
  const periods: ClosedPeriod[] = []
  for (const dayOff of [...daysOff].sort((a, b) => a.day.localeCompare(b.day))) {
    const running = periods.find((period) => isNext(period, dayOff))
    if (running) running.to = dayOff.day
    else {
      const { day, ...rest } = dayOff
      periods.push({ ...rest, from: day, to: day })
    }
  }
  return periods
}
