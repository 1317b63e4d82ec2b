import type { Weekday } from '#lib/kernel/day.ts'
import { daysOfSpans, eachDayOnce, holidaysBetween } from '#lib/school/holidays.ts'
import {
  insertClasses,
  insertHolidays,
  insertSchedule,
  insertSchoolYear,
  insertServiceDays,
} from '#lib/school/office/structure.commands.ts'
import { plannedDays } from '#lib/school/school-year.ts'
import type { Trx } from '../client.ts'
import { DEMO_PATRON, type DemoYear, demoClosures } from './calendar.ts'
import { DEMO_SCHOOLS, type SchoolKey } from './families.ts'
import type { DemoMunicipality } from './municipality.ts'

const CUTOFF = { cutoffTime: '09:30', cutoffDaysBefore: 0, graceSeconds: 3 }

/** The year after, as the office prepares it in summer: its days, holidays and empty classes. No pupil is in it yet. */
export async function seedNextYear(trx: Trx, municipality: DemoMunicipality, year: DemoYear): Promise<void> {
  const { municipalityId, serviceId } = municipality
  const yearId = await insertSchoolYear(trx, municipalityId, year, null)
  const holidays = eachDayOnce([
    ...daysOfSpans(demoClosures(year)),
    ...holidaysBetween({ from: year.startsOn, to: year.endsOn }, DEMO_PATRON),
  ])
  await insertHolidays(trx, municipalityId, [serviceId], holidays, null)
  const closed = new Set(holidays.map(({ day }) => day))
  for (const kind of Object.keys(DEMO_SCHOOLS) as SchoolKey[]) {
    const { weekdays, classes } = DEMO_SCHOOLS[kind]
    const schedule = {
      ...{ ...CUTOFF, weekdays: weekdays as Weekday[] },
      ...{ startsOn: year.serviceFrom, endsOn: year.serviceTo },
    }
    const place = { serviceId, schoolId: municipality.schools[kind].id, yearId }
    await insertSchedule(trx, municipalityId, place, schedule, null)
    await insertServiceDays(trx, municipalityId, place, plannedDays(schedule, closed))
    await insertClasses(trx, municipalityId, place, classes)
  }
}
