import type { ReactNode } from 'react'

export type Datum = { term: ReactNode; value: ReactNode }

/**
 * Names and values, one under the other on a phone, side by side from a tablet on.
 * @param narrow for a column beside the page: one under the other at any width
 */
export function DataList({ items, narrow = false }: { items: readonly Datum[]; narrow?: boolean }) {
  const sides = narrow ? 'py-2' : 'py-3 sm:grid sm:grid-cols-[13rem_1fr] sm:gap-4'
  return (
    <dl className={`divide-y divide-line ${narrow ? 'print:grid print:grid-cols-2 print:gap-x-8' : ''}`}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list, drawn once.
        <div key={index} className={`${sides} first:pt-0 last:pb-0`}>
          <dt className="text-muted">{item.term}</dt>
          <dd className="font-semibold text-ink">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
