'use client'

import './globals.css'
import { FailureWords, Trouble, TryAgain } from '#components/public/trouble.tsx'

/** The last net, when the layout itself failed: it brings its own document. */
export default function GlobalFailure({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="it">
      <body>
        <title>Qualcosa non ha funzionato</title>
        <main id="contenuto">
          <Trouble
            icon="triangle-alert"
            title="Qualcosa non ha funzionato"
            code={error.digest}
            actions={<TryAgain />}
          >
            <FailureWords />
          </Trouble>
        </main>
      </body>
    </html>
  )
}
