import type { ReactNode } from 'react'
import { Icon } from '#components/ui/icon.tsx'

export type Question = { question: string; answer: ReactNode }

/** Questions that open, one `<details>` each. */
export function Questions({ items }: { items: Question[] }) {
  return (
    <div
      data-surface
      className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-white shadow-low"
    >
      {items.map((item) => (
        <details key={item.question} className="group">
          <summary className="flex min-h-14 list-none items-center justify-between gap-4 px-5 py-3 font-semibold text-ink hover:bg-canvas">
            {item.question}
            <Icon name="chevron-down" className="text-primary group-open:rotate-180" />
          </summary>
          <div className="grid gap-2 px-5 pb-5">{item.answer}</div>
        </details>
      ))}
    </div>
  )
}
