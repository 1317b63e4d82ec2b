import 'server-only'
import { sql } from 'kysely'
import { asSystem, database, type Trx } from '#db/client.ts'
import { log } from '#lib/kernel/log.ts'
import { heldPupils, SERVED } from '#lib/school/diet-hold.queries.ts'
import { chargeClosedDays } from './charge.commands.ts'
import { pauseAfter } from './charge.ts'

/** Municipalities counted at the same time by one worker: two keep both cores of a small machine busy. */
const COUNTERS = 2

/** What a round of counting came to. */
export type CountRound = { closed: number; failures: DayFailure[] }

type DayFailure = { serviceDayId: string; error: Error }

type DueDays = { municipalityId: string; serviceDayIds: string[] }

const OF_SERVICE_DAY = (serviceDayId: string, cause: unknown): DayFailure => ({
  serviceDayId,
  error: new Error(`service day ${serviceDayId} was not closed`, { cause }),
})

/**
 * Counts and closes every service day whose hour has come: all the days of a municipality in one transaction. Their charge
 * follows in its own (charge.commands.ts). A missed hour (the worker was down) is made up for here, as of the cutoff: the
 * clock refused every later cancellation.
 * Safe to run twice or in several workers: a day in hand elsewhere is passed over, a closed one is not found.
 * A day that cannot be closed (no price, say) keeps no other from closing.
 * @param options.isResting days that failed lately and are not tried now
 */
export async function closeAndCount({
  isStopping = () => false,
  isResting = () => false,
}: {
  isStopping?: () => boolean
  isResting?: (serviceDayId: string) => boolean
} = {}): Promise<CountRound> {
  const due = (await dueDays())
    .map((days) => ({ ...days, serviceDayIds: days.serviceDayIds.filter((id) => !isResting(id)) }))
    .filter(({ serviceDayIds }) => serviceDayIds.length > 0)
  const round: CountRound = { closed: 0, failures: [] }
  const counter = async () => {
    for (let next = due.shift(); next && !isStopping(); next = due.shift()) {
      const { closed, failures } = await countApart(next)
      round.closed += closed
      round.failures.push(...failures)
    }
  }
  await Promise.all(Array.from({ length: COUNTERS }, counter))
  return round
}

/**
 * The worker's duty: a round of counting that leaves days alone for a while after they failed. What failed is logged and not
 * thrown, so that the next round comes on time for all the others. After a restart every day is tried immediately.
 */
export function dayCounter(): (isStopping: () => boolean) => Promise<number> {
  const failing = new Map<string, { failures: number; until: number }>()
  return async (isStopping) => {
    const isResting = (id: string) => (failing.get(id)?.until ?? 0) > performance.now()
    const { closed, failures } = await closeAndCount({ isStopping, isResting })
    for (const { serviceDayId, error } of failures) {
      const times = (failing.get(serviceDayId)?.failures ?? 0) + 1
      failing.set(serviceDayId, { failures: times, until: performance.now() + pauseAfter(times) * 1_000 })
      log().error({ serviceDayId, failures: times, err: error }, 'kitchen: count of a service day failed')
    }
    return closed
  }
}

/**
 * Closes every service day whose hour has come and charges all that is due, one after the other: what the two duties of the
 * worker do side by side.
 * @returns how many days were closed
 * @throws AggregateError with the days that could not be closed, after all the others were closed and charged
 */
export async function closeDueDays(): Promise<number> {
  const { closed, failures } = await closeAndCount()
  await chargeClosedDays()
  if (failures.length > 0) {
    const errors = failures.map(({ error }) => error)
    throw new AggregateError(errors, `${failures.length} service days were not closed`)
  }
  return closed
}

async function dueDays(): Promise<DueDays[]> {
  const { rows } = await sql<DueDays>`
    select municipality_id as "municipalityId", service_day_ids as "serviceDayIds" from due_service_days()`.execute(
    database(),
  )
  return rows
}

/** All the days together; when that fails, each half for itself, so that only the day that cannot be counted is left. */
async function countApart({ municipalityId, serviceDayIds }: DueDays): Promise<CountRound> {
  try {
    const { closed, unpriced } = await asSystem(municipalityId, (trx) =>
      countServiceDays(trx, municipalityId, serviceDayIds),
    )
    const failures = unpriced.map((id) => OF_SERVICE_DAY(id, new Error('a meal of the day has no price')))
    return { closed, failures }
  } catch (cause) {
    const [only, second] = serviceDayIds
    if (only && !second) return { closed: 0, failures: [OF_SERVICE_DAY(only, cause)] }
    const middle = Math.ceil(serviceDayIds.length / 2)
    const one = await countApart({ municipalityId, serviceDayIds: serviceDayIds.slice(0, middle) })
    const other = await countApart({ municipalityId, serviceDayIds: serviceDayIds.slice(middle) })
    return { closed: one.closed + other.closed, failures: [...one.failures, ...other.failures] }
  }
}

/**
 * Counts and closes service days in the caller's transaction. Their rows are locked first: cancellations that hold one are
 * passed over with their day, and none can follow. The counting is a statement of its own, because what a cancellation wrote
 * before it let go of the day is seen only by a statement that begins afterwards.
 * @returns how many were closed; those not due, closed already or in other hands are left. `unpriced`: left open
 */
