import 'server-only'
import { sql } from 'kysely'
import { asSystem, database, inOrder, type Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'
import { lowBalanceNotice } from '#lib/ledger/low-balance.notice.ts'
import { crossedThreshold, type LowBalance } from '#lib/ledger/low-balance.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { pupilPriceOn } from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'

/** Days closed at the same time by one worker: two keep both cores of a small machine busy. */
const CLOSERS = 2

/**
 * Closes every service day whose hour has come, each in its own transaction, the municipalities in turns and the longest due first.
 * A missed hour (the worker was down) is made up for here, as of the cutoff: the clock refused every later cancellation.
 * Safe to run twice or in several workers: a day in hand elsewhere is passed over, a closed one is not found.
 * A day that cannot be closed (no price, say) keeps no other from closing: it is reported at the end and tried again later.
 * @param isStopping asked between two days, so that a stop never waits for all of them
 * @returns how many days were closed
 * @throws AggregateError with the days that failed, after all the others were closed
 */
export async function closeDueDays(isStopping: () => boolean = () => false): Promise<number> {
  const due = await dueDays()
  const failures: Error[] = []
  let closed = 0
  const closer = async () => {
    for (let next = due.shift(); next && !isStopping(); next = due.shift()) {
      const { municipalityId, serviceDayId } = next
      try {
        const done = await asSystem(municipalityId, (trx) =>
          closeServiceDay(trx, municipalityId, serviceDayId),
        )
        if (done) closed += 1
      } catch (cause) {
        failures.push(new Error(`service day ${serviceDayId} was not closed`, { cause }))
      }
    }
  }
  await Promise.all(Array.from({ length: CLOSERS }, closer))
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} service days were not closed`)
  return closed
}

type ClosedDay = { id: string; service_id: string; school_id: string; day: Day }

type DueDay = { municipalityId: string; serviceDayId: string }

/** The due days of all municipalities, in turns: no small one waits for a large one. */
async function dueDays(): Promise<DueDay[]> {
  const { rows } = await sql<DueDay>`
    select municipality_id as "municipalityId", service_day_id as "serviceDayId" from due_service_days()`.execute(
    database(),
  )
  return rows
}

/**
 * Closes one service day: freezes its first kitchen count and charges each present pupil once, in the caller's transaction.
 * The day's row is taken exclusively first: cancellations that hold it shared are waited for, and none can follow.
 * @returns false when there was nothing to do (not due, closed already, or in another closer's hands)
 */
export async function closeServiceDay(
  trx: Trx,
  municipalityId: string,
  serviceDayId: string,
): Promise<boolean> {
  const day = await trx
    .selectFrom('service_day')
    .select(['id', 'service_id', 'school_id', 'day'])
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', serviceDayId)
    .where('status', '=', 'open')
    .where('close_at', '<=', sql<Date>`app_now()`)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!day) return false

  // In one turn: what the close costs is then its work and not its turns to the database.
  const [, , , lowered] = await inOrder(
    trx,
    () => openMissingAccounts(trx, municipalityId, day),
    () => freezeAndCharge(trx, municipalityId, day.id),
    () => markClosed(trx, municipalityId, day.id),
    () => loweredBalances(trx, municipalityId, day),
  )
  if (lowered.length > 0) await tellLowBalances(trx, municipalityId, day, lowered)
  return true
}

const markClosed = (trx: Trx, municipalityId: string, serviceDayId: string) =>
  trx
    .updateTable('service_day')
    .set({ status: 'closed', closed_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', serviceDayId)
    .execute()

type Lowered = {
  holder: string
  householdId: string
  after: number
  charged: number
  threshold: number
  /** The day that was closed before this one at the same school. */
  before: Day | null
}

/** Holders whose balance this day's charges may have taken across their threshold, at any price of their children. */
async function loweredBalances(trx: Trx, municipalityId: string, day: ClosedDay): Promise<Lowered[]> {
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
    join account a on a.municipality_id = ${municipalityId} and a.id = c.account_id
    join active_member m on m.municipality_id = a.municipality_id and m.household_id = a.household_id and m.role = 'holder'
    left join notification_choice n on n.municipality_id = m.municipality_id and n.person_id = m.person_id
    where a.balance_cents + c.charged > 0 and a.balance_cents < (coalesce(n.low_balance_meals, 3) + 1) * greatest(
      (select max(p.price_cents) from meal_price p where p.municipality_id = ${municipalityId} and p.service_id = ${day.service_id}),
      (select max(p.price_cents) from fare_band_price p where p.municipality_id = ${municipalityId} and p.service_id = ${day.service_id}))`.execute(
    trx,
  )
  return rows
}

/** Tells the holders whose balance this day's charges took across their threshold. */
async function tellLowBalances(
  trx: Trx,
  municipalityId: string,
  day: ClosedDay,
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
    const to = lowered
      .filter(({ householdId, after, charged, threshold, before }) => {
        const unit = dearest(householdId, day.day)
        const units = { before: before === null ? unit : dearest(householdId, before), after: unit }
        return crossedThreshold(after + charged, after, { units, threshold }) === low
      })
      .map(({ holder }) => holder)
    await notify(trx, municipalityId, {
      event: 'balance:low',
      // One a day, also where two schools close apart.
      key: `balance-${low}:${day.service_id}:${day.day}`,
      to,
      say: (t) => lowBalanceNotice(low, t),
      path: '/pagamenti/ricarica',
    })
  }
}

