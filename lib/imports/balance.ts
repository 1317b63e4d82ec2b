import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'

/** Whose money an amount of the file is: each child's own part, or the whole of the family, repeated beside each child. */
export const BALANCE_OWNERS = ['pupil', 'household'] as const
export type BalanceOwner = (typeof BALANCE_OWNERS)[number]

/** The account of a household with the service of the file. `openingCents`: the opening balances that it has already. */
export type OpenableAccount = {
  id: string
  householdId: string
  serviceId: string
  openingCents: Cents
}

/** What of a file's amounts is written, and what is not and why: the five sums are the sum of the file. */
export const BALANCE_FATES = ['write', 'same', 'doubtful', 'later', 'refused'] as const
export type BalanceFate = (typeof BALANCE_FATES)[number]

export type BalanceTotals = Readonly<Record<BalanceFate, { households: number; cents: Cents }>> & {
  fileCents: Cents
  /** What the file says its sum is, in a row of its own. */
  totalLineCents: Cents | null
  /** Of those that are written. */
  creditCents: Cents
  debtCents: Cents
}

/** An opening balance to write: what brings those of the account to what the file says. */
export type BalanceAct = {
  kind: 'balance'
  accountId: string
  householdId: string
  serviceId: string
  cents: Cents
  day: Day
}

/** A row's amount, with what was judged of the row. `householdId` null: its family is not there yet. */
export type BalanceRow = {
  line: number
  cents: Cents
  householdId: string | null
  isRefused: boolean
  isDoubtful: boolean
}

/** What a household's amounts do. `at`: the row that carries it. */
export type JudgedBalance = {
  fate: BalanceFate
  at: number
  cents: Cents
  words: string[]
  why: string[]
  act: BalanceAct | null
}

/** "4,30 € a debito" */
export const balanceInWords = (cents: Cents): string =>
  `${formatEuro(Math.abs(cents))} ${cents < 0 ? 'a debito' : 'a credito'}`

const sumOf = (rows: readonly BalanceRow[]): Cents => rows.reduce((sum, { cents }) => sum + cents, 0)

/** The amounts of one household against its account. `rows` are places in the list of the file. */
function judgeHousehold(
  rows: readonly { at: number; row: BalanceRow }[],
  account: OpenableAccount | undefined,
  { owner, day }: { owner: BalanceOwner; day: Day },
): JudgedBalance {
  const all = rows.map(({ row }) => row)
  const [first] = rows as [{ at: number; row: BalanceRow }]
  const carrier = rows.find(({ row }) => !row.isRefused) ?? first
  const cents = owner === 'pupil' ? sumOf(all) : first.row.cents
  const none = { at: carrier.at, cents, words: [], why: [], act: null }
  if (owner === 'household' && all.some((row) => row.cents !== cents))
    return {
      ...none,
      fate: 'refused',
      why: [
        `Le righe ${all.map(({ line }) => line).join(' e ')} sono della stessa famiglia e hanno saldi diversi: hai detto che il saldo è della famiglia.`,
      ],
    }
  if (carrier.row.isRefused) return { ...none, fate: 'refused' }
  if (!account)
    return {
      ...none,
      fate: 'later',
      words: [
        `Saldo di ${balanceInWords(cents)}: si registra dopo, quando la famiglia ha un conto per questo servizio.`,
      ],
    }
  const missing = cents - account.openingCents
  if (missing === 0) return { ...none, fate: 'same' }
  const act: BalanceAct = {
    ...{ kind: 'balance', accountId: account.id, householdId: account.householdId },
    ...{ serviceId: account.serviceId, cents: missing, day },
  }
  const isPart = all.some((row) => row.isRefused)
  const why = [
    ...(account.openingCents !== 0
      ? [
          `Il saldo iniziale registrato è di ${balanceInWords(account.openingCents)}, nel file di ${balanceInWords(cents)}: si registra la differenza, ${balanceInWords(missing)}.`,
        ]
      : []),
    ...(isPart
      ? ['Un’altra riga di questa famiglia non si può importare: il saldo sarebbe solo una parte.']
      : []),
  ]
  const words =
    account.openingCents === 0
      ? [dated`Saldo iniziale al ${numericDay(day)}: ${balanceInWords(cents)}.`]
      : [dated`Differenza del saldo iniziale al ${numericDay(day)}: ${balanceInWords(missing)}.`]
  return { ...none, fate: why.length > 0 || carrier.row.isDoubtful ? 'doubtful' : 'write', words, why, act }
}

/**
 * What the amounts of a file do to the accounts of the households, each once. An account that the import itself opens waits for a
 * second pass: movements are never taken back, so that what makes people can be undone and what moves money is reversed.
 */
export function judgeBalances(
  rows: readonly (BalanceRow | null)[],
  accounts: readonly OpenableAccount[],
  asked: { owner: BalanceOwner; day: Day; totalLineCents: Cents | null },
): { judged: JudgedBalance[]; totals: BalanceTotals } {
  const accountOf = new Map(accounts.map((account) => [account.householdId, account]))
  const groups = new Map<string, { at: number; row: BalanceRow }[]>()
  for (const [at, row] of rows.entries()) {
    if (!row) continue
    const key = row.householdId ?? `row:${at}`
    groups.set(key, [...(groups.get(key) ?? []), { at, row }])
  }
  const judged = [...groups].map(([key, group]) => judgeHousehold(group, accountOf.get(key), asked))
  const inFate = (fate: BalanceFate) => {
    const own = judged.filter((one) => one.fate === fate)
    return { households: own.length, cents: own.reduce((sum, { cents }) => sum + cents, 0) }
  }
  const written = judged.filter(({ fate }) => fate === 'write').map(({ cents }) => cents)
  return {
    judged,
    totals: {
      ...{ write: inFate('write'), same: inFate('same'), doubtful: inFate('doubtful') },
      ...{ later: inFate('later'), refused: inFate('refused'), totalLineCents: asked.totalLineCents },
      fileCents: judged.reduce((sum, { cents }) => sum + cents, 0),
      creditCents: written.filter((cents) => cents > 0).reduce((sum, cents) => sum + cents, 0),
      debtCents: written.filter((cents) => cents < 0).reduce((sum, cents) => sum + cents, 0),
    },
  }
}
