'use client'

import './globals.css'

/**
 * The last net, when a layout itself failed: there is no request to ask for a language, so it says it in both. It brings its own
 * document and as few bytes as may be, since every page loads it.
 */
export default function GlobalFailure({ error }: { error: { digest?: string } }) {
  return (
    <html lang="it">
      <title>Errore / Error</title>
      <body className="failure">
        <h1>Errore / Error</h1>
        <a href="?">Riprova / Retry</a>
        {error.digest}
      </body>
    </html>
  )
}
