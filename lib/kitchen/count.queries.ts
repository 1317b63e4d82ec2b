import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { ChargeState, FailingCharge } from './charge.ts'
import type { CountFigure, CountLine, SchoolCount } from './count.ts'
import {
  type CountsAsked,
  type DayTotals,
  dayTotals,
  type PageOfSchools,
  schoolsOfPage,
} from './count-page.ts'

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

/** Some schools of a day, with what all of them have together. */
export type CountsPage = DayCounts & PageOfSchools & { totals: DayTotals; services: number }

/** Whether a viewer reads all counts, only those of the own kitchen, or none. */
function reachOf(viewer: Viewer): 'all' | 'own' | null {
  if (allowedToStaff(viewer, 'kitchen:read')) return 'all'
  return allowedToStaff(viewer, 'kitchen:read-own') ? 'own' : null
}

/**
 * The kitchen's numbers of a day, school by school: live while the day is open, the newest frozen version afterwards. A kitchen
 * gets those of the own schools, and nothing about charges.
 * @param day null: today, by the database's clock
 * @returns null when the viewer may not read the kitchen's counts
 */
export async function countsOfDay(viewer: Viewer, day: Day | null): Promise<DayCounts | null> {
  if (!reachOf(viewer)) return null
  return asStaff(viewer, async (trx) => {
    const { now, today } = await readClock(trx)
    const asked = day ?? today
    const [fingerprint, days, lines, failing] = await Promise.all([
      fingerprintFor(trx, viewer, asked),
      countedDays(trx, viewer.municipalityId, asked),
      countedLines(trx, asked),
      failingCharges(trx, viewer.municipalityId),
    ])
    return { day: asked, today, now, fingerprint, schools: withLines(days.map(headOf), lines), failing }
  })
}

/**
 * A page of the same: what all schools have together, and of those of the page what each has.
 * @returns null when the viewer may not read the kitchen's counts
 */
export async function countsPageOfDay(
  viewer: Viewer,
  day: Day | null,
  which: CountsAsked,
): Promise<CountsPage | null> {
  if (!reachOf(viewer)) return null
  return asStaff(viewer, async (trx) => {
    const { now, today } = await readClock(trx)
    const asked = day ?? today
    // Before the numbers: no change falls between the two.
    const fingerprint = await fingerprintFor(trx, viewer, asked)
    const heads = (await countedDays(trx, viewer.municipalityId, asked)).map(headOf)
    const { shown, ...page } = schoolsOfPage(heads, which)
    const isWhole = shown.length === heads.length
    const lines = await countedLines(trx, asked, isWhole ? null : shown.map(({ schoolId }) => schoolId))
    return {
      ...{ day: asked, today, now, fingerprint },
      ...{ ...page, services: new Set(heads.map(({ serviceId }) => serviceId)).size },
      schools: withLines(shown, lines),
      totals: dayTotals(heads, isWhole ? lines : await countedFigures(trx, asked)),
      failing: await failingCharges(trx, viewer.municipalityId),
    }
  })
}

/** The counts of a day in a few numbers, by service and diet. Null when the viewer may not read them. */
export async function dayFigures(
  viewer: Viewer,
  day: Day,
): Promise<{ schools: Omit<SchoolCount, 'lines'>[]; figures: CountFigure[] } | null> {
  if (!reachOf(viewer)) return null
  return asStaff(viewer, async (trx) => ({
    schools: (await countedDays(trx, viewer.municipalityId, day)).map(headOf),
    figures: await countedFigures(trx, day),
  }))
}

function headOf(row: CountedDay): Omit<SchoolCount, 'lines'> {
  const state = row.status === 'open' ? 'provisional' : row.status === 'closed' ? 'definitive' : 'suspended'
  return {
    schoolId: row.school_id,
    schoolName: row.name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    isCooked: row.is_cooked,
    state,
    cutoffAt: row.cutoff_at,
    version: row.version,
    frozenAt: row.frozen_at,
    kitchenName: row.kitchen_name,
    reason: row.closure_reason ?? row.count_reason ?? '',
    charge: state === 'definitive' ? chargeOf(row) : null,
  }
}

const placeOf = ({ schoolId, serviceId }: { schoolId: string; serviceId: string }): string =>
  `${schoolId} ${serviceId}`

