import type { Day, Weekday } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { KitchenWords } from '#lib/kitchen/kitchen.ts'
import { insertKitchen, insertServed } from '#lib/kitchen/office/kitchen.commands.ts'
import type { Allergen } from '#lib/menus/allergen.ts'
import {
  type ClosedSpan,
  daysOfSpans,
  eachDayOnce,
  holidaysBetween,
  type PatronSaint,
} from '#lib/school/holidays.ts'
import {
  insertClasses,
  insertHolidays,
  insertSchedule,
  insertSchool,
  insertSchoolYear,
  insertServiceDays,
  type NewSchool,
} from '#lib/school/office/structure.commands.ts'
import { plannedDays } from '#lib/school/school-year.ts'
import type { Trx } from '../client.ts'
import { readClock } from '../clock.ts'

/** Between the cutoff and the close: a cancellation that arrived in time is also written in time. */
const GRACE_SECONDS = 3

type Address = { street: string; postcode: string; email: string; phone: string }

type OperatorPlan = Address & {
  name: string
  vatNumber: string
  fiscalCode: string
  city: string
  province: string
}

type ServicePlan = {
  code: string
  name: string
  priceCents: Cents
  weekdays: readonly Weekday[]
  /** `HH:MM`, wall clock in Italy. */
  cutoffTime: string
  cutoffDaysBefore: number
}

/** `weekdays`: those of this school, where they are not the service's. */
type SchoolPlan = NewSchool & { classes: readonly string[]; weekdays: readonly Weekday[] | null }

/** Who enters with SPID or CIE of this code. */
export type NamedPerson = { givenName: string; familyName: string; fiscalCode: string; email: string }

/**
 * `schools`: the names of those that it serves from the first day of the year on; `people`: who gets its role with the municipality's
 * first manager.
 */
type KitchenPlan = KitchenWords & { schools: readonly string[]; people: readonly NamedPerson[] }

/** Everything of which a municipality is made before its people come. */
export type TownPlan = {
  municipality: Address & {
    slug: string
    name: string
    province: string
    region: string
    fiscalCode: string
    pec: string
    invoiceSeries: string
    patron: PatronSaint | null
    /** The first day on which families may enter; null: the manager decides. */
    opensOn: Day | null
  }
  operator: OperatorPlan
  year: { name: string; startsOn: Day; endsOn: Day; serviceFrom: Day; serviceTo: Day }
  /** Besides national holidays and the patron's. */
  closures: readonly ClosedSpan[]
  services: readonly ServicePlan[]
  schools: readonly SchoolPlan[]
  kitchens: readonly KitchenPlan[]
  diets: readonly { code: string; name: string; legend?: string; allergens?: Allergen[]; parts?: string[] }[]
}

type MadeTown = {
  municipalityId: string
  yearId: string
  /** Ids by code. */
  services: Record<string, string>
  schools: { id: string; classes: Record<string, string> }[]
  /** Days on which a meal can still be cancelled, all schools and services together. */
  days: number
}

/**
 * Writes a municipality: operator, calendar, services with their first price, schools, classes and service days. The one way to
 * make one: `npm run town:create` and the seed of the demonstration. Days whose cutoff has passed are not planned: nothing would
 * have been counted on them.
 */
export async function makeTown(trx: Trx, plan: TownPlan): Promise<MadeTown> {
  const { now } = await readClock(trx)
  const operatorId = await operatorOf(trx, plan.operator)
  const municipalityId = await insertMunicipality(trx, plan, operatorId)
  const yearId = await insertSchoolYear(trx, municipalityId, plan.year, null)
  const services = await insertServices(trx, municipalityId, plan)
  await trx
    .insertInto('diet')
    .values(plan.diets.map((diet) => ({ municipality_id: municipalityId, ...diet })))
    .execute()
  const { startsOn: from, endsOn: to } = plan.year
  const holidays = eachDayOnce([
    ...daysOfSpans(plan.closures),
    ...holidaysBetween({ from, to }, plan.municipality.patron),
  ])
  await insertHolidays(trx, municipalityId, Object.values(services), holidays, null)
  const town = { municipalityId, yearId, services, now, closed: new Set(holidays.map(({ day }) => day)) }
  const schools: MadeTown['schools'] = []
  let days = 0
  for (const school of plan.schools) {
    const made = await makeSchool(trx, plan, town, school)
    schools.push(made)
    days += made.days
  }
  await makeKitchens(trx, plan, municipalityId, (name) => {
    const made = schools[plan.schools.findIndex((school) => school.name === name)]
    return made ? made.id : null
  })
  return { municipalityId, yearId, services, schools, days }
}

