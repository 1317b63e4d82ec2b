import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Officer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { UNDECIDED_DIET } from '../diet.ts'
import { openRefundsOfRollover, takeRefundsBack } from './departure.commands.ts'
import { enterYear, leaveYear } from './enrolment.commands.ts'
import { pupilsWith } from './rollover.ts'
import { type Dependent, dependentInWords, rolloverInWords } from './rollover.words.ts'
import {
  firstDaysOf,
  householdStretches,
  plannedPupils,
  planSummary,
  pupilStretches,
  READ_STRETCH,
  type Rollover,
  rolloverOf,
  STRETCH,
} from './rollover-plan.queries.ts'
import { atWork } from './rollover-work.queries.ts'

/** What an act on a roll-over would do, and the mark that its confirmation is bound to. */
export type RolloverPreview = { lines: string[]; seen: { fingerprint: string } }

/** How a town is gone through: so many households, or pupils, in a statement; what is told how far it is. */
export type Pace = {
  stretch: number
  /** @throws to end the act with nothing done */
  progress?: (done: number, total: number) => Promise<void>
}

const STEADY: Pace = { stretch: STRETCH }

async function onRollover<T>(
  viewer: Officer,
  id: string,
  options: { lock: boolean },
  work: (trx: Trx, run: Rollover) => Promise<Result<T>>,
): Promise<Result<T>> {
  // The worker holds the row until it has done: no person waits for it.
  const busy = options.lock ? await atWork(viewer, id) : null
  if (busy) return busy
  return lockedOffice(
    viewer,
    'registry:correct',
    { table: 'year_rollover', id, lock: options.lock ? 'whole' : 'none' },
    (trx) => rolloverOf(trx, viewer.municipalityId, id),
    work,
  )
}

/**
 * Holds what a roll-over reads, always in this order: classes, pupils by their ids, the next days of the services. Moves,
 * last days, registrations and changes of meals wait, and find the new year.
 */
async function hold(trx: Trx, municipalityId: string, run: Rollover) {
  await sql`select c.id from school_class c where c.municipality_id = ${municipalityId}
      and c.school_year_id in (${run.fromYearId}::uuid, ${run.toYearId}::uuid) order by c.id for share`.execute(
    trx,
  )
  await sql`select p.id from pupil p where p.municipality_id = ${municipalityId} and p.id in (
      select e.pupil_id from enrolment e where e.municipality_id = ${municipalityId}
        and e.school_year_id in (${run.fromYearId}::uuid, ${run.toYearId}::uuid))
    order by p.id for no key update`.execute(trx)
  return firstDaysOf(trx, municipalityId, { lock: true })
}

/** What the roll-over would do, in words, before anything is done. */
export const previewRollover = (viewer: Officer, rolloverId: string): Promise<Result<RolloverPreview>> =>
  onRollover(viewer, rolloverId, { lock: false }, async (trx, run) => {
    if (run.doneAt) return refused('rollover:done')
    const { municipalityId } = viewer
    const first = await firstDaysOf(trx, municipalityId, { lock: false })
    const stretches = await householdStretches(trx, municipalityId, READ_STRETCH)
    const { fingerprint, ...summary } = await planSummary(trx, { municipalityId, run, first }, stretches)
    if (pupilsWith(summary, 'moves') === 0) return refused('rollover:nothing')
    return ok({ lines: rolloverInWords(run, summary), seen: { fingerprint } })
  })

/** Takes the pupils of a school year into the next one, in one request. */
export const rollOver = (
  viewer: Officer,
  rolloverId: string,
  fingerprint: string,
): Promise<Result<{ moved: number }>> =>
  onRollover(viewer, rolloverId, { lock: true }, (trx, run) =>
    goOverIn(trx, viewer, run, { fingerprint, ...STEADY }),
  )

/**
 * Takes the pupils of a school year into the next one, exactly as it was previewed: a statement for each effect on a stretch of
 * them, all in the caller's transaction, which holds the roll-over. Nothing that was counted or charged changes. The same
 * confirmation sent twice is done once.
 */
