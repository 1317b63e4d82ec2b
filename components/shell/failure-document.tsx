import type { FailureWords } from '#lib/web/failure.words.ts'

/** The build writes it here (next.config.mjs), from the catalogues. */
declare const FAILURE_WORDS: string

const SAID = JSON.parse(FAILURE_WORDS) as Record<string, FailureWords> & { it: FailureWords }

/**
 * The whole document of a failure below every page, in the language of the document that it replaces: the browser draws it,
 * and there is no request to ask. Every page loads it, so it is plain elements and imports nothing.
 */
export function FailureDocument({ error }: { error: { digest?: string } }) {
  // The build draws it once too, without a document.
  const [title, stays, check, code, again, lang, dir] =
    SAID[globalThis.document?.documentElement.lang ?? ''] ?? SAID.it
  return (
    <html lang={lang} dir={dir}>
      <title>{title}</title>
      <body>
        <main className="failure">
          <h1>{title}</h1>
          <p>{stays}</p>
          <p>{check}</p>
          {error.digest && <p>{code.replace('#', error.digest)}</p>}
          <a href="?">{again}</a>
        </main>
      </body>
    </html>
  )
}
