import { type Cents, parseEuro } from '#lib/kernel/money.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import type { PaymentVerdict } from './gateway.ts'
import type { TopUpRefusal } from './top-up.refusals.ts'

/** The most meals one top-up may buy: about a school year for one child. */
export const MAX_MEALS = 200

/** What a top-up buys. `amountCents` is always `meals × unitCents`. */
export type Purchase = { meals: number; unitCents: Cents; amountCents: Cents }

/**
 * Reads what a person asked to buy: a number of meals or an amount of euro, as typed.
 * The manual's rule: an amount is always a multiple of the meal price. Otherwise the refusal carries the nearest two.
 * @param unitCents the meal price now in force, integer cents
 */
export function readPurchase(
  asked: { meals?: string | undefined; amount?: string | undefined },
  unitCents: Cents,
): Result<Purchase, TopUpRefusal> {
  const meals = asked.meals?.trim() ?? ''
  const amount = asked.amount?.trim() ?? ''
  if (unitCents <= 0) return refused('top-up:no-price')
  if (meals === '' && amount === '') return refused('top-up:nothing-asked')
  if (meals !== '' && amount !== '') return refused('top-up:two-answers')
  return meals === '' ? readAmount(amount, unitCents) : readMeals(meals, unitCents)
}

function readMeals(typed: string, unitCents: Cents): Result<Purchase, TopUpRefusal> {
  if (!/^\d{1,6}$/.test(typed)) return refused('top-up:not-a-number', { max: MAX_MEALS })
  const meals = Number(typed)
  if (meals < 1 || meals > MAX_MEALS) return refused('top-up:out-of-range', rangeOf(unitCents))
  return ok(purchaseOf(meals, unitCents))
}

function readAmount(typed: string, unitCents: Cents): Result<Purchase, TopUpRefusal> {
  const cents = parseEuro(typed.replace(/\beuro?\b/i, ''))
  if (cents === null) return refused('top-up:not-an-amount', { example: unitCents * 10 })
  if (cents < unitCents || cents > unitCents * MAX_MEALS)
    return refused('top-up:out-of-range', rangeOf(unitCents))
  if (cents % unitCents !== 0) {
    const [below, above] = nearestAmounts(cents, unitCents)
    return refused('top-up:not-a-multiple', {
      unit: unitCents,
      below,
      above,
    })
  }
  return ok(purchaseOf(cents / unitCents, unitCents))
}

const rangeOf = (unitCents: Cents) => ({
  n: MAX_MEALS,
  least: unitCents,
  most: unitCents * MAX_MEALS,
})

export const purchaseOf = (meals: number, unitCents: Cents): Purchase => ({
  meals,
  unitCents,
  amountCents: meals * unitCents,
})

/** The two neighbouring amounts that can be paid, the lower first; inside 1…MAX_MEALS meals. */
export function nearestAmounts(cents: Cents, unitCents: Cents): [Cents, Cents] {
  const below = Math.min(Math.max(Math.floor(cents / unitCents), 1), MAX_MEALS - 1)
  return [below * unitCents, (below + 1) * unitCents]
}

export const TOP_UP_STATES = [
  'created',
  'redirected',
  'pending',
  'paid',
  'failed',
  'canceled',
  'expired',
] as const
export type TopUpState = (typeof TOP_UP_STATES)[number]

/**
 * Every legal move. What is not written here cannot happen; the database holds the same table.
 * The same order may be tried again after a refusal, and banks answer late: so an end without money may still become paid.
 * Nothing leads away from paid.
 */
export const TRANSITIONS: Readonly<Record<TopUpState, readonly TopUpState[]>> = {
  created: ['redirected', 'pending', 'paid', 'failed', 'canceled', 'expired'],
  redirected: ['pending', 'paid', 'failed', 'canceled', 'expired'],
  pending: ['paid', 'failed', 'canceled', 'expired'],
  failed: ['pending', 'paid'],
  canceled: ['pending', 'paid'],
  expired: ['pending', 'paid'],
  paid: [],
}

export const canMove = (from: TopUpState, to: TopUpState): boolean => TRANSITIONS[from].includes(to)

/** Still undecided: the provider may yet say anything. */
export const isOpen = (state: TopUpState): boolean =>
  state === 'created' || state === 'redirected' || state === 'pending'

/** Something a person must look at. It never blocks and never changes money by itself. */
export type PaymentFinding =
  | 'late-success'
  | 'surplus'
  | 'mismatch'
  | 'unknown-answer'
  | 'reversed'
  | 'credited-but-not-paid'
  | 'still-open'

