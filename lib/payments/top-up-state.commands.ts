import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import type { TopUpState } from './top-up.ts'

/** Never before the order was made, nor after now: another clock may be wrong. */
const paidAt = (said: Date | null) =>
  said === null
    ? sql<Date>`app_now()`
    : sql<Date>`least(greatest(${said.toISOString()}::timestamptz, created_at), app_now())`

/** A change of state, with its trace. From any other state than those in `from` nothing happens. */
export async function moveTopUp(
  trx: Trx,
  move: {
    municipalityId: string
    topUpId: string
    from: readonly TopUpState[]
    to: TopUpState
    cause: string
    reason?: string
    operationId?: string
    circuit?: string
    /** When the provider says that it was paid; by the database's clock where it does not say. */
    paidAt?: Date | null
  },
): Promise<boolean> {
  const before = await trx
    .selectFrom('top_up')
    .select('state')
    .where('municipality_id', '=', move.municipalityId)
    .where('id', '=', move.topUpId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (!move.from.includes(before.state)) return false
  await trx
    .updateTable('top_up')
    .set({
      state: move.to,
      updated_at: sql<Date>`app_now()`,
      creation_claimed_until: null,
      ...(move.reason === undefined ? {} : { reason: move.reason }),
      ...(move.to === 'paid' ? { paid_at: paidAt(move.paidAt ?? null) } : {}),
      ...(move.operationId === undefined ? {} : { paid_operation_id: move.operationId }),
      ...(move.circuit === undefined ? {} : { circuit: move.circuit }),
    })
    .where('municipality_id', '=', move.municipalityId)
    .where('id', '=', move.topUpId)
    .execute()
  await enterSubject(trx, 'top_ups')
  await trx
    .insertInto('top_up_transition')
    .values({
      municipality_id: move.municipalityId,
      top_up_id: move.topUpId,
      from_state: before.state,
      to_state: move.to,
      cause: move.cause,
    })
    .execute()
  return true
}
