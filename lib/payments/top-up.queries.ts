import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { readAsFamily } from '#db/reading.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { heldHouseholds } from '#lib/access/own-pupils.ts'
import { householdsToldApart } from '#lib/access/told-apart.queries.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { accountsOfHouseholds } from '#lib/ledger/account.queries.ts'
import {
  type ChildPrice,
  childPrice,
  nextPriceAfter,
  type PriceVersion,
  priceOn,
} from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import type { TopUpMethod } from './gateway.ts'
import { isForPayer, type PayerFinding, type PaymentToSettle, payerFinding } from './payment-alarm.ts'
import type { TopUpState } from './top-up.ts'

/** A balance that can be topped up: one per household and service. */
export type TopUpAccount = {
  accountId: string
  serviceName: string
  householdName: string
  balanceCents: Cents
  /** The full price of a meal, which a top-up is a multiple of; null while none is published. */
  unitCents: Cents | null
  /** The next full price, where one is decided. */
  nextPrice: PriceVersion | null
  /** What each child of the household pays. */
  children: ChildPrice[]
}

/** A top-up begun less than an hour ago whose end is not known yet: a second one may be a mistake. */
export type OpenTopUp = { id: string; amountCents: Cents; createdAt: Date }

export type TopUpOffer = { accounts: TopUpAccount[]; open: OpenTopUp[] }

/** What the viewer may top up; null for a viewer who is not a holder. */
export async function topUpOffer(viewer: Viewer): Promise<TopUpOffer | null> {
  if (!allowedToFamily(viewer, 'money:pay')) return null
  return readAsFamily(viewer, async (trx) => {
    const [accounts, open] = await Promise.all([accountsToTopUp(trx, viewer), openTopUpsOf(trx, viewer)])
    return { accounts, open }
  })
}

async function accountsToTopUp(trx: Trx, viewer: Viewer): Promise<TopUpAccount[]> {
  const households = heldHouseholds(viewer)
  const [accounts, tariffs, fares, { today }] = await Promise.all([
    accountsOfHouseholds(trx, viewer.municipalityId, households),
    tariffsOf(trx, viewer.municipalityId),
    childrenFares(trx, viewer.municipalityId, households),
    readClock(trx),
  ])
  return accounts
    .filter(({ isServed }) => isServed)
    .map((account) => {
      const tariff = tariffs(account.serviceId)
      return {
        accountId: account.id,
        serviceName: account.serviceName,
        householdName: account.householdName,
        balanceCents: account.balanceCents,
        unitCents: priceOn(tariff.full, today),
        nextPrice: nextPriceAfter(tariff.full, today),
        children: fares
          .filter(
            (child) => child.householdId === account.householdId && child.serviceId === account.serviceId,
          )
          .flatMap((child) => childPrice(child, tariff, today) ?? []),
      }
    })
}

async function openTopUpsOf(trx: Trx, viewer: Viewer): Promise<OpenTopUp[]> {
  const rows = await trx
    .selectFrom('top_up')
    .select(['id', 'meals', 'unit_cents', 'created_at'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('payer_id', '=', viewer.personId)
    .where('state', 'in', ['redirected', 'pending'])
    .where('created_at', '>', sql<Date>`app_now() - interval '1 hour'`)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    amountCents: row.meals * row.unit_cents,
    createdAt: row.created_at,
  }))
}

/** One top-up as its payer sees it. */
export type TopUpView = {
  id: string
  state: TopUpState
  meals: number
  unitCents: Cents
  amountCents: Cents
  method: TopUpMethod
  orderId: string
  createdAt: Date
  paidAt: Date | null
  /** The provider's page, while it still makes sense to go there. */
  paymentUrl: string | null
  /** Whether that page was ever open to the payer. */
  wasOpened: boolean
  accountId: string
  /** Null for a past holder whose payment has no invoice: the account is not theirs to see any more. */
  serviceName: string | null
  /** Which household, for a person who pays for more than one. */
  householdName: string | null
  /** Null for a past holder: the payment is theirs, the balance is not. */
  balanceCents: Cents | null
  /** The invoice, once there is one; not complete while it waits for something, the holder's address most of all. */
  invoice: { id: string; number: string; isComplete: boolean } | null
  /** Something happened that the provider has not yet been asked about: the state may be old. */
  isBeingChecked: boolean
  /** Something does not add up, nothing is credited, and the office sees it in its list. */
  isUnderReview: boolean
  /** What became of the money beside that: taken twice, given back, or in doubt after the credit. */
  found: PayerFinding | null
  /** What the office wrote when it settled the payment. */
  officeNote: string | null
}