/** `to` null: the state stays. `settle`: credit, invoice and mail belong to this move. */
export type Decision = {
  to: TopUpState | null
  settle: boolean
  findings: PaymentFinding[]
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** An unpaid order is given up after this long, and only when the provider confirms that nothing was paid. */
export const EXPIRES_AFTER_MS = 60 * MINUTE

/**
 * What the provider's answer means for a top-up.
 * @param ageMs milliseconds since the top-up was created, by the database's clock
 */
export function decide(state: TopUpState, verdict: PaymentVerdict, ageMs: number): Decision {
  if (state === 'paid') return { to: null, settle: false, findings: findingsAfterCredit(verdict) }
  switch (verdict.kind) {
    case 'paid':
      return {
        to: 'paid',
        settle: true,
        findings: findingsOfSuccess(state, verdict.surplusCents),
      }
    case 'pending':
      return stay(state === 'pending' ? null : 'pending')
    case 'open':
    case 'not_found':
      return stay(isOpen(state) && ageMs >= EXPIRES_AFTER_MS ? 'expired' : null)
    case 'failed':
    case 'canceled':
    case 'expired':
      return stay(isOpen(state) ? verdict.kind : null)
    case 'reversed':
      return stay(isOpen(state) ? 'canceled' : null, ['reversed'])
    case 'mismatch':
      return stay(null, ['mismatch'])
    case 'unknown':
      return stay(null, ['unknown-answer'])
  }
}

const stay = (to: TopUpState | null, findings: PaymentFinding[] = []): Decision => ({
  to,
  settle: false,
  findings,
})

function findingsOfSuccess(state: TopUpState, surplusCents: Cents): PaymentFinding[] {
  const findings: PaymentFinding[] = []
  if (state === 'expired' || state === 'canceled') findings.push('late-success')
  if (surplusCents > 0) findings.push('surplus')
  return findings
}

function findingsAfterCredit(verdict: PaymentVerdict): PaymentFinding[] {
  switch (verdict.kind) {
    case 'paid':
      return verdict.surplusCents > 0 ? ['surplus'] : []
    case 'reversed':
      return ['reversed']
    case 'mismatch':
      return ['mismatch']
    case 'unknown':
      return ['unknown-answer']
    default:
      return ['credited-but-not-paid']
  }
}

const STAYS_MS = 15 * MINUTE

/** Whether the payer still waits for the answer: it may come at night, because they paid at night. */
export const isPayerWaiting = (createdAt: Date, now: Date): boolean =>
  now.getTime() - createdAt.getTime() < STAYS_MS

/** So long a payer may still try another card on the provider's page: until then a refusal is no end. */
const FAILURE_TOLD_AFTER_MS = 30 * MINUTE

/**
 * Whether the payer is told that nothing was paid: when the provider says so of an order that is refused and no longer young.
 * @param ageMs milliseconds since the top-up was created, by the database's clock
 */
export const isFailureTold = (state: TopUpState, verdict: PaymentVerdict, ageMs: number): boolean =>
  state === 'failed' && verdict.kind === 'failed' && ageMs >= FAILURE_TOLD_AFTER_MS

/** How long after its creation a top-up that is not paid is checked: dense while the family waits, then for a week, because banks answer late. */
const CHECKS_MS = [
  ...[1, 2, 5, 10, 20, 40, 60, 120, 360].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 5, 6, 7].map((days) => days * DAY),
]

/** When a paid one is looked at again: a refund or a chargeback at the provider may not be notified. */
const PAID_CHECKS_MS = [1, 3, 7, 14, 30].map((days) => days * DAY)

/**
 * When to ask the provider next, or null when a week has passed, or a month for what is paid.
 * Counted from the creation and not from the last check, so that a worker that slept does not repeat what it missed.
 */
export function nextCheckAt(createdAt: Date, now: Date, state: TopUpState): Date | null {
  const age = now.getTime() - createdAt.getTime()
  const next = (state === 'paid' ? PAID_CHECKS_MS : CHECKS_MS).find((offset) => offset > age)
  return next === undefined ? null : new Date(createdAt.getTime() + next)
}

/** What the last check leaves: an order that is neither paid nor over is a person's to look into. */
export const leftOpen = (state: TopUpState, next: Date | null): PaymentFinding[] =>
  next === null && isOpen(state) ? ['still-open'] : []

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/**
 * Our order id at the provider: `R` and 17 characters, A–Z and 2–9 without the pairs people confuse.
 * Eighteen characters are what every version of Nexi's contract accepts.
 * @param random 17 bytes from a cryptographic source (85 bits are used)
 */
export function orderIdFrom(random: Uint8Array): string {
  if (random.length < 17) throw new RangeError('an order id needs 17 random bytes')
  return `R${Array.from(random.slice(0, 17), (byte) => LETTERS[byte & 31]).join('')}`
}
