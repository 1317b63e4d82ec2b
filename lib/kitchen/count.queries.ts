import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { ChargeState, FailingCharge } from './charge.ts'
import type { CountLine, SchoolCount } from './count.ts'

/** `fingerprint`: see `countsFingerprint`, read before the numbers, so that no change falls between the two. */
export type DayCounts = {
  day: Day
  today: Day
  now: Date
  fingerprint: string
  schools: SchoolCount[]
  /** Of any day: what a person may have to look at. */
  failing: FailingCharge[]
}

/**
 * The kitchen's numbers of a day, school by school: live while the day is open, the newest frozen version afterwards.
 * @param day null: today, by the database's clock
 * @returns null when the viewer may not read the kitchen's counts
 */
export async function countsOfDay(viewer: Viewer, day: Day | null): Promise<DayCounts | null> {
  if (!allowedToStaff(viewer, 'kitchen:read')) return null
  return asStaff(viewer, async (trx) => {
    const { now, today } = await readClock(trx)
    const asked = day ?? today
    const [fingerprint, days, live, frozen, failing] = await Promise.all([
      fingerprintOf(trx, viewer.municipalityId, asked),
      serviceDaysOn(trx, viewer.municipalityId, asked),
      liveLines(trx, viewer.municipalityId, asked),
      frozenLines(trx, viewer.municipalityId, asked),
      failingCharges(trx, viewer.municipalityId),
    ])
    const schools = days.map((row): SchoolCount => {
      const state =
        row.status === 'open' ? 'provisional' : row.status === 'closed' ? 'definitive' : 'suspended'
      const source = state === 'provisional' ? live : state === 'definitive' ? frozen : []
      return {
        schoolId: row.school_id,
        schoolName: row.name,
        state,
        cutoffAt: row.cutoff_at,
        version: row.version,
        frozenAt: row.frozen_at,
        reason: row.closure_reason ?? row.count_reason ?? '',
        charge: state === 'definitive' ? chargeOf(row) : null,
        lines: source.filter((line) => line.schoolId === row.school_id),
      }
    })
    return { day: asked, today, now, fingerprint, schools, failing }
  })
}

/**
 * A short text that changes with every cancellation, restored meal, close, charge and suspension of a day, and costs far less than
 * the numbers: it says when to read them again. Null when the viewer may not read them.
 */
export async function countsFingerprint(viewer: Viewer, day: Day): Promise<string | null> {
  if (!allowedToStaff(viewer, 'kitchen:read')) return null
  return asStaff(viewer, (trx) => fingerprintOf(trx, viewer.municipalityId, day))
}

/** A cancellation brings a new receipt, a restored meal takes an absence away. */
async function fingerprintOf(trx: Trx, municipalityId: string, day: Day): Promise<string> {
  const { rows } = await sql<{ fingerprint: string | null }>`
    select string_agg(concat_ws('.', d.status, frozen.version, absent.pupils, absent.latest, c.failures, c.charged_at is null), ' ' order by d.school_id, d.id) as fingerprint
    from service_day d
    left join meal_charge c on c.municipality_id = ${municipalityId} and c.service_day_id = d.id
    left join lateral (
      select count(*) as pupils, max(a.receipt_id::text) as latest from absence a
      where a.municipality_id = ${municipalityId} and a.service_day_id = d.id
    ) absent on d.status = 'open'
    left join lateral (
      select max(k.version) as version from kitchen_count k
      where k.municipality_id = ${municipalityId} and k.service_day_id = d.id
    ) frozen on true
    where d.municipality_id = ${municipalityId} and d.day = ${day}`.execute(trx)
  return createHash('sha256')
    .update(rows[0]?.fingerprint ?? '')
    .digest('base64url')
    .slice(0, 16)
}

type ChargeRow = { due_at: Date | null; failures: number | null; charged_at: Date | null }

