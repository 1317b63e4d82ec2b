import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { NIL_UUID } from '#lib/kernel/uuid.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '../diet.ts'
import { firstOpenDay } from './first-open-day.queries.ts'
import { type OutcomeCount, type RolloverOutcome, type RolloverSummary, SCHOOL_AGE } from './rollover.ts'

/** A roll-over as it stands, with what its plan depends on. */
export type Rollover = {
  id: string
  fromYearId: string
  toYearId: string
  from: string
  to: string
  renewalFormId: string | null
  lapsingDiets: string[]
  revision: number
  savedBy: string
  doneAt: Date | null
  doneBy: string | null
  doneById: string | null
  fingerprint: string | null
}

/** The roll-over of an id, in the caller's transaction. */
export async function rolloverOf(trx: Trx, municipalityId: string, id: string): Promise<Rollover | null> {
  const { rows } = await sql<Rollover>`
    select r.id, r.from_year_id as "fromYearId", r.to_year_id as "toYearId", f.name as "from", t.name as "to",
      r.renewal_form_id as "renewalFormId", r.lapsing_diets as "lapsingDiets", r.revision, s.full_name as "savedBy",
      r.done_at as "doneAt", d.full_name as "doneBy", r.done_by as "doneById", r.fingerprint
    from year_rollover r
    join school_year f on f.municipality_id = ${municipalityId} and f.id = r.from_year_id
    join school_year t on t.municipality_id = ${municipalityId} and t.id = r.to_year_id
    join person s on s.municipality_id = ${municipalityId} and s.id = r.updated_by
    left join person d on d.municipality_id = ${municipalityId} and d.id = r.done_by
    where r.municipality_id = ${municipalityId} and r.id = ${id}::uuid`.execute(trx)
  return rows[0] ?? null
}

/** The first day of each service that no kitchen has counted: what the plan writes begins there at the earliest. */
export type FirstDays = { serviceIds: string[]; days: Day[] }

export async function firstDaysOf(
  trx: Trx,
  municipalityId: string,
  options: { lock: boolean },
): Promise<FirstDays> {
  const services = await trx
    .selectFrom('service')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('active', '=', true)
    .orderBy('id')
    .execute()
  const serviceIds = services.map(({ id }) => id)
  const days: Day[] = []
  for (const id of serviceIds) days.push(await firstOpenDay(trx, municipalityId, id, null, options))
  return { serviceIds, days }
}

/** Ids from the first to before the last: what one statement goes through of a town that is too large for one. */
export type Stretch = { from: string; before: string }

/** Is told after each stretch how many of them are done. */
export type Progress = (done: number) => Promise<void>

/** Households, or pupils, of one statement: it ends long before the limit of a statement. */
export const STRETCH = 4_000

/** Households of one statement that only reads: each looks at all classes of the town once. */
export const READ_STRETCH = 20_000

const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const ALL: Stretch = { from: NIL_UUID, before: LAST_UUID }

/** Cuts ids into stretches that together hold every id. @param ids a query of one column */
async function cut(trx: Trx, ids: RawBuilder<unknown>, size: number): Promise<Stretch[]> {
  const { rows } = await sql<{ id: string }>`
    select b.id from (select i.id, row_number() over (order by i.id) as n from (${ids}) as i (id)) b
    where b.n % ${size}::bigint = 0 order by b.id`.execute(trx)
  const edges = [NIL_UUID, ...rows.map(({ id }) => id), LAST_UUID]
  return edges.slice(1).map((before, at) => ({ from: edges[at] as string, before }))
}

/** The households of the town, by their keys alone. What is decided for a household is decided in one stretch. */
export const householdStretches = (trx: Trx, municipalityId: string, size: number) =>
  cut(trx, sql`select h.id from household h where h.municipality_id = ${municipalityId}`, size)

/** The pupils of whom a roll-over remembers what was done. */
export const pupilStretches = (trx: Trx, municipalityId: string, run: Rollover, size: number) =>
  cut(
    trx,
    sql`select distinct p.pupil_id from year_rollover_pupil p
      where p.municipality_id = ${municipalityId} and p.rollover_id = ${run.id}::uuid`,
    size,
  )

/** `within`: the households that the plan is about; without it all of them. */
type Plan = { municipalityId: string; run: Rollover; first: FirstDays; within?: Stretch }

