import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { OfferedBand } from './fare-assignment.ts'
import { type FarePeriod, nextPriceAfter, type PriceVersion, priceOn, type Tariff } from './price.ts'

const EMPTY: Tariff = { full: [], bands: [] }

/** The full prices of a service, in the order of their first day. */
const fullPrices = (trx: Trx, municipalityId: string) =>
  trx
    .selectFrom('meal_price')
    .select(['service_id as serviceId', 'valid_from as validFrom', 'price_cents as priceCents'])
    .where('municipality_id', '=', municipalityId)
    .orderBy('valid_from')
    .execute()

const bandPrices = (trx: Trx, municipalityId: string) =>
  trx
    .selectFrom('fare_band_price')
    .select(['service_id as serviceId', 'code', 'valid_from as validFrom', 'price_cents as priceCents'])
    .where('municipality_id', '=', municipalityId)
    .orderBy('code')
    .orderBy('valid_from')
    .execute()

/** Every price of a municipality, by service. */
export async function tariffsOf(trx: Trx, municipalityId: string): Promise<(serviceId: string) => Tariff> {
  const [full, bands] = await Promise.all([fullPrices(trx, municipalityId), bandPrices(trx, municipalityId)])
  const tariffs = new Map<
    string,
    { full: PriceVersion[]; bands: { code: string; prices: PriceVersion[] }[] }
  >()
  const at = (serviceId: string) => {
    const known = tariffs.get(serviceId) ?? { full: [], bands: [] }
    tariffs.set(serviceId, known)
    return known
  }
  for (const { serviceId, ...version } of full) at(serviceId).full.push(version)
  for (const { serviceId, code, ...version } of bands) {
    const { bands: known } = at(serviceId)
    const band = known.find((one) => one.code === code)
    if (band) band.prices.push(version)
    else known.push({ code, prices: [version] })
  }
  return (serviceId) => tariffs.get(serviceId) ?? EMPTY
}

/** The full price of a service's meal today and the next one decided; both null when none is published yet. */
export async function mealPrices(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
): Promise<{ now: Cents | null; next: PriceVersion | null }> {
  const { rows } = await sql<PriceVersion & { today: Day }>`
    select p.valid_from as "validFrom", p.price_cents as "priceCents", app_today() as today from meal_price p
    where p.municipality_id = ${municipalityId} and p.service_id = ${serviceId}`.execute(trx)
  const today = rows[0]?.today
  return today ? { now: priceOn(rows, today), next: nextPriceAfter(rows, today) } : { now: null, next: null }
}

/** The full price of a service's meal today, integer cents; null when none is published yet. */
export const currentMealPrice = async (
  trx: Trx,
  municipalityId: string,
  serviceId: string,
): Promise<Cents | null> => (await mealPrices(trx, municipalityId, serviceId)).now

/** The bands that a pupil had, has and will have in a service, in order. */
export const faresOf = (trx: Trx, municipalityId: string, serviceId: string, pupilId: string) =>
  trx
    .selectFrom('fare_assignment')
    .select(['id', 'valid_from as from', 'valid_to as to', 'band_code as bandCode'])
    .where('municipality_id', '=', municipalityId)
    .where('service_id', '=', serviceId)
    .where('pupil_id', '=', pupilId)
    .orderBy('valid_from')
    .execute()

/** The bands that may be given now. */
export async function offeredBands(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
): Promise<OfferedBand[]> {
  const [bands, prices, { today }] = await Promise.all([
    trx
      .selectFrom('fare_band')
      .select(['code', 'name', 'description'])
      .where('municipality_id', '=', municipalityId)
      .where('service_id', '=', serviceId)
      .where('closed_at', 'is', null)
      .orderBy('code')
      .execute(),
    bandPrices(trx, municipalityId),
    readClock(trx),
  ])
  return bands.map((band) => {
    const own = prices
      .filter((price) => price.serviceId === serviceId && price.code === band.code)
      .map(({ validFrom, priceCents }) => ({ validFrom, priceCents }))
    return { ...band, prices: own, priceCents: priceOn(own, today) }
  })
}

/** A child of a household in a service, with its bands. */
export type ChildFares = {
  pupilId: string
  name: string
  householdId: string
  serviceId: string
  fares: FarePeriod[]
}

/**
 * The children of these households that eat in a service, now or later, each with its bands: a line per household, child and
 * service. Also those of another household who eat at the expense of one of these on some days.
 */
export async function childrenFares(
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
): Promise<ChildFares[]> {
  const { rows } = await sql<ChildFares>`
    select p.id as "pupilId", p.given_name as name, p.household_id as "householdId", e.service_id as "serviceId",
      coalesce((select jsonb_agg(jsonb_build_object('from', f.valid_from, 'to', f.valid_to, 'bandCode', f.band_code) order by f.valid_from)
        from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = e.service_id and f.pupil_id = p.id),
        '[]') as fares
    from pupil p
    join lateral (select distinct n.service_id from enrolment n
      where n.municipality_id = ${municipalityId} and n.pupil_id = p.id and n.valid_to >= app_today()) e on true
    where p.municipality_id = ${municipalityId} and p.household_id = any(${[...households]}::uuid[])
    union all
    select pupil_id, name, household_id, service_id, fares
    from fares_on_some_days(${municipalityId}::uuid, ${[...households]}::uuid[])
    order by name, "pupilId"`.execute(trx)
  return rows
}
