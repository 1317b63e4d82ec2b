import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { changedByOther, ok, type Refused, type Result, refused, refusedFields } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { applyFare } from '../fare-assignment.commands.ts'
import { fareNotice } from '../fare-assignment.notice.ts'
import { type FarePlan, planFare, planFareEnd } from '../fare-assignment.ts'
import { type PriceVersion, priceOn } from '../price.ts'
import { checkNewPrice, mayCancel, type PriceFacts } from '../price-change.ts'
import { tariffsOf } from '../tariff.queries.ts'
import { effectInWords, priceChangeInWords } from './price-change.words.ts'
import { priceEffect, pupilEffect, pupilFacts } from './tariff.queries.ts'

/** What a preview showed; a confirmation brings it back. A price holds for these tariffs only, so that a refusal can say what changed. */
type SeenFare = { fingerprint: string }
type SeenPrice = SeenFare & { revision: number }
export type TariffPreview<Seen = SeenFare> = { lines: string[]; seen: Seen }

type Service = { id: string; code: string; revision: number; today: Day; changedBy: string | null }

/**
 * One transaction of the office on the tariffs of a service, which stay locked: a simultaneous decision waits.
 * A decision that is made counts as a change.
 * @param lock false for a preview, which decides nothing
 */
const onTariffs = <T>(
  viewer: Viewer,
  serviceId: string,
  { lock }: { lock: boolean },
  work: (trx: Trx, service: Service) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'tariffs:manage',
    { table: 'service', id: serviceId, lock: lock ? 'values' : 'none' },
    async (trx) => {
      const { rows } = await sql<Service>`
        select s.id, s.code, s.tariff_revision as revision, app_today() as today,
          (select p.full_name from person p
            where p.municipality_id = s.municipality_id and p.id = s.tariff_changed_by) as "changedBy"
        from service s where s.municipality_id = ${viewer.municipalityId} and s.id = ${serviceId}::uuid and s.active`.execute(
        trx,
      )
      return rows[0] ?? null
    },
    work,
  )

