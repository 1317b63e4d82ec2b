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
 * `lib/words/catalogues/<code>.po` (docs/translating.md). Arabic is written with the digits and the 24 hours of the Italian
 * papers beside it.
 */
export const LOCALES = {
  it: { name: 'Italiano', short: 'ITA', direction: 'ltr', tag: 'it-IT' },
  en: { name: 'English', short: 'ENG', direction: 'ltr', tag: 'en-GB' },
  ar: { name: 'العربية', short: 'عربي', direction: 'rtl', tag: 'ar-u-hc-h23-nu-latn' },
} as const satisfies Readonly<Record<string, Locale>>

export type Language = keyof typeof LOCALES

/** The language of the source, of the office and of what people here write; what it says counts. It needs no catalogue. */
export const ORIGINAL = 'it' satisfies Language

export const LANGUAGES = Object.keys(LOCALES) as readonly Language[]

/** The languages that have a catalogue. */
export const TRANSLATED = LANGUAGES.filter((language) => language !== ORIGINAL)

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(LOCALES, value)

/** "it_IT", as previews of links name it. */
export function openGraphLocale(language: Language): string {
  const { language: code, region } = new Intl.Locale(LOCALES[language].tag).maximize()
  return `${code}_${region}`
}

/** How a language is written: pages and letters say it. */
export const directionOf = (language: Language): Locale['direction'] => LOCALES[language].direction
