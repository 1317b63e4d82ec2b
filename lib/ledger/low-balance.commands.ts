import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { pupilPriceOn } from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import { lowBalanceNotice } from './low-balance.notice.ts'
import { crossedThreshold, type LowBalance } from './low-balance.ts'

export type ChargedDay = { id: string; service_id: string; school_id: string; day: Day }

type Lowered = {
  holder: string
  householdId: string
  after: number
  charged: number
  threshold: number
  /** The day that was closed before this one at the same school. */
  before: Day | null
}

/** The highest threshold that a holder may choose: an account with more is told to no holder. */
const MOST_MEALS = 20

/** Holders whose balance this day's charges may have taken across their threshold, at any price of their children. */
export async function loweredBalances(trx: Trx, municipalityId: string, day: ChargedDay): Promise<Lowered[]> {
  const { rows } = await sql<Lowered>`
    select m.person_id as holder, m.household_id as "householdId", a.balance_cents as after, c.charged,
      coalesce(n.low_balance_meals, 3) as threshold,
      (select max(d.day) from service_day d where d.municipality_id = ${municipalityId} and d.service_id = ${day.service_id}
        and d.school_id = ${day.school_id} and d.status = 'closed' and d.day < ${day.day}) as before
    from (
      select account_id, sum(-amount_cents)::int as charged from entry
      where municipality_id = ${municipalityId} and service_day_id = ${day.id} and kind = 'meals' and pupil_id is not null
        and school_year = school_year_of(app_today())
      group by account_id
    ) c
    cross join (select greatest(
      (select max(p.price_cents) from meal_price p where p.municipality_id = ${municipalityId} and p.service_id = ${day.service_id}),
      (select max(p.price_cents) from fare_band_price p where p.municipality_id = ${municipalityId} and p.service_id = ${day.service_id})
    ) as cents) dearest
    join account a on a.municipality_id = ${municipalityId} and a.id = c.account_id
      and a.balance_cents + c.charged > 0 and a.balance_cents < ${MOST_MEALS + 1} * dearest.cents
    join active_member m on m.municipality_id = ${municipalityId} and m.household_id = a.household_id and m.role = 'holder'
    left join notification_choice n on n.municipality_id = ${municipalityId} and n.person_id = m.person_id
    where a.balance_cents < (coalesce(n.low_balance_meals, 3) + 1) * dearest.cents`.execute(trx)
  return rows
}

/** Tells the holders whose balance this day's charges took across their threshold. */
export async function tellLowBalances(
  trx: Trx,
  municipalityId: string,
  day: ChargedDay,
  lowered: readonly Lowered[],
): Promise<void> {
  const [tariffs, children] = await Promise.all([
    tariffsOf(trx, municipalityId),
    childrenFares(trx, municipalityId, [...new Set(lowered.map(({ householdId }) => householdId))]),
  ])
  const tariff = tariffs(day.service_id)
  const dearest = (householdId: string, on: Day): number => {
    const own = children.filter(
      (child) => child.householdId === householdId && child.serviceId === day.service_id,
    )
    const fares = own.length > 0 ? own.map((child) => child.fares) : [[]]
    return Math.max(1, ...fares.map((periods) => pupilPriceOn(tariff, periods, on)?.cents ?? 0))
  }
  for (const low of ['few', 'none'] as const satisfies LowBalance[]) {
    const crossed = lowered.filter(({ householdId, after, charged, threshold, before }) => {
      const unit = dearest(householdId, day.day)
      const units = { before: before === null ? unit : dearest(householdId, before), after: unit }
      return crossedThreshold(after + charged, after, { units, threshold }) === low
    })
    await notify(trx, municipalityId, {
      event: 'balance:low',
      // One a day, also where two schools close apart.
      key: `balance-${low}:${day.service_id}:${day.day}`,
      to: crossed.map(({ holder }) => holder),
      money: { households: crossed.map(({ householdId }) => householdId) },
      say: (t) => lowBalanceNotice(low, t),
      path: '/pagamenti/ricarica',
    })
  }
}
