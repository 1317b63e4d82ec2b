import type { ReactNode } from 'react'

/**
 * A white sheet for one thing. With `title` it is a region of the page, named by its heading.
 * @param flush no padding, for a table or a list that reaches the edges.
 */
export function Card({
  title,
  titleId,
  headingLevel: Heading = 'h2',
  aside,
  flush = false,
  className = '',
  children,
}: {
  title?: ReactNode
  titleId?: string
  headingLevel?: 'h2' | 'h3'
  aside?: ReactNode
  flush?: boolean
  className?: string
  children: ReactNode
}) {
  const padding = flush ? 'overflow-hidden print:overflow-visible' : 'p-4 sm:p-6'
  return (
    <section
      aria-labelledby={title && titleId ? titleId : undefined}
      data-surface
      className={`relative rounded-lg border border-line bg-white shadow-low ${padding} ${className}`}
    >
      {(title || aside) && (
        <div
          className={`flex flex-wrap items-center justify-between gap-3 ${flush ? 'p-4 sm:px-6' : 'mb-4'}`}
        >
          {title && (
            <Heading id={titleId} className="text-xl">
              {title}
            </Heading>
          )}
          {aside}
        </div>
      )}
      {children}
    </section>
  )
}
