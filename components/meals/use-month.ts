'use client'

import { useEffect, useState } from 'react'
import type { MonthView } from '#lib/meals/month-view.ts'

/** A tab hidden for longer than this loads its data again when it becomes visible. */
const STALE_MS = 60_000

/** The newest picture of a month: the one that the page was drawn with, or one that was loaded since. */
export function useMonth(drawn: MonthView, api: string): { view: MonthView; reload: () => void } {
  const [fresh, setFresh] = useState<MonthView | null>(null)
  const view = fresh && fresh.at > drawn.at ? fresh : drawn
  useRefresh(view, api, setFresh)
  return { view, reload: () => void readMonth(api, view).then((latest) => latest && setFresh(latest)) }
}

/** The month as it is now, or null when the server cannot be reached. */
async function readMonth(api: string, { pupilId, month }: MonthView): Promise<MonthView | null> {
  try {
    const response = await fetch(`${api}?figlio=${pupilId}&mese=${month}`, {
      headers: { accept: 'application/json' },
    })
    return response.ok ? ((await response.json()) as MonthView) : null
  } catch {
    return null
  }
}

/** Loads the month again when a hidden tab becomes visible: the other parent may have changed it. */
function useRefresh(view: MonthView, api: string, show: (latest: MonthView) => void) {
  useEffect(() => {
    let hiddenAt = 0
    const refresh = () => {
      if (document.visibilityState === 'hidden') hiddenAt = performance.now()
      else if (hiddenAt > 0 && performance.now() - hiddenAt > STALE_MS) {
        void readMonth(api, view).then((latest) => latest && show(latest))
      }
    }
    document.addEventListener('visibilitychange', refresh)
    return () => document.removeEventListener('visibilitychange', refresh)
  }, [view, api, show])
}
