import 'server-only'
import { asPublic, type Trx } from '#db/client.ts'
import { shortLived } from '#lib/kernel/ttl-cache.ts'
import { schedulesOfYear } from '#lib/school/municipality.queries.ts'
import type { Municipality, SchoolKind } from '#lib/school/municipality.ts'
import type { PublicService } from './public-service.ts'
import { mealPrices, offeredBands } from './tariff.queries.ts'

const FRESH_SECONDS = 10

const cachedService = shortLived(FRESH_SECONDS, (municipalityId: string) =>
  asPublic(municipalityId, (trx) => readPublicService(trx, municipalityId)),
)

/** The service of a municipality as anyone may know it: price today, days and cutoff of each school in this school year or the next. */
export const publicService = (municipality: Pick<Municipality, 'id'>): Promise<PublicService | null> =>
  cachedService(municipality.id)

async function readPublicService(trx: Trx, municipalityId: string): Promise<PublicService | null> {
  const service = await trx
    .selectFrom('service')
    .select(['id', 'name'])
    .where('municipality_id', '=', municipalityId)
    .where('active', '=', true)
    .orderBy('code')
    .executeTakeFirst()
  if (!service) return null
  const [price, bands, schedules] = await Promise.all([
    mealPrices(trx, municipalityId, service.id),
    offeredBands(trx, municipalityId, service.id),
    schedulesOfYear(trx, municipalityId, service.id),
  ])
  return {
    name: service.name,
    priceCents: price.now,
    nextPrice: price.next,
    bands: bands.flatMap(({ code, name, description, priceCents }) =>
      priceCents === null ? [] : [{ code, name, description, priceCents }],
    ),
    yearName: schedules[0]?.yearName ?? '',
    schools: schedules.map(({ yearName: _, kind, ...schedule }) => ({
      ...schedule,
      kind: kind as SchoolKind,
    })),
  }
}