async function makeKitchens(
  trx: Trx,
  { kitchens, year }: TownPlan,
  municipalityId: string,
  schoolNamed: (name: string) => string | null,
): Promise<void> {
  for (const { schools, people: _, ...words } of kitchens) {
    const kitchenId = await insertKitchen(trx, municipalityId, words, null)
    for (const schoolId of schools.map(schoolNamed))
      if (schoolId)
        await insertServed(trx, municipalityId, { schoolId, kitchenId, from: year.startsOn }, null)
  }
}

/** The operator of an earlier municipality runs this one too: one company is one row. */
async function operatorOf(trx: Trx, { vatNumber, fiscalCode, ...operator }: OperatorPlan): Promise<string> {
  const known = await trx
    .selectFrom('operator')
    .select('id')
    .where('vat_number', '=', vatNumber)
    .executeTakeFirst()
  if (known) return known.id
  const { id } = await trx
    .insertInto('operator')
    .values({ ...operator, vat_number: vatNumber, fiscal_code: fiscalCode })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function insertMunicipality(trx: Trx, { municipality }: TownPlan, operatorId: string): Promise<string> {
  const { fiscalCode, invoiceSeries, patron, opensOn, ...words } = municipality
  const { id } = await trx
    .insertInto('municipality')
    .values({
      ...words,
      operator_id: operatorId,
      fiscal_code: fiscalCode,
      invoice_series: invoiceSeries,
      patron_name: patron?.name ?? null,
      patron_day: patron?.day ?? null,
      opens_on: opensOn,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function insertServices(
  trx: Trx,
  municipalityId: string,
  { services, year }: TownPlan,
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const { code, name, priceCents } of services) {
    const { id } = await trx
      .insertInto('service')
      .values({ municipality_id: municipalityId, code, name })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('meal_price')
      .values({
        municipality_id: municipalityId,
        service_id: id,
        valid_from: year.startsOn,
        price_cents: priceCents,
      })
      .execute()
    ids[code] = id
  }
  return ids
}

async function makeSchool(
  trx: Trx,
  { services, year }: TownPlan,
  town: Pick<MadeTown, 'municipalityId' | 'yearId' | 'services'> & { now: Date; closed: ReadonlySet<Day> },
  { classes, weekdays, ...school }: SchoolPlan,
): Promise<MadeTown['schools'][number] & { days: number }> {
  const { municipalityId, yearId } = town
  const id = await insertSchool(trx, municipalityId, school, null)
  let days = 0
  for (const service of services) {
    const schedule = {
      weekdays: weekdays ?? service.weekdays,
      startsOn: year.serviceFrom,
      endsOn: year.serviceTo,
      cutoffTime: service.cutoffTime,
      cutoffDaysBefore: service.cutoffDaysBefore,
      graceSeconds: GRACE_SECONDS,
    }
    const place = { serviceId: town.services[service.code] as string, schoolId: id, yearId }
    await insertSchedule(trx, municipalityId, place, schedule, null)
    const open = plannedDays(schedule, town.closed).filter(({ cutoffAt }) => cutoffAt > town.now)
    await insertServiceDays(trx, municipalityId, place, open)
    days += open.length
  }
  return { id, classes: await insertClasses(trx, municipalityId, { schoolId: id, yearId }, classes), days }
}
