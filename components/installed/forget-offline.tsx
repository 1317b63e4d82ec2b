'use client'

import { useEffect } from 'react'

/** After signing out nothing of the family stays in this browser, also where it does not know `Clear-Site-Data`. */
export function ForgetOffline() {
  useEffect(() => {
    const forget = async () => {
      navigator.serviceWorker?.controller?.postMessage({ what: 'dimentica' })
      if (!('caches' in window)) return
      for (const name of await caches.keys())
        if (name.startsWith('refettorio-pagine')) await caches.delete(name)
    }
    void forget().catch(() => undefined)
  }, [])
  return null
}
