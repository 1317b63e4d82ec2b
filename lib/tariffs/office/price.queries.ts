import 'server-only'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { PriceVersion } from '../price.ts'
import { tariffsOf } from '../tariff.queries.ts'

/** The prices of a service or of one of its bands, beside the full ones; null for a band that does not exist. */
export async function pricesOf(
  trx: Trx,
  viewer: Viewer,
  serviceId: string,
  bandCode: string | null,
): Promise<{ prices: readonly PriceVersion[]; full: readonly PriceVersion[] } | null> {
  const tariff = (await tariffsOf(trx, viewer.municipalityId))(serviceId)
  if (bandCode === null) return { prices: tariff.full, full: tariff.full }
  const band = await trx
    .selectFrom('fare_band')
    .select('code')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('service_id', '=', serviceId)
    .where('code', '=', bandCode)
    .executeTakeFirst()
  if (!band) return null
  return { prices: tariff.bands.find(({ code }) => code === bandCode)?.prices ?? [], full: tariff.full }
}
