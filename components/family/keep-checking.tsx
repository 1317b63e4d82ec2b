'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { LostNotice } from '#components/ui/lost-notice.tsx'
import { useHydrated } from '#components/ui/use-hydrated.ts'
import { useSteadyRefresh } from '#components/ui/use-steady-refresh.ts'
import { useWords } from '#words'

const PAUSE_MS = 2_000
const EAGER_CHECKS = 30
const LONGEST_MS = 30_000

/** Reads the page again while it waits for an answer: every two seconds for a minute, then rarer. Without JavaScript, a link does. */
export function KeepChecking({ here }: { here: string }) {
  const t = useWords()
  const router = useRouter()
  const { lost, refresh } = useSteadyRefresh()
  useEffect(() => {
    let pause = PAUSE_MS
    let checks = 0
    let timer = window.setTimeout(check, pause)
    function check() {
      if (document.visibilityState === 'visible') {
        // The bare address: the one that the provider leads to asks again at every load, and would never end.
        if (checks === 0) router.replace(here, { scroll: false })
        else refresh()
      }
      checks += 1
      if (checks > EAGER_CHECKS) pause = Math.min(pause * 1.15, LONGEST_MS)
      timer = window.setTimeout(check, pause)
    }
    return () => window.clearTimeout(timer)
  }, [router, here, refresh])
  const looksByItself = useHydrated()
  return (
    <p className="flex flex-wrap gap-x-3">
      {looksByItself && <span>{t('Questa pagina si aggiorna da sola.')}</span>}
      <a href={here}>{t('Aggiorna ora')}</a>
      <LostNotice lost={lost} />
    </p>
  )
}