export async function goOverIn(
  trx: Trx,
  officer: Officer,
  run: Rollover,
  { fingerprint, stretch, progress }: Pace & { fingerprint: string },
): Promise<Result<{ moved: number }>> {
  const { municipalityId, personId } = officer
  if (run.doneAt)
    return run.fingerprint === fingerprint && run.doneById === personId
      ? ok({ moved: 0 })
      : refused('rollover:done')
  const plan = { municipalityId, run, first: await hold(trx, municipalityId, run) }
  const stretches = await householdStretches(trx, municipalityId, stretch)
  const total = 3 * stretches.length
  const { fingerprint: now, ...summary } = await planSummary(trx, plan, stretches, (done) =>
    Promise.resolve(progress?.(done, total)),
  )
  if (now !== fingerprint) return refused('rollover:preview-changed')
  const moved = pupilsWith(summary, 'moves')
  if (moved === 0) return refused('rollover:nothing')
  for (const [at, within] of stretches.entries()) {
    await remember(trx, { ...plan, within })
    await progress?.(stretches.length + at + 1, total)
  }
  const pupils = await pupilStretches(trx, municipalityId, run, stretch)
  for (const [at, within] of pupils.entries()) {
    await enterYear(trx, municipalityId, { rolloverId: run.id, yearId: run.toYearId, within })
    await progress?.(Math.min(2 * stretches.length + at + 1, total), total)
  }
  await openRefundsOfRollover(trx, officer, run.id)
  await sql`update year_rollover set done_at = app_now(), done_by = ${personId}, fingerprint = ${fingerprint}, updated_by = ${personId},
      revision = revision + 1
    where municipality_id = ${municipalityId} and id = ${run.id}::uuid`.execute(trx)
  await recordAudit(trx, officer, {
    action: 'rollover.done',
    objectType: 'year_rollover',
    objectId: run.id,
    details: {
      ...{ from: run.from, to: run.to, moved, left: pupilsWith(summary, 'leaves') },
      apart: pupilsWith(summary, 'apart'),
    },
  })
  return ok({ moved })
}

/** Keeps what is done with each pupil of a stretch, and why: the enrolments are written, and undone, by it. */
const remember = (trx: Trx, plan: Parameters<typeof plannedPupils>[0]) =>
  sql`
    with ${plannedPupils(plan)}
    insert into year_rollover_pupil (municipality_id, rollover_id, pupil_id, service_id, outcome, why, from_class_id, from_enrolment_id,
      earlier_to, shortened_to, enrolment_id, to_class_id, diet_code, diet_to, rest_id, valid_from, valid_to, fare_ends, left_cents)
    select ${plan.municipalityId}::uuid, ${plan.run.id}::uuid, q.pupil_id, q.service_id, q.outcome, q.why, q.from_class_id, q.from_enrolment_id,
      q.earlier_to, q.shortened_to, case when q.outcome = 'moves' then uuidv7() end, q.to_class_id, q.diet_code, q.diet_to,
      case when q.diet_to is not null then uuidv7() end, q.valid_from, q.valid_to,
      q.fare_ends, q.left_cents
    from planned q`.execute(trx)

/** How many dependent acts a refusal names. */
const NAMED = 5

type Written = { pupils: number; shortened: number; closed: Day | null; dependents: string[] }

/** What the undoing would take away, and what came after the roll-over and stands on it. */
async function writtenBy(trx: Trx, municipalityId: string, run: Rollover): Promise<Written> {
  const { rows } = await sql<Omit<Written, 'dependents'>>`
    select count(*) filter (where p.enrolment_id is not null)::int as pupils, count(p.shortened_to)::int as shortened,
      (select min(d.day) from service_day d where d.municipality_id = ${municipalityId} and d.status = 'closed' and exists (
        select from year_rollover_pupil w
        join school_class c on c.municipality_id = ${municipalityId} and c.id = w.to_class_id
        where w.municipality_id = ${municipalityId} and w.rollover_id = ${run.id}::uuid and w.enrolment_id is not null
          and w.service_id = d.service_id and c.school_id = d.school_id and d.day between w.valid_from and w.valid_to)) as closed
    from year_rollover_pupil p where p.municipality_id = ${municipalityId} and p.rollover_id = ${run.id}::uuid`.execute(
    trx,
  )
  const { rows: found } = await sql<{ kind: Dependent; name: string }>`
    with written as (
      select p.pupil_id, p.service_id, p.enrolment_id, p.from_enrolment_id, p.to_class_id, p.diet_code, p.diet_to, p.rest_id,
        p.valid_from, p.valid_to, p.shortened_to, p.earlier_to
      from year_rollover_pupil p where p.municipality_id = ${municipalityId} and p.rollover_id = ${run.id}::uuid
        and (p.enrolment_id is not null or p.shortened_to is not null)),
    dependent as (
      select 'changed' as kind, w.pupil_id from written w
      left join enrolment e on e.municipality_id = ${municipalityId} and e.id = w.enrolment_id
      left join enrolment r on r.municipality_id = ${municipalityId} and r.id = w.rest_id
      left join enrolment o on o.municipality_id = ${municipalityId} and o.id = w.from_enrolment_id
      where w.enrolment_id is not null and (e.id is null or e.school_class_id <> w.to_class_id or e.diet_code <> w.diet_code
          or e.valid_from <> w.valid_from or e.valid_to <> coalesce(w.diet_to, w.valid_to)
          or w.rest_id is not null and (r.id is null or r.school_class_id <> w.to_class_id or r.diet_code <> ${UNDECIDED_DIET}
            or r.valid_from <> w.diet_to + 1 or r.valid_to <> w.valid_to)
          or e.severe_reaction is distinct from o.severe_reaction or e.weekdays is distinct from o.weekdays
          or r.id is not null and r.weekdays is distinct from o.weekdays)
        or w.shortened_to is not null and o.valid_to is distinct from w.shortened_to
      union
      select 'cancelled', w.pupil_id from written w
      join absence a on a.municipality_id = ${municipalityId} and a.pupil_id = w.pupil_id
      join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id and d.service_id = w.service_id
        and d.day between w.valid_from and w.valid_to and (w.earlier_to is null or d.day > w.earlier_to)
      union
      select 'fare', w.pupil_id from written w
      join fare_assignment f on f.municipality_id = ${municipalityId} and f.pupil_id = w.pupil_id and f.service_id = w.service_id
        and f.valid_from >= w.valid_from
      union
      select 'enrolled', w.pupil_id from written w
      join enrolment n on n.municipality_id = ${municipalityId} and n.pupil_id = w.pupil_id and n.service_id = w.service_id
        and n.id <> w.from_enrolment_id and n.id is distinct from w.enrolment_id and n.id is distinct from w.rest_id and n.valid_from <= w.earlier_to
        and n.valid_to > w.shortened_to)
    select x.kind, p.full_name as name from dependent x
    join pupil p on p.municipality_id = ${municipalityId} and p.id = x.pupil_id
    union all
    select 'refund', h.name from refund_case r join household h on h.municipality_id = ${municipalityId} and h.id = r.household_id
    where r.municipality_id = ${municipalityId} and r.rollover_id = ${run.id}::uuid and r.decision is not null
    order by name, kind limit ${NAMED}`.execute(trx)
  return {
    ...(rows[0] as (typeof rows)[number]),
    dependents: found.map(({ kind, name }) => dependentInWords(kind, name)),
  }
}

