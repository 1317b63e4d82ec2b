import 'server-only'
import { sql } from 'kysely'
import { asStaff, asSystem, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { openRefund, openRefundOfSecond } from '#lib/school/office/departure.commands.ts'
import { lockDiners, putEnrolmentsBack, writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import { arrivalOf } from './arrival.queries.ts'
import { sentName } from './arrival.ts'
import { putRulesBack, writeRules } from './household-days.commands.ts'
import { TRANSFER_NOTICES } from './transfer.notice.ts'
import { departureOf, pupilRows, transferFacts } from './transfer.queries.ts'
import { type AskedTransfer, type Departure, planTransfer, type TransferPlan } from './transfer.ts'
import { arrivalRefusalInWords, transferInWords, withdrawalInWords } from './transfer.words.ts'

/** What an act would do, in words, and the mark that the second press is bound to. */
export type TransferPreview = { lines: string[]; seen: string }

type Planned = TransferPreview & { plan: TransferPlan; pupilIds: string[] }

async function planned(
  trx: Trx,
  municipalityId: string,
  asked: AskedTransfer,
  options: { lock: boolean },
): Promise<Result<Planned>> {
  const facts = await transferFacts(trx, municipalityId, asked, options)
  if (!facts) return refused('request:not-found')
  const made = planTransfer(asked, facts)
  if (!made.ok) return made
  const plan = made.value
  const lines = transferInWords(asked, plan, facts)
  const { reason: _, ...what } = asked
  const pupilIds = facts.pupils.map(({ id }) => id)
  return ok({ plan, lines, pupilIds, seen: fingerprintOf({ what, plan, lines }) })
}

/** What handing pupils over to another municipality would do, in words, before anything is done. */
export async function previewTransfer(
  viewer: Viewer,
  asked: AskedTransfer,
): Promise<Result<TransferPreview>> {
  if (!allowedToStaff(viewer, 'transfers:send')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const made = await planned(trx, viewer.municipalityId, asked, { lock: false })
    return made.ok ? ok({ lines: made.value.lines, seen: made.value.seen }) : made
  })
}

/**
 * Hands pupils over to another municipality of the installation, exactly as it was previewed, in one transaction: they have a last day
 * here, and the other one sees them as waiting work. Money stays, and a credit of a family without pupils is a case. The same
 * confirmation sent twice is done once.
 */
export async function sendTransfer(
  viewer: Viewer,
  asked: AskedTransfer,
  { seen }: { seen: string },
): Promise<Result<{ id: string }>> {
  if (!allowedToStaff(viewer, 'transfers:send')) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    await sql`select from household where municipality_id = ${municipalityId} and id = ${asked.householdId}::uuid for no key update`.execute(
      trx,
    )
    const own = await ownTransfer(trx, viewer, asked.householdId, seen)
    if (own) return ok({ id: own })
    const made = await planned(trx, municipalityId, asked, { lock: true })
    if (!made.ok) return made
    if (made.value.seen !== seen) return refused('transfers:preview-changed')
    const { plan, pupilIds } = made.value
    const before = JSON.stringify(await pupilRows(trx, municipalityId, pupilIds))
    for (const { pupilId, serviceId, plan: ending } of plan.ends)
      await writeEnrolments(trx, { municipalityId, pupilId, serviceId }, ending)
    const told = await adultsOfPupils(trx, municipalityId, pupilIds)
    for (const { pupilId, ...rules } of plan.divided) await writeRules(trx, viewer, pupilId, rules, null)
    await openRefunds(trx, viewer, plan)
    const after = fingerprintOf(await pupilRows(trx, municipalityId, pupilIds))
    const { rows } = await sql<{ id: string }>`
      insert into departing_transfer (municipality_id, household_id, pupil_ids, to_municipality_id, last_day, with_diets, reason,
        fingerprint, before, after_sum, sent_by)
      values (${municipalityId}, ${asked.householdId}::uuid, ${pupilIds}::uuid[], ${asked.toId}::uuid, ${asked.last}::date,
        ${asked.withDiets}, ${asked.reason}, ${seen}, ${before}::jsonb, ${after}, ${personId}::uuid)
      returning id`.execute(trx)
    const { id } = rows[0] as { id: string }
    await sql`select hand_transfer_over(${municipalityId}::uuid, ${id}::uuid, ${JSON.stringify(plan.content)}::jsonb)`.execute(
      trx,
    )
    await recordAudit(trx, viewer, {
      ...{ action: 'transfers.sent', objectType: 'household', objectId: asked.householdId },
      details: {
        ...{ town: plan.townName, pupils: pupilIds.length, last: asked.last },
        ...{ diets: plan.content.pupils.some(({ diet }) => diet !== null), reason: asked.reason },
      },
    })
    await tell(trx, municipalityId, { to: told, key: `transfer:${id}`, say: 'sent' })
    return ok({ id })
  })
}

