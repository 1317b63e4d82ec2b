/** A language as its own readers name it, and as it is written. */
export type Locale = {
  /** Its name, in itself. */
  name: string
  /** The name where there is little room. */
  short: string
  direction: 'ltr' | 'rtl'
  /** How days, hours and numbers are written, for `Intl` (BCP 47). */
  tag: string
}

/**
 * The languages of the public and family areas; the office is Italian. A language is one row here and one catalogue,
 * `lib/words/catalogues/<code>.po` (docs/translating.md). The first is the language of the source, which needs no catalogue.
 */
export const LOCALES = {
  it: { name: 'Italiano', short: 'ITA', direction: 'ltr', tag: 'it-IT' },
  en: { name: 'English', short: 'ENG', direction: 'ltr', tag: 'en-GB' },
} as const satisfies Readonly<Record<string, Locale>>

export type Language = keyof typeof LOCALES

export const LANGUAGES = Object.keys(LOCALES) as readonly Language[]

/** The languages that have a catalogue. */
export const TRANSLATED = LANGUAGES.filter((language) => language !== 'it')

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(LOCALES, value)

/** How a language is written: pages and letters say it. */
export const directionOf = (language: Language): Locale['direction'] => LOCALES[language].direction
