'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Button } from '#components/ui/button.tsx'

/**
 * Asks the server for this page again every few seconds while somebody looks at it. What moves by itself can be stopped
 * (WCAG 2.2.2).
 */
export function AutoRefresh({ seconds }: { seconds: number }) {
  const router = useRouter()
  const [running, setRunning] = useState(true)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh()
    }, seconds * 1000)
    return () => clearInterval(timer)
  }, [running, router, seconds])
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted print:hidden">
      <span>{running ? `Si aggiorna da solo ogni ${seconds} secondi.` : 'L’aggiornamento è fermo.'}</span>
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
