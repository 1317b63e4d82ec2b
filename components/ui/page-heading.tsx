import type { ReactNode } from 'react'

/** The page's h1 with, when they help, what stands above it, a sentence under it and the page's actions beside it. */
export function PageHeading({
  title,
  eyebrow,
  lead,
  actions,
}: {
  title: ReactNode
  eyebrow?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="page-heading mb-6 flex flex-wrap items-end justify-between gap-4 sm:mb-8 print:mb-3">
      <div className="max-w-3xl">
        {eyebrow && <p className="mb-1 font-semibold text-muted first-letter:uppercase">{eyebrow}</p>}
        <h1 className="text-3xl sm:text-4xl">{title}</h1>
        {lead && <p className="mt-2 text-lg text-ink first-letter:uppercase">{lead}</p>}
      </div>
      {actions && <div className="page-actions flex flex-wrap gap-3 print:hidden">{actions}</div>}
    </div>
  )
}
