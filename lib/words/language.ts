/** The languages of the public and family areas. The office is Italian. */
export const LANGUAGES = ['it', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export type Values = Readonly<Record<string, string | number>>

/** Italian sentence → its translation. `{name}` stands for a value in both. */
export type Catalogue = Readonly<Record<string, string>>

/**
 * Words for people, by their Italian sentence: `t('Mancano {n} minuti', { n })`.
 * Placeholders without a value stay as they are, for `fill` (lib/words/fill.ts) to put elements there.
 */
export type Words = ((sentence: string, values?: Values) => string) & { readonly language: Language }

/** Words of a language; a sentence that its catalogue does not have stays Italian. */
export const wordsFrom = (language: Language, catalogue: Catalogue): Words =>
  Object.assign(
    (sentence: string, values: Values = {}) =>
      (catalogue[sentence] ?? sentence).replace(
        /\{(\w+)\}/g,
        (whole, name: string) => `${values[name] ?? whole}`,
      ),
    { language },
  )

/** The words as they are written in the source. */
export const italian: Words = wordsFrom('it', {})

/** Marks a sentence that stands in a table and is translated where it is shown: the catalogue's test finds it here. */
export const phrase = (sentence: string): string => sentence

/** How a language is written: pages and letters say it, and a language from right to left needs no more than its line here. */
const DIRECTIONS: Readonly<Record<Language, 'ltr' | 'rtl'>> = { it: 'ltr', en: 'ltr' }
export const directionOf = (language: Language): 'ltr' | 'rtl' => DIRECTIONS[language]

export const isLanguage = (value: unknown): value is Language =>
  LANGUAGES.some((language) => language === value)
