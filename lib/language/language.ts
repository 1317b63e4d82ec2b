/** The languages of the public and family areas. The office is Italian. */
export const LANGUAGES = ['it', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export type Values = Readonly<Record<string, string | number>>

/** Italian sentence → its translation. `{name}` stands for a value in both. */
export type Catalogue = Readonly<Record<string, string>>

/**
 * Words for people, by their Italian sentence: `t('Mancano {n} minuti', { n })`.
 * Placeholders without a value stay as they are, for `fill` (lib/language/fill.ts) to put elements there.
 */
export type Words = ((sentence: string, values?: Values) => string) & { readonly language: Language }

const filled = (text: string, values?: Values): string =>
  values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text

/** The words as they are written in the source. */
export const italian: Words = Object.assign(filled, { language: 'it' as const })

/** Words of another language; a sentence that its catalogue does not have stays Italian. */
export const wordsFrom = (language: Language, catalogue: Catalogue): Words =>
  Object.assign((sentence: string, values?: Values) => filled(catalogue[sentence] ?? sentence, values), {
    language,
  })

/** Marks a sentence that stands in a table and is translated where it is shown: the catalogue's test finds it here. */
export const phrase = (sentence: string): string => sentence

export const isLanguage = (value: unknown): value is Language =>
  LANGUAGES.some((language) => language === value)
