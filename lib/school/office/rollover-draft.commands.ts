import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { classLines, rolloverBetween, targetClasses, yearPair } from './rollover.queries.ts'
import { proposeClasses, type RolloverDecision } from './rollover.ts'
import { type Rollover, rolloverOf } from './rollover-plan.queries.ts'
import { atWork } from './rollover-work.queries.ts'
import { insertClasses } from './structure.commands.ts'

type Rules = { renewalFormId: string; diets: readonly string[] }

/** One transaction on a roll-over that is not done and not at work; other decisions wait for it. */
const onDraft = async <T>(
  viewer: Viewer,
  id: string,
  work: (trx: Trx, run: Rollover) => Promise<Result<T>>,
): Promise<Result<T>> =>
  (await atWork(viewer, id)) ??
  lockedOffice(
    viewer,
    'registry:correct',
    { table: 'year_rollover', id },
    (trx) => rolloverOf(trx, viewer.municipalityId, id),
    async (trx, run) => (run.doneAt ? refused('rollover:done') : work(trx, run)),
  )

/** What a person decides carries the revision after the one that was read: two decisions of one thing are told apart by it. */
const nextRevision = (trx: Trx, { municipalityId, personId }: Viewer, id: string) =>
  trx
    .updateTable('year_rollover')
    .set({ revision: sql<number>`revision + 1`, updated_by: personId })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .returning('revision')
    .executeTakeFirstOrThrow()

const meanwhile = (run: Rollover) => refused('rollover:changed-meanwhile', { who: run.savedBy })

/**
 * Begins a roll-over into the latest school year, its classes placed by their names; of one that was begun it saves the rules.
 * @param asked.revision of the one that was read; 0 where there was none
 */
export async function saveRules(
  viewer: Viewer,
  { yearId, revision, ...rules }: Rules & { yearId: string; revision: number },
): Promise<Result<{ rolloverId: string }>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  const { municipalityId } = viewer
  const found = await asStaff(viewer, async (trx) => {
    // Of two beginnings the second waits, and finds the first.
    await sql`select from school_year where municipality_id = ${municipalityId} and id = ${yearId}::uuid for no key update`.execute(
      trx,
    )
    const pair = await yearPair(trx, municipalityId)
    if (!pair || pair.to.id !== yearId) return refused('rollover:no-year')
    const run = await rolloverBetween(trx, municipalityId, pair)
    if (run) return revision === 0 ? meanwhile(run) : ok({ rolloverId: run.id })
    return begin(trx, viewer, pair, rules)
  })
  if (!found.ok || revision === 0) return found
  return onDraft(viewer, found.value.rolloverId, async (trx, run) => {
    if (run.revision !== revision) return meanwhile(run)
    await trx
      .updateTable('year_rollover')
      .set(await rulesHere(trx, municipalityId, run.toYearId, rules))
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', run.id)
      .execute()
    await nextRevision(trx, viewer, run.id)
    await recordAudit(trx, viewer, {
      action: 'rollover.rules-saved',
      objectType: 'year_rollover',
      objectId: run.id,
      details: { renewal: rules.renewalFormId !== '', lapsing: rules.diets.length },
    })
    return ok({ rolloverId: run.id })
  })
}

/** The rules with what there is: a published form of the new year, codes of diets of the municipality. */
async function rulesHere(trx: Trx, municipalityId: string, yearId: string, { renewalFormId, diets }: Rules) {
  const { rows } = await sql<{ form: string | null; codes: string[] }>`
    select (select f.id from online_form f
        join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = f.id and v.number = f.published_version
        where f.municipality_id = ${municipalityId} and f.id = ${renewalFormId || null}::uuid and v.school_year_id = ${yearId}::uuid) as form,
      array(select d.code from diet d where d.municipality_id = ${municipalityId} and d.code = any (${[...diets]}::text[])
        order by d.code) as codes`.execute(trx)
  const found = rows[0] as (typeof rows)[number]
  return { renewal_form_id: found.form, lapsing_diets: found.codes }
}

