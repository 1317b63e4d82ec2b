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

const wordsWithin = (element: 'main' | 'section', { language }: Words, page: PlainPage): string => {
  const { title, body, link } = page
  const paragraphs = [body].flat().map((paragraph) => `<p>${escaped(paragraph)}</p>`)
  return `<${element} lang="${language}" dir="${directionOf(language)}"><h1>${escaped(title)}</h1>${paragraphs.join('')}<p><a href="${escaped(link.href)}">${escaped(link.text)}</a></p></${element}>`
}

/** Its words alone, in an element that says their language. */
export const plainWords = (t: Words, page: PlainPage): string => wordsWithin('main', t, page)

export const titleTag = ({ title }: Pick<PlainPage, 'title'>): string => `<title>${escaped(title)}</title>`

/** A few lines of style, which the policies of files and of pages (with their nonce) both allow. */
export const plainStyle = (nonce = ''): string =>
  `<style nonce="${escaped(nonce)}">body{font:1.125rem/1.5 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem}</style>`

const documentWith = ({ language }: Words, title: string, words: string): string =>
  `<!doctype html><html lang="${language}" dir="${directionOf(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${titleTag({ title })}${plainStyle()}</head><body>${words}</body></html>`

/** A whole page of words without a script, for an answer in the place of a page or of a file: it is read where nothing else works. */
export const plainPage = (t: Words, page: PlainPage): string =>
  documentWith(t, page.title, plainWords(t, page))

type Said = readonly [Words, PlainPage]

/** The same in each language, one below the other, where no request tells which one is read. The document is the first one's. */
export const plainPageInEach = (said: readonly Said[]): string => {
  const [t, { title }] = said[0] as Said
  return documentWith(
    t,
    title,
    `<main>${said.map(([words, page]) => wordsWithin('section', words, page)).join('')}</main>`,
  )
}
