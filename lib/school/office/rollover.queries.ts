import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '../diet.ts'
import type { SchoolKind } from '../municipality.ts'
import type { RolloverFilter } from './rollover.address.ts'
import { ROLLOVER_PAGE } from './rollover.input.ts'
import type { Reason, RolloverDecision, RolloverOutcome } from './rollover.ts'
import {
  doneSummary,
  firstDaysOf,
  householdStretches,
  type Preview,
  plannedPupils,
  planSummary,
  READ_STRETCH,
  type Rollover,
  rolloverOf,
} from './rollover-plan.queries.ts'
import { type RolloverWork, workOf } from './rollover-work.queries.ts'

type YearName = { id: string; name: string }

/** The two years of a roll-over: the latest one that is not over, and the one before it. */
export type YearPair = { from: YearName; to: YearName & { startsOn: Day; hasBegun: boolean } }

export async function yearPair(trx: Trx, municipalityId: string): Promise<YearPair | null> {
  const { rows } = await sql<YearName & { startsOn: Day; isOver: boolean; hasBegun: boolean }>`
    select y.id, y.name, y.starts_on as "startsOn", y.ends_on < app_today() as "isOver", y.starts_on <= app_today() as "hasBegun"
    from school_year y where y.municipality_id = ${municipalityId} order by y.starts_on desc limit 2`.execute(
    trx,
  )
  const [to, from] = rows
  return to && from && !to.isOver ? { from: { id: from.id, name: from.name }, to } : null
}

/** A class of the old year and where it goes. `missing`: what its name asks for and the new year has not. */
export type OldClassLine = {
  id: string
  name: string
  kind: SchoolKind
  schoolId: string
  schoolName: string
  pupils: number
  toClassId: string | null
  leaves: boolean
}

export type TargetClass = { id: string; name: string; schoolId: string; schoolName: string }

export type RolloverPage = {
  pair: YearPair | null
  run: Rollover | null
  /** The act that the worker does, or the last one that it did. While it waits nothing else of the roll-over is read. */
  work: RolloverWork | null
  classes: OldClassLine[]
  targets: TargetClass[]
  /** Forms of the new year by which families may renew. */
  forms: { id: string; title: string }[]
  /** The decided diets of the old year, with how many pupils have them. */
  diets: { code: string; name: string; pupils: number }[]
  preview: Preview | null
  /** Classes of the new year into which no class goes. */
  empty: { name: string; schoolName: string }[]
}

const NOTHING = { classes: [], targets: [], forms: [], diets: [], preview: null, empty: [] }

/** The roll-over into the latest school year, as it stands; null for who may not make one. */
export async function rolloverPage(viewer: Viewer): Promise<RolloverPage | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const pair = await yearPair(trx, municipalityId)
    if (!pair) return { pair, run: null, work: null, ...NOTHING }
    const run = await rolloverBetween(trx, municipalityId, pair)
    const choices = await rulesToChoose(trx, municipalityId, pair)
    if (!run) return { pair, run, work: null, ...NOTHING, ...choices }
    const work = await workOf(trx, municipalityId, run.id)
    if (work?.state === 'waiting') return { pair, run, work, ...NOTHING, ...choices }
    const targets = await targetClasses(trx, municipalityId, run.toYearId)
    const classes = await classLines(trx, municipalityId, run)
    if (run.doneAt)
      return {
        ...{ pair, run, work, classes, targets, ...choices, empty: [] },
        preview: await doneSummary(trx, { municipalityId, run }),
      }
    const first = await firstDaysOf(trx, municipalityId, { lock: false })
    return {
      ...{ pair, run, work, classes, targets, ...choices },
      preview: await planSummary(
        trx,
        { municipalityId, run, first },
        await householdStretches(trx, municipalityId, READ_STRETCH),
      ),
      empty: emptyClasses(classes, targets),
    }
  })
}

