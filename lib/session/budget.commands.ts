import 'server-only'
import { createHmac } from 'node:crypto'
import { type Expression, sql } from 'kysely'
import { database, type Trx } from '#db/client.ts'
import { type ActOfRows, type ActOfUses, BUDGETS } from '#lib/kernel/budgets.ts'
import { env } from '#lib/kernel/env.ts'
import { type Refused, refused } from '#lib/kernel/result.ts'

const keyOf = (act: ActOfUses, whose: string): Buffer =>
  createHmac('sha256', env().NEXTAUTH_SECRET).update(`budget ${act} ${whose}`).digest()

/**
 * Counts a use of an act for all processes together. In a transaction that fails it was not counted.
 * @param whose what the act is counted by: a person, an address, a number
 * @param most in place of the limit of the table, where an installation sets its own
 * @returns null, or the refusal that says when the act may be done again
 */
export async function takeFromBudget(
  act: ActOfUses,
  whose: string,
  { trx = database(), most = BUDGETS[act].most }: { trx?: Pick<Trx, 'getExecutor'>; most?: number } = {},
): Promise<Refused<'request:too-often'> | null> {
  const { rows } = await sql<{ wait: number; again: Date }>`
    select wait, app_now() + make_interval(secs => wait) as again
    from take_attempt(${keyOf(act, whose)}, ${BUDGETS[act].seconds}, ${most}) as taken (wait)`.execute(trx)
  const { wait, again } = rows[0] as { wait: number; again: Date }
  return wait > 0 ? refused('request:too-often', { what: act, again }) : null
}

/** Uncounts a use of an act that was refused for another reason: a slip in a form costs nothing. */
export async function giveBackToBudget(act: ActOfUses, whose: string): Promise<void> {
  await sql`select give_back_attempt(${keyOf(act, whose)}, ${BUDGETS[act].seconds})`.execute(database())
}

/**
 * Whether there is room for more rows of an act that its command counts.
 * @param written when each row of the subject was written, and how much of the limit it takes; those of the window are picked here
 * @returns null, or the refusal that says when so many of them are old enough that there is room
 */
export async function refusedByRows(
  trx: Pick<Trx, 'getExecutor'>,
  act: ActOfRows,
  written: Expression<{ at: Date; amount: number }>,
  more = 1,
): Promise<Refused<'request:too-often'> | null> {
  const { most, seconds } = BUDGETS[act]
  const { rows } = await sql<{ again: Date | null }>`
    select max(at) + make_interval(secs => ${seconds}) as again from (
      select at, sum(amount) over (order by at desc rows unbounded preceding) as later from ${written} as written
      where at > app_now() - make_interval(secs => ${seconds})) as lately
    where later > ${most - more}`.execute(trx)
  const again = rows[0]?.again
  return again ? refused('request:too-often', { what: act, again }) : null
}
