import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { type PriceVersion, priceOn } from '../price.ts'
import { checkNewPrice, mayCancel, type PriceFacts } from '../price-change.ts'
import { countChange, type LockedTariff, onTariffs, tariffsChanged } from './locked-tariff.commands.ts'
import { pricesOf } from './price.queries.ts'
import { priceChangeInWords } from './price-change.words.ts'
import { priceEffect } from './tariff.queries.ts'
import type { SeenPrice, TariffPreview } from './tariff.ts'

/** A new price: of the service, or of one of its bands. */
export type AskedPrice = {
  serviceId: string
  bandCode: string | null
  cents: Cents
  from: string
  note: string
}

type Judged = { price: PriceVersion; facts: PriceFacts; full: readonly PriceVersion[] }

async function judge(
  trx: Trx,
  viewer: Viewer,
  service: LockedTariff,
  asked: AskedPrice,
  options: { lock: boolean },
): Promise<Result<Judged>> {
  const firstDay = await firstOpenDay(trx, viewer.municipalityId, service.id, null, options)
  const known = await pricesOf(trx, viewer, service.id, asked.bandCode)
  if (!known) return refused('request:not-found')
  const facts = { today: service.today, firstDay, prices: known.prices, isBand: asked.bandCode !== null }
  const price = checkNewPrice(asked, facts)
  return price.ok ? ok({ price: price.value, facts, full: known.full }) : price
}

const seenPrice = (service: LockedTariff, bandCode: string | null, price: PriceVersion): SeenPrice => ({
  revision: service.revision,
  fingerprint: fingerprintOf([bandCode, price]),
})

/** Why a confirmation does not hold: another person changed the tariffs, or the form was changed after its preview. */
function notAsSeen(service: LockedTariff, seen: SeenPrice, now: SeenPrice): Refused | null {
  if (seen.revision !== now.revision) return tariffsChanged(service)
  return seen.fingerprint === now.fingerprint ? null : refused('tariffs:preview-changed')
}

/** What a new price would touch, in words, before anything is done. */
export const previewPrice = (viewer: Viewer, asked: AskedPrice): Promise<Result<TariffPreview<SeenPrice>>> =>
  onTariffs(viewer, asked.serviceId, { lock: false }, async (trx, service) => {
    const judged = await judge(trx, viewer, service, asked, { lock: false })
    if (!judged.ok) return judged
    const { price, facts, full } = judged.value
    const until =
      facts.prices
        .map(({ validFrom }) => validFrom)
        .filter((day) => day > price.validFrom)
        .sort()[0] ?? null
    const effect = await priceEffect(trx, viewer.municipalityId, {
      serviceId: service.id,
      bandCode: asked.bandCode,
      from: price.validFrom,
      until,
    })
    const who = asked.bandCode === null ? 'un pasto' : `un pasto nella fascia ${asked.bandCode}`
    const lines = priceChangeInWords(price, facts, {
      who,
      effect,
      fullCents: priceOn(full, price.validFrom),
    })
    return ok({ lines, seen: seenPrice(service, asked.bandCode, price) })
  })

/**
 * Decides a price from a day on. Asked twice for the same it is decided once.
 * @param seen what the preview showed; when the tariffs changed since, nothing is done
 */
export const setPrice = (
  viewer: Viewer,
  asked: AskedPrice,
  seen: SeenPrice,
): Promise<Result<{ service: string }>> =>
  onTariffs(viewer, asked.serviceId, { lock: true }, async (trx, service) => {
    const known = await pricesOf(trx, viewer, service.id, asked.bandCode)
    const isDone = known?.prices.some(
      ({ validFrom, priceCents }) => validFrom === asked.from && priceCents === asked.cents,
    )
    if (isDone) return ok({ service: service.code })
    const judged = await judge(trx, viewer, service, asked, { lock: true })
    if (!judged.ok) return judged
    const { price } = judged.value
    const refusal = notAsSeen(service, seen, seenPrice(service, asked.bandCode, price))
    if (refusal) return refusal
    await insertPrice(trx, viewer, service, { ...asked, ...price })
    await countChange(trx, viewer, service)
    await recordAudit(trx, viewer, {
      action: 'tariffs.price-set',
      objectType: 'service',
      objectId: service.id,
      details: {
        ...{ from: price.validFrom, cents: price.priceCents, ...bandDetail(asked.bandCode) },
        centsBefore: priceOn(known?.prices ?? [], price.validFrom),
      },
    })
    return ok({ service: service.code })
  })

const bandDetail = (bandCode: string | null): Record<string, string> =>
  bandCode === null ? {} : { band: bandCode }

/** Writes a price. The tax of a meal is not the price's matter: it stays that of the price before. */
export async function insertPrice(
  trx: Trx,
  viewer: Viewer,
  service: LockedTariff,
  { bandCode, validFrom, priceCents, note }: PriceVersion & { bandCode: string | null; note: string },
): Promise<void> {
  const { municipalityId, personId } = viewer
  if (bandCode !== null) {
    await trx
      .insertInto('fare_band_price')
      .values({
        municipality_id: municipalityId,
        service_id: service.id,
        code: bandCode,
        valid_from: validFrom,
        price_cents: priceCents,
        decided_by: personId,
        note,
      })
      .execute()
    return
  }
  await sql`
    insert into meal_price (municipality_id, service_id, valid_from, price_cents, decided_by, note,
      vat_basis_points, vat_nature, vat_reference)
    select ${municipalityId}, ${service.id}, ${validFrom}, ${priceCents}, ${personId}, ${note},
      coalesce(b.vat_basis_points, 400), b.vat_nature, b.vat_reference
    from (select 1) one left join lateral (
      select p.vat_basis_points, p.vat_nature, p.vat_reference from meal_price p where p.municipality_id = ${municipalityId}
      and p.service_id = ${service.id} and p.valid_from < ${validFrom} order by p.valid_from desc limit 1) b on true`.execute(
    trx,
  )
}

/** Takes back a price that has not begun: the one before goes on. */
export const cancelPrice = (
  viewer: Viewer,
  { serviceId, bandCode, day }: { serviceId: string; bandCode: string | null; day: Day },
): Promise<Result<{ service: string }>> =>
  onTariffs(viewer, serviceId, { lock: true }, async (trx, service) => {
    const known = await pricesOf(trx, viewer, service.id, bandCode)
    if (!known?.prices.some(({ validFrom }) => validFrom === day)) return refused('tariffs:no-such-price')
    const firstDay = await firstOpenDay(trx, viewer.municipalityId, service.id, null, { lock: true })
    if (!mayCancel(day, { today: service.today, firstDay, prices: known.prices }))
      return refused('tariffs:price-begun')
    await sql`delete from ${sql.table(bandCode === null ? 'meal_price' : 'fare_band_price')}
      where municipality_id = ${viewer.municipalityId} and service_id = ${service.id} and valid_from = ${day}
      ${bandCode === null ? sql`` : sql`and code = ${bandCode}`}`.execute(trx)
    await countChange(trx, viewer, service)
    await recordAudit(trx, viewer, {
      action: 'tariffs.price-cancelled',
      objectType: 'service',
      objectId: service.id,
      details: { from: day, ...bandDetail(bandCode) },
    })
    return ok({ service: service.code })
  })
