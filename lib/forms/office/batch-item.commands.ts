import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Officer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { afterMove, isDecided } from '../submission.ts'
import { acceptLocked, planOfFirst } from './acceptance.commands.ts'
import { type EffectsOfSubmission, effectFacts, proposalOf } from './acceptance.queries.ts'
import { classFor, dietInTheWay, effectOf, type ItemEffect, lackInTheWay, mergedWords } from './batch.ts'
import type { TypedDecision } from './effects.ts'
import { askLocked, type LockedSubmission } from './submission.commands.ts'
import { lacksOf } from './submission.queries.ts'

type Prepared = {
  subject?: string | null
  typed?: TypedDecision
  effect?: ItemEffect
  words: string
  fingerprint: string
}

/** A request of a batch as its preview left it. */
export type ItemToDo = { typed: unknown; effect: unknown; words: string; fingerprint: string | null }

/** What is noted of a request in a batch. */
export type JudgedItem =
  | ({ outcome: 'ready' } & Prepared)
  | { outcome: 'done' }
  | { outcome: 'doubtful' | 'refused'; reason: object }

/** What accepting a request of a batch would do, or why a person must look at it. */
export async function judgeAcceptance(
  trx: Trx,
  municipalityId: string,
  submission: LockedSubmission,
  { batchId, classId }: { batchId: string; classId: string | null },
): Promise<Result<Prepared>> {
  const { id, state } = submission
  const decided = await decidedAlready(trx, municipalityId, submission)
  if (decided) return decided
  const lack = lackInTheWay(state, await lacksOf(trx, municipalityId, id))
  if (lack) return lack
  const effects = await effectFacts(trx, municipalityId, id, { lock: false })
  const proposed = proposalOf(effects, state)
  const typed =
    effects.kind === 'enrolment'
      ? { ...proposed, classId: classFor(effects, proposed.classId, classId) }
      : proposed
  if (effects.kind === 'enrolment' && typed.classId === '') return refused('forms:batch-no-class')
  const begun = withStartOfClass(effects, typed, proposed)
  const planned = planOfFirst(effects, begun)
  if (!planned.ok) return planned
  const { plan, seen } = planned.value
  const effect = effectOf(effects.kind, plan, effects.facts)
  const subject = subjectOf(effects)
  const doubt =
    dietInTheWay(plan) ??
    (await namesakeOf(trx, municipalityId, effects)) ??
    (await twiceIn(trx, municipalityId, { batchId, id, subject })) ??
    (await fullClass(trx, municipalityId, effect, { batchId }))
  if (doubt) return doubt
  return ok({ subject, typed: begun, effect, words: plan.lines.join('\n'), fingerprint: seen })
}

/** Where the proposal knew no class, it knew no first day of it either. */
function withStartOfClass(
  { facts }: EffectsOfSubmission,
  typed: TypedDecision,
  proposed: TypedDecision,
): TypedDecision {
  const chosen = facts.classes.find(({ id }) => id === typed.classId)
  return chosen && !proposed.classId && chosen.from > typed.from ? { ...typed, from: chosen.from } : typed
}

/** Of an enrolment and of every other kind: two requests of one kind for one pupil. */
const subjectOf = ({ kind, facts }: EffectsOfSubmission): string | null => {
  const whom = facts.pupil.id ?? (facts.newPupil && fingerprintOf(facts.newPupil.fiscalCode))
  return whom && kind !== 'other' ? `${kind}:${whom}` : null
}

/** Who decided a request meanwhile, and how. */
async function decidedAlready(
  trx: Trx,
  municipalityId: string,
  { id, state }: LockedSubmission,
): Promise<Refused | null> {
  if (!isDecided(state)) return null
  const { rows } = await sql<{ who: string | null }>`
    select p.full_name as who from form_event e
    left join person p on p.municipality_id = ${municipalityId} and p.id = e.person_id
    where e.municipality_id = ${municipalityId} and e.submission_id = ${id}::uuid
      and e.kind in ('accepted', 'rejected', 'withdrawn')
    order by e.id desc limit 1`.execute(trx)
  return refused('forms:batch-decided', { who: rows[0]?.who ?? null, state })
}

/** A pupil of another code who has the very name and birth day of the new one. */
async function namesakeOf(
  trx: Trx,
  municipalityId: string,
  { facts: { newPupil } }: EffectsOfSubmission,
): Promise<Refused | null> {
  if (!newPupil) return null
  const { rows } = await sql<{ family: string }>`
    select h.name as family from pupil c
    join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
    where c.municipality_id = ${municipalityId} and c.birth_date = ${newPupil.birthDay}
      and c.search_key = search_key(${newPupil.givenName}::text || ${newPupil.familyName}::text) limit 1`.execute(
    trx,
  )
  return rows[0] ? refused('forms:batch-namesake', rows[0]) : null
}