/**
 * An account for every household of that day's pupils, and the school's own for its meals, where there is none yet. In the
 * order of the households, so that two schools that open accounts for the same families wait for one another in a row.
 */
async function openMissingAccounts(
  trx: Trx,
  municipalityId: string,
  day: Pick<ClosedDay, 'service_id' | 'school_id' | 'day'>,
): Promise<void> {
  await sql`
    insert into account (municipality_id, kind, service_id, household_id, school_id)
    select distinct e.municipality_id, 'household', e.service_id, p.household_id, null::uuid
    from enrolment e
    join pupil p on p.municipality_id = e.municipality_id and p.id = e.pupil_id
    where e.municipality_id = ${municipalityId} and e.service_id = ${day.service_id} and e.school_id = ${day.school_id}
      and e.valid_from <= ${day.day} and e.valid_to >= ${day.day}
      and not exists (select from account a where a.municipality_id = e.municipality_id and a.service_id = e.service_id
        and a.kind = 'household' and a.household_id = p.household_id)
    union all
    select ${municipalityId}::uuid, 'meals', ${day.service_id}::uuid, null::uuid, ${day.school_id}::uuid
    where not exists (select from account a where a.municipality_id = ${municipalityId} and a.service_id = ${day.service_id}
      and a.kind = 'meals' and a.school_id = ${day.school_id})
    order by household_id
    on conflict do nothing`.execute(trx)
}

/**
 * One statement, so that count and charges come from one reading: a pupil in the one is in the other.
 * The price is that of the pupil's fare band on that day, or the service's.
 * A pupil without an account would break the `not null` of the entry and undo the whole close, rather than eat unseen.
 */
async function freezeAndCharge(trx: Trx, municipalityId: string, serviceDayId: string): Promise<void> {
  await sql`
    with day as (
      select d.*, (
        select p.price_cents from meal_price p
        where p.municipality_id = d.municipality_id and p.service_id = d.service_id and p.valid_from <= d.day
        order by p.valid_from desc limit 1
      ) as full_price_cents
      from service_day d where d.municipality_id = ${municipalityId} and d.id = ${serviceDayId}
    ), enrolled as (
      select e.pupil_id, e.school_class_id, e.diet_code, p.household_id, a.pupil_id is null as present,
        coalesce(band.price_cents, d.full_price_cents) as price_cents
      from day d
      join enrolment e on e.municipality_id = d.municipality_id and e.service_id = d.service_id and e.school_id = d.school_id
        and e.valid_from <= d.day and e.valid_to >= d.day
      join pupil p on p.municipality_id = e.municipality_id and p.id = e.pupil_id
      left join absence a on a.municipality_id = d.municipality_id and a.service_day_id = d.id and a.pupil_id = e.pupil_id
      left join lateral (select b.price_cents from fare_assignment f
        join fare_band_price b on b.municipality_id = f.municipality_id and b.service_id = f.service_id and b.code = f.band_code
          and b.valid_from <= d.day
        where f.municipality_id = d.municipality_id and f.service_id = d.service_id and f.pupil_id = e.pupil_id
          and f.valid_from <= d.day and f.valid_to >= d.day
        order by b.valid_from desc limit 1) band on true
    ), paying as (
      -- Without a price the close fails on the entry's amount; a band whose price is zero is a meal without a movement.
      select * from enrolled where present and price_cents is distinct from 0
    ), counted as (
      insert into kitchen_count (municipality_id, service_day_id, version)
      values (${municipalityId}, ${serviceDayId}, 1) returning id
    ), lines as (
      insert into kitchen_count_line (municipality_id, kitchen_count_id, school_class_id, diet_code, meals, absent)
      select ${municipalityId}, counted.id, school_class_id, diet_code,
        count(*) filter (where present), count(*) filter (where not present)
      from enrolled, counted group by counted.id, school_class_id, diet_code
    ), posted as (
      insert into journal (municipality_id, kind, idempotency_key, description)
      select ${municipalityId}, 'meals', 'meals:' || ${serviceDayId}, 'Pasti del ' || to_char(day.day, 'DD/MM/YYYY')
      from day where exists (select from paying) returning id
    ), charges as (
      select a.id as account_id, -e.price_cents as amount_cents, e.pupil_id
      from paying e cross join day
      left join account a on a.municipality_id = day.municipality_id and a.service_id = day.service_id
        and a.kind = 'household' and a.household_id = e.household_id
      union all
      select (select a.id from account a, day where a.municipality_id = day.municipality_id and a.service_id = day.service_id
          and a.kind = 'meals' and a.school_id = day.school_id), sum(price_cents)::int, null
        from paying having count(*) > 0
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, pupil_id, service_day_id, day)
    select ${municipalityId}, posted.id, charges.account_id, 'meals', charges.amount_cents, charges.pupil_id, day.id, day.day
    from charges, posted, day`.execute(trx)
}
