import type { ReactNode } from 'react'

export type Datum = { term: ReactNode; value: ReactNode }

/** Names and values, one under the other on a phone, side by side from a tablet on. */
export function DataList({ items }: { items: Datum[] }) {
  return (
    <dl className="divide-y divide-line">
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list, drawn once.
        <div key={index} className="py-3 first:pt-0 last:pb-0 sm:grid sm:grid-cols-[13rem_1fr] sm:gap-4">
          <dt className="text-muted">{item.term}</dt>
          <dd className="font-semibold text-ink">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
