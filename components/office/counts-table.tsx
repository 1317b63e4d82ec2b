'use client'

import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useMemo } from 'react'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { Table } from '#components/ui/table.tsx'
import type { ClassRow, CountMatrix } from '#lib/kitchen/count-matrix.ts'

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { naturally: sortFn_alphanumeric, byNumber: sortFn_basic },
})

type Column = ColumnDef<typeof features, ClassRow>

function columnsFor(matrix: CountMatrix): Column[] {
  return [
    { id: 'classe', header: 'Classe', accessorFn: (row) => row.className, sortFn: 'naturally' },
    { id: 'pasti', header: 'Pasti', accessorFn: (row) => row.meals, sortFn: 'byNumber', sortDescFirst: true },
    {
      id: 'assenti',
      header: 'Assenti',
      accessorFn: (row) => row.absent,
      sortFn: 'byNumber',
      sortDescFirst: true,
    },
    ...matrix.diets.map(
      (diet): Column => ({
        id: `dieta-${diet}`,
        header: diet,
        accessorFn: (row) => row.byDiet[diet] ?? 0,
        sortFn: 'byNumber',
        sortDescFirst: true,
      }),
    ),
  ]
}

const SORTED = { asc: 'ascending', desc: 'descending' } as const
const ARROWS: Record<'asc' | 'desc' | 'none', IconName> = {
  asc: 'arrow-up',
  desc: 'arrow-down',
  none: 'chevrons-up-down',
}

/** How a column is sorted; a narrow head says only that it is. */
const SortMark = ({ sorted }: { sorted: false | 'asc' | 'desc' }) => (
  <Icon
    name={ARROWS[sorted || 'none']}
    size="sm"
    className={`text-muted print:hidden ${sorted ? '' : 'max-sm:hidden'}`}
  />
)

/** A count of none is a dash, so that the eye finds the diets that are there. */
const Meals = ({ count }: { count: number }) =>
  count === 0 ? (
    <span className="text-muted">
      <span aria-hidden="true">–</span>
      <span className="sr-only">0</span>
    </span>
  ) : (
    count
  )

/** A school's meals by class and diet. Every column sorts; the totals stay at the foot. */
export function CountsTable({
  caption,
  printedHead,
  matrix,
}: {
  caption: string
  /** School and day, above the heads on each sheet: a browser repeats these and no caption. */
  printedHead: string
  matrix: CountMatrix
}) {
  const columns = useMemo(() => columnsFor(matrix), [matrix])
  const table = useTable({ features, columns, data: matrix.rows, enableSortingRemoval: false })
  return (
    <Table caption={caption} captionHidden>
      <thead>
        {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus. */}
        <tr aria-hidden="true" className="hidden print:table-row">
          <th colSpan={columns.length}>{printedHead}</th>
        </tr>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => {
              const sorted = header.column.getIsSorted()
              const numeric = header.column.id !== 'classe'
              return (
                <th
                  key={header.id}
                  scope="col"
                  aria-sort={sorted ? SORTED[sorted] : undefined}
                  className={numeric ? 'text-end!' : ''}
                >
                  <button
                    type="button"
                    onClick={header.column.getToggleSortingHandler()}
                    className="-mx-2 inline-flex min-h-11 items-center gap-1 sm:min-h-9 rounded px-2 font-semibold hover:bg-primary-light print:mx-0 print:p-0"
                  >
                    <table.FlexRender header={header} />
                    <SortMark sorted={sorted} />
                  </button>
                </th>
              )
            })}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.original.className}>
            <th scope="row" className="font-semibold">
              {row.original.className}
            </th>
            <td className="text-end font-semibold text-ink">{row.original.meals}</td>
            <td className="text-end">
              <Meals count={row.original.absent} />
            </td>
            {matrix.diets.map((diet) => (
              <td key={diet} className="text-end">
                <Meals count={row.original.byDiet[diet] ?? 0} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <Totals matrix={matrix} />
    </Table>
  )
}

function Totals({ matrix }: { matrix: CountMatrix }) {
  return (
    <tfoot>
      <tr className="font-semibold text-ink">
        <th scope="row">Totale</th>
        <td className="text-end text-lg">{matrix.totals.meals}</td>
        <td className="text-end">{matrix.totals.absent}</td>
        {matrix.diets.map((diet) => (
          <td key={diet} className="text-end">
            {matrix.totals.byDiet[diet] ?? 0}
          </td>
        ))}
      </tr>
    </tfoot>
  )
}
