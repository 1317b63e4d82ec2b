import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { lockDiner } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { pupilPriceOn } from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import type { KnownAdult } from './hand-over.ts'
import type { SecondHouseholdFacts, StandingRule } from './second-household.ts'

type Meal = { day: Day; serviceId: string; isCancelled: boolean }

/**
 * What other days of the households of a pupil touch; null where there is no such pupil.
 * @param options.lock holds the pupil and the next days of the schools: neither a close nor a cancellation falls between
 */
export async function secondHouseholdFacts(
  trx: Trx,
  municipalityId: string,
  { pupilId, householdId }: { pupilId: string; householdId: string | null },
  options: { lock: boolean },
): Promise<SecondHouseholdFacts | null> {
  if (options.lock) await lockDiner(trx, municipalityId, pupilId)
  const { rows } = await sql<{ pupilName: string; homeId: string; rules: StandingRule[] }>`
    select c.full_name as "pupilName", c.household_id as "homeId",
      coalesce((select json_agg(json_build_object('id', r.id, 'householdId', r.household_id, 'firstMonday', r.first_monday,
          'days', r.days, 'from', r.valid_from, 'to', r.valid_to) order by r.valid_from)
        from meal_household_rule r where r.municipality_id = ${municipalityId} and r.pupil_id = c.id), '[]') as rules
    from pupil c where c.municipality_id = ${municipalityId} and c.id = ${pupilId}::uuid`.execute(trx)
  const found = rows[0]
  if (!found) return null
  const { firstDay, serviceIds } = await firstOpenDayOf(trx, municipalityId, pupilId, options)
  const households = [
    ...new Set([found.homeId, ...found.rules.map((rule) => rule.householdId), householdId ?? found.homeId]),
  ]
  const [named, meals, tariffs, fares] = await Promise.all([
    sql<{ id: string; name: string; credit: number; delegateToo: string | null }>`
      select h.id, h.name, coalesce((select sum(a.balance_cents) from account a where a.municipality_id = ${municipalityId}
          and a.household_id = h.id and a.kind = 'household' and a.balance_cents > 0), 0)::int as credit,
        (select p.full_name from active_member m
          join active_member d on d.municipality_id = ${municipalityId} and d.person_id = m.person_id
            and d.household_id = ${found.homeId}::uuid and d.role = 'delegate'
          join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
          where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder'
            and h.id = ${householdId}::uuid limit 1) as "delegateToo"
      from household h where h.municipality_id = ${municipalityId} and h.id = any(${households}::uuid[])`.execute(
      trx,
    ),
    sql<Meal>`
      select d.day, e.service_id as "serviceId", exists (select from absence a where a.municipality_id = ${municipalityId}
        and a.service_day_id = d.id and a.pupil_id = e.pupil_id) as "isCancelled"
      from enrolment e
      join service_day d on d.municipality_id = ${municipalityId} and d.service_id = e.service_id and d.school_id = e.school_id
        and d.day between e.valid_from and e.valid_to and eats_on(e.weekdays, d.day) and d.day >= ${firstDay}::date
        and d.status = 'open'
      where e.municipality_id = ${municipalityId} and e.pupil_id = ${pupilId}::uuid
      order by d.day, e.service_id`.execute(trx),
    tariffsOf(trx, municipalityId),
    childrenFares(trx, municipalityId, [found.homeId]),
  ])
  const faresIn = (serviceId: string) =>
    fares.find((one) => one.pupilId === pupilId && one.serviceId === serviceId)?.fares ?? []
  return {
    ...found,
    names: Object.fromEntries(named.rows.map(({ id, name }) => [id, name])),
    credits: Object.fromEntries(named.rows.map(({ id, credit }) => [id, credit])),
    delegatesToo: named.rows.flatMap(({ delegateToo }) => delegateToo ?? []),
    ...{ firstDay, serviceIds },
    meals: meals.rows.map(({ serviceId, ...meal }) => ({
      ...meal,
      cents: pupilPriceOn(tariffs(serviceId), faresIn(serviceId), meal.day)?.cents ?? null,
    })),
  }
}

/** The services of a pupil, and the first day that no kitchen has counted in any of them. */
async function firstOpenDayOf(
  trx: Trx,
  municipalityId: string,
  pupilId: string,
  options: { lock: boolean },
): Promise<Pick<SecondHouseholdFacts, 'firstDay' | 'serviceIds'>> {
  const { rows } = await sql<{ serviceId: string; schools: string[] }>`
    select e.service_id as "serviceId", array_agg(distinct e.school_id::text) as schools from enrolment e
    where e.municipality_id = ${municipalityId} and e.pupil_id = ${pupilId}::uuid and e.valid_to >= app_today()
    group by e.service_id order by e.service_id`.execute(trx)
  const days: Day[] = []
  for (const { serviceId, schools } of rows)
    days.push(await firstOpenDay(trx, municipalityId, serviceId, schools, options))
  const serviceIds = rows.map(({ serviceId }) => serviceId)
  return { serviceIds, firstDay: days.sort().at(-1) ?? (await readClock(trx)).today }
}

/** The person of a code, and the households of which they are the holder. */
export type OtherParent = {
  known: KnownAdult | null
  isPupil: boolean
  today: Day
  holds: { id: string; name: string }[]
}

export async function otherParent(
  trx: Trx,
  municipalityId: string,
  fiscalCode: string,
): Promise<OtherParent> {
  const hash = await hashOfCode(trx, fiscalCode)
  const { rows } = await sql<OtherParent>`
    select (select jsonb_build_object('id', p.id, 'givenName', p.given_name, 'familyName', p.family_name,
          'birthDay', p.birth_date, 'holds', '[]'::jsonb)
        from person p
        where p.municipality_id = ${municipalityId} and p.id = person_with_code(${municipalityId}::uuid, ${hash})) as known,
      exists (select from pupil c where c.municipality_id = ${municipalityId} and c.fiscal_code = ${fiscalCode}) as "isPupil",
      app_today() as today,
      coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name) order by h.name, h.id) from active_member m
        join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
        where m.municipality_id = ${municipalityId} and m.role = 'holder'
          and m.person_id = person_with_code(${municipalityId}::uuid, ${hash})), '[]') as holds`.execute(trx)
  return rows[0] as OtherParent
}

/** The rules of a pupil for the office's page. */
export type SecondHouseholdPage = Pick<SecondHouseholdFacts, 'pupilName' | 'names' | 'firstDay'> & {
  homeId: string
  /** Those that are not over, the present one first. */
  rules: readonly StandingRule[]
}

/** Null where there is no such pupil, or for who may not decide. The reading is written down. */
export async function secondHouseholdForOffice(
  viewer: Viewer,
  householdId: string,
  pupilId: string,
): Promise<SecondHouseholdPage | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(householdId) || !isUuid(pupilId)) return null
  return asStaff(viewer, async (trx) => {
    const about = { pupilId, householdId: null }
    const facts = await secondHouseholdFacts(trx, viewer.municipalityId, about, { lock: false })
    if (!facts || facts.homeId !== householdId) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: householdId,
    })
    const { pupilName, names, firstDay, homeId } = facts
    const rules = facts.rules.filter(({ to }) => to === null || to >= firstDay)
    return { pupilName, names, firstDay, homeId, rules }
  })
}