/** The last stretch of each pupil in each service of the old year, with what was decided for it. */
const standing = ({ municipalityId, run, first, within = ALL }: Plan) => sql`
  enrolled as materialized (
    select distinct n.pupil_id, n.service_id from enrolment n
    where n.municipality_id = ${municipalityId} and n.school_year_id = ${run.toYearId}::uuid
  ),
  standing as (
    select l.id, l.pupil_id, l.service_id, l.school_id, l.school_class_id, l.diet_code, l.severe_reaction, l.weekdays, l.valid_from, l.valid_to,
      l.household_id, f.first_day, y.ends_on as year_ends_on, coalesce(w.ends_on, y.ends_on) as last_day,
      coalesce(h.decision, 'rule') as decision, coalesce(h.to_class_id, m.to_class_id) as to_class_id, coalesce(m.leaves, false) as class_leaves,
      s.kind = 'infanzia' and extract(year from t.starts_on) - extract(year from l.birth_date) >= ${SCHOOL_AGE} as is_of_school_age,
      n.pupil_id is not null as is_enrolled,
      ${renewalOf(municipalityId, run.renewalFormId)} as renewal
    from last_enrolments(${run.fromYearId}::uuid, ${within.from}::uuid, ${within.before}::uuid) l
    join unnest(${first.serviceIds}::uuid[], ${first.days}::date[]) as f (service_id, first_day) on f.service_id = l.service_id
    join school s on s.municipality_id = ${municipalityId} and s.id = l.school_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = ${run.fromYearId}::uuid
    join school_year t on t.municipality_id = ${municipalityId} and t.id = ${run.toYearId}::uuid
    left join service_schedule w on w.municipality_id = ${municipalityId} and w.service_id = l.service_id and w.school_id = l.school_id
      and w.school_year_id = ${run.fromYearId}::uuid
    left join year_rollover_class m on m.municipality_id = ${municipalityId} and m.rollover_id = ${run.id}::uuid
      and m.class_id = l.school_class_id
    left join year_rollover_choice h on h.municipality_id = ${municipalityId} and h.rollover_id = ${run.id}::uuid
      and h.pupil_id = l.pupil_id and h.decision <> 'rule'
    left join enrolled n on n.pupil_id = l.pupil_id and n.service_id = l.service_id
  )`

const renewalOf = (municipalityId: string, formId: string | null): RawBuilder<unknown> =>
  formId === null
    ? sql`'accepted'`
    : sql`coalesce((select case when bool_or(q.state = 'accepted') then 'accepted'
          when bool_or(q.state in ('submitted', 'in_review', 'integration')) then 'open' end
        from form_submission q where q.municipality_id = ${municipalityId} and q.form_id = ${formId}::uuid and q.pupil_id = l.pupil_id), 'none')`

/**
 * The same with the place of the next year: its days, from the first one that no kitchen has counted. What is decided is asked once for
 * each pupil and kept: its subqueries would run again wherever a later step names the verdict.
 */
const placed = ({ municipalityId, run }: Plan) => sql`
  placed as (
    select g.id, g.pupil_id, g.service_id, g.school_id, g.school_class_id, g.diet_code, g.severe_reaction, g.weekdays, g.valid_from, g.valid_to,
      g.household_id, g.last_day, g.decision, g.class_leaves, g.is_of_school_age, g.is_enrolled, g.renewal,
      k.id as to_class_id, k.school_id as to_school_id, greatest(w.starts_on, g.first_day) as new_from,
      w.weekdays || coalesce(w.next_weekdays, '{}') as new_week, least(w.ends_on, k.valid_to, s.valid_to) as new_to, greatest(g.year_ends_on, g.first_day - 1) as cut_at
    from standing g
    left join school_class k on k.municipality_id = ${municipalityId} and k.id = g.to_class_id and k.school_year_id = ${run.toYearId}::uuid
    left join school s on s.municipality_id = ${municipalityId} and s.id = k.school_id
    left join service_schedule w on w.municipality_id = ${municipalityId} and w.service_id = g.service_id and w.school_id = k.school_id
      and w.school_year_id = ${run.toYearId}::uuid
  ),
  decided as materialized (
    select b.id, b.pupil_id, b.service_id, b.school_class_id, b.diet_code, b.severe_reaction, b.weekdays, b.valid_from, b.valid_to, b.household_id,
      b.to_class_id, b.to_school_id, b.new_from, b.new_to, b.cut_at,
      case
        when b.is_enrolled then 'already:enrolled'
        when b.decision = 'leaves' then 'leaves:chosen'
        when b.decision = 'rule' and b.valid_to < b.last_day then 'left:ended'
        when b.decision <> 'class' and b.class_leaves then 'leaves:last-grade'
        when b.decision = 'rule' and b.is_of_school_age then 'leaves:age'
        when b.to_class_id is null then 'apart:no-class'
        when b.new_from is null or b.new_from > b.new_to then 'apart:no-service'
        when not b.weekdays && b.new_week then 'apart:no-weekday'
        when b.decision = 'rule' and b.renewal = 'open' then 'apart:renewal-open'
        when b.decision = 'rule' and b.renewal = 'none' then 'apart:not-renewed'
        when b.valid_to > b.cut_at and (b.valid_from > b.cut_at or b.to_school_id <> b.school_id and exists (
            select from absence a join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id
            where a.municipality_id = ${municipalityId} and a.pupil_id = b.pupil_id and d.service_id = b.service_id and d.day > b.cut_at))
          then 'apart:booked'
        when b.decision = 'rule' then 'moves:class'
        else 'moves:chosen'
      end as verdict
    from placed b
  )`

