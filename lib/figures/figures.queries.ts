import 'server-only'
import { sql } from 'kysely'
import { asPublic, asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { shortLived } from '#lib/kernel/ttl-cache.ts'
import { type MealFigures, type PublicMonth, publicMonths } from './figures.ts'

export type OpenData = { months: PublicMonth[]; updatedAt: Date }

const FRESH_SECONDS = 10

const cachedFigures = shortLived(
  FRESH_SECONDS,
  (municipalityId: string): Promise<OpenData> =>
    asPublic(municipalityId, async (trx) => {
      const [figures, { now }] = await Promise.all([readFigures(trx), readClock(trx)])
      return { months: publicMonths(figures), updatedAt: now }
    }),
)

/** The figures that anyone may know of a municipality, ten seconds old at most. */
export async function publicFigures(municipality: { id: string }): Promise<OpenData> {
  const found = await cachedFigures(municipality.id)
  if (!found) throw new Error('figures are always an answer')
  return found
}

async function readFigures(trx: Trx): Promise<MealFigures[]> {
  const { rows } = await sql<MealFigures>`
    select month, school_id as "schoolId", school_name as "schoolName", service_days as "serviceDays", meals, absent
    from meal_figures() order by month desc, school_name`.execute(trx)
  return rows
}

/** The figures for the office and the municipality: sums only, no names. */
export type OfficeFigures = {
  meals: MealFigures[]
  /** Pupils enrolled today, by school. */
  enrolled: { schoolName: string; pupils: number }[]
  households: number
  /** The sum of the positive balances, and the sum of the debts, in cents. */
  creditCents: Cents
  debtCents: Cents
  indebted: number
  topUps: { month: string; count: number; cents: Cents }[]
}

/** Read-only numbers of a municipality; null for a viewer without the permission. */
export async function officeFigures(viewer: Viewer): Promise<OfficeFigures | null> {
  if (!allowedToStaff(viewer, 'figures:read')) return null
  return asStaff(viewer, async (trx) => {
    const { municipalityId } = viewer
    const [meals, enrolled, accounts, topUps] = await Promise.all([
      readFigures(trx),
      sql<{ schoolName: string; pupils: number }>`
        select s.name as "schoolName", count(distinct e.pupil_id) as pupils
        from enrolment e join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
        where e.municipality_id = ${municipalityId} and e.valid_from <= app_today() and e.valid_to >= app_today()
        group by s.id, s.name order by s.name`.execute(trx),
      sql<{ households: number; credit: number; debt: number; indebted: number }>`
        select count(*) as households, coalesce(sum(balance_cents) filter (where balance_cents > 0), 0)::bigint as credit,
          coalesce(-sum(balance_cents) filter (where balance_cents < 0), 0)::bigint as debt, count(*) filter (where balance_cents < 0) as indebted
        from account where municipality_id = ${municipalityId} and kind = 'household'`.execute(trx),
      sql<{ month: string; count: number; cents: Cents }>`
        select to_char(paid_at at time zone 'Europe/Rome', 'YYYY-MM') as month, count(*) as count, sum(amount_cents) as cents
        from top_up where municipality_id = ${municipalityId} and state = 'paid'
        group by 1 order by 1 desc`.execute(trx),
    ])
    const sums = accounts.rows[0] as { households: number; credit: number; debt: number; indebted: number }
    return {
      meals,
      enrolled: enrolled.rows,
      households: sums.households,
      creditCents: sums.credit,
      debtCents: sums.debt,
      indebted: sums.indebted,
      topUps: topUps.rows,
    }
  })
}
