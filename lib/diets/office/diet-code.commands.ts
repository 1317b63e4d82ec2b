import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { AuditDetails } from '#lib/audit/audit-details.ts'
import type { AuditAction } from '#lib/audit/audit-event.words.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import type { DietCode, DietWords } from '../diet-code.ts'
import { dietNotice } from './diet.notice.ts'
import { codesOf, firstUncountedDay, holdersBefore, holdingsAfter } from './diet-code.queries.ts'
import { type EndPlan, isOwnCode, planEnd, type TypedEnd } from './diet-code-end.ts'

async function onCodes<T>(
  viewer: Viewer,
  work: (trx: Trx, codes: DietCode[]) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!allowedToStaff(viewer, 'diets:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    // The codes of a municipality change one after the other: a part or a successor is there when it is written.
    await sql`select from diet where municipality_id = ${viewer.municipalityId} order by code for no key update`.execute(
      trx,
    )
    return work(trx, await codesOf(trx, viewer.municipalityId))
  })
}

/** A code is made of others that are there, and of none that is made of others itself. */
const partsAreCodes = (codes: readonly DietCode[], own: string, parts: readonly string[]): boolean =>
  parts.every((part) =>
    codes.some(
      ({ code, parts: inner }) => code === part && code !== own && inner.length === 0 && isOwnCode(code),
    ),
  )

const rowOf = ({ name, legend, allergens, parts, from }: DietWords) => ({
  name,
  legend,
  allergens: [...allergens],
  parts: [...parts],
  valid_from: from,
})

/** Makes a code that may be given from its first day on. */
export const createDietCode = (
  viewer: Viewer,
  code: string,
  words: DietWords,
): Promise<Result<{ code: string }>> =>
  onCodes(viewer, async (trx, codes) => {
    if (codes.some((one) => one.code === code)) return refusedField('code', 'diets:code-taken', { code })
    if (!partsAreCodes(codes, code, words.parts)) return refused('diets:unknown-code')
    await trx
      .insertInto('diet')
      .values({ municipality_id: viewer.municipalityId, code, ...rowOf(words), updated_by: viewer.personId })
      .execute()
    await audit(trx, viewer, 'diets.code-created', code)
    return ok({ code })
  })

/**
 * Changes what a code is called, avoids and joins. Who has it keeps it: the menus follow immediately.
 * @param seen the revision on the screen; when another person saved since, nothing is done
 */
export const changeDietCode = (
  viewer: Viewer,
  seen: { code: string; revision: number },
  words: DietWords,
): Promise<Result<{ code: string }>> =>
  onCodes(viewer, async (trx, codes) => {
    const before = codes.find(({ code }) => code === seen.code)
    if (!before || !isOwnCode(seen.code)) return refused('request:not-found')
    if (before.revision !== seen.revision) return refused('diets:changed-meanwhile', { who: before.savedBy })
    if (!partsAreCodes(codes, seen.code, words.parts)) return refused('diets:unknown-code')
    if (before.to && words.from && words.from > before.to)
      return refusedField('from', 'diets:period-reversed')
    if (words.from && words.from !== before.from) {
      const holders = await holdersBefore(trx, viewer.municipalityId, seen.code, words.from)
      if (holders.length > 0) return refusedField('from', 'diets:held-before', { who: holders.join(', ') })
    }
    await update(trx, viewer, seen.code, rowOf(words))
    await audit(trx, viewer, 'diets.code-changed', seen.code, {
      ...{ name: words.name, nameBefore: before.name },
      ...{ allergens: words.allergens.join(' '), allergensBefore: before.allergens.join(' ') },
      ...{ parts: words.parts.join(' '), partsBefore: before.parts.join(' ') },
      isLegendChanged: words.legend !== before.legend,
    })
    return ok({ code: seen.code })
  })

const update = (trx: Trx, viewer: Viewer, code: string, values: object) =>
  trx
    .updateTable('diet')
    .set({ ...values, revision: sql<number>`revision + 1`, updated_by: viewer.personId })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('code', '=', code)
    .execute()

const audit = (trx: Trx, viewer: Viewer, action: AuditAction, code: string, details: AuditDetails = {}) =>
  recordAudit(trx, viewer, { action, objectType: 'diet', objectId: code, details })

async function endOf(
  trx: Trx,
  viewer: Viewer,
  codes: DietCode[],
  typed: TypedEnd,
  options: { lock: boolean },
): Promise<Result<EndPlan>> {
  if (!isOwnCode(typed.code) || !codes.some(({ code }) => code === typed.code))
    return refused('request:not-found')
  const { municipalityId } = viewer
  const read = async (day: string) => holdingsAfter(trx, municipalityId, typed.code, day, options)
  const holdings = /^\d{4}-\d{2}-\d{2}$/.test(typed.to) ? await read(typed.to) : []
  const firstDay = await firstUncountedDay(trx, municipalityId, options)
  return planEnd(typed, { codes, holdings, firstDay })
}

/** Who would be touched by the end of a code, by name, before anything is done. */
export const previewDietEnd = (
  viewer: Viewer,
  typed: TypedEnd,
): Promise<Result<{ lines: string[]; seen: { fingerprint: string } }>> =>
  onCodes(viewer, async (trx, codes) => {
    const plan = await endOf(trx, viewer, codes, typed, { lock: false })
    if (!plan.ok) return plan
    await audit(trx, viewer, 'diets.holders-read', typed.code)
    return ok({ lines: plan.value.lines, seen: { fingerprint: fingerprintOf(plan.value) } })
  })

/**
 * Ends a code after a day. Who still has it goes on with the successor from the next day, in the same transaction.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const endDietCode = (
  viewer: Viewer,
  typed: TypedEnd,
  fingerprint: string,
): Promise<Result<{ code: string }>> =>
  onCodes(viewer, async (trx, codes) => {
    const plan = await endOf(trx, viewer, codes, typed, { lock: true })
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== fingerprint) return refused('diets:preview-changed')
    const { municipalityId } = viewer
    for (const { pupilId, serviceId, plan: own } of plan.value.pupils)
      await writeEnrolments(trx, { municipalityId, pupilId, serviceId }, own)
    await update(trx, viewer, typed.code, { valid_to: plan.value.to })
    await audit(trx, viewer, 'diets.code-ended', typed.code, {
      ...{ to: plan.value.to, before: codes.find(({ code }) => code === typed.code)?.to ?? null },
      pupils: plan.value.pupils.length,
    })
    const pupilIds = plan.value.pupils.map(({ pupilId }) => pupilId)
    if (pupilIds.length > 0)
      await notify(trx, municipalityId, {
        event: 'form:status',
        key: `diet-end:${fingerprint}`,
        to: await adultsOfPupils(trx, municipalityId, pupilIds),
        say: dietNotice,
        path: '/servizi',
      })
    return ok({ code: typed.code })
  })
