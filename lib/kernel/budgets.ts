const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const MEGABYTE = 1_024 * 1_024

/**
 * How often an act may be done in a window of time.
 *
 * Where it is counted: `uses` in the database, over all processes, by the guard of the action or by its command
 * (`takeFromBudget`); `rows` by the command, which counts what it has written; `requests` in the memory of each process, where a
 * turn to the database would cost more than the act.
 */
export type Budget = { most: number; seconds: number; counted: 'uses' | 'rows' | 'requests' }

/**
 * What one person, or one family where it says so, may do: each act that writes rows or sends messages, with its limit. Honest use
 * stays far below. The rate limits of signing in are beside it (`lib/session/rate-limit.commands.ts`): they know no person yet.
 */
export const BUDGETS = {
  /** Letters to an address that is not proved, with the name of the holder. */
  'delegates:invite': { most: 10, seconds: DAY, counted: 'uses' },
  /** The same by the address, over all people. */
  'delegates:invite-address': { most: 3, seconds: DAY, counted: 'uses' },
  'contacts:email-code': { most: 5, seconds: HOUR, counted: 'rows' },
  'contacts:phone-code': { most: 5, seconds: HOUR, counted: 'rows' },
  'contacts:phone-code-day': { most: 10, seconds: DAY, counted: 'uses' },
  /** By the number, over all people and municipalities: strangers who type it must not disturb its owner. */
  'contacts:number-hour': { most: 5, seconds: HOUR, counted: 'uses' },
  'contacts:number-day': { most: 10, seconds: DAY, counted: 'uses' },
  /** By the municipality, which pays for them: `SMS_DAILY_LIMIT` in place of this number. */
  'contacts:municipality-day': { most: 500, seconds: DAY, counted: 'uses' },
  'notifications:try': { most: 5, seconds: HOUR, counted: 'rows' },
  'feeds:make': { most: 20, seconds: DAY, counted: 'rows' },
  'top-up:start': { most: 30, seconds: DAY, counted: 'uses' },
  /** Started and not finished, of one account: each is asked about at the provider for a week. */
  'top-up:open': { most: 5, seconds: DAY, counted: 'rows' },
  /** Returns from the provider's page, of one top-up: each asks the provider immediately. Beyond it they ask like any look. */
  'top-up:return': { most: 10, seconds: HOUR, counted: 'uses' },
  /** A person whom the municipality does not know: each makes work for a clerk. */
  'access:ask': { most: 5, seconds: DAY, counted: 'uses' },
  'forms:step': { most: 300, seconds: HOUR, counted: 'uses' },
  /** Of one family. */
  'forms:send': { most: 20, seconds: YEAR, counted: 'rows' },
  /** Bytes, of one family. */
  'forms:documents': { most: 100 * MEGABYTE, seconds: YEAR, counted: 'rows' },
  'questionnaires:answer': { most: 60, seconds: HOUR, counted: 'uses' },
  'meals:change': { most: 3_000, seconds: 10 * MINUTE, counted: 'rows' },
  /** Files that cost to read or to draw. */
  'files:take': { most: 30, seconds: 10 * MINUTE, counted: 'requests' },
  /** Lists and exports; and any file for a person of the office, who goes through the documents of many families. */
  'lists:take': { most: 120, seconds: 10 * MINUTE, counted: 'requests' },
  /** Searches of the office's dialog, one at each pause of who types. */
  'search:take': { most: 900, seconds: 10 * MINUTE, counted: 'requests' },
  /** What costs, by the network address of who is signed out: a school, or a whole village behind its telephone company. */
  'public:take': { most: 300, seconds: 10 * MINUTE, counted: 'requests' },
  /** Small changes of the own rows: choices, ratings, addresses, devices, delegations that end. */
  'own:change': { most: 120, seconds: HOUR, counted: 'uses' },
} as const satisfies Record<string, Budget>

/** An act of the table. */
export type BudgetedAct = keyof typeof BUDGETS
type ActCounted<How extends Budget['counted']> = {
  [Act in BudgetedAct]: (typeof BUDGETS)[Act]['counted'] extends How ? Act : never
}[BudgetedAct]
/** An act whose uses are counted in the database. */
export type ActOfUses = ActCounted<'uses'>
/** An act whose rows its command counts. */
export type ActOfRows = ActCounted<'rows'>

/** Whether the uses of an act are counted, and not its rows. */
export const isCountedByUses = (act: ActOfUses | ActOfRows): act is ActOfUses =>
  BUDGETS[act].counted === 'uses'

/**
 * What an action of a person spends, or why it needs no budget. `of`: what the use is counted by, in place of the person.
 */
export type Spending<Input> =
  | ActOfUses
  | ActOfRows
  | readonly (ActOfUses | ActOfRows | { act: ActOfUses; of: (input: Input) => string })[]
  | { none: string }

/** The uses that an action takes from budgets, each with what it is counted by. */
export function usesOf<Input>(
  spending: Spending<Input>,
  person: string,
  input: Input,
): { act: ActOfUses; whose: string }[] {
  if (typeof spending === 'object' && 'none' in spending) return []
  const spent = typeof spending === 'string' ? [spending] : spending
  return spent.flatMap((one) => {
    if (typeof one === 'object') return [{ act: one.act, whose: one.of(input) }]
    return isCountedByUses(one) ? [{ act: one, whose: person }] : []
  })
}
