'use client'

import { useEffect } from 'react'

/** After signing out nothing of the family stays in this browser, also where it does not know `Clear-Site-Data`. */
export function ForgetOffline() {
  useEffect(() => {
    const forget = async () => {
      navigator.serviceWorker?.controller?.postMessage({ what: 'forget' })
      if (!('caches' in window)) return
      // Everything but the build's files: also pages that an earlier version kept under another name.
      for (const name of await caches.keys())
        if (!name.startsWith('refettorio-file')) await caches.delete(name)
    }
    void forget().catch(() => undefined)
  }, [])
  return null
}