/** A top-up that the viewer paid, also as a holder in the past; null when it does not exist or is not theirs to see. */
export async function topUpView(viewer: Viewer, topUpId: string): Promise<TopUpView | null> {
  if (!allowedToFamily(viewer, 'invoices:read') || !isUuid(topUpId)) return null
  const { row, alarms } = await readAsFamily(viewer, async (trx) => {
    const [, found, own] = await Promise.all([
      enterSubject(trx, 'top_ups'),
      alarmsOf(trx, viewer.municipalityId, topUpId),
      ownTopUp(trx, viewer, topUpId),
    ])
    return { row: own, alarms: found }
  })
  if (!row || !allowedToFamily(viewer, 'invoices:read', row.household_id)) return null
  const names = await readAsFamily(viewer, (trx) =>
    householdsToldApart(trx, viewer.municipalityId, heldHouseholds(viewer)),
  )
  const state = row.state
  const found = payerFinding(
    alarms.filter((alarm) => !alarm.isSettled),
    state,
  )
  const isUnderReview = found?.kind === 'doubt' && state !== 'paid'
  return {
    id: row.id,
    state,
    meals: row.meals,
    unitCents: row.unit_cents,
    amountCents: row.meals * row.unit_cents,
    method: row.method,
    orderId: row.order_id,
    createdAt: row.created_at,
    paidAt: row.paid_at,
    paymentUrl: state === 'redirected' && !row.is_behind ? row.redirect_url : null,
    wasOpened: row.redirect_url !== null,
    accountId: row.account_id,
    serviceName: row.service_name,
    householdName: names.get(row.household_id) ?? null,
    balanceCents: allowedToFamily(viewer, 'money:read', row.household_id) ? row.balance_cents : null,
    invoice:
      row.invoice_id && row.number_text
        ? { id: row.invoice_id, number: row.number_text, isComplete: row.completed_at !== null }
        : null,
    isBeingChecked: row.is_behind && state !== 'paid',
    isUnderReview,
    found: isUnderReview ? null : found,
    officeNote: alarms.find(({ note, finding }) => note !== null && isForPayer(finding))?.note ?? null,
  }
}

/** What was found in a payment, the newest first. */
const alarmsOf = (trx: Trx, municipalityId: string, topUpId: string) =>
  trx
    .selectFrom('payment_alarm')
    .select(['finding', 'cents', 'note', sql<boolean>`settled_at is not null`.as('isSettled')])
    .where('municipality_id', '=', municipalityId)
    .where('top_up_id', '=', topUpId)
    .orderBy('raised_at', 'desc')
    .orderBy('id', 'desc')
    .execute()

const ownTopUp = (trx: Trx, viewer: Viewer, topUpId: string) =>
  trx
    .selectFrom('top_up as t')
    .leftJoin('account as a', (join) =>
      join.on('a.municipality_id', '=', viewer.municipalityId).onRef('a.id', '=', 't.account_id'),
    )
    .leftJoin('service as s', (join) =>
      join.on('s.municipality_id', '=', viewer.municipalityId).onRef('s.id', '=', 'a.service_id'),
    )
    .leftJoin('invoice as i', (join) =>
      join.on('i.municipality_id', '=', viewer.municipalityId).onRef('i.top_up_id', '=', 't.id'),
    )
    .select([
      't.id',
      't.state',
      't.meals',
      't.unit_cents',
      't.method',
      't.order_id',
      't.household_id',
      't.account_id',
    ])
    .select(['t.created_at', 't.paid_at', 't.redirect_url'])
    .select([sql<string | null>`coalesce(i.service_name, s.name)`.as('service_name'), 'a.balance_cents'])
    .select(['i.id as invoice_id', 'i.number_text', 'i.completed_at'])
    .select(sql<boolean>`coalesce(t.hinted_at > coalesce(t.answered_at, '-infinity'), false)`.as('is_behind'))
    .where('t.municipality_id', '=', viewer.municipalityId)
    .where('t.id', '=', topUpId)
    .where('t.payer_id', '=', viewer.personId)
    .executeTakeFirst()

/** The viewer's own payments that the office has still to settle, the newest first. */
export async function paymentsToSettle(viewer: Viewer): Promise<PaymentToSettle[]> {
  if (!allowedToFamily(viewer, 'invoices:read')) return []
  const [, rows] = await readAsFamily(viewer, (trx) =>
    Promise.all([enterSubject(trx, 'top_ups'), openSumsOf(trx, viewer)]),
  )
  return rows.map(({ top_up_id, finding, cents }) => ({
    topUpId: top_up_id,
    kind: finding === 'surplus' ? 'taken-twice' : 'given-back',
    cents,
  }))
}

const openSumsOf = (trx: Trx, viewer: Viewer) =>
  trx
    .selectFrom('payment_alarm as a')
    .innerJoin('top_up as t', (join) =>
      join.on('t.municipality_id', '=', viewer.municipalityId).onRef('t.id', '=', 'a.top_up_id'),
    )
    .select(['a.top_up_id', 'a.finding', sql<Cents>`coalesce(a.cents, t.meals * t.unit_cents)`.as('cents')])
    .where('a.municipality_id', '=', viewer.municipalityId)
    .where('t.payer_id', '=', viewer.personId)
    .where('t.state', '=', 'paid')
    .where('a.finding', 'in', ['surplus', 'reversed'])
    .where('a.settled_at', 'is', null)
    .orderBy('a.raised_at', 'desc')
    .execute()
