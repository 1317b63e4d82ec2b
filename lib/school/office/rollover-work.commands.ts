import 'server-only'
import { sql } from 'kysely'
import { asStaff, asSystem, type Trx, takeLonger } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Officer, StaffRole, Viewer } from '#lib/access/viewer.ts'
import { log } from '#lib/kernel/log.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { goBackIn, goOverIn, rollOver, undoRollover } from './rollover.commands.ts'
import { rolloverOf, STRETCH } from './rollover-plan.queries.ts'
import { type RolloverWork, workOf } from './rollover-work.queries.ts'

type Confirmed = { act: RolloverWork['act']; rolloverId: string; fingerprint: string }

/** Enrolments of the old year up to which the act answers its request; more wait for the worker. */
const AT_ONCE = 10_000

/**
 * Does what was previewed, or its undoing. A small town is answered with what was done; of a large one the worker does it, says how
 * far it is and can be stopped.
 */
export async function confirmRollover(
  viewer: Viewer,
  confirmed: Confirmed,
  atOnce = AT_ONCE,
): Promise<Result<{ waits: boolean }>> {
  const { act, rolloverId, fingerprint } = confirmed
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(rolloverId)) return refused('request:not-found')
  if (!(await isLarge(viewer, rolloverId, atOnce))) {
    const done = await (act === 'do' ? rollOver : undoRollover)(viewer, rolloverId, fingerprint)
    return done.ok ? ok({ waits: false }) : done
  }
  return asStaff(viewer, (trx) => askWorker(trx, viewer, confirmed))
}

const isLarge = (
  { municipalityId, personId }: Viewer,
  rolloverId: string,
  atOnce: number,
): Promise<boolean> =>
  asStaff({ municipalityId, personId }, async (trx) => {
    const { rows } = await sql<{ large: boolean }>`
      select count(*) > ${atOnce} as large from (
        select from enrolment e join year_rollover r on r.municipality_id = ${municipalityId} and r.id = ${rolloverId}::uuid
          and r.from_year_id = e.school_year_id
        where e.municipality_id = ${municipalityId} limit ${atOnce + 1}) counted`.execute(trx)
    return rows[0]?.large ?? false
  })

async function askWorker(
  trx: Trx,
  { municipalityId, personId, sessionId }: Viewer,
  { act, rolloverId, fingerprint }: Confirmed,
): Promise<Result<{ waits: boolean }>> {
  const run = await rolloverOf(trx, municipalityId, rolloverId)
  if (!run) return refused('request:not-found')
  if (act === 'do' && run.doneAt) return refused('rollover:done')
  if (act === 'undo' && !run.doneAt) return refused('rollover:not-done')
  const { rows } = await sql<{ asked: boolean }>`
    insert into year_rollover_work as w (municipality_id, rollover_id, act, fingerprint, asked_by, session_id)
    values (${municipalityId}::uuid, ${rolloverId}::uuid, ${act}, ${fingerprint}, ${personId}::uuid, ${sessionId}::uuid)
    on conflict (municipality_id, rollover_id) do update set act = excluded.act, fingerprint = excluded.fingerprint,
      asked_by = excluded.asked_by, session_id = excluded.session_id, asked_at = app_now(), state = 'waiting', refusal = null, done = 0, total = 0, stop_asked = false
    where w.state <> 'waiting' returning true as asked`.execute(trx)
  if (rows[0]) return ok({ waits: true })
  const work = await workOf(trx, municipalityId, rolloverId)
  const isSame = work?.act === act && work.fingerprint === fingerprint && work.askedById === personId
  return isSame ? ok({ waits: true }) : refused('rollover:at-work', { who: work?.askedBy ?? '' })
}

/** Asks the worker to stop: what it had written goes. A work that is over stays as it is. */
export async function stopRollover(viewer: Viewer, rolloverId: string): Promise<Result<null>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const stopped = await trx
      .updateTable('year_rollover_work')
      .set({ stop_asked: true })
      .where('municipality_id', '=', viewer.municipalityId)
      .where('rollover_id', '=', rolloverId)
      .returning('rollover_id')
      .executeTakeFirst()
    return stopped ? ok(null) : refused('request:not-found')
  })
}

/** Ends an act without its having done anything, because a person asked for it. */
class Stopped extends Error {}

type Due = Confirmed & { officer: Officer }

/**
 * Does the roll-overs, and their undoings, that wait for the worker, one of each municipality. All of one is one transaction, which
 * holds the roll-over: a worker that dies lets it go, with everything that it had written.
 * @returns how many were worked on
 */