const emptyClasses = (classes: readonly OldClassLine[], targets: readonly TargetClass[]) => {
  const entered = new Set(classes.map(({ toClassId }) => toClassId))
  return targets.filter(({ id }) => !entered.has(id)).map(({ name, schoolName }) => ({ name, schoolName }))
}

/** The roll-over from one year into the next, if one was begun. */
export async function rolloverBetween(
  trx: Trx,
  municipalityId: string,
  { from, to }: YearPair,
): Promise<Rollover | null> {
  const found = await trx
    .selectFrom('year_rollover')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('from_year_id', '=', from.id)
    .where('to_year_id', '=', to.id)
    .executeTakeFirst()
  return found ? rolloverOf(trx, municipalityId, found.id) : null
}

/** The classes of the old year, with how many pupils eat there to its end. */
export async function classLines(
  trx: Trx,
  municipalityId: string,
  run: Pick<Rollover, 'id' | 'fromYearId'>,
): Promise<OldClassLine[]> {
  const { rows } = await sql<OldClassLine>`
    with pupils as (
      select e.school_class_id, count(distinct e.pupil_id)::int as pupils from enrolment e
      where e.municipality_id = ${municipalityId} and e.school_year_id = ${run.fromYearId}::uuid group by e.school_class_id)
    select c.id, c.name, s.kind, s.id as "schoolId", s.name as "schoolName", coalesce(n.pupils, 0) as pupils,
      m.to_class_id as "toClassId", coalesce(m.leaves, false) as leaves
    from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    left join pupils n on n.school_class_id = c.id
    left join year_rollover_class m on m.municipality_id = ${municipalityId} and m.rollover_id = ${run.id}::uuid and m.class_id = c.id
    where c.municipality_id = ${municipalityId} and c.school_year_id = ${run.fromYearId}::uuid
    order by s.kind, s.name, c.name, c.id`.execute(trx)
  return rows
}

/** The classes of the new year into which pupils may go. */
export async function targetClasses(
  trx: Trx,
  municipalityId: string,
  yearId: string,
): Promise<TargetClass[]> {
  const { rows } = await sql<TargetClass>`
    select c.id, c.name, c.school_id as "schoolId", s.name as "schoolName" from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    where c.municipality_id = ${municipalityId} and c.school_year_id = ${yearId}::uuid
      and (c.valid_to is null or c.valid_to >= app_today()) and (s.valid_to is null or s.valid_to >= app_today())
    order by s.kind, s.name, c.name, c.id`.execute(trx)
  return rows
}

async function rulesToChoose(
  trx: Trx,
  municipalityId: string,
  { from, to }: YearPair,
): Promise<Pick<RolloverPage, 'forms' | 'diets'>> {
  const { rows: forms } = await sql<RolloverPage['forms'][number]>`
    select f.id, v.definition ->> 'title' as title from online_form f
    join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = f.id and v.number = f.published_version
    where f.municipality_id = ${municipalityId} and v.school_year_id = ${to.id}::uuid order by 2, f.id`.execute(
    trx,
  )
  const { rows: diets } = await sql<RolloverPage['diets'][number]>`
    select d.code, d.name, count(distinct e.pupil_id)::int as pupils from enrolment e
    join diet d on d.municipality_id = ${municipalityId} and d.code = e.diet_code
    where e.municipality_id = ${municipalityId} and e.school_year_id = ${from.id}::uuid
      and e.diet_code not in (${COMMON_DIET}, ${UNDECIDED_DIET})
    group by d.code, d.name order by d.code`.execute(trx)
  return { forms, diets }
}

/** A pupil of a roll-over, in one service. */
export type RolloverPupil = {
  pupilId: string
  householdId: string
  name: string
  serviceName: string
  outcome: RolloverOutcome
  why: Reason
  decision: RolloverDecision
  from: string
  to: string | null
  validFrom: Day | null
  validTo: Day | null
  /** Code of the diet in the new year; the old one with it, where they differ. */
  dietCode: string | null
  oldDietCode: string | null
  fareEnds: boolean
  leftCents: Cents | null
}

