import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { heldHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { Supplier } from './invoice.ts'
import { divideByWeight, type YearExpenses, type YearReturn, yearToShow } from './year-expenses.ts'

/**
 * What the viewer paid in a year, by the day of each payment, in the viewer's own name; the children are those of the
 * households of which the viewer is the holder now, from when they are.
 * @param asked null for the year that a tax return is about
 * @returns null for a viewer who is not and was not a holder
 */
export async function yearExpensesOf(viewer: Viewer, asked: number | null): Promise<YearExpenses | null> {
  if (!allowedToFamily(viewer, 'invoices:read')) return null
  return readAsFamily(viewer, async (trx) => {
    const [paid, { today }, payer] = await Promise.all([
      paymentsOf(trx, viewer),
      readClock(trx),
      trx
        .selectFrom('person')
        .select(['full_name as name', 'fiscal_code as fiscalCode'])
        .where('municipality_id', '=', viewer.municipalityId)
        .where('id', '=', viewer.personId)
        .executeTakeFirstOrThrow(),
    ])
    const running = Number(today.slice(0, 4))
    const years = [...new Set([running, ...paid.map(({ day }) => Number(day.slice(0, 4)))])]
    years.sort((a, b) => b - a)
    const year = asked ?? yearToShow(years, running)
    const inYear = paid.filter(({ day }) => day.startsWith(`${year}-`))
    const [returns, meals] = await Promise.all([returnsOf(trx, viewer, year), mealsOf(trx, viewer, year)])
    const sum = (all: readonly Cents[]): Cents => all.reduce((total, cents) => total + cents, 0)
    const totalCents = sum(inYear.map((one) => one.totalCents)) - sum(returns.map(({ cents }) => cents))
    const shares = divideByWeight(
      totalCents,
      meals.map(({ mealsCents }) => mealsCents),
    )
    return {
      year,
      years,
      isRunning: year === running,
      payer,
      supplier: inYear.at(-1)?.supplier ?? null,
      serviceNames: [...new Set(inYear.map(({ serviceName }) => serviceName))],
      payments: inYear.map(({ supplier: _, serviceName: __, ...payment }) => payment),
      returns,
      totalCents,
      children: meals.map((child, index) => ({ ...child, shareCents: shares[index] ?? null })),
    }
  })
}

/** The viewer's invoices, the oldest first: one for each top-up that was paid. */
async function paymentsOf(trx: Trx, viewer: Viewer) {
  const rows = await trx
    .selectFrom('invoice')
    .select(['id', 'number_text', 'issued_on', 'method', 'total_cents', 'service_name', 'supplier'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('holder_id', '=', viewer.personId)
    .orderBy('issued_at')
    .orderBy('number')
    .execute()
  return rows.map((row) => ({
    invoiceId: row.id,
    number: row.number_text,
    day: row.issued_on,
    method: row.method,
    totalCents: row.total_cents,
    serviceName: row.service_name,
    supplier: row.supplier as unknown as Supplier,
  }))
}

/** The accounts that are the viewer's to read, each from the instant from which it is: a family of before is not theirs. */
const ownAccounts = ({ municipalityId, memberships }: Viewer) => {
  const held = memberships.filter(({ role }) => role === 'holder')
  return sql`(
    select a.id, h.since from account a
    join unnest(${held.map(({ householdId }) => householdId)}::uuid[], ${held.map(({ since }) => since ?? null)}::timestamptz[])
      as h (household_id, since) on h.household_id = a.household_id
    where a.municipality_id = ${municipalityId} and a.kind = 'household'
  ) own`
}

async function returnsOf(trx: Trx, viewer: Viewer, year: number): Promise<YearReturn[]> {
  if (heldHouseholds(viewer).length === 0) return []
  const { rows } = await sql<YearReturn>`
    select e.id, e.kind, -e.amount_cents as cents, (e.posted_at at time zone 'Europe/Rome')::date::text as day
    from entry e
    join ${ownAccounts(viewer)} on own.id = e.account_id
    where e.municipality_id = ${viewer.municipalityId} and e.kind in ('refund', 'chargeback')
      and e.school_year between ${year - 1} and ${year}
      and (own.since is null or e.posted_at >= own.since)
      and extract(year from e.posted_at at time zone 'Europe/Rome') = ${year}
    order by e.posted_at, e.id`.execute(trx)
  return rows
}

type ChildMeals = {
  pupilId: string
  name: string
  fiscalCode: string | null
  meals: number
  mealsCents: Cents
}

/** Meals of days of the year, less those that were taken back; a day that was taken up again counts again. */
async function mealsOf(trx: Trx, viewer: Viewer, year: number): Promise<ChildMeals[]> {
  if (heldHouseholds(viewer).length === 0) return []
  const [from, to]: Day[] = [`${year}-01-01`, `${year}-12-31`]
  const { rows } = await sql<ChildMeals>`
    select coalesce(p.id, other.pupil_id) as "pupilId", coalesce(p.full_name, other.full_name) as name, coalesce(p.fiscal_code, other.fiscal_code) as "fiscalCode",
      sum(case e.kind when 'meals_reversal' then -1 else 1 end)::int as meals, (-sum(e.amount_cents))::int as "mealsCents"
    from entry e
    join ${ownAccounts(viewer)} on own.id = e.account_id
    left join pupil p on p.municipality_id = ${viewer.municipalityId} and p.id = e.pupil_id
    left join (select distinct pupil_id, given_name, full_name, fiscal_code from pupils_paid_on_some_days()) other
      on other.pupil_id = e.pupil_id
    where e.municipality_id = ${viewer.municipalityId} and e.pupil_id is not null and (e.kind in ('meals', 'meals_reversal') or e.kind = 'adjustment' and e.service_day_id is not null)
      and e.school_year between ${year - 1} and school_year_of(app_today() + 1)
      and (own.since is null or e.posted_at >= own.since) and e.day between ${from} and ${to}
    group by e.pupil_id, p.id, p.full_name, p.given_name, p.fiscal_code, other.pupil_id, other.full_name, other.given_name, other.fiscal_code
    having sum(case e.kind when 'meals_reversal' then -1 else 1 end) > 0
    order by coalesce(p.given_name, other.given_name), e.pupil_id`.execute(trx)
  return rows
}