async function begin(
  trx: Trx,
  viewer: Viewer,
  { from, to }: NonNullable<Awaited<ReturnType<typeof yearPair>>>,
  rules: Rules,
): Promise<Result<{ rolloverId: string }>> {
  const { municipalityId, personId } = viewer
  const { id } = await trx
    .insertInto('year_rollover')
    .values({
      municipality_id: municipalityId,
      from_year_id: from.id,
      to_year_id: to.id,
      ...(await rulesHere(trx, municipalityId, to.id, rules)),
      updated_by: personId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await placeClasses(trx, municipalityId, { id, fromYearId: from.id, toYearId: to.id })
  await recordAudit(trx, viewer, {
    action: 'rollover.begun',
    objectType: 'year_rollover',
    objectId: id,
    details: { from: from.name, to: to.name },
  })
  return ok({ rolloverId: id })
}

type Place = Pick<Rollover, 'id' | 'fromYearId' | 'toYearId'>

/** Places by their names the classes that are not decided. */
async function placeClasses(trx: Trx, municipalityId: string, run: Place): Promise<void> {
  const classes = await classLines(trx, municipalityId, run)
  const open = classes.filter(({ toClassId, leaves }) => toClassId === null && !leaves)
  const proposed = proposeClasses(open, await targetClasses(trx, municipalityId, run.toYearId))
  await sql`insert into year_rollover_class (municipality_id, rollover_id, class_id, to_class_id, leaves)
    select ${municipalityId}::uuid, ${run.id}::uuid, p.class_id, p.to_class_id, p.leaves
    from unnest(${proposed.map(({ classId }) => classId)}::uuid[], ${proposed.map(({ toClassId }) => toClassId)}::uuid[],
      ${proposed.map(({ leaves }) => leaves)}::boolean[]) as p (class_id, to_class_id, leaves)
    on conflict (municipality_id, rollover_id, class_id) do update set to_class_id = excluded.to_class_id, leaves = excluded.leaves`.execute(
    trx,
  )
}

/** Where classes go, as the office decides; a class that another person decided after `revision` refuses all of it. */
export const decideClasses = (
  viewer: Viewer,
  asked: {
    rolloverId: string
    revision: number
    to: readonly { classId: string; toClassId: string | null; leaves: boolean }[]
  },
): Promise<Result<{ changed: number }>> =>
  onDraft(viewer, asked.rolloverId, async (trx, run) => {
    const { municipalityId } = viewer
    const classes = await classLines(trx, municipalityId, run)
    const targets = new Set((await targetClasses(trx, municipalityId, run.toYearId)).map(({ id }) => id))
    const changes = asked.to.filter((one) => {
      const now = classes.find(({ id }) => id === one.classId)
      return now && (now.toClassId !== one.toClassId || now.leaves !== one.leaves)
    })
    if (changes.some(({ toClassId }) => toClassId !== null && !targets.has(toClassId)))
      return refused('rollover:choose-class')
    const ids = changes.map(({ classId }) => classId)
    const { rows } = await sql<{ late: boolean }>`
      select coalesce(bool_or(m.revision > ${asked.revision}), false) as late from year_rollover_class m
      where m.municipality_id = ${municipalityId} and m.rollover_id = ${run.id}::uuid and m.class_id = any (${ids}::uuid[])`.execute(
      trx,
    )
    if (rows[0]?.late) return meanwhile(run)
    if (changes.length === 0) return ok({ changed: 0 })
    const { revision } = await nextRevision(trx, viewer, run.id)
    await sql`insert into year_rollover_class (municipality_id, rollover_id, class_id, to_class_id, leaves, revision)
      select ${municipalityId}::uuid, ${run.id}::uuid, p.class_id, p.to_class_id, p.leaves, ${revision}
      from unnest(${ids}::uuid[], ${changes.map(({ toClassId }) => toClassId)}::uuid[], ${changes.map(({ leaves }) => leaves)}::boolean[])
        as p (class_id, to_class_id, leaves)
      on conflict (municipality_id, rollover_id, class_id) do update set to_class_id = excluded.to_class_id, leaves = excluded.leaves,
        revision = excluded.revision`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'rollover.classes-decided',
      objectType: 'year_rollover',
      objectId: run.id,
      details: { classes: changes.length },
    })
    return ok({ changed: changes.length })
  })

