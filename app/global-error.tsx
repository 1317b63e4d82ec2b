'use client'

import './globals.css'
import type { FailureWords } from '#lib/web/failure.words.ts'

/** The build writes it here (next.config.mjs), from the catalogues. */
declare const FAILURE_WORDS: string

const SAID = JSON.parse(FAILURE_WORDS) as [FailureWords, ...FailureWords[]]

/**
 * The last net, when a layout itself failed: there is no request to ask for a language, so it says it in each. It brings its own
 * document and as few bytes as may be, since every page loads it.
 */
export default function GlobalFailure({ error }: { error: { digest?: string } }) {
  return (
    <html lang={SAID[0].lang} dir={SAID[0].dir}>
      <title>{SAID.map(({ title }) => title).join(' / ')}</title>
      <body>
        {SAID.map(({ title, again, ...way }) => (
          <div key={title} className="failure" {...way}>
            <h1>{title}</h1>
            <a href="?">{again}</a>
          </div>
        ))}
        {error.digest}
      </body>
    </html>
  )
}
