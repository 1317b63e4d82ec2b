import { directionOf, type Words } from '#lib/words/language.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string)

/** What a page says that is written without a renderer. `link` leads on. */
export type PlainPage = {
  title: string
  /** One paragraph or several. */
  body: string | readonly string[]
  link: { href: string; text: string }
}

/** Its words alone, in an element that says their language. */
export const plainWords = ({ language }: Words, { title, body, link }: PlainPage): string =>
  `<main lang="${language}" dir="${directionOf(language)}"><h1>${escaped(title)}</h1>${[body]
    .flat()
    .map((paragraph) => `<p>${escaped(paragraph)}</p>`)
    .join('')}<p><a href="${escaped(link.href)}">${escaped(link.text)}</a></p></main>`

export const titleTag = ({ title }: PlainPage): string => `<title>${escaped(title)}</title>`

/** A few lines of style, which the policies of files and of pages (with their nonce) both allow. */
export const plainStyle = (nonce = ''): string =>
  `<style nonce="${escaped(nonce)}">body{font:1.125rem/1.5 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem}</style>`

/** A whole page of words without a script, for an answer in the place of a page or of a file: it is read where nothing else works. */
export const plainPage = (t: Words, page: PlainPage): string =>
  `<!doctype html><html lang="${t.language}" dir="${directionOf(t.language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${titleTag(page)}${plainStyle()}</head><body>${plainWords(t, page)}</body></html>`