async function twiceIn(
  trx: Trx,
  municipalityId: string,
  { batchId, id, subject }: { batchId: string; id: string; subject: string | null },
): Promise<Refused | null> {
  if (!subject) return null
  const { rows } = await sql`
    select from form_batch_item i where i.municipality_id = ${municipalityId} and i.batch_id = ${batchId}::uuid
      and i.subject = ${subject} and i.submission_id <> ${id}::uuid limit 1`.execute(trx)
  return rows.length > 0 ? refused('forms:batch-twice') : null
}

/**
 * Whether the places of a class are taken: by the pupils enrolled in it, and in a preview by the requests before this one.
 * @param options.batchId of a preview; without it the class is locked, and those after it wait
 */
async function fullClass(
  trx: Trx,
  municipalityId: string,
  { classId, where }: ItemEffect,
  options: { batchId?: string } = {},
): Promise<Refused | null> {
  if (!classId) return null
  const { rows } = await sql<{ places: number }>`
    select places from class_places where municipality_id = ${municipalityId} and school_class_id = ${classId}::uuid
    ${options.batchId ? sql`` : sql`for update`}`.execute(trx)
  const places = rows[0]?.places
  if (places === undefined) return null
  const { rows: taken } = await sql<{ n: number }>`
    select (select count(distinct e.pupil_id) from enrolment e
        where e.municipality_id = ${municipalityId} and e.school_class_id = ${classId}::uuid and e.valid_to >= app_today())::int
      + (select count(*) from form_batch_item i where i.municipality_id = ${municipalityId}
        and i.batch_id = ${options.batchId ?? null}::uuid and i.outcome = 'ready' and i.effect ->> 'classId' = ${classId})::int as n`.execute(
    trx,
  )
  return (taken[0]?.n ?? 0) >= places ? refused('forms:batch-full', { where: where ?? '' }) : null
}

/** The message of one family, and what it was written for. */
export async function judgeAsking(
  trx: Trx,
  municipalityId: string,
  submission: LockedSubmission,
  { words, dueOn }: { words: string; dueOn: Day },
): Promise<Result<Prepared>> {
  const decided = await decidedAlready(trx, municipalityId, submission)
  if (decided) return decided
  const moved = afterMove(submission.state, 'asked')
  if (!moved.ok) return moved
  const [about, lacks] = await Promise.all([
    aboutWhom(trx, municipalityId, submission.id),
    lacksOf(trx, municipalityId, submission.id),
  ])
  const merged = mergedWords(words, about, lacks)
  if (merged === null) return refused('forms:batch-lacks-nothing')
  return ok({ words: merged, fingerprint: await markOfAsking(trx, municipalityId, submission, dueOn) })
}

async function aboutWhom(trx: Trx, municipalityId: string, id: string): Promise<string> {
  const { about } = await trx
    .selectFrom('form_submission')
    .select('about')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return about
}

/** Changes with anything that happens to the request: what was missing may have come. */
async function markOfAsking(
  trx: Trx,
  municipalityId: string,
  { id, state }: LockedSubmission,
  dueOn: Day,
): Promise<string> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from form_event
    where municipality_id = ${municipalityId} and submission_id = ${id}::uuid`.execute(trx)
  return fingerprintOf({ state, events: rows[0]?.n, dueOn })
}

/** Accepts a request of a batch as its preview said, or says why nothing was done. */
export async function doAcceptance(
  trx: Trx,
  officer: Officer,
  submission: LockedSubmission,
  item: ItemToDo,
): Promise<Result<unknown>> {
  const { municipalityId } = officer
  const refusal =
    (await decidedAlready(trx, municipalityId, submission)) ??
    lackInTheWay(submission.state, []) ??
    (await fullClass(trx, municipalityId, item.effect as ItemEffect))
  if (refusal) return refusal
  return acceptLocked(trx, officer, submission, {
    id: submission.id,
    typed: item.typed as TypedDecision,
    seen: item.fingerprint ?? '',
    after: '',
    note: '',
  })
}

/** Sends the message of one request, unless something happened to it since it was read. */
export async function doAsking(
  trx: Trx,
  officer: Officer,
  submission: LockedSubmission,
  { words, fingerprint, dueOn }: ItemToDo & { dueOn: Day },
): Promise<Result<unknown>> {
  const decided = await decidedAlready(trx, officer.municipalityId, submission)
  if (decided) return decided
  if ((await markOfAsking(trx, officer.municipalityId, submission, dueOn)) !== fingerprint)
    return refused('forms:preview-changed')
  return askLocked(trx, officer, submission, { words, dueOn })
}
