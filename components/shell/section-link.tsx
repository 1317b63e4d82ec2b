'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { LinkPending } from '#components/ui/link-pending.tsx'

/** A link that knows when the reader is there already, or under it. */
export function SectionLink({
  href,
  className,
  children,
}: {
  href: string
  className: string
  children: ReactNode
}) {
  const path = usePathname()
  const here = path === href || path.startsWith(`${href}/`)
  return (
    <Link href={href} prefetch={false} aria-current={here ? 'page' : undefined} className={className}>
      {children}
      <LinkPending />
    </Link>
  )
}
