import { directionOf, type Words } from '#lib/words/language.ts'

/** A page of words alone, without style and script, for an answer in the place of a page or of a file. `link` leads on. */
export const plainPage = (
  t: Words,
  { title, body, link }: { title: string; body: string; link: { href: string; text: string } },
): string =>
  `<!doctype html><html lang="${t.language}" dir="${directionOf(t.language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title></head><body><main><h1>${title}</h1><p>${body}</p><p><a href="${link.href}">${link.text}</a></p></main></body></html>`
