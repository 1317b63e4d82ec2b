'use client'

import { useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { LostNotice } from '#components/ui/lost-notice.tsx'
import { useSteadyRefresh } from '#components/ui/use-steady-refresh.ts'
import { AUTOMATIC_HEADER } from '#lib/web/automatic-request.ts'

/** Half a second to notice, the rest of the second to draw. */
const POLL_MILLIS = 500
const REFRESH_MILLIS = 15_000
/** An answer of a few bytes that takes longer is none. */
const PATIENCE_MILLIS = 5_000

/** What the numbers on the screen are a picture of, and where to ask whether they still are. */
export type Watched = { href: string; fingerprint: string }

/**
 * Keeps a visible page as the server has it: asks twice a second for a fingerprint of a few bytes, and renders the page
 * again when it has changed, and now and then in any case. Without a network the last numbers stay, with since when they are
 * old. What moves by itself can be stopped (WCAG 2.2.2).
 */
export function AutoRefresh({
  watched: { href, fingerprint },
  sees,
}: {
  watched: Watched
  /** What a person will see without a reload. */
  sees: string
}) {
  const { lost, found, miss, refresh } = useSteadyRefresh()
  const isLost = lost !== null
  const [running, setRunning] = useState(true)
  useEffect(() => {
    if (!running) return
    let drawn = fingerprint
    let asking = false
    const isSeen = () => document.visibilityState === 'visible'
    const poll = async () => {
      if (asking || !isSeen()) return
      asking = true
      const answer = await fetch(href, {
        cache: 'no-store',
        headers: { [AUTOMATIC_HEADER]: '1' },
        signal: AbortSignal.timeout(PATIENCE_MILLIS),
      }).catch(() => null)
      const now = answer?.ok ? await answer.text().catch(() => null) : drawn
      asking = false
      if (answer === null || now === null || answer.status >= 500)
        return miss(answer === null || now === null)
      found()
      if (now === drawn) return
      drawn = now
      refresh()
    }
    const polling = setInterval(poll, POLL_MILLIS)
    // While nothing answers there is nothing to draw; what changed meanwhile shows in the first answer.
    const refreshing = setInterval(() => isSeen() && !isLost && refresh(), REFRESH_MILLIS)
    return () => {
      clearInterval(polling)
      clearInterval(refreshing)
    }
  }, [running, isLost, href, fingerprint, found, miss, refresh])
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted print:hidden">
      {!(running && isLost) && (
        <span>{running ? `Si aggiorna da solo: ${sees}.` : 'L’aggiornamento è fermo.'}</span>
      )}
      <LostNotice lost={running ? lost : null} />
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