/** Each line to its school and service. */
function withLines(heads: readonly Omit<SchoolCount, 'lines'>[], lines: readonly CountLine[]): SchoolCount[] {
  const byPlace = Map.groupBy(lines, placeOf)
  return heads.map((head) => ({ ...head, lines: byPlace.get(placeOf(head)) ?? [] }))
}

/**
 * A short text that changes with every cancellation, restored meal, close, charge and suspension of a day, and with every request
 * for a diet that comes or is decided. It costs far less than the numbers, and says when to read them again. Null when the viewer
 * may not read them.
 */
export async function countsFingerprint(viewer: Viewer, day: Day): Promise<string | null> {
  return reachOf(viewer) && asStaff(viewer, (trx) => fingerprintFor(trx, viewer, day))
}

const fingerprintFor = (trx: Trx, viewer: Viewer, day: Day): Promise<string> =>
  reachOf(viewer) === 'all' ? fingerprintOf(trx, viewer.municipalityId, day) : ownFingerprint(trx, day)

/** A cancellation brings a new receipt, a restored meal takes an absence away. */
async function fingerprintOf(trx: Trx, municipalityId: string, day: Day): Promise<string> {
  const { rows } = await sql<{ fingerprint: string | null }>`
    select string_agg(concat_ws('.', d.status, frozen.version, absent.pupils, absent.latest, c.failures, c.charged_at is null), ' ' order by d.school_id, d.id)
      || coalesce((select string_agg(h.submission_id::text, ' ' order by h.submission_id) from diet_hold h
        where h.municipality_id = ${municipalityId} and h.since <= ${day} and (h.until is null or h.until >= ${day})), '') as fingerprint
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
  return shortHash(rows[0]?.fingerprint ?? '')
}

/** The same for a kitchen, whose transaction sees no absence: from the numbers themselves, which are few. */
async function ownFingerprint(trx: Trx, day: Day): Promise<string> {
  const { rows } = await sql<{ fingerprint: string }>`
    select concat((select string_agg(concat_ws('.', d.school_id, d.service_id, d.status, d.version), ' ') from count_days(${day}::date) d),
      (select string_agg(concat_ws('.', l.school_id, l.service_id, l.class_name, l.diet_code, l.meals, l.absent, l.severe, l.asked), ' ')
        from count_lines(${day}::date) l)) as fingerprint`.execute(trx)
  return shortHash(rows[0]?.fingerprint ?? '')
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)

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

type CountedDay = ChargeRow & {
  school_id: string
  name: string
  status: 'open' | 'closed' | 'suspended'
  cutoff_at: Date
  closure_reason: string | null
  version: number | null
  frozen_at: Date | null
  count_reason: string | null
  kitchen_name: string | null
  service_id: string
  service_name: string
  is_cooked: boolean
}

async function countedDays(trx: Trx, municipalityId: string, day: Day): Promise<CountedDay[]> {
  const { rows } = await sql<CountedDay>`
    select d.school_id, d.name, d.status, d.cutoff_at, d.closure_reason, d.version, d.frozen_at, d.count_reason, d.kitchen_name, d.service_id, d.service_name, d.is_cooked,
      c.due_at, c.failures, c.charged_at
    from count_days(${day}::date) d
    left join meal_charge c on c.municipality_id = ${municipalityId} and c.service_day_id = d.service_day_id
    order by d.name, d.service_name`.execute(trx)
  return rows
}

/** @param schoolIds null: those of all schools that the viewer may count */
async function countedLines(
  trx: Trx,
  day: Day,
  schoolIds: readonly string[] | null = null,
): Promise<CountLine[]> {
  const { rows } = await sql<CountLine>`
    select school_id as "schoolId", service_id as "serviceId", class_name as "className", diet_code as "dietCode", meals, absent, severe, asked
    from count_lines(${day}::date, ${schoolIds && [...schoolIds]}::uuid[])`.execute(trx)
  return rows
}

async function countedFigures(trx: Trx, day: Day): Promise<CountFigure[]> {
  const { rows } = await sql<CountFigure>`
    select service_id as "serviceId", diet_code as "dietCode", meals, absent, severe from count_figures(${day}::date)`.execute(
    trx,
  )
  return rows
}
