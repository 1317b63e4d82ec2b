'use client'

import { type ColumnDef, type Row, rowSelectionFeature, tableFeatures, useTable } from '@tanstack/react-table'
import {
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  useActionState,
  useEffect,
  useMemo,
} from 'react'
import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

/** A column as it is drawn: its head is a link where the list can be sorted by it. */
export type DrawnColumn = {
  key: string
  label: string
  isNumber: boolean
  onPhone: boolean
  isWide: boolean
  sorted: { isDown: boolean; rank: number | null } | null
  /** Sorts by it alone, or the other way round. */
  href: string | null
  /** Sorts by it after the others. */
  alsoHref: string | null
}

export type DrawnRow = { id: string; href: string | null; cells: readonly string[] }

export type BatchAction = (previous: FormState<unknown>, form: FormData) => Promise<FormState<unknown>>

/** What is done with several rows together, each by a press of its own; one that asks for more stands below the rows. */
export type BatchPress = {
  label: string
  action: BatchAction
  asks?: { title: string; fields: ReactNode }
}

/** What may be done with several rows together. */
export type Batch = {
  /** What the actions read beside the chosen rows: the municipality, and the query that the page answers. */
  hidden: Readonly<Record<string, string>>
  presses: readonly BatchPress[]
  /** "Tutti i 1.204", the rows of the other pages too. */
  all: string
}

type Props = {
  caption: string
  columns: readonly DrawnColumn[]
  rows: readonly DrawnRow[]
  batch: Batch | null
}

const features = tableFeatures({ rowSelectionFeature })
type Column = ColumnDef<typeof features, DrawnRow>

/** The field that a slash leads to: the first filter of the list. */
const FILTER = 'filtro-cerca'
const WRITES = 'input, textarea, select, [contenteditable]'