/** A credit of a family without days any more is a case: of the own one, and of a second one whose days end. */
async function openRefunds(trx: Trx, viewer: Viewer, { ends, divided }: TransferPlan): Promise<void> {
  for (const { pupilId, serviceId } of ends) await openRefund(trx, viewer, { pupilId, serviceId })
  for (const { pupilId, households } of divided)
    for (const { id: householdId } of households)
      await openRefundOfSecond(trx, viewer, { pupilId, householdId })
}

const tell = async (
  trx: Trx,
  municipalityId: string,
  { to, key, say }: { to: string[]; key: string; say: keyof typeof TRANSFER_NOTICES },
): Promise<void> => {
  await notify(trx, municipalityId, {
    event: 'enrolment:decided',
    key,
    to,
    say: TRANSFER_NOTICES[say],
    path: '/servizi',
  })
}

/** The transfer that this very confirmation made: it was sent twice. */
async function ownTransfer(
  trx: Trx,
  { municipalityId, personId }: Viewer,
  householdId: string,
  seen: string,
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select t.id from departing_transfer t where t.municipality_id = ${municipalityId} and t.household_id = ${householdId}::uuid
      and t.fingerprint = ${seen} and t.sent_by = ${personId}::uuid and t.state = 'sent'`.execute(trx)
  return rows[0]?.id ?? null
}

export type AskedWithdrawal = { id: string; restore: boolean }

type Withdrawing = TransferPreview & { departure: NonNullable<Awaited<ReturnType<typeof departureOf>>> }

const isOpen = ({ state }: Pick<Departure, 'state'>): boolean => state === 'sent' || state === 'refused'

async function withdrawing(
  trx: Trx,
  municipalityId: string,
  { id, restore }: AskedWithdrawal,
): Promise<Result<Withdrawing>> {
  const departure = await departureOf(trx, municipalityId, id)
  if (!departure) return refused('request:not-found')
  if (!isOpen(departure)) return refused('transfers:answered')
  if (restore && !departure.mayRestore) return refused('transfers:not-restored')
  const { townName, pupils, state } = departure
  const lines = withdrawalInWords({ townName, pupils, restore, isWaiting: state === 'sent' })
  return ok({ departure, lines, seen: fingerprintOf({ id, restore, state, lines }) })
}

/** What taking pupils back, or letting go of a transfer that was refused, would do, in words. */
export async function previewWithdrawal(
  viewer: Viewer,
  asked: AskedWithdrawal,
): Promise<Result<TransferPreview>> {
  if (!allowedToStaff(viewer, 'transfers:send') || !isUuid(asked.id)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const found = await withdrawing(trx, viewer.municipalityId, asked)
    return found.ok ? ok({ lines: found.value.lines, seen: found.value.seen }) : found
  })
}

/**
 * Closes a transfer that the other municipality has not accepted: it sees nothing of it any more. With `restore` the enrolments and
 * cancellations are again as they were.
 */
export async function withdrawTransfer(
  viewer: Viewer,
  asked: AskedWithdrawal,
  { seen, reason }: { seen: string; reason: string },
): Promise<Result<{ householdId: string }>> {
  if (!allowedToStaff(viewer, 'transfers:send') || !isUuid(asked.id)) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx): Promise<Result<{ householdId: string }>> => {
    const first = await departureOf(trx, municipalityId, asked.id)
    if (!first) return refused('request:not-found')
    await lockDiners(trx, municipalityId, first.pupilIds)
    const found = await withdrawing(trx, municipalityId, asked)
    if (!found.ok) return found
    if (found.value.seen !== seen) return refused('transfers:preview-changed')
    const { householdId, pupilIds, before, townName } = found.value.departure
    const { rows } = await sql<{ done: boolean }>`
      select take_transfer_back(${municipalityId}::uuid, ${asked.id}::uuid) as done`.execute(trx)
    if (!rows[0]?.done) return refused('transfers:answered')
    if (asked.restore && before) {
      await putEnrolmentsBack(trx, municipalityId, before)
      await putRulesBack(trx, municipalityId, before)
    }
    const to = await adultsOfPupils(trx, municipalityId, pupilIds)
    const say = asked.restore ? 'takenBack' : 'closed'
    await tell(trx, municipalityId, { to, key: `transfer-back:${asked.id}`, say })
    await recordAudit(trx, viewer, {
      ...{ action: 'transfers.withdrawn', objectType: 'household', objectId: householdId },
      details: { town: townName, restored: asked.restore, reason },
    })
    return ok({ householdId })
  })
}

async function refusing(trx: Trx, municipalityId: string, id: string) {
  const arrival = await arrivalOf(trx, municipalityId, id)
  if (!arrival) return refused('request:not-found')
  if (!arrival.content) return refused('transfers:over')
  const lines = arrivalRefusalInWords(arrival.townName, arrival.content.pupils.map(sentName))
  return ok({ arrival, lines, seen: fingerprintOf({ id, lines }) })
}

/** What refusing pupils of another municipality would do, in words. */
export async function previewArrivalRefusal(viewer: Viewer, id: string): Promise<Result<TransferPreview>> {
  if (!allowedToStaff(viewer, 'transfers:receive') || !isUuid(id)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const found = await refusing(trx, viewer.municipalityId, id)
    return found.ok ? ok({ lines: found.value.lines, seen: found.value.seen }) : found
  })
}

/** Refuses pupils of another municipality, with a reason that it reads; what it had sent goes. */
export async function refuseArrival(
  viewer: Viewer,
  { id, seen, reason }: { id: string; seen: string; reason: string },
): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'transfers:receive') || !isUuid(id)) return refused('request:not-found')
  const { municipalityId } = viewer
  const done = await asStaff(viewer, async (trx): Promise<Result<{ townId: string }>> => {
    const found = await refusing(trx, municipalityId, id)
    if (!found.ok) return found
    if (found.value.seen !== seen) return refused('transfers:preview-changed')
    if (!(await answerTransfer(trx, municipalityId, { id, householdId: null, seen: null, reason })))
      return refused('transfers:over')
    await recordAudit(trx, viewer, {
      ...{ action: 'transfers.refused', objectType: 'municipality', objectId: municipalityId },
      details: { town: found.value.arrival.townName, reason },
    })
    return ok({ townId: found.value.arrival.townId })
  })
  if (!done.ok) return done
  await tellRefused(done.value.townId, id)
  return ok(null)
}

/**
 * The adults of the municipality that sent learn immediately that their pupils are not taken, in a transaction of that municipality. Its
 * office, which reads the refusal as waiting work, tells them again what it decides.
 */
const tellRefused = (municipalityId: string, id: string): Promise<void> =>
  asSystem(municipalityId, async (trx) => {
    const sent = await departureOf(trx, municipalityId, id)
    if (sent?.state !== 'refused') return
    const to = await adultsOfPupils(trx, municipalityId, sent.pupilIds)
    await tell(trx, municipalityId, { to, key: `transfer-refused:${id}`, say: 'refused' })
  })

/** Writes the answer on both sides. @returns false where the transfer does not wait any more */
export async function answerTransfer(
  trx: Trx,
  municipalityId: string,
  {
    id,
    householdId,
    seen,
    reason,
  }: { id: string; householdId: string | null; seen: string | null; reason: string | null },
): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select answer_transfer(${municipalityId}::uuid, ${id}::uuid, ${householdId}::uuid, ${seen}, ${reason}) as done`.execute(
    trx,
  )
  return rows[0]?.done ?? false
}
