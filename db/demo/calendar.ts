import { addDays, type Day, type Weekday, weekdayOf } from '#lib/kernel/day.ts'
import type { ClosedSpan } from '#lib/school/holidays.ts'
import { regionalClosures } from '../town/regional-closures.ts'

export type DemoYear = { name: string; startsOn: Day; endsOn: Day; serviceFrom: Day; serviceTo: Day }

export const DEMO_PATRON = { name: 'Santi Pietro e Paolo', day: '06-29' }

const atOrAfter = (day: Day, weekday: Weekday): Day => addDays(day, (weekday - weekdayOf(day) + 7) % 7)

/**
 * The school year that contains `today`, 1 September to 31 August. Lessons in Veneto run from mid September to early June;
 * in summer the demonstration goes on as a summer service, past the end of the year if need be: there is always a next day
 * to cancel.
 */
export function schoolYearOf(today: Day): DemoYear {
  const year = Number(today.slice(0, 4)) - (today.slice(5) < '09-01' ? 1 : 0)
  const lessonsEnd = atOrAfter(`${year + 1}-06-03`, 5)
  const living = addDays(today, 45)
  return {
    name: `${year}/${year + 1}`,
    startsOn: `${year}-09-01`,
    endsOn: `${year + 1}-08-31`,
    serviceFrom: today < `${year}-09-20` ? `${year}-09-01` : atOrAfter(`${year}-09-09`, 1),
    serviceTo: today > addDays(lessonsEnd, -14) && living > lessonsEnd ? living : lessonsEnd,
  }
}

/** The next year of the demonstration, while it is summer: from June on the office prepares it. Null in all other months. */
export function nextYearOf(today: Day): DemoYear | null {
  const month = today.slice(5, 7)
  if (month < '06' || month > '08') return null
  const year = Number(today.slice(0, 4))
  return {
    name: `${year}/${year + 1}`,
    startsOn: `${year}-09-01`,
    endsOn: `${year + 1}-08-31`,
    serviceFrom: atOrAfter(`${year}-09-09`, 1),
    serviceTo: atOrAfter(`${year + 1}-06-03`, 5),
  }
}

/** What is closed besides the holidays of Italy and the patron's: the region's calendar, and two weeks of August. */
export function demoClosures({ startsOn }: Pick<DemoYear, 'startsOn'>): ClosedSpan[] {
  const year = Number(startsOn.slice(0, 4))
  const summer = { from: `${year + 1}-08-10`, to: `${year + 1}-08-21`, reason: 'Chiusura estiva' }
  // A bridge of the demonstration's own: the region decides such days from year to year.
  const allSaints = { from: `${year}-11-01`, to: `${year}-11-02`, reason: 'Ognissanti' }
  return [allSaints, ...(regionalClosures('Veneto', year) ?? []), summer]
}
