'use client'

import { useEffect } from 'react'
import { LostNotice } from '#components/ui/lost-notice.tsx'
import { useSteadyRefresh } from '#components/ui/use-steady-refresh.ts'

const REFRESH_MILLIS = 1_500

/** How far the worker is with a batch: the page renders itself again until it is over. */
export function BatchProgress({ label, done, total }: { label: string; done: number; total: number }) {
  const { lost, refresh } = useSteadyRefresh()
  useEffect(() => {
    const timer = setInterval(refresh, REFRESH_MILLIS)
    return () => clearInterval(timer)
  }, [refresh])
  return (
    <div className="grid gap-2">
      <LostNotice lost={lost} />
      <label className="grid gap-2">
        <span role="status" className="font-semibold text-ink">
          {label}: {done} di {total}
        </span>
        <progress value={done} max={total} className="h-3 w-full max-w-xl accent-primary" />
      </label>
      <noscript>
        <a href="?">Aggiorna la pagina</a>
      </noscript>
    </div>
  )
}
