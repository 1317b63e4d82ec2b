import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { changedByOther, ok, type Refused, type Result, refused, refusedFields } from '#lib/kernel/result.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { checkNewPrice } from '../price-change.ts'
import { countChange, type LockedTariff, onTariffs, tariffsChanged } from './locked-tariff.commands.ts'
import { type AskedPrice, insertPrice } from './price.commands.ts'
import { pricesOf } from './price.queries.ts'

export type BandWords = { name: string; description: string }

/** A new band with its first price. */
export const createBand = (
  viewer: Viewer,
  {
    serviceId,
    code,
    words,
    cents,
    from,
    note,
  }: Omit<AskedPrice, 'bandCode'> & { code: string; words: BandWords },
): Promise<Result<{ service: string; code: string }>> =>
  onTariffs(viewer, serviceId, { lock: true }, async (trx, service) => {
    const taken = await pricesOf(trx, viewer, service.id, code)
    if (taken)
      return refusedFields(refused('tariffs:code-taken', { code }), { code: 'tariffs:code-taken-here' })
    const firstDay = await firstOpenDay(trx, viewer.municipalityId, service.id, null, { lock: true })
    const price = checkNewPrice({ from, cents }, { today: service.today, firstDay, prices: [], isBand: true })
    if (!price.ok) return price
    await trx
      .insertInto('fare_band')
      .values({ municipality_id: viewer.municipalityId, service_id: service.id, code, ...words })
      .execute()
    await insertPrice(trx, viewer, service, { bandCode: code, ...price.value, note })
    await countChange(trx, viewer, service)
    await recordAudit(trx, viewer, {
      action: 'tariffs.band-created',
      objectType: 'service',
      objectId: service.id,
      details: { band: code, from: price.value.validFrom, cents },
    })
    return ok({ service: service.code, code })
  })

type AskedBand = { serviceId: string; code: string; revision: number }

/**
 * One change of an existing band, for a person who has seen the tariffs as they are.
 * @param refusal the answer to a person who has not
 */
const onBand = (
  viewer: Viewer,
  { serviceId, code, revision }: AskedBand,
  action: 'tariffs.band-changed' | 'tariffs.band-closed' | 'tariffs.band-reopened',
  work: (trx: Trx, service: LockedTariff) => Promise<unknown>,
  refusal: (trx: Trx, service: LockedTariff) => Refused | Promise<Refused> = (_, service) =>
    tariffsChanged(service),
): Promise<Result<{ service: string; code: string }>> =>
  onTariffs(viewer, serviceId, { lock: true }, async (trx, service) => {
    if (!(await pricesOf(trx, viewer, service.id, code))) return refused('request:not-found')
    if (service.revision !== revision) return refusal(trx, service)
    const before = await bandWords(trx, viewer, service, code)
    await work(trx, service)
    await countChange(trx, viewer, service)
    const now = await bandWords(trx, viewer, service, code)
    await recordAudit(trx, viewer, {
      action,
      objectType: 'service',
      objectId: service.id,
      details: {
        band: code,
        ...(now.name !== before.name && { name: now.name, nameBefore: before.name }),
        ...(now.description !== before.description && {
          description: now.description,
          descriptionBefore: before.description,
        }),
      },
    })
    return ok({ service: service.code, code })
  })

const band = (trx: Trx, viewer: Viewer, service: LockedTariff, code: string) =>
  trx
    .updateTable('fare_band')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('service_id', '=', service.id)
    .where('code', '=', code)

const bandWords = (trx: Trx, viewer: Viewer, service: LockedTariff, code: string): Promise<BandWords> =>
  trx
    .selectFrom('fare_band')
    .select(['name', 'description'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('service_id', '=', service.id)
    .where('code', '=', code)
    .executeTakeFirstOrThrow()

/** The words of a band as they are now, for a form from an older page. */
async function bandChanged(trx: Trx, viewer: Viewer, service: LockedTariff, code: string): Promise<Refused> {
  const fields = await bandWords(trx, viewer, service, code)
  return changedByOther('tariffs:changed-meanwhile', {
    who: service.changedBy,
    at: { revision: service.revision },
    fields,
  })
}

/** What a band is called and what it is for. Its code stays: it is in the history of its pupils. */
export const changeBand = (viewer: Viewer, asked: AskedBand, words: BandWords) =>
  onBand(
    viewer,
    asked,
    'tariffs.band-changed',
    (trx, service) => band(trx, viewer, service, asked.code).set(words).execute(),
    (trx, service) => bandChanged(trx, viewer, service, asked.code),
  )

/** Closes a band to new pupils, or opens it again. A pupil who has it keeps it to its end. */
export const closeBand = (viewer: Viewer, asked: AskedBand, isClosed: boolean) =>
  onBand(viewer, asked, isClosed ? 'tariffs.band-closed' : 'tariffs.band-reopened', (trx, service) =>
    band(trx, viewer, service, asked.code)
      .set({ closed_at: isClosed ? sql<Date>`app_now()` : null })
      .execute(),
  )
