import type { Language } from '#lib/words/language.ts'

/**
 * The same page in a language: proxy.ts keeps the choice and leads back.
 * @param address with its query
 */
export const languageHref = (address: string, language: Language): string =>
  `${address}${address.includes('?') ? '&' : '?'}lingua=${language}`
