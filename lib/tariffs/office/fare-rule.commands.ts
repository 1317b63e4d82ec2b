import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudits } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { applyFares } from '../fare-assignment.commands.ts'
import { fareNotice } from '../fare-assignment.notice.ts'
import { offeredBands } from '../tariff.queries.ts'
import { type AskedRule, planRule, type RuleFacts, type RulePlan, type RulePupil } from './fare-rule.ts'
import { type LockedTariff, onTariffs } from './locked-tariff.commands.ts'
import type { SeenFare, TariffPreview } from './tariff.ts'

export type AskedFareRule = AskedRule & { serviceId: string; reason: string }

async function ruleFacts(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  options: { lock: boolean },
): Promise<RuleFacts> {
  const firstDay = await firstOpenDay(trx, municipalityId, serviceId, null, options)
  const [bands, pupils, { rows: years }] = await Promise.all([
    offeredBands(trx, municipalityId, serviceId),
    pupilsOf(trx, municipalityId, serviceId),
    sql<Pick<RuleFacts, 'municipalityName' | 'yearEndsOn'>>`
      select t.name as "municipalityName", coalesce((select y.ends_on from school_year y
        where y.municipality_id = ${municipalityId} and y.ends_on >= ${firstDay}::date order by y.starts_on limit 1),
        ${firstDay}::date) as "yearEndsOn"
      from municipality t where t.id = ${municipalityId}`.execute(trx),
  ])
  return { ...(years[0] as (typeof years)[0]), firstDay, bands, pupils }
}

async function pupilsOf(trx: Trx, municipalityId: string, serviceId: string): Promise<RulePupil[]> {
  const { rows } = await sql<RulePupil>`
    select c.id, c.full_name as name, c.household_id as "householdId", c.birth_date as "birthDay", coalesce(o.city, '') as city,
      e.last_day as "lastDay", coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'from', f.valid_from, 'to', f.valid_to,
        'bandCode', f.band_code) order by f.valid_from) from fare_assignment f where f.municipality_id = ${municipalityId}
        and f.service_id = ${serviceId} and f.pupil_id = c.id), '[]') as fares
    from (select e.pupil_id, max(e.valid_to) as last_day from enrolment e
      where e.municipality_id = ${municipalityId} and e.service_id = ${serviceId} and e.valid_to >= app_today()
      group by e.pupil_id) e
    join pupil c on c.municipality_id = ${municipalityId} and c.id = e.pupil_id
    left join lateral (select p.city from active_member m
      join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
      where m.municipality_id = ${municipalityId} and m.household_id = c.household_id and m.role = 'holder' limit 1) o on true
    order by c.family_name, c.given_name, c.id`.execute(trx)
  return rows
}

async function decideRule(
  trx: Trx,
  { municipalityId }: Viewer,
  service: LockedTariff,
  asked: AskedFareRule,
  options: { lock: boolean },
): Promise<Result<RulePlan & { seen: SeenFare }>> {
  const planned = planRule(asked, await ruleFacts(trx, municipalityId, service.id, options))
  if (!planned.ok) return planned
  const { fares, lines } = planned.value
  const given = fares.map(({ pupil, plan }) => [pupil.id, plan.fare])
  return ok({ fares, lines, seen: { fingerprint: fingerprintOf([lines, given]) } })
}

/** Whom a rule would give a band, by name, before anything is done. */
export const previewFareRule = (viewer: Viewer, asked: AskedFareRule): Promise<Result<TariffPreview>> =>
  onTariffs(viewer, asked.serviceId, { lock: false }, async (trx, service) => {
    const decided = await decideRule(trx, viewer, service, asked, { lock: false })
    if (!decided.ok) return decided
    const { lines, seen } = decided.value
    return ok({ lines: [...lines, 'Chi paga riceve un avviso, senza il motivo.'], seen })
  })

/**
 * Gives a band by a rule, to those whom the preview named and to no other, all or none; each family is told that the price changed.
 * @returns how many pupils have it now
 */
export const giveByRule = (
  viewer: Viewer,
  asked: AskedFareRule,
  { fingerprint }: SeenFare,
): Promise<Result<{ service: string; pupils: number }>> =>
  onTariffs(viewer, asked.serviceId, { lock: true }, async (trx, service) => {
    const decided = await decideRule(trx, viewer, service, asked, { lock: true })
    if (!decided.ok) return decided
    const { fares, seen } = decided.value
    if (seen.fingerprint !== fingerprint) return refused('tariffs:preview-changed')
    const { municipalityId, personId } = viewer
    await applyFares(
      trx,
      municipalityId,
      fares.map(({ pupil, plan }) => ({
        plan,
        owner: {
          ...{ municipality_id: municipalityId, pupil_id: pupil.id, service_id: service.id },
          ...{ given_by: personId, reason: asked.reason },
        },
      })),
    )
    await recordAudits(
      trx,
      viewer,
      fares.map(({ pupil, plan }) => ({
        action: 'tariffs.fare-given' as const,
        ...{ objectType: 'household', objectId: pupil.householdId },
        details: {
          pupil: pupil.id,
          rule: asked.rule,
          band: asked.bandCode,
          from: asked.from,
          to: plan.fare?.to ?? '',
        },
      })),
    )
    const households = [...new Set(fares.map(({ pupil }) => pupil.householdId))]
    await notify(trx, municipalityId, {
      ...{ event: 'price:changed', key: `fare-rule:${fingerprint}` },
      to: await adultsOfPupils(
        trx,
        municipalityId,
        fares.map(({ pupil }) => pupil.id),
      ),
      money: { households },
      ...{ say: fareNotice, path: '/servizi' },
    })
    return ok({ service: service.code, pupils: fares.length })
  })
