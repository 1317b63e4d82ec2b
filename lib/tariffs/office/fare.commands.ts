import 'server-only'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { applyFare } from '../fare-assignment.commands.ts'
import { fareNotice } from '../fare-assignment.notice.ts'
import { type FarePlan, planFare, planFareEnd } from '../fare-assignment.ts'
import { tariffsOf } from '../tariff.queries.ts'
import { type LockedTariff, onTariffs } from './locked-tariff.commands.ts'
import { effectInWords } from './price-change.words.ts'
import { pupilEffect, pupilFacts } from './tariff.queries.ts'
import type { SeenFare, TariffPreview } from './tariff.ts'

/** A band for a pupil; an empty `bandCode` means back to the full price, from `from` on. */
export type AskedFare = {
  serviceId: string
  pupilId: string
  bandCode: string
  from: string
  to: string
  reason: string
}

/** `before`: the bands that the pupil had from the day on. */
type Decided = { plan: FarePlan; householdId: string; from: Day; before: string }

async function decideFare(
  trx: Trx,
  viewer: Viewer,
  service: LockedTariff,
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
  if (!plan.ok) return plan
  const before = found.facts.fares.filter(({ to }) => to >= asked.from).map(({ bandCode }) => bandCode)
  return ok({
    plan: plan.value,
    householdId: found.householdId,
    from: asked.from,
    before: [...new Set(before)].join(' '),
  })
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
    const { plan, householdId, before } = decided.value
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
        before,
        ...(plan.fare ? { band: plan.fare.bandCode, to: plan.fare.to } : { to: addDays(asked.from, -1) }),
      },
    })
    await notify(trx, viewer.municipalityId, {
      event: 'price:changed',
      key: `fare:${given ?? fingerprintOf([asked.pupilId, plan])}`,
      to: await adultsOfPupils(trx, viewer.municipalityId, [asked.pupilId]),
      money: { households: [householdId] },
      say: fareNotice,
      path: '/servizi',
    })
    return ok({ service: service.code })
  })
