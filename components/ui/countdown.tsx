'use client'

import { useEffect, useState } from 'react'
import { timeLeftInWords } from '#lib/words/countdown.ts'
import { useWords } from '#words'

const BEAT_MS = 10_000

/**
 * "mancano 12 minuti", kept true while the page stays open. The clock is the server's: the browser only measures how long
 * it has been since the page was drawn, so a phone with a wrong hour changes nothing.
 * @param millisLeft from the server's clock to the deadline, when the page was drawn.
 * @param over what to show once the time is up.
 */
export function Countdown({ millisLeft, over }: { millisLeft: number; over: string }) {
  const t = useWords()
  const [left, setLeft] = useState(millisLeft)
  useEffect(() => {
    const drawnAt = performance.now()
    const beat = () => setLeft(millisLeft - (performance.now() - drawnAt))
    const timer = setInterval(beat, BEAT_MS)
    document.addEventListener('visibilitychange', beat)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', beat)
    }
  }, [millisLeft])
  return (
    <span role="timer" className="whitespace-nowrap">
      {timeLeftInWords(left, t) ?? over}
    </span>
  )
}
