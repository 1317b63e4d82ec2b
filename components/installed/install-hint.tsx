'use client'

import { useEffect, useState } from 'react'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { useWords } from '#words'

const KEY = 'refettorio-installa'
const SIXTY_DAYS = 60 * 24 * 60 * 60 * 1000

const isInstalled = (): boolean => window.matchMedia?.('(display-mode: standalone)').matches ?? false

function saidNotNow(): boolean {
  try {
    return Date.now() - Number(localStorage.getItem(KEY)) < SIXTY_DAYS
  } catch {
    return true
  }
}

/** After something went well: the portal can stand among the phone's apps. Said once, not again for sixty days after "not now". */
export function InstallHint() {
  const t = useWords()
  const [municipalitySlug, setMunicipalitySlug] = useState<string | null>(null)
  useEffect(() => {
    if (!isInstalled() && !saidNotNow()) setMunicipalitySlug(location.pathname.split('/')[1] ?? null)
  }, [])
  if (!municipalitySlug) return null
  const notNow = () => {
    setMunicipalitySlug(null)
    try {
      localStorage.setItem(KEY, String(Date.now()))
    } catch {
      // A browser that keeps nothing asks again: no harm.
    }
  }
  return (
    <Notice
      title={t('Tieni la mensa a portata di mano')}
      headingLevel="h3"
      action={
        <>
          <ButtonLink href={`/${municipalitySlug}/installa`} look="secondary" icon="smartphone">
            {t('Come si fa')}
          </ButtonLink>
          <Button type="button" look="quiet" onClick={notNow}>
            {t('Non ora')}
          </Button>
        </>
      }
    >
      <p>
        {t(
          'Puoi aggiungere il portale alle app del telefono: si apre con un tocco, e oggi si legge anche senza rete.',
        )}
      </p>
    </Notice>
  )
}
