import 'server-only'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Holiday } from '../holidays.ts'
import type { SchoolKind } from '../municipality.ts'
import type { PlannedDay, Schedule } from '../school-year.ts'

/**
 * The rows of a municipality's structure. Who may write them, and whether they are right, was decided before: by an act of the
 * office, by `npm run town:create` or by the seed of the demonstration, which all write them here.
 */
export type NewSchool = {
  name: string
  kind: SchoolKind
  street: string
  mechanographicCode: string | null
}

/** @param by the person who decides; null for the owner of the schema */
export async function insertSchool(
  trx: Trx,
  municipalityId: string,
  { mechanographicCode, ...school }: NewSchool,
  by: string | null,
): Promise<string> {
  const { id } = await trx
    .insertInto('school')
    .values({
      municipality_id: municipalityId,
      ...school,
      mechanographic_code: mechanographicCode,
      updated_by: by,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** @returns the ids of the classes by their names */
export async function insertClasses(
  trx: Trx,
  municipalityId: string,
  { schoolId, yearId }: { schoolId: string; yearId: string },
  names: readonly string[],
): Promise<Record<string, string>> {
  if (names.length === 0) return {}
  const rows = await trx
    .insertInto('school_class')
    .values(
      names.map((name) => ({
        municipality_id: municipalityId,
        school_id: schoolId,
        school_year_id: yearId,
        name,
      })),
    )
    .returning(['id', 'name'])
    .execute()
  return Object.fromEntries(rows.map(({ name, id }) => [name, id]))
}

type NewSchoolYear = { name: string; startsOn: Day; endsOn: Day }

export async function insertSchoolYear(
  trx: Trx,
  municipalityId: string,
  { name, startsOn, endsOn }: NewSchoolYear,
  by: string | null,
): Promise<string> {
  const { id } = await trx
    .insertInto('school_year')
    .values({ municipality_id: municipalityId, name, starts_on: startsOn, ends_on: endsOn, updated_by: by })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Closes days for all schools of each service, before their service days are planned. */
export async function insertHolidays(
  trx: Trx,
  municipalityId: string,
  serviceIds: readonly string[],
  holidays: readonly Holiday[],
  by: string | null,
): Promise<void> {
  const rows = serviceIds.flatMap((serviceId) =>
    holidays.map(({ day, reason }) => ({
      municipality_id: municipalityId,
      service_id: serviceId,
      day,
      kind: 'holiday' as const,
      reason,
      created_by: by,
    })),
  )
  if (rows.length > 0) await trx.insertInto('closure').values(rows).execute()
}

/** One school's week of one service in one school year. */
export type WeekPlace = { serviceId: string; schoolId: string; yearId: string }

export const insertSchedule = (
  trx: Trx,
  municipalityId: string,
  { serviceId, schoolId, yearId }: WeekPlace,
  schedule: Schedule,
  by: string | null,
) =>
  trx
    .insertInto('service_schedule')
    .values({
      municipality_id: municipalityId,
      service_id: serviceId,
      school_id: schoolId,
      school_year_id: yearId,
      weekdays: [...schedule.weekdays],
      cutoff_time: schedule.cutoffTime,
      cutoff_days_before: schedule.cutoffDaysBefore,
      grace_seconds: schedule.graceSeconds,
      starts_on: schedule.startsOn,
      ends_on: schedule.endsOn,
      updated_by: by,
    })
    .execute()

/** Opens service days; one that is there already stays as it is. */
export async function insertServiceDays(
  trx: Trx,
  municipalityId: string,
  { serviceId, schoolId }: Pick<WeekPlace, 'serviceId' | 'schoolId'>,
  days: readonly PlannedDay[],
): Promise<void> {
  if (days.length === 0) return
  await trx
    .insertInto('service_day')
    .values(
      days.map(({ day, cutoffAt, closeAt }) => ({
        municipality_id: municipalityId,
        service_id: serviceId,
        school_id: schoolId,
        day,
        cutoff_at: cutoffAt,
        close_at: closeAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['municipality_id', 'service_id', 'school_id', 'day']).doNothing(),
    )
    .execute()
}
