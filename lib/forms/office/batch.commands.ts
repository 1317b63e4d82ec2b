import 'server-only'
import { sql } from 'kysely'
import { asStaff, asSystem, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Officer, StaffRole, Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { log } from '#lib/kernel/log.ts'
import { ok, type Refused, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { NIL_UUID } from '#lib/kernel/uuid.ts'
import { type BatchKind, type BatchState, type ItemOutcome, MOST_IN_BATCH } from './batch.ts'
import {
  doAcceptance,
  doAsking,
  type ItemToDo,
  type JudgedItem,
  judgeAcceptance,
  judgeAsking,
} from './batch-item.commands.ts'
import { readOlderLacks } from './older-lacks.commands.ts'
import type { QueueFilter } from './submission.address.ts'
import { LONGEST_WAIT, type LockedSubmission, onLockedSubmission } from './submission.commands.ts'
import { idsInQueue } from './submission.queries.ts'

export type RequestsToDecide = {
  kind: BatchKind
  /** The chosen requests, or the filter whose undecided requests are meant. */
  which: readonly string[] | QueueFilter
  classId: string | null
  words: string
  dueOn: Day | null
}

const isChosen = (which: RequestsToDecide['which']): which is readonly string[] => Array.isArray(which)

/** Makes a batch, whose preview the worker prepares request by request. Nothing is decided. */
export async function prepareBatch(
  viewer: Viewer,
  request: RequestsToDecide,
): Promise<Result<{ id: string }>> {
  if (!allowedToStaff(viewer, 'forms:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const { which } = request
    await readOlderLacks(trx, viewer.municipalityId)
    const ids = isChosen(which)
      ? await knownOf(trx, viewer.municipalityId, which)
      : await idsInQueue(trx, viewer, undecidedOf(which), MOST_IN_BATCH + 1)
    if (ids.length === 0) return refused('forms:batch-empty')
    if (ids.length > MOST_IN_BATCH) return refused('forms:batch-too-many', { n: MOST_IN_BATCH })
    const problem =
      (await problemOfDay(trx, request.dueOn)) ?? (await problemOfClass(trx, viewer, request.classId))
    if (problem) return problem
    const { id } = await trx
      .insertInto('form_batch')
      .values({
        municipality_id: viewer.municipalityId,
        kind: request.kind,
        school_class_id: request.classId,
        words: request.words,
        due_on: request.dueOn,
        made_by: viewer.personId,
        session_id: viewer.sessionId,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await sql`
      insert into form_batch_item (municipality_id, batch_id, submission_id, place)
      select ${viewer.municipalityId}, ${id}::uuid, chosen.id, chosen.place
      from unnest(${ids}::uuid[]) with ordinality chosen (id, place)`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'forms.batch-prepared',
      objectType: 'form_batch',
      objectId: id,
      details: { kind: request.kind, requests: ids.length },
    })
    return ok({ id })
  })
}

/** Those of the municipality, in the order in which they were chosen. */
async function knownOf(trx: Trx, municipalityId: string, chosen: readonly string[]): Promise<string[]> {
  const found = await trx
    .selectFrom('form_submission')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('id', 'in', [...new Set(chosen), NIL_UUID])
    .execute()
  const known = new Set(found.map(({ id }) => id))
  return [...new Set(chosen)].filter((id) => known.has(id))
}

async function problemOfClass(
  trx: Trx,
  { municipalityId }: Viewer,
  classId: string | null,
): Promise<Refused | null> {
  if (!classId) return null
  const found = await trx
    .selectFrom('school_class')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', classId)
    .executeTakeFirst()
  return found ? null : refusedField('classId', 'forms:choose-class')
}

const undecidedOf = (filter: QueueFilter): QueueFilter => ({
  ...filter,
  state:
    filter.state === 'submitted' || filter.state === 'in_review' || filter.state === 'integration'
      ? filter.state
      : 'waiting',
})

async function problemOfDay(trx: Trx, dueOn: Day | null): Promise<Refused | null> {
  if (!dueOn) return null
  const { today } = await readClock(trx)
  const latest = addDays(today, LONGEST_WAIT)
  return dueOn <= today || dueOn > latest ? refused('forms:bad-due-day', { latest }) : null
}

type BatchHead = {
  id: string
  kind: BatchKind
  state: BatchState
  classId: string | null
  words: string
  dueOn: Day | null
  officer: Officer
  confirmedBy: string | null
}

type HeadRow = Omit<BatchHead, 'officer'> & {
  personId: string
  sessionId: string
  name: string
  roles: StaffRole[]
}

/** A batch with who answers for it now: with the roles of this moment. */
async function readHead(
  trx: Trx,
  municipalityId: string,
  which: ReturnType<typeof sql>,
): Promise<BatchHead | null> {
  const { rows } = await sql<HeadRow>`
    select b.id, b.kind, b.state, b.school_class_id as "classId", b.words, b.due_on as "dueOn", b.session_id as "sessionId",
      b.confirmed_by as "confirmedBy", p.id as "personId", p.full_name as name,
      coalesce((select array_agg(distinct r.role) from active_staff_member r
        where r.municipality_id = ${municipalityId} and r.person_id = p.id), '{}') as roles
    from form_batch b
    join person p on p.municipality_id = ${municipalityId} and p.id = coalesce(b.confirmed_by, b.made_by)
    where b.municipality_id = ${municipalityId} and ${which}`.execute(trx)
  const row = rows[0]
  if (!row) return null
  const { personId, sessionId, name, roles, ...head } = row
  return { ...head, officer: { municipalityId, personId, sessionId, name, staffRoles: roles } }
}

/**
 * Begins to do what the preview of a batch showed. Of two colleagues the second is told who was first; the same person may
 * press twice.
 */
export const confirmBatch = (viewer: Viewer, id: string): Promise<Result<{ id: string }>> =>
  onLockedBatch(viewer, id, async (trx, batch) => {
    if (batch.state === 'preparing') return refused('forms:batch-preparing')
    if (batch.confirmedBy === viewer.personId && batch.state !== 'cancelled') return ok({ id })
    if (batch.state === 'running') return refused('forms:batch-begun', { who: batch.officer.name })
    if (batch.state !== 'ready') return refused('forms:batch-over')
    await trx
      .updateTable('form_batch')
      .set({
        state: 'running',
        confirmed_by: viewer.personId,
        confirmed_at: sql<Date>`app_now()`,
        session_id: viewer.sessionId,
        due_at: sql<Date>`app_now()`,
      })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('id', '=', id)
      .execute()
    await recordAudit(trx, viewer, {
      action: 'forms.batch-confirmed',
      objectType: 'form_batch',
      objectId: id,
    })
    return ok({ id })
  })

/** Stops a batch: what is done stays done, the rest is left as it is. */
export const cancelBatch = (viewer: Viewer, id: string): Promise<Result<{ id: string }>> =>
  onLockedBatch(viewer, id, async (trx, batch) => {
    if (batch.state === 'cancelled') return ok({ id })
    if (batch.state === 'done') return refused('forms:batch-over')
    await endBatch(trx, viewer.municipalityId, id, { state: 'cancelled', by: viewer.personId })
    await recordAudit(trx, viewer, {
      action: 'forms.batch-cancelled',
      objectType: 'form_batch',
      objectId: id,
    })
    return ok({ id })
  })

/** A new batch of what an earlier one did not do. */
export async function prepareAgain(viewer: Viewer, id: string): Promise<Result<{ id: string }>> {
  if (!allowedToStaff(viewer, 'forms:manage')) return refused('request:not-found')
  const earlier = await asStaff(viewer, async (trx) => {
    const head = await readHead(trx, viewer.municipalityId, sql`b.id = ${id}::uuid`)
    if (!head || (head.state !== 'done' && head.state !== 'cancelled')) return null
    const left = await trx
      .selectFrom('form_batch_item')
      .select('submission_id')
      .where('municipality_id', '=', viewer.municipalityId)
      .where('batch_id', '=', id)
      .where('outcome', 'in', ['doubtful', 'refused', 'left'])
      .orderBy('place')
      .execute()
    return { head, left: left.map((one) => one.submission_id) }
  })
  if (!earlier) return refused('request:not-found')
  const { kind, classId, words, dueOn } = earlier.head
  return prepareBatch(viewer, { kind, which: earlier.left, classId, words, dueOn })
}

async function onLockedBatch<T>(
  viewer: Viewer,
  id: string,
  work: (trx: Trx, batch: BatchHead) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!allowedToStaff(viewer, 'forms:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    await sql`select from form_batch where municipality_id = ${viewer.municipalityId} and id = ${id}::uuid for update`.execute(
      trx,
    )
    const batch = await readHead(trx, viewer.municipalityId, sql`b.id = ${id}::uuid`)
    return batch ? work(trx, batch) : refused('request:not-found')
  })
}

