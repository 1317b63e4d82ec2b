'use client'

import { usePathname } from 'next/navigation'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'

/**
 * The menu under one's own name: a `<details>`, so it opens without JavaScript. With it, Esc and leaving the menu close it,
 * and so does arriving on another page.
 */
export function PersonMenu({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  const path = usePathname()
  const details = useRef<HTMLDetailsElement>(null)
  const close = () => {
    if (details.current) details.current.open = false
  }
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return
    close()
    details.current.querySelector('summary')?.focus()
  }
  return (
    <details
      key={path}
      ref={details}
      className="group relative"
      onKeyDown={closeOnEscape}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && event.relatedTarget && close()}
    >
      <summary className="flex min-h-11 list-none items-center gap-2 rounded px-1 text-white hover:underline">
        {summary}
      </summary>
      <div
        data-surface
        className="absolute end-0 top-full z-40 mt-2 w-72 rounded-lg border border-line bg-white p-2 text-body shadow-high"
      >
        {children}
      </div>
    </details>
  )
}
