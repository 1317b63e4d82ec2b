import type { SafeHtml } from '#lib/publishing/safe-html.ts'

/** What an editor wrote. The type says that it went through the sanitiser; nothing else may be drawn this way. */
export function RichText({ html }: { html: SafeHtml }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: only `cleanHtml` makes a SafeHtml (attacks in tests/rules/safe-html.test.ts).
  return <div className="rich-text max-w-3xl" dangerouslySetInnerHTML={{ __html: html }} />
}
