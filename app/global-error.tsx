'use client'

import Failure from './[comune]/error.tsx'
import './globals.css'

/** The last net, when a layout itself failed: it brings its own document, plain enough to work without anything else. */
export default function GlobalFailure(props: { error: { digest?: string } }) {
  return (
    <html lang="it">
      <title>Errore</title>
      <body>
        <Failure {...props} />
      </body>
    </html>
  )
}