/** Days that were closed before charges had rows of their own have none. */
function chargeOf({ due_at, failures, charged_at }: ChargeRow): ChargeState {
  if (due_at) return { failures: failures ?? 0, nextTryAt: due_at }
  return charged_at ? 'done' : null
}

async function failingCharges(trx: Trx, municipalityId: string): Promise<FailingCharge[]> {
  const { rows } = await sql<FailingCharge>`
    select c.service_day_id as "serviceDayId", d.day, s.name as "schoolName", c.failures
    from meal_charge c
    join service_day d on d.municipality_id = ${municipalityId} and d.id = c.service_day_id
    join school s on s.municipality_id = ${municipalityId} and s.id = d.school_id
    where c.municipality_id = ${municipalityId} and c.due_at is not null and c.failures > 0
    order by d.day, s.name`.execute(trx)
  return rows
}

function serviceDaysOn(trx: Trx, municipalityId: string, day: Day) {
  return trx
    .selectFrom('service_day as d')
    .innerJoin('school as s', (join) =>
      join.on('s.municipality_id', '=', municipalityId).onRef('s.id', '=', 'd.school_id'),
    )
    .leftJoin('closure as x', (join) =>
      join.on('x.municipality_id', '=', municipalityId).onRef('x.id', '=', 'd.closure_id'),
    )
    .leftJoin('meal_charge as m', (join) =>
      join.on('m.municipality_id', '=', municipalityId).onRef('m.service_day_id', '=', 'd.id'),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('kitchen_count as c')
          .select(['c.version', 'c.frozen_at', 'c.reason as count_reason'])
          .where('c.municipality_id', '=', municipalityId)
          .whereRef('c.service_day_id', '=', 'd.id')
          .orderBy('c.version', 'desc')
          .limit(1)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .select(['d.school_id', 's.name', 'd.status', 'd.cutoff_at', 'x.reason as closure_reason'])
    .select(['newest.version', 'newest.frozen_at', 'newest.count_reason'])
    .select(['m.due_at', 'm.failures', 'm.charged_at'])
    .where('d.municipality_id', '=', municipalityId)
    .where('d.day', '=', day)
    .orderBy('s.name')
    .execute()
}

async function liveLines(trx: Trx, municipalityId: string, day: Day): Promise<CountLine[]> {
  const { rows } = await sql<CountLine>`
    select d.school_id as "schoolId", c.name as "className", e.diet_code as "dietCode",
      (count(*) filter (where a.pupil_id is null))::int as meals, count(a.pupil_id)::int as absent,
      (count(*) filter (where a.pupil_id is null and e.severe_reaction))::int as severe
    from service_day d
    join enrolment e on e.municipality_id = ${municipalityId} and e.service_id = d.service_id and e.school_id = d.school_id
      and e.valid_from <= d.day and e.valid_to >= d.day
    join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
    left join absence a on a.municipality_id = ${municipalityId} and a.service_day_id = d.id and a.pupil_id = e.pupil_id
    where d.municipality_id = ${municipalityId} and d.day = ${day} and d.status = 'open'
    group by d.school_id, c.name, e.diet_code
    order by c.name, e.diet_code`.execute(trx)
  return rows
}

async function frozenLines(trx: Trx, municipalityId: string, day: Day): Promise<CountLine[]> {
  const { rows } = await sql<CountLine>`
    select d.school_id as "schoolId", c.name as "className", l.diet_code as "dietCode", l.meals, l.absent, l.severe
    from service_day d
    join lateral (
      select k.id from kitchen_count k where k.municipality_id = ${municipalityId} and k.service_day_id = d.id
      order by k.version desc limit 1
    ) newest on true
    join kitchen_count_line l on l.municipality_id = ${municipalityId} and l.kitchen_count_id = newest.id
    join school_class c on c.municipality_id = ${municipalityId} and c.id = l.school_class_id
    where d.municipality_id = ${municipalityId} and d.day = ${day} and d.status = 'closed'
    order by c.name, l.diet_code`.execute(trx)
  return rows
}
