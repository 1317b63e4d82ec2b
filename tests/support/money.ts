import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { asSystem, type Trx } from '#db/client.ts'
import { issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { testDatabase } from './database.ts'
import type { Household, TestMunicipality } from './factories.ts'

/** A top-up of the holder, just asked for. */
export async function aTopUp(
  municipality: TestMunicipality,
  household: Household,
  given: { meals?: number; unitCents?: number; method?: 'card' | 'mybank' } = {},
): Promise<string> {
  const { owner } = await testDatabase()
  const row = await owner
    .insertInto('top_up')
    .values({
      municipality_id: municipality.municipalityId,
      household_id: household.householdId,
      account_id: household.accountId,
      payer_id: household.holder.personId,
      client_key: randomUUID(),
      meals: given.meals ?? 20,
      unit_cents: given.unitCents ?? 540,
      method: given.method ?? 'card',
      provider: 'nexi',
      order_id: randomBytes(9).toString('hex').toUpperCase(),
      notification_key: randomUUID(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Locks a top-up and marks it paid, as a settlement begins. */
export async function markPaid(trx: Trx, municipality: TestMunicipality, topUpId: string): Promise<void> {
  await trx
    .selectFrom('top_up')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('id', '=', topUpId)
    .forUpdate()
    .execute()
  await trx
    .updateTable('top_up')
    .set({ state: 'paid', paid_at: sql`app_now()`, paid_operation_id: 'op' })
    .where('municipality_id', '=', municipality.municipalityId)
    .where('id', '=', topUpId)
    .execute()
}

/** A top-up that was paid: credited to the household's account, with its invoice. */
export async function aPaidTopUp(
  municipality: TestMunicipality,
  household: Household,
  meals: number,
): Promise<void> {
  const topUpId = await aTopUp(municipality, household, { meals })
  await asSystem(municipality.municipalityId, async (trx) => {
    await markPaid(trx, municipality, topUpId)
    const clearing = await systemAccount(trx, municipality.municipalityId, {
      kind: 'clearing',
      serviceId: municipality.serviceId,
    })
    await postJournal(trx, municipality.municipalityId, {
      kind: 'top_up',
      idempotencyKey: `top-up:${topUpId}`,
      description: '',
      lines: [
        { accountId: household.accountId, amountCents: meals * 540, topUpId },
        { accountId: clearing, amountCents: -meals * 540, topUpId },
      ],
    })
    await issueInvoice(trx, municipality.municipalityId, topUpId)
  })
}
