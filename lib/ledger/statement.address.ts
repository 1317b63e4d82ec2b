import { type Day, parseDay } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type QueryValue, readFirst, type SearchParams } from '#lib/web/query-params.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import type { JournalKind } from './journal.ts'

/** The kinds that a family may choose between, by their word in the address. */
export const KIND_CHOICES = {
  ricariche: { label: phrase('Ricariche'), kinds: ['top_up'] },
  pasti: { label: phrase('Pasti'), kinds: ['meals'] },
  storni: { label: phrase('Storni'), kinds: ['meals_reversal'] },
  altro: { label: phrase('Altri movimenti'), kinds: ['opening', 'adjustment', 'refund', 'chargeback'] },
} as const satisfies Record<string, { label: string; kinds: readonly JournalKind[] }>
export type KindChoice = keyof typeof KIND_CHOICES

/** What the address of the statement asks for. Ids are only well formed here: whose they are is the query's matter. */
export type StatementFilters = {
  accountId: string | null
  pupilId: string | null
  kind: KindChoice | null
  /** Both days included. */
  from: Day | null
  to: Day | null
  /** From 1. */
  page: number
}

/** Everything, from the first page of the first account. */
export const NO_FILTERS: StatementFilters = {
  accountId: null,
  pupilId: null,
  kind: null,
  from: null,
  to: null,
  page: 1,
}

/** Sentences by the name of the field that is wrong; a wrong filter is not applied. */
export type FilterProblems = Partial<Record<'tipo' | 'dal' | 'al', Phrase>>

export type AskedFilters =
  | { found: true; filters: StatementFilters; problems: FilterProblems }
  /** An id that no row has. */
  | { found: false }

const LAST_PAGE = 9999

const firstText = (value: QueryValue): string => (readFirst(value) ?? '').trim()

/** `YYYY-MM-DD` as date fields send it, or "24/11/2026" as people write it. */
const readDay = (text: string): Day | null =>
  parseDay(text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1'))

const readPage = (text: string): number => {
  const page = /^\d{1,4}$/.test(text) ? Number(text) : 1
  return Math.min(Math.max(page, 1), LAST_PAGE)
}

const isKindChoice = (text: string): text is KindChoice => Object.hasOwn(KIND_CHOICES, text)

const BAD_DAY = phrase('Scrivi una data che esiste, per esempio 24/11/2026.')

/** Reads `conto`, `figlio`, `tipo`, `dal`, `al` and `pagina` from the address; nothing in it is believed. */
export function readStatementFilters(params: SearchParams): AskedFilters {
  const [account, pupil, kind] = [firstText(params.conto), firstText(params.figlio), firstText(params.tipo)]
  if ((account && !isUuid(account)) || (pupil && !isUuid(pupil))) return { found: false }
  const problems: FilterProblems = {}
  if (kind && !isKindChoice(kind)) problems.tipo = phrase('Scegli un tipo di movimento dall’elenco.')
  const from = readDay(firstText(params.dal))
  let to = readDay(firstText(params.al))
  if (firstText(params.dal) && !from) problems.dal = BAD_DAY
  if (firstText(params.al) && !to) problems.al = BAD_DAY
  if (from && to && to < from) {
    problems.al = phrase(
      'Il periodo finisce prima di cominciare: scegli una data uguale o successiva alla prima.',
    )
    to = null
  }
  return {
    found: true,
    filters: {
      accountId: account || null,
      pupilId: pupil || null,
      kind: isKindChoice(kind) ? kind : null,
      from,
      to,
      page: readPage(firstText(params.pagina)),
    },
    problems,
  }
}

/** The query string of filters, so that a statement can be bookmarked; the first page needs no number. */
export function statementFilterQuery({ accountId, pupilId, kind, from, to, page }: StatementFilters): string {
  const entries = {
    conto: accountId,
    figlio: pupilId,
    tipo: kind,
    dal: from,
    al: to,
    pagina: page > 1 ? `${page}` : null,
  }
  const query = new URLSearchParams(
    Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== null),
  ).toString()
  return query ? `?${query}` : ''
}

/** Whether any filter narrows the statement. */
export const isStatementFiltered = ({ pupilId, kind, from, to }: StatementFilters): boolean =>
  pupilId !== null || kind !== null || from !== null || to !== null