export async function runDueRollovers(stretch = STRETCH): Promise<number> {
  let worked = 0
  for (const municipalityId of await municipalitiesWith(sql`municipalities_with_due_rollovers()`)) {
    const due = await dueIn(municipalityId)
    if (due) worked += await work(due, stretch)
  }
  return worked
}

const dueIn = (municipalityId: string): Promise<Due | null> =>
  asSystem(municipalityId, async (trx) => {
    const { rows } = await sql<
      Confirmed & { personId: string; name: string; sessionId: string; roles: StaffRole[] }
    >`
      select w.act, w.rollover_id as "rolloverId", w.fingerprint, w.session_id as "sessionId", p.id as "personId", p.full_name as name,
        array(select r.role from active_staff_member r where r.municipality_id = ${municipalityId} and r.person_id = p.id) as roles
      from year_rollover_work w join person p on p.municipality_id = ${municipalityId} and p.id = w.asked_by
      where w.municipality_id = ${municipalityId} and w.state = 'waiting' order by w.asked_at limit 1`.execute(
      trx,
    )
    const [row] = rows
    if (!row) return null
    const { personId, name, sessionId, roles, ...confirmed } = row
    return { ...confirmed, officer: { municipalityId, personId, name, sessionId, staffRoles: roles } }
  })

async function work(due: Due, stretch: number): Promise<number> {
  const outcome = await attempt(due, stretch)
  if (outcome && !outcome.ok) await leave(due, outcome)
  return outcome ? 1 : 0
}

/** Null where another worker has it, or has done it. */
async function attempt(due: Due, stretch: number): Promise<Result<unknown> | null> {
  if (!allowedToStaff(due.officer, 'registry:correct')) return refused('rollover:role-ended')
  try {
    return await asStaff(due.officer, (trx) => doIn(trx, due, stretch))
  } catch (error) {
    if (error instanceof Stopped) return refused('rollover:stopped')
    log().error({ err: error, rollover: due.rolloverId }, 'rollover: could not do what was confirmed')
    return refused('rollover:failed')
  }
}

/** Longer than the largest town takes. */
const LONGEST = '20min'

async function doIn(
  trx: Trx,
  { officer, act, rolloverId, fingerprint }: Due,
  stretch: number,
): Promise<Result<unknown> | null> {
  const { municipalityId } = officer
  await takeLonger(trx, LONGEST)
  const { rows } = await sql`select from year_rollover
    where municipality_id = ${municipalityId} and id = ${rolloverId}::uuid for update skip locked`.execute(
    trx,
  )
  const run = rows.length > 0 ? await rolloverOf(trx, municipalityId, rolloverId) : null
  const waiting = await workOf(trx, municipalityId, rolloverId)
  if (!run || waiting?.state !== 'waiting' || waiting.fingerprint !== fingerprint) return null
  const progress = progressOf(municipalityId, rolloverId)
  const done = await (act === 'do' ? goOverIn : goBackIn)(trx, officer, run, {
    fingerprint,
    stretch,
    progress,
  })
  if (done.ok) await end(trx, municipalityId, rolloverId, null)
  return done
}

/** Says how far the act is, beside its transaction. @throws Stopped when a person asked to stop */
const progressOf =
  (municipalityId: string, rolloverId: string) =>
  async (done: number, total: number): Promise<void> => {
    const isStopped = await asSystem(municipalityId, async (trx) => {
      const { rows } = await sql<{ stop: boolean }>`
        update year_rollover_work w set done = ${done}, total = ${total}
        where w.municipality_id = ${municipalityId} and w.rollover_id = ${rolloverId}::uuid returning w.stop_asked as stop`.execute(
        trx,
      )
      return rows[0]?.stop ?? false
    })
    if (isStopped) throw new Stopped()
  }

const leave = ({ officer: { municipalityId }, rolloverId }: Due, refusal: Refused): Promise<void> =>
  asSystem(municipalityId, (trx) => end(trx, municipalityId, rolloverId, refusal))

async function end(
  trx: Trx,
  municipalityId: string,
  rolloverId: string,
  refusal: Refused | null,
): Promise<void> {
  await trx
    .updateTable('year_rollover_work')
    .set(refusal ? { state: 'stopped', refusal: JSON.stringify(refusal) } : { state: 'done', refusal: null })
    .where('municipality_id', '=', municipalityId)
    .where('rollover_id', '=', rolloverId)
    .where('state', '=', 'waiting')
    .execute()
}
