import {
  directionOf,
  type Language,
  type Phrase,
  type Plural,
  type Values,
  type Words,
} from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'

type Direction = ReturnType<typeof directionOf>

const SIDES: Readonly<Record<string, string>> = { left: 'right', right: 'left', Left: 'Right', Right: 'Left' }
const otherSide = (text: string): string => text.replace(/left|right/i, (side) => SIDES[side] as string)

/** Values that name a side: of a column, `alignItems` does. */
const OTHER_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  textAlign: { left: 'right', right: 'left' },
  flexDirection: { row: 'row-reverse' },
  alignItems: { 'flex-start': 'flex-end', 'flex-end': 'flex-start' },
}
const mirroredValue = (name: string, value: unknown): unknown => OTHER_VALUES[name]?.[`${value}`] ?? value

const mirrored = (style: object): object =>
  Object.fromEntries(
    Object.entries(style).map(([name, value]) => [otherSide(name), mirroredValue(name, value)]),
  )

/**
 * The styles of a document in both directions: from right to left, what stands left stands right, and a row begins at the
 * right. A text has its direction from its own style alone (the library does not hand it down), so each has a style.
 */
export function inBothDirections<Sheet extends Readonly<Record<string, object>>>(sheet: Sheet) {
  type Directed = { [Name in keyof Sheet]: Sheet[Name] & { direction: Direction } }
  const each = (direction: Direction, change: (style: object) => object) =>
    Object.fromEntries(
      Object.entries(sheet).map(([name, style]) => [name, { ...change(style), direction }]),
    ) as Directed
  return { ltr: each('ltr', (style) => style), rtl: each('rtl', mirrored) }
}

const ARABIC_OR_HEBREW = /[\p{Script=Arabic}\p{Script=Hebrew}]/u

/** How a text that a person wrote runs: by its first letter. */
export const directionOfText = (text: string): Direction =>
  ARABIC_OR_HEBREW.test(/\p{L}/u.exec(text)?.[0] ?? '') ? 'rtl' : 'ltr'

const ISOLATES = /[\u2066-\u2069]/g
const MARKS = /[\u200e\u200f\u2066-\u2069]/g
const LEFT_TO_RIGHT = '\u200e'

/**
 * A text with the marks of direction that the typefaces have. From right to left, what is isolated (a name, an amount) stands
 * between marks of left to right, so that the signs at its ends stay with it. Elsewhere no mark is needed.
 */
export const inMarks = (text: string, direction: Direction): string =>
  direction === 'rtl' ? text.replace(ISOLATES, LEFT_TO_RIGHT).replace(/\u200f/g, '') : text.replace(MARKS, '')

/** The words of a language as a document can draw them; names and amounts go into a sentence as `written(…)`. */
export const documentWords = (t: Words): Words =>
  Object.assign(
    (sentence: string | Plural, values?: Values) =>
      inMarks(t(sentence as Phrase | Plural, values), directionOf(t.language)),
    { language: t.language, catalogue: t.catalogue },
  )

/** What reads from left to right in every language: an amount, a day in numbers, a name, alone in its place. */
export const isolated = (text: string, language: Language): string =>
  inMarks(written(text), directionOf(language))
