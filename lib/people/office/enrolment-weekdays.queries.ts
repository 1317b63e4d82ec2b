import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day, Weekday } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { pupilPriceOn } from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import { enrolmentsIn } from './enrolment-change.queries.ts'
import type { AskedWeekdays, WeekdaysFacts } from './enrolment-weekdays.ts'

/**
 * What other weekdays of a pupil touch, with the household; null where there is no such enrolment.
 * @param options.lock holds the pupil and the next days of the schools: neither a close nor a cancellation falls between
 */
export async function weekdaysFacts(
  trx: Trx,
  municipalityId: string,
  { pupilId, serviceId }: Pick<AskedWeekdays, 'pupilId' | 'serviceId'>,
  options: { lock: boolean },
): Promise<{ householdId: string; facts: WeekdaysFacts } | null> {
  if (options.lock) await lockDiner(trx, municipalityId, pupilId)
  const enrolments = await enrolmentsIn(trx, municipalityId, serviceId, pupilId, options)
  const latest = enrolments.toSorted((a, b) => b.to.localeCompare(a.to))[0]
  if (!latest) return null
  const schools = [...new Set(enrolments.map(({ schoolId }) => schoolId))]
  const firstDay = await firstOpenDay(trx, municipalityId, serviceId, schools, options)
  type Found = Pick<WeekdaysFacts, 'pupilName' | 'serviceName'> & {
    householdId: string
    schoolWeek: Weekday[] | null
    days: { day: Day; isCancelled: boolean }[]
  }
  const { rows } = await sql<Found>`
    select c.household_id as "householdId", c.full_name as "pupilName", v.name as "serviceName",
      (select t.weekdays || coalesce(t.next_weekdays, '{}') from service_schedule t where t.municipality_id = ${municipalityId}
        and t.service_id = v.id and t.school_id = ${latest.schoolId}::uuid and t.school_year_id = ${latest.yearId}::uuid) as "schoolWeek",
      coalesce((select jsonb_agg(jsonb_build_object('day', d.day, 'isCancelled', exists (select from absence a
            where a.municipality_id = ${municipalityId} and a.service_day_id = d.id and a.pupil_id = c.id)) order by d.day)
        from enrolment e
        join service_day d on d.municipality_id = ${municipalityId} and d.service_id = e.service_id and d.school_id = e.school_id
          and d.day between e.valid_from and e.valid_to and d.day >= ${firstDay}::date and d.status = 'open'
        where e.municipality_id = ${municipalityId} and e.pupil_id = c.id and e.service_id = v.id), '[]') as days
    from pupil c, service v
    where c.municipality_id = ${municipalityId} and c.id = ${pupilId}::uuid
      and v.municipality_id = ${municipalityId} and v.id = ${serviceId}::uuid`.execute(trx)
  const found = rows[0]
  if (!found) return null
  const { householdId, schoolWeek, days, ...names } = found
  const tariff = (await tariffsOf(trx, municipalityId))(serviceId)
  const children = await childrenFares(trx, municipalityId, [householdId])
  const fares = children.find((one) => one.pupilId === pupilId && one.serviceId === serviceId)?.fares ?? []
  return {
    householdId,
    facts: {
      ...names,
      ...{ enrolments, firstDay },
      schoolWeek: schoolWeek ?? [],
      days: days.map((one) => ({ ...one, cents: pupilPriceOn(tariff, fares, one.day)?.cents ?? null })),
    },
  }
}

/** The weekdays of a pupil in each service, for the form that changes them. */
export type ChangeableWeekdays = {
  pupilName: string
  services: {
    id: string
    name: string
    schoolWeek: readonly Weekday[]
    weekdays: OwnWeekdays
    firstDay: Day
  }[]
}

/** Null where there is no such pupil, or for who may not change them. The reading is written down. */
export async function weekdaysForOffice(
  viewer: Viewer,
  householdId: string,
  pupilId: string,
): Promise<ChangeableWeekdays | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(householdId) || !isUuid(pupilId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ pupilName: string; id: string | null }>`
      select p.full_name as "pupilName", e.service_id as id
      from pupil p
      left join lateral (select distinct n.service_id from enrolment n
        where n.municipality_id = ${municipalityId} and n.pupil_id = p.id and n.valid_to >= app_today()) e on true
      where p.municipality_id = ${municipalityId} and p.id = ${pupilId}::uuid and p.household_id = ${householdId}::uuid
      order by e.service_id`.execute(trx)
    const [first] = rows
    if (!first) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: householdId,
    })
    const services: ChangeableWeekdays['services'] = []
    for (const { id } of rows) {
      const found =
        id && (await weekdaysFacts(trx, municipalityId, { pupilId, serviceId: id }, { lock: false }))
      if (!found) continue
      const { enrolments, schoolWeek, firstDay, serviceName: name } = found.facts
      const now = enrolments.find(({ to }) => to >= firstDay)
      services.push({ id, name, schoolWeek, weekdays: now?.weekdays ?? null, firstDay })
    }
    return { pupilName: first.pupilName, services }
  })
}
