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

/** Read-only numbers of a municipality, which the database gives as sums; null for a viewer without the permission. */
export async function officeFigures(viewer: Viewer): Promise<OfficeFigures | null> {
  if (!allowedToStaff(viewer, 'figures:read')) return null
  return asStaff(viewer, async (trx) => {
    const [meals, { rows }] = await Promise.all([
      readFigures(trx),
      sql<Omit<OfficeFigures, 'meals'>>`
        select enrolled, households, credit_cents as "creditCents", debt_cents as "debtCents", indebted, top_ups as "topUps"
        from office_figures()`.execute(trx),
    ])
    return rows[0] ? { meals, ...rows[0] } : null
  })
}