/** Rows with sorted heads, chosen rows and what is done with them. Arrows go from row to row, Enter opens, x chooses, a slash goes to the filter. */
export function ListTable({ caption, columns, rows, batch }: Props) {
  const drawn = useMemo(
    () =>
      columns.map(
        ({ key, label }, at): Column => ({ id: key, header: label, accessorFn: ({ cells }) => cells[at] }),
      ),
    [columns],
  )
  const table = useTable({
    features,
    columns: drawn,
    data: rows as DrawnRow[],
    getRowId: ({ id }) => id,
    enableRowSelection: batch !== null,
  })
  useSlash()
  const chosen = table.getSelectedRowIds().length
  const body = (
    <div className="rounded-lg border border-line bg-white print:border-0">
      {/* A group and not a region: the heading above already names the place, and two landmarks of one name do not help. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms. */}
      <div
        role="group"
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        onKeyDown={(event) => walk(event, (id) => table.getRow(id, true).toggleSelected())}
        className="scrolls relative overflow-auto rounded-lg sm:max-h-[75dvh] focus-visible:-outline-offset-4 print:max-h-none print:overflow-visible"
      >
        <table className="w-full border-collapse text-start text-sm [&_td]:border-t [&_td]:border-line [&_td]:px-2.5 [&_td]:py-1 sm:[&_td]:px-3 [&_th]:px-2.5 [&_th]:py-1 sm:[&_th]:px-3 [&_th]:text-start [&_th]:text-ink [&_tbody_th]:border-t [&_tbody_th]:border-line">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {batch && (
                <Head className="w-10 print:hidden">
                  <ChooseAll
                    isChecked={table.getIsAllPageRowsSelected()}
                    toggle={() => table.toggleAllPageRowsSelected()}
                  />
                </Head>
              )}
              {columns.map((column) => (
                <SortHead key={column.key} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <Line key={row.id} row={row} columns={columns} isChoosable={batch !== null} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
  return batch ? (
    <BatchForm batch={batch} chosen={chosen}>
      {body}
    </BatchForm>
  ) : (
    body
  )
}

const BatchForm = ({ batch, chosen, children }: { batch: Batch; chosen: number; children: ReactNode }) => (
  // React empties a form after its action: what was chosen stays chosen when the action refuses.
  <form className="grid grid-cols-1 gap-3" onReset={(event) => event.preventDefault()}>
    <HiddenFields values={batch.hidden} />
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 print:hidden">
      <span role="status" className="text-sm text-muted">
        {chosen === 0 ? 'Nessuna riga scelta.' : `Righe scelte: ${chosen}.`}
      </span>
      <label className="flex min-h-11 items-center gap-2 text-sm sm:min-h-9">
        <input type="checkbox" name="all" value="1" className="size-5 accent-primary" />
        {batch.all}
      </label>
      {batch.presses.map((press) => !press.asks && <Press key={press.label} {...press} />)}
    </div>
    {children}
    <div className="grid items-start gap-3 lg:grid-cols-2 print:hidden">
      {batch.presses.map(
        ({ asks, ...press }) =>
          asks && (
            <section
              key={press.label}
              aria-label={asks.title}
              data-surface
              className="grid gap-4 rounded-lg border border-line bg-white p-4"
            >
              <h2 className="text-lg">{asks.title}</h2>
              {asks.fields}
              <div>
                <Press {...press} />
              </div>
            </section>
          ),
      )}
    </div>
  </form>
)

/** One act on the chosen rows, with what it refused. */
function Press({ label, action }: Omit<BatchPress, 'asks'>) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<unknown>)
  return (
    <>
      <Button formAction={send} look="secondary" className="min-h-11! px-3! py-1! text-sm! sm:min-h-9!">
        {label}
      </Button>
      {state.error && (
        <div className="order-last w-full">
          <ErrorSummary message={state.error.message} fields={state.error.fields} />
        </div>
      )}
    </>
  )
}

const Head = ({ className = '', ...rest }: ComponentProps<'th'>) => (
  <th
    scope="col"
    {...rest}
    className={`sticky top-0 z-10 bg-canvas! font-semibold print:static ${className}`}
  />
)

const ARIA = { true: 'descending', false: 'ascending' } as const

function SortHead({ column }: { column: DrawnColumn }) {
  const { label, sorted, href, alsoHref } = column
  return (
    <Head
      aria-sort={sorted ? ARIA[`${sorted.isDown}`] : undefined}
      className={`${column.isNumber ? 'text-end!' : ''} ${column.onPhone ? '' : 'max-sm:hidden'}`}
    >
      <span className="inline-flex items-center gap-1 whitespace-nowrap">
        {href === null ? (
          label
        ) : (
          <a
            href={href}
            className="inline-flex min-h-11 items-center gap-1 text-ink no-underline hover:underline sm:min-h-8 print:min-h-0"
          >
            {label}
            <Icon
              name={sorted ? (sorted.isDown ? 'arrow-down' : 'arrow-up') : 'chevrons-up-down'}
              size="sm"
              className={`print:hidden ${sorted ? 'text-primary' : 'text-muted'}`}
            />
          </a>
        )}
        {sorted?.rank && <span className="text-xs text-muted print:hidden">{sorted.rank}</span>}
        {alsoHref && (
          <a
            href={alsoHref}
            aria-label={`Poi per ${label}`}
            title={`Poi per ${label}`}
            className="inline-flex size-8 items-center justify-center no-underline max-sm:hidden print:hidden"
          >
            <Icon name="plus" size="sm" />
          </a>
        )}
      </span>
    </Head>
  )
}

function Line({
  row,
  columns,
  isChoosable,
}: {
  row: Row<typeof features, DrawnRow>
  columns: readonly DrawnColumn[]
  isChoosable: boolean
}) {
  const { href, cells, id } = row.original
  return (
    <tr data-row={id} className="hover:bg-canvas has-checked:bg-muted-surface">
      {isChoosable && (
        <td className="print:hidden">
          <label className="flex min-h-11 min-w-8 items-center sm:min-h-8">
            <input
              type="checkbox"
              name="chosen[]"
              value={id}
              checked={row.getIsSelected()}
              onChange={row.getToggleSelectedHandler()}
              className="size-5 accent-primary"
            />
            <span className="sr-only">Scegli {cells[0]}</span>
          </label>
        </td>
      )}
      {columns.map((column, at) => {
        const text = cells[at] ?? ''
        const look = `${column.isNumber ? 'text-end' : ''} ${column.onPhone ? '' : 'max-sm:hidden'}`
        if (at > 0)
          return (
            <td
              key={column.key}
              title={text}
              className={column.isWide ? look : `${look} sm:max-w-52 sm:truncate print:whitespace-normal`}
            >
              {text}
            </td>
          )
        return (
          <th key={column.key} scope="row" className={`font-semibold sm:whitespace-nowrap ${look}`}>
            {href === null ? (
              text
            ) : (
              <a href={href} className="tap">
                {text}
              </a>
            )}
          </th>
        )
      })}
    </tr>
  )
}

/** All rows of the page. Without JavaScript it could do nothing, and is not drawn as one more row of the form: it has no name. */
const ChooseAll = ({ isChecked, toggle }: { isChecked: boolean; toggle: () => void }) => (
  <label className="flex min-h-11 min-w-8 items-center sm:min-h-8">
    <input type="checkbox" checked={isChecked} onChange={toggle} className="size-5 accent-primary" />
    <span className="sr-only">Scegli tutte le righe di questa pagina</span>
  </label>
)

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
}

/** From row to row with the arrows; x chooses the row that has the focus. */
function walk(event: KeyboardEvent<HTMLElement>, choose: (id: string) => void): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row] th a')]
  const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
  const step = STEPS[event.key]
  if (step && stops.length > 0) {
    const at = stops.findIndex((stop) => row?.contains(stop))
    stops[step(at, stops.length - 1)]?.focus()
    event.preventDefault()
  } else if (event.key === 'x' && row && event.currentTarget.querySelector('[name="chosen[]"]')) {
    choose(row.dataset.row ?? '')
    event.preventDefault()
  }
}

/** A slash, typed where nothing is written, goes to the first filter. */
function useSlash(): void {
  useEffect(() => {
    const go = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if ((event.target as HTMLElement | null)?.closest?.(WRITES)) return
      const field = document.getElementById(FILTER)
      if (!field) return
      event.preventDefault()
      field.focus()
    }
    document.addEventListener('keydown', go)
    return () => document.removeEventListener('keydown', go)
  }, [])
}
