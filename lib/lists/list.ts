import { allowedToStaff, type Capability } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'

/** What a cell holds: a day is `YYYY-MM-DD`, an amount is cents. */
export type CellKind = 'text' | 'day' | 'number' | 'euro'
export type CellValue = string | number | null

export type ListColumn = {
  key: string
  label: string
  kind?: CellKind
  /** Only for roles with this capability: for others the column does not exist. */
  needs?: Capability
  /** The rows may be sorted by it. */
  isSorted?: boolean
  /** Not shown until a person chooses it. */
  isExtra?: boolean
  /** A telephone shows it: the columns that decide. */
  onPhone?: boolean
  /** Its cells hold sentences, which are not cut. */
  isWide?: boolean
}

export type ListFilter = {
  key: string
  label: string
  hint?: string
  needs?: Capability
  /** What it holds while an address says nothing of it; an address says that it is empty. */
  initial?: string
} & (
  | { kind: 'words' }
  /** `options` are those that never change; without them the page gives them, and any text that `isValue` is one. */
  | { kind: 'choice'; options?: readonly ListOption[]; isValue?: (text: string) => boolean }
)

export type ListOption = { value: string; label: string }

export type ListSort = { key: string; isDown: boolean }

/** A way to see a list that has a name; each person adds their own. */
export type NamedView = { label: string; query: string }

/** A list of the office, as a value: its address, its statement, its table and its files are made of it. */
export type OfficeList = {
  /** Its address under `/admin/<municipality>/`. */
  key: string
  title: string
  opens: Capability
  /** The first column names the row and is always there. */
  columns: readonly ListColumn[]
  filters: readonly ListFilter[]
  /** The order of an address that names none. */
  sort: readonly ListSort[]
}

/** The rows that a page may hold; the first is the one of an address that says nothing. */
export const PAGE_SIZES = [50, 200, 1_000] as const

export type ListState = {
  /** Filter → what it holds; a filter without a value is not there. */
  filters: Readonly<Record<string, string>>
  sort: readonly ListSort[]
  columns: readonly string[]
  page: number
  size: (typeof PAGE_SIZES)[number]
}

/** One line of a list. */
export type ListRow = {
  id: string
  /** What stands behind its first cell. */
  href?: string
  cells: Readonly<Record<string, CellValue>>
}

export type ListPage = {
  rows: ListRow[]
  /** How many match; never more than `MOST_SORTED`, see `hasMore`. */
  total: number
  hasMore: boolean
  page: number
  pages: number
}

/** A list as one viewer has it, what an address asks of it, its page, and the choices of its filters. */
export type OpenedList = {
  list: OfficeList
  state: ListState
  options: Readonly<Record<string, readonly ListOption[]>>
  page: ListPage
}

/** The same for a file: all lines that match, some at a time. */
export type DownloadedList = Pick<OpenedList, 'list' | 'state'> & { batches: AsyncIterable<ListRow[]> }

/** Of more rows no order is made but the one that has an index. */
export const MOST_SORTED = 10_000

/** Of more rows than are sorted these have pages: the page of a row costs as much as all rows before it. */
export const MOST_WALKED = 1_000

/** A sort by three columns tells every row from the next. */
export const MOST_SORTS = 3

/** The list as this viewer has it: a column or filter that is not theirs does not exist. */
export function listFor(list: OfficeList, viewer: Viewer): OfficeList {
  const isTheirs = ({ needs }: { needs?: Capability }) => needs === undefined || allowedToStaff(viewer, needs)
  const columns = list.columns.filter(isTheirs)
  const keys = new Set(columns.map(({ key }) => key))
  return {
    ...list,
    columns,
    filters: list.filters.filter(isTheirs),
    sort: list.sort.filter(({ key }) => keys.has(key)),
  }
}

/** The columns of an address that names none. */
export const columnsAtFirst = ({ columns }: OfficeList): string[] =>
  columns.filter(({ isExtra }) => !isExtra).map(({ key }) => key)

/** The columns that are shown, in the order of the list. */
export const shownColumns = ({ columns }: OfficeList, state: Pick<ListState, 'columns'>): ListColumn[] =>
  columns.filter(({ key }) => state.columns.includes(key))

/** The sort after a press on a column's head: by it alone, and the other way round at the second press. */
export function sortedBy(state: Pick<ListState, 'sort'>, key: string): ListSort[] {
  const [first] = state.sort
  return [{ key, isDown: first?.key === key && state.sort.length === 1 ? !first.isDown : false }]
}

/** The sort with one more column at its end, or with that column the other way round. */
export function sortedAlsoBy({ sort }: Pick<ListState, 'sort'>, key: string): ListSort[] {
  const at = sort.findIndex((each) => each.key === key)
  if (at < 0) return [...sort, { key, isDown: false }].slice(-MOST_SORTS)
  return sort.map((each, index) => (index === at ? { key, isDown: !each.isDown } : each))
}

/** Which filters an address uses, for the register: never what they hold. */
export const filtersUsed = ({ filters }: Pick<ListState, 'filters'>): string =>
  Object.keys(filters).sort().join(',')
