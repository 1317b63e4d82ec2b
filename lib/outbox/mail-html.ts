import type { MailText } from '#lib/notifications/notification.ts'
import { directionOf, type Language } from '#lib/words/language.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const markup = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] as string)

const ADDRESS = /https?:\/\/[^\s<>"]+/g

/** One line of the mail; an address in it can be pressed and stays readable. */
function lineOf(line: string): string {
  let html = ''
  let at = 0
  for (const { 0: address, index } of line.matchAll(ADDRESS)) {
    html += `${markup(line.slice(at, index))}<a href="${markup(address)}" dir="ltr">${markup(address)}</a>`
    at = index + address.length
  }
  return html + markup(line.slice(at))
}

const paragraphOf = (text: string): string => `<p>${text.split('\n').map(lineOf).join('<br>\n')}</p>`

const STYLE = `
body { margin: 0; padding: 0; background: #f2f5f9; color: #1a1a1a; font: 17px/1.6 "Titillium Web", "Segoe UI", Roboto, Helvetica, Arial, sans-serif }
.foglio { max-width: 36rem; margin: 0 auto; padding: 24px 16px }
.testo { padding: 24px; background: #ffffff; border: 1px solid #d6dce3; border-top: 6px solid #0059b3; border-radius: 6px }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; color: #17324d }
p { margin: 0 0 16px; overflow-wrap: anywhere }
p:last-child { margin-bottom: 0 }
a { color: #004d99 }
.piede { padding: 16px 24px 0; color: #455a6e; font-size: 15px }
@media (prefers-color-scheme: dark) {
  body { background: #10181f; color: #f2f2f2 }
  .testo { background: #1b2732; border-color: #3a4a5a; border-top-color: #66b2ff }
  h1 { color: #ffffff }
  a { color: #99ccff }
  .piede { color: #c3ced9 }
}`

/**
 * The same mail as HTML: the same words, no remote resource, no tracking pixel. The last
 * paragraph, which says who writes, stands at the foot.
 */
export function mailHtml({ subject, text, language }: MailText & { language: Language }): string {
  const paragraphs = text.trim().split(/\n{2,}/)
  const body = paragraphs.length > 1 ? paragraphs.slice(0, -1) : paragraphs
  const foot = paragraphs.length > 1 ? paragraphs.slice(-1) : []
  return `<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${markup(subject)}</title>
<style>${STYLE}
</style>
</head>
<body>
<div class="foglio" role="article" aria-label="${markup(subject)}" lang="${language}" dir="${directionOf(language)}">
<div class="testo">
<h1>${markup(subject)}</h1>
${body.map(paragraphOf).join('\n')}
</div>
<div class="piede">
${foot.map(paragraphOf).join('\n')}
</div>
</div>
</body>
</html>
`
}
