'use client'

import './globals.css'

/** The last net, when a layout itself failed: it brings its own document, plain enough to work without anything else. */
export default function GlobalFailure({ error }: { error: { digest?: string } }) {
  return (
    <html lang="it">
      <head>
        <title>Qualcosa non ha funzionato</title>
      </head>
      <body>
        <main className="failure">
          <h1>Qualcosa non ha funzionato</h1>
          <p>
            È un problema nostro: le assenze confermate e i pagamenti fatti non cambiano. Riprova fra qualche
            secondo.
          </p>
          <a href="?">Riprova</a>
          {error.digest && <p>Codice da indicare se ci scrivi: {error.digest}</p>}
        </main>
      </body>
    </html>
  )
}
