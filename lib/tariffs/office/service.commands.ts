import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { AuditDetails } from '#lib/audit/audit-details.ts'
import type { AuditAction } from '#lib/audit/audit-event.words.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { changedByOther, ok, type Refused, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { endServiceEnrolments } from '#lib/school/office/enrolment.commands.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import { insertHolidays, insertSchedule, insertServiceDays } from '#lib/school/office/structure.commands.ts'
import { plannedDays } from '#lib/school/school-year.ts'
import { cancelRuleNotice, serviceEndNotice } from '#lib/school/service.notice.ts'
import { endEffect, newServiceFacts, ruleEffect, type ServiceNow, serviceNow } from './service.queries.ts'
import { newServiceInWords, ruleInWords, serviceEndInWords } from './service.words.ts'
import {
  type AskedService,
  type CancelRulePlan,
  type NewService,
  planCancelRule,
  planService,
  planServiceEnd,
} from './service-plan.ts'

type Preview = { lines: string[]; seen: { fingerprint: string } }

/** Between the cutoff and the close: a cancellation that arrived in time is also written in time. */
const GRACE_SECONDS = 3

const onServices = async <T>(
  viewer: Viewer,
  asked: AskedService,
  work: (trx: Trx, plan: NewService, holidays: { day: Day; reason: string }[]) => Promise<Result<T>>,
): Promise<Result<T>> => {
  if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    // Of two new services the second waits, and finds the first.
    await sql`select from municipality where id = ${viewer.municipalityId} for no key update`.execute(trx)
    const facts = await newServiceFacts(trx, viewer.municipalityId)
    const plan = planService(asked, facts)
    return plan.ok ? work(trx, plan.value, [...facts.holidays]) : plan
  })
}

/** What a new service would have, before anything is done. */
export const previewService = (viewer: Viewer, asked: AskedService): Promise<Result<Preview>> =>
  onServices(viewer, asked, async (_, plan) =>
    ok({ lines: newServiceInWords(plan), seen: { fingerprint: fingerprintOf(plan) } }),
  )