/**
 * What the roll-over does with each pupil in each service, as `planned` of a `with`: the one place that decides it. `verdict` reads
 * from the first reason on; a decision of the office stands above the rule. Nothing before the first open day changes.
 */
export const plannedPupils = (plan: Plan): RawBuilder<unknown> => {
  const { municipalityId, run } = plan
  return sql`${standing(plan)}, ${placed(plan)},
  judged as (
    select c.id, c.pupil_id, c.service_id, c.school_class_id, c.household_id, split_part(c.verdict, ':', 1) as outcome,
      split_part(c.verdict, ':', 2) as why, c.diet_code, c.severe_reaction, c.weekdays, c.valid_to, c.new_from, c.new_to, c.to_school_id,
      c.diet_code = any (${run.lapsingDiets}::text[]) and c.diet_code <> ${COMMON_DIET} as lapses,
      case when split_part(c.verdict, ':', 1) in ('moves', 'already') then c.to_class_id end as to_class_id,
      case when split_part(c.verdict, ':', 1) in ('moves', 'leaves') and c.valid_to > c.cut_at and c.valid_from <= c.cut_at
        then c.cut_at end as shortened_to,
      bool_or(split_part(c.verdict, ':', 1) in ('moves', 'apart', 'already')) over (partition by c.household_id, c.service_id) as household_stays
    from decided c
  ),
  planned as (
    select j.id as from_enrolment_id, j.pupil_id, j.service_id, j.school_class_id as from_class_id, j.household_id, j.outcome, j.why,
      j.to_class_id, j.severe_reaction, j.weekdays, j.shortened_to, case when j.shortened_to is not null then j.valid_to end as earlier_to,
      j.diet_code as old_diet_code,
      case when j.outcome = 'moves' then case when j.lapses or x.valid_to < j.new_from or x.valid_from > j.new_from
        then ${UNDECIDED_DIET} else j.diet_code end end as diet_code,
      case when j.outcome = 'moves' and not j.lapses and x.valid_to >= j.new_from and x.valid_to < j.new_to
        and (x.valid_from is null or x.valid_from <= j.new_from) then x.valid_to end as diet_to,
      case when j.outcome = 'moves' then j.new_from end as valid_from, case when j.outcome = 'moves' then j.new_to end as valid_to,
      j.outcome = 'moves' and exists (select from fare_assignment a where a.municipality_id = ${municipalityId}
          and a.pupil_id = j.pupil_id and a.service_id = j.service_id and a.valid_from <= j.valid_to and a.valid_to >= j.valid_to)
        and not exists (select from fare_assignment a where a.municipality_id = ${municipalityId} and a.pupil_id = j.pupil_id
          and a.service_id = j.service_id and a.valid_from <= j.new_from and a.valid_to >= j.new_from) as fare_ends,
      case when j.outcome = 'leaves' and not j.household_stays and not exists (select from pupil o
          join enrolment n on n.municipality_id = ${municipalityId} and n.pupil_id = o.id and n.service_id = j.service_id
            and n.school_year_id = ${run.toYearId}::uuid
          where o.municipality_id = ${municipalityId} and o.household_id = j.household_id)
        and 1 = row_number() over (partition by j.household_id, j.service_id, j.outcome order by j.pupil_id)
        then (select nullif(sum(o.balance_cents), 0)::bigint from account o where o.municipality_id = ${municipalityId}
          and o.household_id = j.household_id and o.service_id = j.service_id and o.kind = 'household') end as left_cents
    from judged j
    join diet x on x.municipality_id = ${municipalityId} and x.code = j.diet_code
  )`
}

/** What was planned or done, in numbers, with the mark that a confirmation is bound to. */
export type Preview = RolloverSummary & {
  fingerprint: string
  byClass: { classId: string; outcome: RolloverOutcome; pupils: number }[]
}

type Row = Omit<RolloverSummary, 'refunds' | 'debts' | 'counts'> & {
  counts: OutcomeCount[]
  byClass: Preview['byClass']
  refundHouseholds: number
  refundCents: Cents
  debtHouseholds: number
  debtCents: Cents
  mark: string
}

