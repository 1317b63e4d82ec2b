'use client'

import { useWords } from '#words'

/**
 * A failure of ours, inside header, navigation and telephone numbers. Every public page loads this file, so it is plain
 * elements and imports nothing. *Riprova* is a link to the same page: it works even when nothing else does.
 */
export default function Failure({ error }: { error: { digest?: string } }) {
  const t = useWords()
  return (
    <div className="failure">
      <h1>{t('Qualcosa non va')}</h1>
      <p>{t('Quello che hai confermato resta.')}</p>
      <p>{t('Se stavi inviando qualcosa, prima di inviarlo di nuovo controlla se è arrivato.')}</p>
      {error.digest && (
        <p>{t('Se chiedi aiuto, di’ questo codice: {reference}', { reference: error.digest })}</p>
      )}
      <a href="?">{t('Riprova')}</a>
    </div>
  )
}
