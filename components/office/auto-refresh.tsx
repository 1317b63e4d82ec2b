'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { AUTOMATIC_HEADER } from '#lib/web/automatic-request.ts'

/** Half a second to notice, the rest of the second to draw. */
const POLL_MILLIS = 500
const REFRESH_MILLIS = 15_000

/** What the numbers on the screen are a picture of, and where to ask whether they still are. */
export type Watched = { href: string; fingerprint: string }

/**
 * Keeps a visible page as the server has it: asks twice a second for a fingerprint of a few bytes, and renders the page
 * again when it has changed, and now and then in any case. What moves by itself can be stopped (WCAG 2.2.2).
 */
export function AutoRefresh({
  watched: { href, fingerprint },
  sees,
}: {
  watched: Watched
  /** What a person will see without a reload. */
  sees: string
}) {
  const router = useRouter()
  const [running, setRunning] = useState(true)
  useEffect(() => {
    if (!running) return
    let drawn = fingerprint
    let asking = false
    const isSeen = () => document.visibilityState === 'visible'
    const poll = async () => {
      if (asking || !isSeen()) return
      asking = true
      const now = await fetch(href, { cache: 'no-store', headers: { [AUTOMATIC_HEADER]: '1' } })
        .then((answer) => (answer.ok ? answer.text() : drawn))
        // The server cannot be reached for a moment: the next request will tell.
        .catch(() => drawn)
      asking = false
      if (now === drawn) return
      drawn = now
      router.refresh()
    }
    const polling = setInterval(poll, POLL_MILLIS)
    const refreshing = setInterval(() => isSeen() && router.refresh(), REFRESH_MILLIS)
    return () => {
      clearInterval(polling)
      clearInterval(refreshing)
    }
  }, [running, router, href, fingerprint])
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted print:hidden">
      <span>{running ? `Si aggiorna da solo: ${sees}.` : 'L’aggiornamento è fermo.'}</span>
      <Button
        type="button"
        look="quiet"
        icon={running ? 'circle-pause' : 'circle-play'}
        onClick={() => setRunning(!running)}
      >
        {running ? 'Ferma' : 'Riprendi'}
      </Button>
    </p>
  )
}
