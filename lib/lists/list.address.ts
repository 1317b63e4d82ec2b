import { readPage } from '#lib/web/pagination.ts'
import { paramsOf, readEvery, readText, type SearchParams } from '#lib/web/query-params.ts'
import {
  columnsAtFirst,
  type ListFilter,
  type ListSort,
  type ListState,
  MOST_SORTS,
  type OfficeList,
  PAGE_SIZES,
} from './list.ts'

/** The names that every list uses in an address beside those of its filters. */
export const LIST_PARAMETERS = ['ordina', 'colonna', 'righe', 'pagina'] as const

const LONGEST_VALUE = 80

function filterValue(filter: ListFilter, params: SearchParams): string {
  if (params[filter.key] === undefined) return filter.initial ?? ''
  const text = readText(params[filter.key]).replaceAll('\u0000', '').slice(0, LONGEST_VALUE).trim()
  if (text === '' || filter.kind === 'words') return text
  const isKnown =
    filter.options?.some(({ value }) => value === text) ?? (filter.isValue ? filter.isValue(text) : true)
  return isKnown ? text : (filter.initial ?? '')
}

const sortOf = (text: string): ListSort => ({ key: text.replace(/^-/, ''), isDown: text.startsWith('-') })
const sortText = ({ key, isDown }: ListSort): string => `${isDown ? '-' : ''}${key}`

function readSort(list: OfficeList, params: SearchParams): readonly ListSort[] {
  const sortable = new Set(list.columns.filter(({ isSorted }) => isSorted).map(({ key }) => key))
  const byKey = new Map<string, ListSort>()
  for (const text of readEvery(params.ordina).slice(0, 10)) {
    const sort = sortOf(text)
    if (sortable.has(sort.key) && !byKey.has(sort.key)) byKey.set(sort.key, sort)
  }
  return byKey.size === 0 ? list.sort : [...byKey.values()].slice(0, MOST_SORTS)
}

function readColumns(list: OfficeList, params: SearchParams): string[] {
  const asked = new Set(readEvery(params.colonna))
  const chosen = list.columns.filter(({ key }, at) => at === 0 || asked.has(key)).map(({ key }) => key)
  return list.columns.some(({ key }) => asked.has(key)) ? chosen : columnsAtFirst(list)
}

/** What an address asks of a list. Any text is an address: what the list does not know is not asked. */
export function readListState(list: OfficeList, params: SearchParams): ListState {
  const filters = list.filters.map((filter) => [filter.key, filterValue(filter, params)] as const)
  return {
    filters: Object.fromEntries(filters.filter(([, value]) => value !== '')),
    sort: readSort(list, params),
    columns: readColumns(list, params),
    page: readPage(readText(params.pagina)),
    size: PAGE_SIZES.find((size) => String(size) === readText(params.righe)) ?? PAGE_SIZES[0],
  }
}

const isSame = (some: readonly string[], others: readonly string[]) => some.join() === others.join()

/** The parts of the address that asks for this, without those that ask for what comes by itself. */
export function listParameters(list: OfficeList, state: ListState): [name: string, value: string][] {
  const sort = state.sort.map(sortText)
  return [
    ...list.filters.flatMap(({ key, initial }): [string, string][] => {
      const value = state.filters[key] ?? ''
      return value === (initial ?? '') ? [] : [[key, value]]
    }),
    ...(isSame(sort, list.sort.map(sortText)) ? [] : sort.map((text): [string, string] => ['ordina', text])),
    ...(isSame(state.columns, columnsAtFirst(list))
      ? []
      : state.columns.map((key): [string, string] => ['colonna', key])),
    ...(state.size === PAGE_SIZES[0] ? [] : [['righe', String(state.size)] as [string, string]]),
    ...(state.page === 1 ? [] : [['pagina', String(state.page)] as [string, string]]),
  ]
}

/** The query of the address that asks for this, without its question mark. A change of anything but the page leads to the first one. */
export function listQuery(list: OfficeList, state: ListState, change: Partial<ListState> = {}): string {
  return new URLSearchParams(listParameters(list, { ...state, page: 1, ...change })).toString()
}

/** What a kept query asks now: columns and filters may have changed since. */
export const readListQuery = (list: OfficeList, query: string): ListState =>
  readListState(list, paramsOf(new URLSearchParams(query)))
