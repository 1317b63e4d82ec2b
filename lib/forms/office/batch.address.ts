import { readText, type SearchParams } from '#lib/web/query-params.ts'
import type { ItemOutcome } from './batch.ts'

/** Which requests of a batch are listed. */
export type BatchFilter = { outcome: ItemOutcome | ''; page: number }

const OUTCOME_ADDRESSES: Readonly<Record<ItemOutcome, string>> = {
  waiting: 'in-attesa',
  ready: 'pronte',
  doubtful: 'da-guardare',
  done: 'fatte',
  refused: 'non-fatte',
  left: 'lasciate',
}

const outcomes = Object.keys(OUTCOME_ADDRESSES) as ItemOutcome[]
const LAST_PAGE = 1_000

/** Reads `?esito=da-guardare&pagina=2`. What makes no sense counts as not said. */
export function readBatchFilter({ esito, pagina }: SearchParams): BatchFilter {
  const page = Number(readText(pagina))
  return {
    outcome: outcomes.find((outcome) => OUTCOME_ADDRESSES[outcome] === readText(esito)) ?? '',
    page: Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1,
  }
}

/** The query of an address that lists these requests. */
export function batchQuery({ outcome, page }: BatchFilter): string {
  const query = new URLSearchParams()
  if (outcome) query.set('esito', OUTCOME_ADDRESSES[outcome])
  if (page > 1) query.set('pagina', String(page))
  const text = query.toString()
  return text && `?${text}`
}
