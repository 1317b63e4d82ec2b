import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import type { PaymentMethod, Supplier } from './invoice.ts'

/** One payment of a year: the invoice of its top-up has the day on which the money was there. */
export type YearPayment = {
  invoiceId: string
  number: string
  day: Day
  method: PaymentMethod
  totalCents: Cents
}

/** Money that went back in the year, in cents above zero. */
export type YearReturn = { id: string; day: Day; kind: 'refund' | 'chargeback'; cents: Cents }

/** What a child ate in a year, and its part of what was paid. */
export type YearChild = {
  pupilId: string
  name: string
  /** Null: none is registered yet. */
  fiscalCode: string | null
  meals: number
  mealsCents: Cents
  /** Null where nothing was eaten: there is nothing to divide by. */
  shareCents: Cents | null
}

/** What one person paid for the canteen in a calendar year, as the income tax return (modello 730) asks for it. */
export type YearExpenses = {
  year: number
  /** Years with payments, and the running one; the newest first. */
  years: number[]
  /** The year is not over: more may come. */
  isRunning: boolean
  payer: { name: string; fiscalCode: string }
  /** Who was paid, as on the newest invoice of the year; null without payments. */
  supplier: Supplier | null
  serviceNames: string[]
  payments: YearPayment[]
  returns: YearReturn[]
  /** Paid, less what went back. */
  totalCents: Cents
  children: YearChild[]
}

/** "2026" → 2026; null for what is no year of this portal. */
export function readYear(text: string | undefined): number | null {
  return text !== undefined && /^20\d\d$/.test(text) ? Number(text) : null
}

/** Return time is the year after: the newest year that is over, or the running one while there is no other. */
export const yearToShow = (years: readonly number[], running: number): number =>
  years.find((year) => year < running) ?? running

/**
 * An amount divided in proportion to weights, to the cent: the parts add up to it. The cents that are left over go to the
 * largest remainders, to the first of equals.
 * @param weights zero or more; nulls are given back where all are zero, and where there is nothing to divide
 */
export function divideByWeight(cents: Cents, weights: readonly number[]): (Cents | null)[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum <= 0 || cents <= 0) return weights.map(() => null)
  const parts = weights.map((weight, index) => {
    const exact = BigInt(cents) * BigInt(weight)
    return { index, part: Number(exact / BigInt(sum)), rest: exact % BigInt(sum) }
  })
  const over = cents - parts.reduce((total, { part }) => total + part, 0)
  const luckiest = parts
    .toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1))
    .slice(0, over)
    .map(({ index }) => index)
  return parts.map(({ index, part }) => part + (luckiest.includes(index) ? 1 : 0))
}