async function endBatch(
  trx: Trx,
  municipalityId: string,
  id: string,
  { state, by }: { state: 'done' | 'cancelled'; by: string },
): Promise<void> {
  await trx
    .updateTable('form_batch')
    .set({ state, due_at: null, ended_by: by, ended_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .execute()
  await trx
    .updateTable('form_batch_item')
    .set({ outcome: 'left', reason: null })
    .where('municipality_id', '=', municipalityId)
    .where('batch_id', '=', id)
    .where('outcome', 'in', ['waiting', 'ready'])
    .execute()
}

/** Requests of one batch in one turn of the worker: then the next batch of the municipality has its turn. */
const SLICE = 25

/**
 * Goes on with the batches that are being prepared or done, a slice of each municipality's oldest. Each request is judged, or done,
 * in a transaction of its own together with the note of it: a worker that dies, or two of them, neither repeat nor lose any.
 * @returns how many requests were handled, and batches ended
 */
export async function advanceBatches(isStopping: () => boolean = () => false): Promise<number> {
  let handled = 0
  for (const municipalityId of await municipalitiesWith(sql`municipalities_with_due_batches()`)) {
    if (isStopping()) break
    handled += await advanceIn(municipalityId, isStopping)
  }
  return handled
}

async function advanceIn(municipalityId: string, isStopping: () => boolean): Promise<number> {
  const slice = await asSystem(municipalityId, async (trx) => {
    const batch = await readHead(
      trx,
      municipalityId,
      sql`b.id = (select d.id from form_batch d where d.municipality_id = ${municipalityId} and d.due_at <= app_now()
        order by d.due_at, d.id limit 1)`,
    )
    if (!batch) return null
    const items = await trx
      .selectFrom('form_batch_item')
      .select('submission_id as id')
      .where('municipality_id', '=', municipalityId)
      .where('batch_id', '=', batch.id)
      .where('outcome', '=', batch.state === 'preparing' ? 'waiting' : 'ready')
      .orderBy('place')
      .limit(SLICE)
      .execute()
    return { batch, ids: items.map(({ id }) => id) }
  })
  if (!slice) return 0
  const { batch, ids } = slice
  if (!allowedToStaff(batch.officer, 'forms:manage')) return endWithoutOfficer(municipalityId, batch)
  for (const id of ids) {
    if (isStopping()) return ids.length
    await handle(batch, id)
  }
  return ids.length + (await takeTurn(municipalityId, batch, ids.length < SLICE))
}

/** The role of the person who answers for it has ended: nothing more is done in their name. */
const endWithoutOfficer = (municipalityId: string, batch: BatchHead): Promise<number> =>
  asSystem(municipalityId, async (trx) => {
    await endBatch(trx, municipalityId, batch.id, { state: 'cancelled', by: batch.officer.personId })
    return 1
  })

/** The batch goes behind the others of its municipality, or on to its next state when nothing of it is left. */
const takeTurn = (
  municipalityId: string,
  { id, state, officer }: BatchHead,
  isLast: boolean,
): Promise<number> =>
  asSystem(municipalityId, async (trx) => {
    const { rows } = await sql<{ state: BatchState }>`
      select state from form_batch where municipality_id = ${municipalityId} and id = ${id}::uuid for update`.execute(
      trx,
    )
    if (rows[0]?.state !== state) return 0
    if (isLast && state === 'running') {
      await endBatch(trx, municipalityId, id, { state: 'done', by: officer.personId })
      return 1
    }
    await trx
      .updateTable('form_batch')
      .set(isLast ? { state: 'ready', due_at: null } : { due_at: sql<Date>`app_now()` })
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', id)
      .execute()
    return isLast ? 1 : 0
  })

/** Judges or does one request. A bug or a fault of the database ends for this one, and is told on its line. */
async function handle(batch: BatchHead, submissionId: string): Promise<void> {
  try {
    await onLockedSubmission(batch.officer, submissionId, async (trx, submission) => {
      const item = await lockItem(trx, batch, submissionId)
      if (!item) return ok(null)
      await noteItem(trx, batch, submissionId, await judgedOrDone(trx, batch, submission, item))
      return ok(null)
    })
  } catch (error) {
    log().error(
      { batch: batch.id, submission: submissionId, err: error },
      'forms: could not handle a request of a batch',
    )
    await asSystem(batch.officer.municipalityId, async (trx) => {
      if (await lockItem(trx, batch, submissionId))
        await noteItem(trx, batch, submissionId, setAside(batch, refused('forms:batch-failed')))
    })
  }
}

async function judgedOrDone(
  trx: Trx,
  batch: BatchHead,
  submission: LockedSubmission,
  item: ItemToDo,
): Promise<JudgedItem> {
  const { officer, kind, words, dueOn } = batch
  const asking = { words, dueOn: dueOn as Day }
  if (batch.state === 'preparing') {
    const judged =
      kind === 'accept'
        ? await judgeAcceptance(trx, officer.municipalityId, submission, {
            batchId: batch.id,
            classId: batch.classId,
          })
        : await judgeAsking(trx, officer.municipalityId, submission, asking)
    return judged.ok ? { outcome: 'ready', ...judged.value } : setAside(batch, judged)
  }
  const done =
    kind === 'accept'
      ? await doAcceptance(trx, officer, submission, item)
      : await doAsking(trx, officer, submission, { ...item, dueOn: asking.dueOn })
  return done.ok ? { outcome: 'done' } : setAside(batch, done)
}

const setAside = ({ state }: BatchHead, { code, details }: Refused): JudgedItem => ({
  outcome: state === 'preparing' ? 'doubtful' : 'refused',
  reason: { ok: false, code, ...(details ? { details } : {}) },
})

/** The item under a lock, if it is still to be handled and its batch was not stopped. */
async function lockItem(trx: Trx, batch: BatchHead, submissionId: string): Promise<ItemToDo | null> {
  const { municipalityId } = batch.officer
  const before: ItemOutcome = batch.state === 'preparing' ? 'waiting' : 'ready'
  const { rows: going } = await sql`select from form_batch
    where municipality_id = ${municipalityId} and id = ${batch.id}::uuid and state = ${batch.state} for share`.execute(
    trx,
  )
  if (going.length === 0) return null
  const { rows } = await sql<ItemToDo>`
    select typed, effect, words, fingerprint from form_batch_item
    where municipality_id = ${municipalityId} and batch_id = ${batch.id}::uuid and submission_id = ${submissionId}::uuid
      and outcome = ${before} for update`.execute(trx)
  return rows[0] ?? null
}

const noteItem = (trx: Trx, batch: BatchHead, submissionId: string, { outcome, ...judged }: JudgedItem) => {
  const found = 'fingerprint' in judged ? judged : null
  return trx
    .updateTable('form_batch_item')
    .set({
      outcome,
      handled_at: sql<Date>`app_now()`,
      ...('reason' in judged ? { reason: JSON.stringify(judged.reason) } : {}),
      ...(found
        ? {
            subject: found.subject ?? null,
            typed: JSON.stringify(found.typed ?? null),
            effect: JSON.stringify(found.effect ?? null),
            words: found.words,
            fingerprint: found.fingerprint,
          }
        : {}),
    })
    .where('municipality_id', '=', batch.officer.municipalityId)
    .where('batch_id', '=', batch.id)
    .where('submission_id', '=', submissionId)
    .execute()
}
