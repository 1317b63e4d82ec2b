const MONTHS = 'gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre'

/** An article before a date that begins with *otto* or *undici*. */
const BEFORE_A_VOWEL = new RegExp(
  `(^|[^\\p{L}])(il|dal|al|del|nel|sul) (?=(?:0?8|11)(?:/\\d| (?:${MONTHS})))`,
  'giu',
)

const elide = (article: string): string =>
  article === 'il' ? 'l’' : article === 'Il' ? 'L’' : `${article}l’`

/** An Italian sentence with its dates: "il 11 dicembre" becomes "l’11 dicembre", "dal 08/12/2026" becomes "dall’08/12/2026". */
export const withArticles = (sentence: string): string =>
  sentence.replace(BEFORE_A_VOWEL, (_, before: string, article: string) => `${before}${elide(article)}`)

/** A sentence of the office with a date after an article: dated`Dal ${longDate(day)} …`. What goes through `t` needs it not. */
export const dated = (pieces: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  withArticles(String.raw({ raw: pieces }, ...values))
