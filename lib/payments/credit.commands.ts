import 'server-only'
import type { Trx } from '#db/client.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { env } from '#lib/kernel/env.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import type { PaymentVerdict, TopUpMethod } from './gateway.ts'
import { isPayerWaiting, type TopUpState } from './top-up.ts'
import { topUpPaidNotice } from './top-up-paid.notice.ts'
import { moveTopUp } from './top-up-state.commands.ts'

/** What crediting a top-up takes of its locked row. */
export type PaidTopUp = {
  id: string
  state: TopUpState
  account_id: string
  service_id: string
  payer_id: string
  meals: number
  unit_cents: Cents
  method: TopUpMethod
  created_at: Date
  now: Date
}

/**
 * Credits a paid top-up in the caller's transaction: state, journal, invoice and notice together. The caller holds the lock
 * of the row and has judged the provider's answer.
 */
export async function creditTopUp(
  trx: Trx,
  municipalityId: string,
  topUp: PaidTopUp,
  verdict: Extract<PaymentVerdict, { kind: 'paid' }>,
  cause: string,
): Promise<void> {
  await moveTopUp(trx, {
    municipalityId,
    topUpId: topUp.id,
    from: [topUp.state],
    to: 'paid',
    cause,
    operationId: verdict.operationId,
    circuit: verdict.circuit,
    paidAt: verdict.at,
  })
  const clearing = await systemAccount(trx, municipalityId, { kind: 'clearing', serviceId: topUp.service_id })
  const amountCents = topUp.meals * topUp.unit_cents
  await postJournal(trx, municipalityId, {
    kind: 'top_up',
    idempotencyKey: `top_up:${topUp.id}`,
    description: `Ricarica di ${topUp.meals} ${topUp.meals === 1 ? 'pasto' : 'pasti'}`,
    lines: [
      { accountId: topUp.account_id, amountCents, topUpId: topUp.id },
      { accountId: clearing, amountCents: -amountCents, topUpId: topUp.id },
    ],
  })
  const invoice = await issueInvoice(trx, municipalityId, topUp.id)
  await announce(trx, municipalityId, topUp, invoice.number)
  await recordAudit(
    trx,
    { municipalityId },
    {
      action: 'top-up:settled',
      objectType: 'top_up',
      objectId: topUp.id,
      details: { amountCents, invoice: invoice.number },
    },
  )
}

/** The notification is of this same transaction; the worker sends its mail. */
async function announce(
  trx: Trx,
  municipalityId: string,
  topUp: PaidTopUp,
  invoiceNumber: string,
): Promise<void> {
  const facts = await trx
    .selectFrom('account as a')
    .innerJoin('service as s', (join) =>
      join.on('s.municipality_id', '=', municipalityId).onRef('s.id', '=', 'a.service_id'),
    )
    .innerJoin('person as p', 'p.municipality_id', 'a.municipality_id')
    .innerJoin('municipality as m', 'm.id', 'a.municipality_id')
    .select(['p.given_name', 'm.slug', 's.name as service_name'])
    .where('a.municipality_id', '=', municipalityId)
    .where('a.id', '=', topUp.account_id)
    .where('p.id', '=', topUp.payer_id)
    .executeTakeFirstOrThrow()
  const paid = {
    givenName: facts.given_name,
    serviceName: facts.service_name,
    meals: topUp.meals,
    amountCents: topUp.meals * topUp.unit_cents,
    method: topUp.method,
    paidAt: topUp.now,
    invoiceNumber,
    pageUrl: `${env().PUBLIC_ORIGIN}/${facts.slug}/pagamenti/ricarica/${topUp.id}`,
  }
  await notify(trx, municipalityId, {
    event: 'top-up:credited',
    key: `top-up-paid:${topUp.id}`,
    to: [topUp.payer_id],
    money: 'own-payment',
    say: (t) => topUpPaidNotice(paid, t),
    path: `/pagamenti/ricarica/${topUp.id}`,
    urgent: isPayerWaiting(topUp.created_at, topUp.now),
  })
}