/** What pupils do, as the office decides; a pupil whom another person decided after `revision` refuses all of it. */
export const decidePupils = (
  viewer: Viewer,
  asked: {
    rolloverId: string
    revision: number
    decision: RolloverDecision
    toClassId: string
    pupils: readonly string[]
  },
): Promise<Result<{ decided: number }>> =>
  onDraft(viewer, asked.rolloverId, async (trx, run) => {
    const { municipalityId } = viewer
    const toClassId = asked.decision === 'class' ? asked.toClassId : null
    if (toClassId !== null && !(await isTarget(trx, municipalityId, run, toClassId)))
      return refusedField('toClassId', 'rollover:choose-class')
    const { rows } = await sql<{ known: number; late: boolean }>`
      select count(distinct e.pupil_id)::int as known, coalesce(bool_or(h.revision > ${asked.revision}), false) as late
      from enrolment e
      left join year_rollover_choice h on h.municipality_id = ${municipalityId} and h.rollover_id = ${run.id}::uuid and h.pupil_id = e.pupil_id
      where e.municipality_id = ${municipalityId} and e.school_year_id = ${run.fromYearId}::uuid
        and e.pupil_id = any (${[...asked.pupils]}::uuid[])`.execute(trx)
    const found = rows[0] as (typeof rows)[number]
    if (found.known !== new Set(asked.pupils).size) return refused('request:not-found')
    if (found.late) return meanwhile(run)
    const { revision } = await nextRevision(trx, viewer, run.id)
    await sql`insert into year_rollover_choice (municipality_id, rollover_id, pupil_id, decision, to_class_id, revision)
      select distinct ${municipalityId}::uuid, ${run.id}::uuid, p.id, ${asked.decision}, ${toClassId}::uuid, ${revision}::int
      from unnest(${[...asked.pupils]}::uuid[]) as p (id)
      on conflict (municipality_id, rollover_id, pupil_id) do update set decision = excluded.decision, to_class_id = excluded.to_class_id,
        revision = excluded.revision`.execute(trx)
    for (const pupilId of new Set(asked.pupils))
      await recordAudit(trx, viewer, {
        action: 'rollover.pupil-decided',
        objectType: 'pupil',
        objectId: pupilId,
        details: { decision: asked.decision, class: toClassId },
      })
    return ok({ decided: found.known })
  })

async function isTarget(trx: Trx, municipalityId: string, run: Rollover, id: string): Promise<boolean> {
  return isUuid(id) && (await targetClasses(trx, municipalityId, run.toYearId)).some((one) => one.id === id)
}

/** Makes the classes that the names of the old ones ask for, and places those. */
export const makeMissingClasses = (
  viewer: Viewer,
  asked: { rolloverId: string; revision: number },
): Promise<Result<{ made: number }>> =>
  onDraft(viewer, asked.rolloverId, async (trx, run) => {
    const { municipalityId } = viewer
    if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
    if (run.revision !== asked.revision) return meanwhile(run)
    const classes = await classLines(trx, municipalityId, run)
    const open = classes.filter(({ toClassId, leaves }) => toClassId === null && !leaves)
    const missing = proposeClasses(open, await targetClasses(trx, municipalityId, run.toYearId)).flatMap(
      (one) => one.missing ?? [],
    )
    let made = 0
    for (const [schoolId, of] of Map.groupBy(missing, (one) => one.schoolId)) {
      const names = await namesToMake(trx, municipalityId, run, schoolId, [
        ...new Set(of.map(({ name }) => name)),
      ])
      await insertClasses(trx, municipalityId, { schoolId, yearId: run.toYearId }, names)
      made += names.length
      await recordAudit(trx, viewer, {
        action: 'structure.classes-added',
        objectType: 'school',
        objectId: schoolId,
        details: { classes: names.join(', ') },
      })
    }
    await placeClasses(trx, municipalityId, run)
    await nextRevision(trx, viewer, run.id)
    return ok({ made })
  })

/** Without the names that a class of the year has, also one that has ended. */
async function namesToMake(
  trx: Trx,
  municipalityId: string,
  run: Rollover,
  schoolId: string,
  names: readonly string[],
): Promise<string[]> {
  const taken = await trx
    .selectFrom('school_class')
    .select('name')
    .where('municipality_id', '=', municipalityId)
    .where('school_id', '=', schoolId)
    .where('school_year_id', '=', run.toYearId)
    .execute()
  return names.filter((name) => !taken.some((one) => one.name === name))
}