/** Refuses where something depends on the roll-over, and names it. */
function undoable(written: Written): Result<null> {
  if (written.closed) return refused('rollover:day-closed', { day: written.closed })
  return written.dependents.length > 0 ? refused('rollover:depends', { what: written.dependents }) : ok(null)
}

const markOfUndo = (run: Rollover, written: Written): string =>
  fingerprintOf({ id: run.id, done: run.fingerprint, at: run.revision, written })

/** What undoing the roll-over would do, or what it depends on. */
export const previewRolloverUndoing = (
  viewer: Officer,
  rolloverId: string,
): Promise<Result<RolloverPreview>> =>
  onRollover(viewer, rolloverId, { lock: false }, async (trx, run) => {
    if (!run.doneAt) return refused('rollover:not-done')
    const written = await writtenBy(trx, viewer.municipalityId, run)
    const may = undoable(written)
    if (!may.ok) return may
    return ok({
      lines: [
        `Le ${written.pupils} iscrizioni scritte dal passaggio si tolgono dal ${run.to}.`,
        ...(written.shortened > 0
          ? [`${written.shortened} iscrizioni del ${run.from} riprendono l’ultimo giorno che avevano.`]
          : []),
        'Ogni riga torna com’era prima. Le scelte su classi e alunni restano: il passaggio si può rifare.',
      ],
      seen: { fingerprint: markOfUndo(run, written) },
    })
  })

/** Undoes a roll-over on which nothing depends, in one request: every row is as it was before. */
export const undoRollover = (
  viewer: Officer,
  rolloverId: string,
  fingerprint: string,
): Promise<Result<{ pupils: number }>> =>
  onRollover(viewer, rolloverId, { lock: true }, (trx, run) =>
    goBackIn(trx, viewer, run, { fingerprint, ...STEADY }),
  )

/** The same in the caller's transaction, which holds the roll-over. */
export async function goBackIn(
  trx: Trx,
  officer: Officer,
  run: Rollover,
  { fingerprint, stretch, progress }: Pace & { fingerprint: string },
): Promise<Result<{ pupils: number }>> {
  const { municipalityId, personId } = officer
  if (!run.doneAt) return refused('rollover:not-done')
  await hold(trx, municipalityId, run)
  const written = await writtenBy(trx, municipalityId, run)
  const may = undoable(written)
  if (!may.ok) return may
  if (markOfUndo(run, written) !== fingerprint) return refused('rollover:preview-changed')
  await takeRefundsBack(trx, officer, run.id)
  const stretches = await pupilStretches(trx, municipalityId, run, stretch)
  for (const [at, within] of stretches.entries()) {
    await leaveYear(trx, municipalityId, { rolloverId: run.id, within })
    await progress?.(at + 1, stretches.length)
  }
  await sql`update year_rollover set done_at = null, done_by = null, fingerprint = null, updated_by = ${personId}, revision = revision + 1
    where municipality_id = ${municipalityId} and id = ${run.id}::uuid`.execute(trx)
  await recordAudit(trx, officer, {
    action: 'rollover.undone',
    objectType: 'year_rollover',
    objectId: run.id,
    details: { from: run.from, to: run.to, pupils: written.pupils },
  })
  return ok({ pupils: written.pupils })
}
