import 'server-only'
import { sql } from 'kysely'
import { asSystem, database, inOrder, type Trx } from '#db/client.ts'
import type { Day } from '#lib/kernel/day.ts'
import { log } from '#lib/kernel/log.ts'
import { type ChargedDay, loweredBalances, tellLowBalances } from '#lib/ledger/low-balance.commands.ts'
import { pauseAfter } from './charge.ts'

/** Days charged at the same time by one worker: both cores of a small machine work while one waits for its commit. */
const CHARGERS = 3

type DueCharge = { municipalityId: string; serviceDayId: string }

/**
 * Charges every closed day whose charge is due, each in its own transaction, the municipalities in turns.
 * Safe to run twice or in several workers: a charge in hand elsewhere is passed over, one that was written is not due.
 * A charge that fails keeps no other from being written: it is logged, the office sees it, and it is tried again later.
 * @param isStopping asked between two days, so that a stop never waits for all of them
 * @returns how many days were charged
 */
export async function chargeClosedDays(isStopping: () => boolean = () => false): Promise<number> {
  const due = await dueCharges()
  let charged = 0
  const charger = async () => {
    for (let next = due.shift(); next && !isStopping(); next = due.shift()) {
      if (await chargeOrPutOff(next)) charged += 1
    }
  }
  await Promise.all(Array.from({ length: CHARGERS }, charger))
  return charged
}

async function dueCharges(): Promise<DueCharge[]> {
  const { rows } = await sql<DueCharge>`
    select municipality_id as "municipalityId", service_day_id as "serviceDayId" from due_meal_charges()`.execute(
    database(),
  )
  return rows
}

async function chargeOrPutOff({ municipalityId, serviceDayId }: DueCharge): Promise<boolean> {
  try {
    return await asSystem(municipalityId, (trx) => chargeServiceDay(trx, municipalityId, serviceDayId))
  } catch (error) {
    const failures = await asSystem(municipalityId, (trx) => putOff(trx, municipalityId, serviceDayId))
    log().error(
      { municipalityId, serviceDayId, failures, err: error },
      'kitchen: charge of a closed day failed',
    )
    return false
  }
}

/** Moves a charge that failed away from now. @returns how often it has failed */
async function putOff(trx: Trx, municipalityId: string, serviceDayId: string): Promise<number> {
  const charge = await trx
    .selectFrom('meal_charge')
    .select('failures')
    .where('municipality_id', '=', municipalityId)
    .where('service_day_id', '=', serviceDayId)
    .where('due_at', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  if (!charge) return 0
  const failures = charge.failures + 1
  await trx
    .updateTable('meal_charge')
    .set({ failures, due_at: sql<Date>`app_now() + ${pauseAfter(failures)}::int * interval '1 second'` })
    .where('municipality_id', '=', municipalityId)
    .where('service_day_id', '=', serviceDayId)
    .execute()
  return failures
}

/**
 * Charges one closed day in the caller's transaction: each meal that the close froze once, at the price that it froze. The
 * charge's own row is locked first, so that a closure of the day comes wholly before or wholly after it.
 * @returns false when there was nothing to do (not due, charged already, or in another charger's hands)
 */
export async function chargeServiceDay(
  trx: Trx,
  municipalityId: string,
  serviceDayId: string,
): Promise<boolean> {
  const day = await claim(trx, municipalityId, serviceDayId)
  if (!day) return false

  // In one turn: what the charge costs is then its work and not its turns to the database.
  const [, , lowered] = await inOrder(
    trx,
    () => postCharges(trx, municipalityId, day),
    () => markCharged(trx, municipalityId, day.id),
    () => loweredBalances(trx, municipalityId, day),
  )
  if (lowered.length > 0) await tellLowBalances(trx, municipalityId, day, lowered)
  return true
}

async function claim(trx: Trx, municipalityId: string, serviceDayId: string): Promise<ChargedDay | null> {
  const { rows } = await sql<{ id: string; service_id: string; school_id: string; day: Day }>`
    select d.id, d.service_id, d.school_id, d.day
    from meal_charge c
    join service_day d on d.municipality_id = ${municipalityId} and d.id = c.service_day_id
    where c.municipality_id = ${municipalityId} and c.service_day_id = ${serviceDayId} and c.due_at <= app_now()
    for update of c skip locked`.execute(trx)
  return rows[0] ?? null
}

const markCharged = (trx: Trx, municipalityId: string, serviceDayId: string) =>
  trx
    .updateTable('meal_charge')
    .set({ due_at: null, charged_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('service_day_id', '=', serviceDayId)
    .execute()

/**
 * One statement charges the meals that the close froze and that cost something, to the household that it froze with each; without
 * one, to the pupil's own, which a pupil keeps. It opens an account for a household with its first meal, and the school's own for
 * its meals, in the order of the households, so that two schools that open accounts for the same families wait for one another in
 * a row.
 * A meal without an account would break the `not null` of the entry and undo the whole charge, rather than be eaten unseen.
 */
async function postCharges(trx: Trx, municipalityId: string, day: ChargedDay): Promise<void> {
  await sql`
    with meal as materialized (
      select meal.pupil_id, meal.price_cents, coalesce(meal.household_id, p.household_id) as household_id, a.id as account_id
      from counted_meals m
      cross join lateral unnest(m.pupil_ids, m.prices_cents, m.household_ids) meal (pupil_id, price_cents, household_id)
      join pupil p on p.municipality_id = ${municipalityId} and p.id = meal.pupil_id
      left join account a on a.municipality_id = ${municipalityId} and a.service_id = ${day.service_id}
        and a.kind = 'household' and a.household_id = coalesce(meal.household_id, p.household_id)
      where m.municipality_id = ${municipalityId} and m.service_day_id = ${day.id} and meal.price_cents > 0
    ), own as materialized (
      select a.id from account a where a.municipality_id = ${municipalityId} and a.service_id = ${day.service_id}
        and a.kind = 'meals' and a.school_id = ${day.school_id}
    ), opened as (
      insert into account (municipality_id, kind, service_id, household_id, school_id)
      select distinct ${municipalityId}::uuid, 'household', ${day.service_id}::uuid, household_id, null::uuid
      from meal where account_id is null
      union all
      select ${municipalityId}::uuid, 'meals', ${day.service_id}::uuid, null::uuid, ${day.school_id}::uuid
      where exists (select from meal) and not exists (select from own)
      order by household_id
      -- Another school's charge may have opened it meanwhile: then this returns that one.
      on conflict (municipality_id, service_id, kind, household_id, school_id) do update set updated_at = account.updated_at
      returning id, household_id
    ), posted as (
      insert into journal (municipality_id, kind, idempotency_key, description)
      select ${municipalityId}, 'meals', 'meals:' || ${day.id}, 'Pasti del ' || to_char(${day.day}::date, 'DD/MM/YYYY')
      where exists (select from meal) returning id
    ), charges as (
      select coalesce(account_id, (select o.id from opened o where o.household_id = meal.household_id)) as account_id,
        -price_cents as amount_cents, pupil_id
      from meal
      union all
      select coalesce((select id from own), (select id from opened where household_id is null)), sum(price_cents)::int, null
      from meal having count(*) > 0
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, pupil_id, service_day_id, day)
    select ${municipalityId}, posted.id, charges.account_id, 'meals', charges.amount_cents, charges.pupil_id, ${day.id}, ${day.day}
    from charges, posted`.execute(trx)
}
