import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Cents } from '#lib/money.ts'

/** The meal price of a service today, integer cents; null when none is published yet. */
export async function currentMealPrice(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
): Promise<Cents | null> {
  const price = await trx
    .selectFrom('meal_price')
    .select('price_cents')
    .where('municipality_id', '=', municipalityId)
    .where('service_id', '=', serviceId)
    .where('valid_from', '<=', sql<string>`app_today()`)
    .orderBy('valid_from', 'desc')
    .limit(1)
    .executeTakeFirst()
  return price?.price_cents ?? null
}
