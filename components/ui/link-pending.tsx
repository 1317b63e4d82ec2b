'use client'

import { useLinkStatus } from 'next/link'

/**
 * Inside a link: while the next page is on its way, a bar at the top of the window says so, to the ear too.
 * The portal has no `loading.tsx`: it would send the page in two parts, of which a browser without JavaScript shows only
 * the first, and would answer 200 to what turns out not to exist.
 */
export function LinkPending() {
  const { pending } = useLinkStatus()
  if (!pending) return null
  return (
    <span role="status" className="pending-bar">
      <span className="sr-only">Caricamento in corso…</span>
    </span>
  )
}
