import { type Language, ORIGINAL } from './locales.ts'

/**
 * What a person wrote, inside a sentence of ours: `t('{new} al posto di {old}.', { new: written(dish.name), … })`. It stays in the
 * language it was written in, and the component that draws the sentence can tell it from ours. The marks are Unicode's own for text of
 * another direction (FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE): a sentence read from right to left keeps its order.
 */
const [OPEN, CLOSE] = ['\u2068', '\u2069']
const MARKS = /[\u2066-\u2069]/g

export const written = (text: string): string => `${OPEN}${withoutIsolates(text)}${CLOSE}`

/** The same where the sentence may be Italian, in which it needs no marks. */
export const asWritten = (text: string, language: Language): string =>
  language === ORIGINAL ? text : written(text)

/** A number in groups, as of a telephone: it stays on a line and, in a sentence from right to left, in its order. */
export const keptTogether = (text: string): string => text.replaceAll(' ', '\u00a0')

/** The same words for letters, lock screens and calendars, where some programs show the marks as boxes. */
export const withoutIsolates = (text: string): string => text.replace(MARKS, '')

/** The pieces of a sentence in order, each with whether a person wrote it. */
export const piecesOf = (text: string): { text: string; isWritten: boolean }[] =>
  text
    .split(/(\u2068[^\u2068\u2069]*\u2069)/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: withoutIsolates(piece), isWritten: piece.startsWith(OPEN) }))
