import { inContext, type Words } from './language.ts'
import { type Language, LOCALES } from './locales.ts'

/** "Greta e Marco", "Greta, Marco and Anna" */
export const listInWords = (items: readonly string[], language: Language): string =>
  new Intl.ListFormat(LOCALES[language].tag).format(items)

/** "2 già assenti, 1 già passato": what is told one after the other, without an "and". */
export const inARow = (items: readonly string[], t: Words): string =>
  items.join(t(inContext('between the parts of a list', ', ')))