/** Counts a change of a service's tariffs, so that pages opened before it are told. */
const countChange = (trx: Trx, viewer: Viewer, service: Service) =>
  trx
    .updateTable('service')
    .set({ tariff_revision: service.revision + 1, tariff_changed_by: viewer.personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', service.id)
    .execute()

const tariffsChanged = (service: Service) => refused('tariffs:changed-meanwhile', { who: service.changedBy })

/** A new price: of the service, or of one of its bands. */
export type AskedPrice = {
  serviceId: string
  bandCode: string | null
  cents: Cents
  from: string
  note: string
}

async function pricesOf(
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

type Judged = { price: PriceVersion; facts: PriceFacts; full: readonly PriceVersion[] }

async function judge(
  trx: Trx,
  viewer: Viewer,
  service: Service,
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

const seenPrice = (service: Service, bandCode: string | null, price: PriceVersion): SeenPrice => ({
  revision: service.revision,
  fingerprint: fingerprintOf([bandCode, price]),
})

/** Why a confirmation does not hold: another person changed the tariffs, or the form was changed after its preview. */
function notAsSeen(service: Service, seen: SeenPrice, now: SeenPrice): Refused | null {
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
      details: { from: price.validFrom, cents: price.priceCents, ...bandDetail(asked.bandCode) },
    })
    return ok({ service: service.code })
  })

const bandDetail = (bandCode: string | null): Record<string, string> =>
  bandCode === null ? {} : { band: bandCode }

/** The tax of a meal is not the price's matter: it stays that of the price before. */
async function insertPrice(
  trx: Trx,
  viewer: Viewer,
  service: Service,
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
  work: (trx: Trx, service: Service) => Promise<unknown>,
  refusal: (trx: Trx, service: Service) => Refused | Promise<Refused> = (_, service) =>
    tariffsChanged(service),
): Promise<Result<{ service: string; code: string }>> =>
  onTariffs(viewer, serviceId, { lock: true }, async (trx, service) => {
    if (!(await pricesOf(trx, viewer, service.id, code))) return refused('request:not-found')
    if (service.revision !== revision) return refusal(trx, service)
    await work(trx, service)
    await countChange(trx, viewer, service)
    await recordAudit(trx, viewer, {
      action,
      objectType: 'service',
      objectId: service.id,
      details: { band: code },
    })
    return ok({ service: service.code, code })
  })

const band = (trx: Trx, viewer: Viewer, service: Service, code: string) =>
  trx
    .updateTable('fare_band')
    .where('municipality_id', '=', viewer.municipalityId)
    .where('service_id', '=', service.id)
    .where('code', '=', code)

/** The words of a band as they are now, for a form from an older page. */
async function bandChanged(trx: Trx, viewer: Viewer, service: Service, code: string): Promise<Refused> {
  const fields = await trx
    .selectFrom('fare_band')
    .select(['name', 'description'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('service_id', '=', service.id)
    .where('code', '=', code)
    .executeTakeFirstOrThrow()
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

/** A band for a pupil; an empty `bandCode` means back to the full price, from `from` on. */
export type AskedFare = {
  serviceId: string
  pupilId: string
  bandCode: string
  from: string
  to: string
  reason: string
}

type Decided = { plan: FarePlan; householdId: string; from: Day }

async function decideFare(
  trx: Trx,
  viewer: Viewer,
  service: Service,
  asked: AskedFare,
  options: { lock: boolean },
): Promise<Result<Decided>> {
  const found = await pupilFacts(
    trx,
    viewer.municipalityId,
    { serviceId: service.id, pupilId: asked.pupilId },
    options,
  )
  if (!found) return refused('request:not-found')
  const { full } = (await tariffsOf(trx, viewer.municipalityId))(service.id)
  const plan =
    asked.bandCode === '' ? planFareEnd(asked.from, { ...found.facts, full }) : planFare(asked, found.facts)
  return plan.ok ? ok({ plan: plan.value, householdId: found.householdId, from: asked.from }) : plan
}

/** What giving or ending a band would do, in words, before anything is done. */
export const previewFare = (viewer: Viewer, asked: AskedFare): Promise<Result<TariffPreview>> =>
  onTariffs(viewer, asked.serviceId, { lock: false }, async (trx, service) => {
    const decided = await decideFare(trx, viewer, service, asked, { lock: false })
    if (!decided.ok) return decided
    const { plan, from } = decided.value
    const effect = await pupilEffect(trx, viewer.municipalityId, {
      serviceId: service.id,
      pupilId: asked.pupilId,
      from,
      to: plan.fare?.to ?? null,
    })
    return ok({
      lines: [...plan.lines, effectInWords(effect), 'Chi paga riceve un avviso, senza il motivo.'],
      seen: { fingerprint: fingerprintOf(plan) },
    })
  })

/**
 * Gives a pupil a band from a day to another, or goes back to the full price; the family is told that the price changed and
 * nothing else. What is there already is not done again.
 * @param seen what the preview showed; when something changed since, nothing is done
 */
export const setFare = (
  viewer: Viewer,
  asked: AskedFare,
  seen: SeenFare,
): Promise<Result<{ service: string }>> =>
  onTariffs(viewer, asked.serviceId, { lock: true }, async (trx, service) => {
    const decided = await decideFare(trx, viewer, service, asked, { lock: true })
    if (!decided.ok) return decided
    const { plan, householdId } = decided.value
    if (fingerprintOf(plan) !== seen.fingerprint) return refused('tariffs:preview-changed')
    const given = await applyFare(trx, plan, {
      municipality_id: viewer.municipalityId,
      pupil_id: asked.pupilId,
      service_id: service.id,
      given_by: viewer.personId,
      reason: asked.reason,
    })
    await recordAudit(trx, viewer, {
      action: given ? 'tariffs.fare-given' : 'tariffs.fare-ended',
      objectType: 'household',
      objectId: householdId,
      details: {
        pupil: asked.pupilId,
        from: asked.from,
        ...(plan.fare ? { band: plan.fare.bandCode, to: plan.fare.to } : { to: addDays(asked.from, -1) }),
      },
    })
    await notify(trx, viewer.municipalityId, {
      event: 'price:changed',
      key: `fare:${given ?? fingerprintOf([asked.pupilId, plan])}`,
      to: await adultsOfPupils(trx, viewer.municipalityId, [asked.pupilId]),
      say: fareNotice,
      path: '/servizi',
    })
    return ok({ service: service.code })
  })
