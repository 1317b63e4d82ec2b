'use client'

import { useEffect, useState } from 'react'

/** Timers longer than this overflow, and no page stays open that long before it asks the server again. */
const LONGEST_WAIT_MS = 24 * 3_600_000

/**
 * The server's time, as far as deadlines go: starts at `at` and moves on when the nearest deadline passes.
 * Measured from the page's drawing, so a phone with a wrong clock changes nothing.
 * @param deadlines milliseconds since 1970
 */
export function useServerTime(at: number, deadlines: readonly number[]): number {
  const [passed, setPassed] = useState({ at, now: at })
  const now = passed.at === at ? passed.now : at
  const next = Math.min(...deadlines.filter((deadline) => deadline > now))
  useEffect(() => {
    const drawn = performance.now()
    if (next - now > LONGEST_WAIT_MS) return
    const moveOn = () => {
      const current = now + (performance.now() - drawn)
      if (current >= next) setPassed({ at, now: current })
    }
    const timer = setTimeout(moveOn, next - now + 20)
    document.addEventListener('visibilitychange', moveOn)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', moveOn)
    }
  }, [at, next, now])
  return now
}
