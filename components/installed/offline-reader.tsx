'use client'

import { useEffect } from 'react'

const AFTER_MS = 5_000

/** Registers the service worker and lets it keep the last *Oggi* and calendar, when the page has nothing else to do. */
export function OfflineReader({ paths }: { paths: string[] }) {
  const list = paths.join(' ')
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return
    const ask = async () => {
      await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
      const { active } = await navigator.serviceWorker.ready
      active?.postMessage({ what: 'keep', paths: list.split(' '), language: document.documentElement.lang })
    }
    // Where it is not allowed (private windows) the portal works as it does without.
    const timer = setTimeout(() => void ask().catch(() => undefined), AFTER_MS)
    return () => clearTimeout(timer)
  }, [list])
  return null
}
