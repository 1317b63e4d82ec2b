import type { Day } from '#lib/kernel/day.ts'
import { comparableClass } from '#lib/school/class-name.ts'
import type { BalanceOwner } from './balance.ts'
import { proposeTargets, type Target } from './header.ts'
import { folded } from './sheet.ts'

/** Who pays, as the office says once for a file: no list says it, and it is never guessed. */
export const PAYERS = ['first', 'second', 'mother', 'father', 'none'] as const
export type Payer = (typeof PAYERS)[number]

/** Where the day of a new enrolment, the classes and the adults of a file come from. */
export type Mapping = {
  /** The sheet, from 0, and the line with the names of the columns. */
  sheet: number
  header: number
  /** Column → what it is, and what the file calls it. */
  columns: readonly Target[]
  headers: readonly string[]
  payer: Payer
  /** Whether the adult who does not pay becomes a delegate, or is left out. */
  other: 'delegate' | 'none'
  yearId: string
  serviceIds: readonly string[]
  /** Null: the first day that no kitchen has counted. */
  from: Day | null
  /** Whose the balances of the file are, and of which day; null where it has none. */
  balance: { owner: BalanceOwner; day: Day } | null
  /** A class as the file writes it (`classKey`) → its id; `none`: its pupils are left out. */
  classes: Readonly<Record<string, string>>
}

/** A school and a class as a file writes them, by what is compared. */
export const classKey = (school: string, className: string): string =>
  `${folded(school)}|${comparableClass(className)}`

/** What is remembered of an earlier file with the same columns, in the order of this one; else what the names say. */
export function proposeMapping(
  place: Pick<Mapping, 'sheet' | 'header' | 'headers'>,
  remembered: Partial<Mapping> | null,
): Partial<Mapping> {
  const proposed = proposeTargets(place.headers)
  if (!remembered?.headers) return { ...place, columns: proposed }
  const earlier = new Map(
    remembered.headers.map((header, at) => [folded(header), remembered.columns?.[at] ?? '']),
  )
  const columns = place.headers.map((header) => earlier.get(folded(header)) ?? '')
  return { ...remembered, ...place, columns, from: null, balance: null }
}

/** Whether a file says what families had left with an earlier portal. */
export const hasBalances = (columns: readonly Target[]): boolean =>
  columns.includes('pupil.balance') || columns.includes('pupil.debt')

/** A file without pupils may still say something of a family: the code of who pays finds it. */
export const namesHouseholds = (columns: readonly Target[]): boolean =>
  columns.includes('adult1.fiscalCode') &&
  (hasBalances(columns) || columns.some((target) => target.startsWith('adult2.')))

/** The code or the names of a pupil: without them a file says nothing of a child. */
export const namesPupils = (columns: readonly Target[]): boolean =>
  ['pupil', 'person1'].some(
    (block) =>
      columns.includes(`${block}.fiscalCode` as Target) ||
      columns.includes(`${block}.bothNames` as Target) ||
      (columns.includes(`${block}.familyName` as Target) && columns.includes(`${block}.givenName` as Target)),
  )