export type RolloverPupils = {
  run: Rollover
  pupils: RolloverPupil[]
  total: number
  classes: OldClassLine[]
  targets: TargetClass[]
}

/** The pupils of the roll-over into the latest year, a page of them; the reading stays in the register. */
export async function rolloverPupils(
  viewer: Viewer,
  filter: RolloverFilter,
): Promise<RolloverPupils | 'not-begun' | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const pair = await yearPair(trx, municipalityId)
    const run = pair && (await rolloverBetween(trx, municipalityId, pair))
    if (!run) return 'not-begun'
    const { rows } = await sql<RolloverPupil & { total: number }>`
      with ${await pupilsIn(trx, municipalityId, run)}
      select q.pupil_id as "pupilId", p.household_id as "householdId", p.full_name as name, v.name as "serviceName", q.outcome, q.why,
        coalesce(h.decision, 'rule') as decision, f.name || ' · ' || f.school as "from", t.name || ' · ' || t.school as "to",
        q.valid_from as "validFrom", q.valid_to as "validTo", q.diet_code as "dietCode", q.old_diet_code as "oldDietCode",
        q.fare_ends as "fareEnds", q.left_cents as "leftCents", count(*) over ()::int as total
      from planned q
      join pupil p on p.municipality_id = ${municipalityId} and p.id = q.pupil_id
      join service v on v.municipality_id = ${municipalityId} and v.id = q.service_id
      cross join lateral (${placeOf(municipalityId, sql`q.from_class_id`)}) f
      left join lateral (${placeOf(municipalityId, sql`q.to_class_id`)}) t on true
      left join year_rollover_choice h on h.municipality_id = ${municipalityId} and h.rollover_id = ${run.id}::uuid and h.pupil_id = q.pupil_id
      where (${filter.outcome}::text is null or q.outcome = ${filter.outcome}) and (${filter.classId}::uuid is null or q.from_class_id = ${filter.classId}::uuid)
      order by f.kind, f.school, f.name, p.family_name, p.given_name, p.id, v.name
      limit ${ROLLOVER_PAGE} offset ${(filter.page - 1) * ROLLOVER_PAGE}`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'rollover.pupils-read',
      objectType: 'year_rollover',
      objectId: run.id,
      details: { pupils: rows.length },
    })
    return {
      run,
      pupils: rows.map(({ total: _, ...pupil }) => pupil),
      total: rows[0]?.total ?? 0,
      classes: await classLines(trx, municipalityId, run),
      targets: await targetClasses(trx, municipalityId, run.toYearId),
    }
  })
}

/** A class with its school, looked up by its key for each row: `offset 0` keeps the planner from reading all classes for each. */
const placeOf = (municipalityId: string, classId: RawBuilder<unknown>) => sql`
  select c.name, s.name as school, s.kind from school_class c
  join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
  where c.municipality_id = ${municipalityId} and c.id = ${classId} offset 0`

/** The pupils as `planned`: of a roll-over that is done what was done, else what would be. */
async function pupilsIn(trx: Trx, municipalityId: string, run: Rollover): Promise<RawBuilder<unknown>> {
  if (!run.doneAt) {
    const first = await firstDaysOf(trx, municipalityId, { lock: false })
    return plannedPupils({ municipalityId, run, first })
  }
  return sql`planned as (
    select p.pupil_id, p.service_id, p.outcome, p.why, p.from_class_id, p.to_class_id, p.valid_from, p.valid_to, p.diet_code,
      e.diet_code as old_diet_code, p.fare_ends, p.left_cents
    from year_rollover_pupil p
    left join enrolment e on e.municipality_id = ${municipalityId} and e.id = p.from_enrolment_id
    where p.municipality_id = ${municipalityId} and p.rollover_id = ${run.id}::uuid)`
}
