import { numericDay } from '#lib/words/format-day.ts'
import { formatBalance } from '#lib/words/format-money.ts'
import type { CellValue, ListColumn, ListOption, ListState, OfficeList } from './list.ts'

/** A cell as people read it. */
export function cellInWords({ kind }: Pick<ListColumn, 'kind'>, value: CellValue): string {
  if (value === null) return ''
  if (kind === 'day') return numericDay(String(value))
  return kind === 'euro' ? formatBalance(Number(value)) : String(value)
}

/** "Scuola: Rodari · Classe: 3A": what the lines were chosen by, for a sheet of paper and for a file. */
export function filtersInWords(
  { filters }: OfficeList,
  state: Pick<ListState, 'filters'>,
  options: Readonly<Record<string, readonly ListOption[]>>,
): string {
  return filters
    .flatMap(({ key, label }) => {
      const value = state.filters[key]
      if (value === undefined) return []
      return [`${label}: ${options[key]?.find((option) => option.value === value)?.label ?? value}`]
    })
    .join(' · ')
}

/** "Alunni: 1.204", and when there are more than are counted: "Alunni: più di 10.000". */
export const countInWords = (
  title: string,
  { total, hasMore }: { total: number; hasMore: boolean },
): string => `${title}: ${hasMore ? 'più di ' : ''}${total.toLocaleString('it-IT', { useGrouping: true })}`
