import 'server-only'
import type { Trx } from '#db/client.ts'
import { faultOf, type Journal } from './journal.ts'

/**
 * Writes a journal with its lines and moves the balances, in the caller's transaction.
 * The accounts are locked in sorted order by the database as the lines arrive, so two journals never wait for each other in a ring.
 * @returns the journal's id, and whether it was written now or had been already (same key)
 * @throws when the lines do not make a journal: a bug of the caller
 */
export async function postJournal(
  trx: Trx,
  municipalityId: string,
  journal: Journal,
): Promise<{ journalId: string; written: boolean }> {
  const fault = faultOf(journal)
  if (fault) throw new Error(`journal ${journal.idempotencyKey}: ${fault}`)

  const inserted = await trx
    .insertInto('journal')
    .values({
      municipality_id: municipalityId,
      kind: journal.kind,
      idempotency_key: journal.idempotencyKey,
      description: journal.description,
      person_id: journal.personId ?? null,
    })
    .onConflict((conflict) => conflict.columns(['municipality_id', 'idempotency_key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted)
    return { journalId: await journalOf(trx, municipalityId, journal.idempotencyKey), written: false }

  await trx
    .insertInto('entry')
    .values(
      journal.lines.map((line) => ({
        municipality_id: municipalityId,
        journal_id: inserted.id,
        account_id: line.accountId,
        kind: journal.kind,
        amount_cents: line.amountCents,
        pupil_id: line.pupilId ?? null,
        service_day_id: line.serviceDayId ?? null,
        day: line.day ?? null,
        top_up_id: line.topUpId ?? null,
      })),
    )
    .execute()
  return { journalId: inserted.id, written: true }
}

async function journalOf(trx: Trx, municipalityId: string, idempotencyKey: string): Promise<string> {
  const row = await trx
    .selectFrom('journal')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirstOrThrow()
  return row.id
}

/** The account of a kind that a service has once (clearing, opening, adjustment), or once per school (meals): opened when first needed. */
export async function systemAccount(
  trx: Trx,
  municipalityId: string,
  account: { kind: 'clearing' | 'opening' | 'adjustment' | 'meals'; serviceId: string; schoolId?: string },
): Promise<string> {
  const key = {
    municipality_id: municipalityId,
    kind: account.kind,
    service_id: account.serviceId,
    household_id: null,
    school_id: account.schoolId ?? null,
  }
  await trx
    .insertInto('account')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await trx
    .selectFrom('account')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('kind', '=', key.kind)
    .where('service_id', '=', key.service_id)
    .where('household_id', 'is', null)
    .where('school_id', 'is not distinct from', key.school_id)
    .executeTakeFirstOrThrow()
  return row.id
}
