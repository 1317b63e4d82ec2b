import type { ReactNode } from 'react'

/** A link that knows when the reader is there already, or under it. */
export function SectionLink({
  href,
  path,
  className,
  children,
}: {
  href: string
  /** The address of the page being drawn. */
  path: string
  className: string
  children: ReactNode
}) {
  const here = path === href || path.startsWith(`${href}/`)
  return (
    <a href={href} aria-current={here ? 'page' : undefined} className={className}>
      {children}
    </a>
  )
}
