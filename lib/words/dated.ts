import { withArticles } from './language.ts'

/** A sentence of the office with a date after an article: dated`Dal ${longDate(day)} …`. What goes through `t` needs it not. */
export const dated = (pieces: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  withArticles(String.raw({ raw: pieces }, ...values))