export async function countServiceDays(
  trx: Trx,
  municipalityId: string,
  serviceDayIds: readonly string[],
): Promise<{ closed: number; unpriced: string[] }> {
  const days = await trx
    .selectFrom('service_day')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', sql<string>`any(${[...serviceDayIds]}::uuid[])`)
    .where('status', '=', 'open')
    .where('close_at', '<=', sql<Date>`app_now()`)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
  if (days.length === 0) return { closed: 0, unpriced: [] }
  const unpriced = await freeze(
    trx,
    municipalityId,
    days.map(({ id }) => id),
  )
  return { closed: days.length - unpriced.length, unpriced }
}

/**
 * One statement, so that counts and meals come from one reading: a pupil in the one is in the other. It leaves each day
 * closed, with its first count, the meals behind each line and a charge that is due.
 * The price is that of the pupil's fare band on that day, or the service's; the household is a second one where a rule gives it
 * the day, and else the pupil's own.
 * @returns days with a meal that has no price: they stay open as they were
 */
async function freeze(trx: Trx, municipalityId: string, serviceDayIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with due as materialized (
      select d.id, d.service_id, d.school_id, d.day, uuidv7() as count_id, (
        select p.price_cents from meal_price p
        where p.municipality_id = ${municipalityId} and p.service_id = d.service_id and p.valid_from <= d.day
        order by p.valid_from desc limit 1
      ) as full_price_cents
      from service_day d where d.municipality_id = ${municipalityId} and d.id = any(${[...serviceDayIds]}::uuid[])
    ), enrolled as (
      select due.id as service_day_id, due.count_id, e.pupil_id, e.school_class_id, ${SERVED.dietCode} as diet_code,
        ${SERVED.severe} as severe, ${SERVED.asked} as asked, a.pupil_id is null as present, second.household_id,
        coalesce(case when f.pupil_id is not null then (select b.price_cents from fare_band_price b
          where b.municipality_id = ${municipalityId} and b.service_id = f.service_id and b.code = f.band_code and b.valid_from <= due.day
          order by b.valid_from desc limit 1) end, due.full_price_cents) as price_cents
      from due
      join enrolment e on e.municipality_id = ${municipalityId} and e.service_id = due.service_id and e.school_id = due.school_id
        and e.valid_from <= due.day and e.valid_to >= due.day and eats_on(e.weekdays, due.day)
      left join ${heldPupils(municipalityId, sql`select distinct day from due`)} on held.day = due.day and held.pupil_id = e.pupil_id
      left join absence a on a.municipality_id = ${municipalityId} and a.service_day_id = due.id and a.pupil_id = e.pupil_id
      left join meal_household_rule second on second.municipality_id = ${municipalityId} and second.pupil_id = e.pupil_id
        and second.valid_from <= due.day and (second.valid_to is null or second.valid_to >= due.day)
        and is_rule_day(second.first_monday, second.days, due.day)
      left join fare_assignment f on f.municipality_id = ${municipalityId} and f.service_id = due.service_id and f.pupil_id = e.pupil_id
        and f.valid_from <= due.day and f.valid_to >= due.day
    ), line as materialized (
      select service_day_id, any_value(count_id) as count_id, school_class_id, diet_code,
        count(*) filter (where present) as meals, count(*) filter (where not present) as absent,
        count(*) filter (where present and severe) as severe, count(*) filter (where present and asked) as asked,
        coalesce(array_agg(pupil_id) filter (where present), '{}') as pupil_ids,
        coalesce(array_agg(price_cents) filter (where present), '{}') as prices_cents,
        case when count(household_id) filter (where present) > 0 then array_agg(household_id) filter (where present) end as household_ids
      from enrolled group by service_day_id, school_class_id, diet_code
    ), unpriced as materialized (
      select distinct service_day_id from line where array_position(prices_cents, null) is not null
    ), ready as materialized (
      select id, count_id from due where id not in (select service_day_id from unpriced)
    ), counted as (
      insert into kitchen_count (municipality_id, id, service_day_id, version)
      select ${municipalityId}, count_id, id, 1 from ready
    ), lines as (
      insert into kitchen_count_line (municipality_id, kitchen_count_id, school_class_id, diet_code, meals, absent, severe, asked)
      select ${municipalityId}, count_id, school_class_id, diet_code, meals, absent, severe, asked
      from line where service_day_id not in (select service_day_id from unpriced)
    ), frozen as (
      insert into counted_meals (municipality_id, service_day_id, school_class_id, diet_code, pupil_ids, prices_cents, household_ids)
      select ${municipalityId}, service_day_id, school_class_id, diet_code, pupil_ids, prices_cents, household_ids
      from line where meals > 0 and service_day_id not in (select service_day_id from unpriced)
    ), owed as (
      insert into meal_charge (municipality_id, service_day_id) select ${municipalityId}, id from ready
    ), closed as (
      update service_day d set status = 'closed', closed_at = app_now() from ready
      where d.municipality_id = ${municipalityId} and d.id = ready.id
    )
    select service_day_id as id from unpriced`.execute(trx)
  return rows.map(({ id }) => id)
}