const SUMMARY = sql`
  (select coalesce(jsonb_agg(jsonb_build_object('outcome', c.outcome, 'why', c.why, 'pupils', c.pupils) order by c.outcome, c.why), '[]')
    from (select q.outcome, q.why, count(*)::int as pupils from planned q group by q.outcome, q.why) c) as counts,
  (select coalesce(jsonb_agg(jsonb_build_object('classId', c.from_class_id, 'outcome', c.outcome, 'pupils', c.pupils)), '[]')
    from (select q.from_class_id, q.outcome, count(*)::int as pupils from planned q group by q.from_class_id, q.outcome) c) as "byClass",
  count(*) filter (where q.outcome = 'moves' and q.diet_code = ${UNDECIDED_DIET} and q.old_diet_code <> ${UNDECIDED_DIET})::int as "dietsLapsing",
  count(*) filter (where q.fare_ends)::int as "faresEnding", count(*) filter (where q.shortened_to is not null)::int as shortened,
  count(*) filter (where q.left_cents > 0)::int as "refundHouseholds",
  coalesce(sum(q.left_cents) filter (where q.left_cents > 0), 0)::bigint as "refundCents",
  count(*) filter (where q.left_cents < 0)::int as "debtHouseholds",
  coalesce(sum(q.left_cents) filter (where q.left_cents < 0), 0)::bigint as "debtCents"`

const summaryOf = ({
  refundHouseholds,
  refundCents,
  debtHouseholds,
  debtCents,
  mark,
  ...row
}: Row): Preview => ({
  ...row,
  refunds: { households: refundHouseholds, cents: Number(refundCents) },
  debts: { households: debtHouseholds, cents: Number(debtCents) },
  fingerprint: mark,
})

/**
 * The plan in numbers, a stretch of households after the other. The mark changes with any effect on any pupil, and does not depend
 * on how the town was cut.
 */
export async function planSummary(
  trx: Trx,
  plan: Omit<Plan, 'within'>,
  stretches: readonly Stretch[],
  progress?: Progress,
): Promise<Preview> {
  const parts: Row[] = []
  for (const within of stretches) {
    const { rows } = await sql<Row>`
      with ${plannedPupils({ ...plan, within })}
      select ${SUMMARY},
        coalesce(sum(hashtextextended(concat_ws('|', q.pupil_id, q.service_id, q.outcome, q.why, q.from_enrolment_id,
          q.from_class_id, q.to_class_id, q.diet_code, q.diet_to, q.severe_reaction, q.weekdays::text, q.valid_from, q.valid_to, q.shortened_to, q.earlier_to, q.fare_ends,
          q.left_cents), 0)::numeric), 0)::text as mark
      from planned q`.execute(trx)
    parts.push(rows[0] as Row)
    await progress?.(parts.length)
  }
  const mark = parts.reduce((sum, part) => sum + BigInt(part.mark), 0n)
  return summaryOf({ ...added(parts), mark: fingerprintOf({ rollover: plan.run.id, effects: String(mark) }) })
}

const SUMS = [
  'dietsLapsing',
  'faresEnding',
  'shortened',
  'refundHouseholds',
  'refundCents',
  'debtHouseholds',
  'debtCents',
] as const satisfies readonly (keyof Row)[]

/** The numbers of all stretches together. */
function added(parts: readonly Row[]): Omit<Row, 'mark'> {
  const totals = Object.fromEntries(
    SUMS.map((name) => [name, parts.reduce((sum, part) => sum + Number(part[name]), 0)]),
  ) as Record<(typeof SUMS)[number], number>
  const together = <T extends { pupils: number }>(lines: T[], keyOf: (line: T) => string): T[] =>
    [...Map.groupBy(lines, keyOf).values()].map((same) => ({
      ...(same[0] as T),
      pupils: same.reduce((sum, { pupils }) => sum + pupils, 0),
    }))
  return {
    ...totals,
    counts: together(
      parts.flatMap(({ counts }) => counts),
      ({ outcome, why }) => `${outcome} ${why}`,
    ).toSorted((a, b) => `${a.outcome} ${a.why}`.localeCompare(`${b.outcome} ${b.why}`)),
    byClass: together(
      parts.flatMap(({ byClass }) => byClass),
      ({ classId, outcome }) => `${classId} ${outcome}`,
    ),
  }
}

/** What was done, in numbers. */
export async function doneSummary(trx: Trx, { municipalityId, run }: Omit<Plan, 'first'>): Promise<Preview> {
  const { rows } = await sql<Row>`
    with planned as (
      select p.from_class_id, p.outcome, p.why, p.diet_code, e.diet_code as old_diet_code, p.fare_ends, p.shortened_to, p.left_cents
      from year_rollover_pupil p
      left join enrolment e on e.municipality_id = ${municipalityId} and e.id = p.from_enrolment_id
      where p.municipality_id = ${municipalityId} and p.rollover_id = ${run.id}::uuid)
    select ${SUMMARY}, ${run.fingerprint ?? ''} as mark from planned q`.execute(trx)
  return summaryOf(rows[0] as Row)
}
