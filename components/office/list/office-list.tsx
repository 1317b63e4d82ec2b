import type { ReactNode } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { listQuery } from '#lib/lists/list.address.ts'
import {
  type ListColumn,
  type ListOption,
  type ListPage,
  type ListState,
  MOST_WALKED,
  type NamedView,
  type OfficeList as OfficeListDescription,
  shownColumns,
  sortedAlsoBy,
  sortedBy,
} from '#lib/lists/list.ts'
import { cellInWords, countInWords, filtersInWords } from '#lib/lists/list.words.ts'
import type { KeptView } from '#lib/lists/list-view.ts'
import { ListFilters } from './list-filters.tsx'
import { type BatchPress, type DrawnColumn, ListTable } from './list-table.tsx'
import { ListViews, type ViewAction } from './list-views.tsx'

type Props = {
  municipalitySlug: string
  /** The list's address under `/admin/<municipality>/`, where that is not its key. */
  tail?: string
  list: OfficeListDescription
  state: ListState
  options: Readonly<Record<string, readonly ListOption[]>>
  page: ListPage
  /** What a reader finds in place of no row. */
  empty: ReactNode
  /** None for a list that keeps none. */
  views: { named: readonly NamedView[]; kept: readonly KeptView[]; keep: ViewAction; drop: ViewAction } | null
  /** What is done with the chosen rows; none for a reader who does nothing with them. */
  presses: readonly BatchPress[]
  /** What the presses read beside the query and the rows. */
  hidden?: Readonly<Record<string, string>>
  /** Whether the list is taken as a file too. */
  hasFiles: boolean
}

/** A list of the office: its views, its filters, how many match, its rows, its pages and its files. */
export function OfficeList({
  municipalitySlug,
  list,
  tail = list.key,
  state,
  options,
  page,
  empty,
  views,
  presses,
  hidden = {},
  hasFiles,
}: Props) {
  const base = `/admin/${municipalitySlug}/${tail}`
  const query = listQuery(list, state)
  const count = countInWords(list.title, page)
  const filters = filtersInWords(list, state, optionsOf(list, options))
  return (
    <>
      {views && (
        <ListViews
          base={base}
          hidden={{ municipalitySlug, list: list.key, query }}
          views={views.named}
          kept={views.kept}
          keep={views.keep}
          drop={views.drop}
        />
      )}
      <ListFilters {...{ base, list, state, options }} />
      <div className="mb-2 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p role="status" className="font-semibold text-ink">
          {count}
          {filters !== '' && <span className="ms-3 hidden font-normal print:inline">{filters}</span>}
        </p>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-1 text-sm [&_button]:min-h-11! sm:[&_button]:min-h-9! [&_button]:px-3! [&_button]:py-1! [&_button]:text-sm! print:hidden">
          {hasFiles && <Files base={base} query={query} />}
          <PrintButton />
        </div>
      </div>
      {page.hasMore && <TooMany list={list} state={state} />}
      {page.rows.length === 0 ? (
        <div className="rounded-lg border border-line bg-white p-4">{empty}</div>
      ) : (
        <Rows {...{ municipalitySlug, list, state, page, presses, hidden, query, count }} />
      )}
      <div className="mt-4">
        <Pagination
          label={`Pagine: ${list.title}`}
          page={page.page}
          pages={page.pages}
          hrefOf={(number) => `${base}?${listQuery(list, state, { page: number })}`}
        />
      </div>
    </>
  )
}

type RowsProps = Pick<Props, 'municipalitySlug' | 'list' | 'state' | 'page' | 'presses'> & {
  hidden: Readonly<Record<string, string>>
  query: string
  count: string
}

function Rows({ municipalitySlug, list, state, page, presses, hidden, query, count }: RowsProps) {
  const shown = shownColumns(list, state)
  const batch = {
    hidden: { ...hidden, municipalitySlug, query },
    presses,
    all: `Tutte quelle che corrispondono (${count.replace(/^.*: /, '')})`,
  }
  return (
    <ListTable
      caption={count}
      columns={shown.map((column) => drawnColumn(column, list, state, page.hasMore))}
      rows={page.rows.map(({ id, href, cells }) => ({
        id,
        href: href === undefined ? null : `/admin/${municipalitySlug}/${href}`,
        cells: shown.map((column) => cellInWords(column, cells[column.key] ?? null)),
      }))}
      batch={presses.length === 0 ? null : batch}
    />
  )
}

/** The choices of every filter: those of the list, and those that the page brings. */
const optionsOf = ({ filters }: OfficeListDescription, options: Props['options']): Props['options'] => ({
  ...options,
  ...Object.fromEntries(
    filters.flatMap((filter) =>
      filter.kind === 'choice' && filter.options ? [[filter.key, filter.options] as const] : [],
    ),
  ),
})

function drawnColumn(
  { key, label, kind, isSorted, onPhone, isWide }: ListColumn,
  list: OfficeListDescription,
  state: ListState,
  isOneOrder: boolean,
): DrawnColumn {
  const rank = state.sort.findIndex((sort) => sort.key === key)
  const hrefOf = (sort: ListState['sort']) => `?${listQuery(list, state, { sort })}`
  const isSortable = isSorted === true && (!isOneOrder || key === list.sort[0]?.key)
  return {
    key,
    label,
    isNumber: kind === 'number' || kind === 'euro',
    onPhone: onPhone === true,
    isWide: isWide === true,
    sorted:
      rank < 0 || !isSortable
        ? null
        : { isDown: state.sort[rank]?.isDown === true, rank: state.sort.length > 1 ? rank + 1 : null },
    href: isSortable ? hrefOf(sortedBy(state, key)) : null,
    // Beside the order that comes by itself there is none to add to.
    alsoHref:
      isSortable && !isOneOrder && rank < 0 && hrefOf(state.sort) !== hrefOf(list.sort)
        ? hrefOf(sortedAlsoBy(state, key))
        : null,
  }
}

const Files = ({ base, query }: { base: string; query: string }) => (
  <span className="inline-flex flex-wrap items-center gap-x-4">
    <Icon name="download" className="text-primary" />
    <a
      href={`${base}/file/csv?${query}`}
      className="inline-flex min-h-11 sm:min-h-9 items-center font-semibold"
    >
      Scarica CSV
    </a>
    <a
      href={`${base}/file/xlsx?${query}`}
      className="inline-flex min-h-11 sm:min-h-9 items-center font-semibold"
    >
      Scarica Excel
    </a>
  </span>
)

/** Of very many rows there is one order, and the first of them have a page. */
function TooMany({ list, state }: { list: OfficeListDescription; state: ListState }) {
  const [first] = list.sort
  const label = list.columns.find(({ key }) => key === first?.key)?.label ?? ''
  const isOther = state.sort[0]?.key !== first?.key
  return (
    <p className="mb-3 text-sm print:hidden">
      Qui si sfogliano le prime {MOST_WALKED.toLocaleString('it-IT', { useGrouping: true })}
      {isOther ? `, in ordine di ${label.toLocaleLowerCase('it')}` : ''}: per le altre, o per un altro ordine,
      usa un filtro. I file le hanno tutte.
    </p>
  )
}