/**
 * Makes a service with its first price, who may cancel it, and its days where it is given everywhere.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const createService = (
  viewer: Viewer,
  asked: AskedService,
  fingerprint: string,
): Promise<Result<{ serviceId: string }>> =>
  onServices(viewer, asked, async (trx, plan, holidays) => {
    if (fingerprintOf(plan) !== fingerprint) return refused('structure:preview-changed')
    const serviceId = await insertService(trx, viewer, plan)
    await insertHolidays(trx, viewer.municipalityId, [serviceId], holidays, viewer.personId)
    const { from: startsOn, to: endsOn, weekdays, cutoffTime, cutoffDaysBefore, yearId } = plan
    const schedule = { weekdays, cutoffTime, cutoffDaysBefore, startsOn, endsOn, graceSeconds: GRACE_SECONDS }
    const days = plannedDays(schedule, new Set(holidays.map(({ day }) => day)))
    for (const { id: schoolId } of plan.schools) {
      const place = { serviceId, schoolId, yearId }
      await insertSchedule(trx, viewer.municipalityId, place, schedule, viewer.personId)
      await insertServiceDays(trx, viewer.municipalityId, place, days)
    }
    await audit(trx, viewer, 'services.created', serviceId, {
      ...{ name: plan.name, from: plan.from, cents: plan.cents, cancelledBy: plan.cancelledBy },
      schools: plan.schools.length,
    })
    return ok({ serviceId })
  })

async function insertService(
  trx: Trx,
  { municipalityId, personId }: Viewer,
  plan: NewService,
): Promise<string> {
  const { id } = await trx
    .insertInto('service')
    .values({
      ...{ municipality_id: municipalityId, code: plan.code, name: plan.name },
      ...{ is_cooked: plan.isCooked, updated_by: personId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('meal_price')
    .values({
      ...{ municipality_id: municipalityId, service_id: id, valid_from: plan.from },
      ...{ price_cents: plan.cents, decided_by: personId },
    })
    .execute()
  if (plan.cancelledBy === 'holder')
    await insertRule(trx, { municipalityId, personId }, id, { ...plan, cancelledBy: 'holder' })
  return id
}

const insertRule = (
  trx: Trx,
  { municipalityId, personId }: Pick<Viewer, 'municipalityId' | 'personId'>,
  serviceId: string,
  { from, cancelledBy }: Pick<CancelRulePlan, 'from' | 'cancelledBy'>,
) =>
  trx
    .insertInto('service_rule')
    .values({
      ...{ municipality_id: municipalityId, service_id: serviceId, valid_from: from },
      ...{ cancelled_by: cancelledBy, decided_by: personId },
    })
    .execute()

const audit = (
  trx: Trx,
  viewer: Viewer,
  action: AuditAction,
  serviceId: string,
  details: AuditDetails,
): Promise<void> => recordAudit(trx, viewer, { action, objectType: 'service', objectId: serviceId, details })

const update = (trx: Trx, viewer: Viewer, id: string, values: object) =>
  trx
    .updateTable('service')
    .set({ ...values, revision: sql<number>`revision + 1`, updated_by: viewer.personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', id)
    .execute()

type Seen = { serviceId: string; revision: number }

const onService = <T>(
  viewer: Viewer,
  { serviceId }: Seen,
  { lock }: { lock: boolean },
  work: (trx: Trx, service: ServiceNow, firstDay: Day) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'structure:manage',
    { table: 'service', id: serviceId, lock: lock ? 'values' : 'none' },
    (trx) => serviceNow(trx, viewer.municipalityId, serviceId),
    async (trx, service) =>
      work(trx, service, await firstOpenDay(trx, viewer.municipalityId, serviceId, null, { lock })),
  )

/** Corrects what a service is called. */
export const renameService = (
  viewer: Viewer,
  seen: Seen,
  name: string,
): Promise<Result<{ serviceId: string }>> =>
  onService(viewer, seen, { lock: true }, async (trx, before) => {
    if (before.revision !== seen.revision)
      return changedByOther('structure:changed-meanwhile', {
        who: before.savedBy,
        at: { revision: before.revision },
        fields: { name: before.name },
      })
    const { names } = await newServiceFacts(trx, viewer.municipalityId)
    const others = names.filter((one) => one !== before.name)
    if (others.some((one) => one.toLowerCase() === name.toLowerCase()))
      return refusedField('name', 'structure:name-taken', { name })
    await update(trx, viewer, before.id, { name })
    await audit(trx, viewer, 'services.renamed', before.id, { before: before.name, name })
    return ok({ serviceId: before.id })
  })

function notAsSeen(service: ServiceNow, seen: Seen, fingerprint: string, now: string): Refused | null {
  if (service.revision !== seen.revision)
    return refused('structure:changed-meanwhile', { who: service.savedBy })
  return fingerprint === now ? null : refused('structure:preview-changed')
}

type AskedRule = Seen & Pick<AskedService, 'cancelledBy'> & { from: string }

async function ruleSaid(trx: Trx, viewer: Viewer, asked: AskedRule, service: ServiceNow, firstDay: Day) {
  const plan = planCancelRule(asked, { rules: service.rules, firstDay })
  if (!plan.ok) return plan
  const { pupilIds, ...effect } = await ruleEffect(trx, viewer.municipalityId, service.id, plan.value.from)
  const lines = ruleInWords(plan.value, effect)
  return ok({ plan: plan.value, pupilIds, lines, fingerprint: fingerprintOf([plan.value, pupilIds, effect]) })
}

/** What a change of who may cancel would do, before anything is done. */
export const previewRule = (viewer: Viewer, asked: AskedRule): Promise<Result<Preview>> =>
  onService(viewer, asked, { lock: false }, async (trx, service, firstDay) => {
    const said = await ruleSaid(trx, viewer, asked, service, firstDay)
    return said.ok ? ok({ lines: said.value.lines, seen: { fingerprint: said.value.fingerprint } }) : said
  })

