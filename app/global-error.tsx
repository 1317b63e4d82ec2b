'use client'

import './globals.css'

/** The last net, when a layout itself failed: it brings its own document and as few bytes as may be, since every page loads it. */
export default function GlobalFailure({ error }: { error: { digest?: string } }) {
  return (
    <html lang="it">
      <title>Errore</title>
      <body className="failure">
        <h1>Errore</h1>
        <a href="?">Riprova</a>
        <p>{error.digest}</p>
      </body>
    </html>
  )
}
