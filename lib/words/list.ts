import type { Language } from './language.ts'

/** "Greta e Marco", "Greta, Marco and Anna" */
export const listInWords = (items: readonly string[], language: Language): string =>
  new Intl.ListFormat(language === 'en' ? 'en-GB' : language).format(items)