/**
 * Decides who may cancel the meals of a service, from a day on; the families are told.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const decideRule = (
  viewer: Viewer,
  asked: AskedRule,
  fingerprint: string,
): Promise<Result<{ serviceId: string }>> =>
  onService(viewer, asked, { lock: true }, async (trx, service, firstDay) => {
    const said = await ruleSaid(trx, viewer, asked, service, firstDay)
    if (!said.ok) return said
    const refusal = notAsSeen(service, asked, fingerprint, said.value.fingerprint)
    if (refusal) return refusal
    const { plan, pupilIds } = said.value
    const { municipalityId } = viewer
    await trx
      .deleteFrom('service_rule')
      .where('municipality_id', '=', municipalityId)
      .where('service_id', '=', service.id)
      .where('valid_from', '>=', plan.from)
      .execute()
    if (plan.isWritten) await insertRule(trx, viewer, service.id, plan)
    await update(trx, viewer, service.id, {})
    await audit(trx, viewer, 'services.rule-decided', service.id, {
      ...{ from: plan.from, cancelledBy: plan.cancelledBy, cancelledByBefore: plan.before },
    })
    await notify(trx, municipalityId, {
      event: 'calendar:closure',
      key: `cancel-rule:${service.id}:${service.revision}`,
      to: await adultsOfPupils(trx, municipalityId, pupilIds),
      say: (t) => cancelRuleNotice({ service: service.name, ...plan }, t),
      path: '/prenotazioni',
    })
    return ok({ serviceId: service.id })
  })

type AskedEnd = Seen & { to: string }

async function endSaid(trx: Trx, viewer: Viewer, asked: AskedEnd, service: ServiceNow, firstDay: Day) {
  const to = planServiceEnd(asked.to, { validTo: service.validTo, firstDay })
  if (!to.ok) return to
  const { pupilIds, ...effect } = await endEffect(trx, viewer.municipalityId, service.id, to.value)
  const lines = serviceEndInWords(service.name, to.value, effect)
  return ok({
    to: to.value,
    pupilIds,
    lines,
    effect,
    fingerprint: fingerprintOf([to.value, pupilIds, effect]),
  })
}

/** What the end of a service would do, before anything is done. */
export const previewServiceEnd = (viewer: Viewer, asked: AskedEnd): Promise<Result<Preview>> =>
  onService(viewer, asked, { lock: false }, async (trx, service, firstDay) => {
    const said = await endSaid(trx, viewer, asked, service, firstDay)
    return said.ok ? ok({ lines: said.value.lines, seen: { fingerprint: said.value.fingerprint } }) : said
  })

/**
 * Ends a service after a day: its later days lose their meals and its enrolments end; the families are told.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const endService = (
  viewer: Viewer,
  asked: AskedEnd,
  fingerprint: string,
): Promise<Result<{ serviceId: string }>> =>
  onService(viewer, asked, { lock: true }, async (trx, service, firstDay) => {
    const said = await endSaid(trx, viewer, asked, service, firstDay)
    if (!said.ok) return said
    const refusal = notAsSeen(service, asked, fingerprint, said.value.fingerprint)
    if (refusal) return refusal
    const { to, pupilIds, effect } = said.value
    const { municipalityId } = viewer
    await suspendAfter(trx, viewer, service.id, to)
    await endServiceEnrolments(trx, municipalityId, service.id, to)
    await update(trx, viewer, service.id, { valid_to: to })
    await audit(trx, viewer, 'services.ended', service.id, {
      before: service.validTo,
      to,
      pupils: effect.pupils,
    })
    await notify(trx, municipalityId, {
      event: 'calendar:closure',
      key: `service-end:${service.id}:${to}`,
      to: await adultsOfPupils(trx, municipalityId, pupilIds),
      say: (t) => serviceEndNotice({ service: service.name, to }, t),
      path: '/prenotazioni',
    })
    return ok({ serviceId: service.id })
  })

/** The days stay in the calendar, suspended: what was cancelled on them stays readable. */
const suspendAfter = (trx: Trx, { municipalityId, personId }: Viewer, serviceId: string, to: Day) =>
  sql`
    with gone as (
      select d.id, d.school_id, d.day from service_day d where d.municipality_id = ${municipalityId} and d.service_id = ${serviceId}
        and d.day > ${to} and d.status = 'open' for update of d
    ), shut as (
      insert into closure (municipality_id, service_id, school_id, day, kind, reason, created_by)
      select ${municipalityId}::uuid, ${serviceId}::uuid, school_id, day, 'closure', 'Il servizio non c’è più', ${personId}::uuid from gone
      returning id, school_id, day
    )
    update service_day d set status = 'suspended', closure_id = shut.id from shut
    where d.municipality_id = ${municipalityId} and d.service_id = ${serviceId} and d.school_id = shut.school_id and d.day = shut.day`.execute(
    trx,
  )
