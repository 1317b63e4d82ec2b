'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const FIRST_MS = 2_000
const LONGEST_MS = 30_000

/** Reads the page again while it waits for an answer: every two seconds at first, then rarer. Without JavaScript, a link does. */
export function KeepChecking({ here }: { here: string }) {
  const router = useRouter()
  useEffect(() => {
    let pause = FIRST_MS
    let timer = window.setTimeout(check, pause)
    function check() {
      if (document.visibilityState === 'visible') router.refresh()
      pause = Math.min(pause * 1.15, LONGEST_MS)
      timer = window.setTimeout(check, pause)
    }
    return () => window.clearTimeout(timer)
  }, [router])
  return (
    <p>
      <a href={here}>Aggiorna ora</a>
    </p>
  )
}
