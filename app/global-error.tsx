'use client'

import { useWords } from '#words'
import './globals.css'

/** The last net, when a layout itself failed: it brings its own document, plain enough to work without anything else. */
export default function GlobalFailure({ error }: { error: { digest?: string } }) {
  const t = useWords()
  return (
    <html lang="it">
      <head>
        <title>{t('Qualcosa non ha funzionato')}</title>
      </head>
      <body>
        <main className="failure">
          <h1>{t('Qualcosa non ha funzionato')}</h1>
          <p>
            {t(
              'È un problema nostro: le assenze confermate e i pagamenti fatti non cambiano. Riprova fra qualche secondo.',
            )}
          </p>
          <a href="?">{t('Riprova')}</a>
          {error.digest && <p>{t('Codice da indicare se ci scrivi: {digest}', { digest: error.digest })}</p>}
        </main>
      </body>
    </html>
  )
}
