import type { directionOf } from '#lib/words/language.ts'

export type Direction = ReturnType<typeof directionOf>

const ARABIC_OR_HEBREW = /[\p{Script=Arabic}\p{Script=Hebrew}]/u

/** How a text that a person wrote runs: by its first letter. */
export const directionOfText = (text: string): Direction =>
  ARABIC_OR_HEBREW.test(/\p{L}/u.exec(text)?.[0] ?? '') ? 'rtl' : 'ltr'
