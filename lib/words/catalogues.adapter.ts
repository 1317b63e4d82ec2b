import { readFileSync } from 'node:fs'
import path from 'node:path'
import { po } from 'gettext-parser'
import {
  type Catalogue,
  isLanguage,
  italian,
  type Language,
  type Plural,
  type Words,
  wordsFrom,
} from './language.ts'
import { LOCALES, ORIGINAL, TRANSLATED } from './locales.ts'

/** As CLDR lists them: the forms of a catalogue stand in this order, less those that its language does not have. */
const FORMS: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other']

/** The plural forms of a language, in the order of its catalogue. */
export function formsOf(language: Language): Intl.LDMLPluralRule[] {
  const { pluralCategories } = new Intl.PluralRules(LOCALES[language].tag).resolvedOptions()
  return FORMS.filter((form) => pluralCategories.includes(form))
}

const FOLDER = 'lib/words/catalogues'
export const catalogueFile = (language: Language): string =>
  path.join(process.cwd(), FOLDER, `${language}.po`)
/** Which sentences the browser needs in each part of the site: written by `npm run words`. */
export const BROWSER_FILE = path.join(process.cwd(), FOLDER, 'browser.json')

/** A sentence as the catalogues name it. */
export const keyOf = (context: string | undefined, sentence: string): string =>
  context ? `${context}\u0004${sentence}` : sentence

/** What a PO file says; what is not translated yet is left out and stays Italian. */
export function catalogueFrom(language: Language, file: string | Buffer): Catalogue {
  const forms = formsOf(language)
  const entries = Object.values(po.parse(file).translations)
    .flatMap((inContext) => Object.values(inContext))
    .filter(({ msgid, msgstr }) => msgid !== '' && msgstr.every((text) => text !== ''))
  return Object.fromEntries(
    entries.map(({ msgctxt, msgid, msgid_plural: many, msgstr }) => [
      keyOf(msgctxt, msgid),
      many
        ? (Object.fromEntries(forms.map((form, index) => [form, msgstr[index]])) as Plural)
        : (msgstr[0] as string),
    ]),
  )
}

/** Next loads this module once for each part of the server; what was read is the same in all of a process. */
const shared = globalThis as { refettorioWords?: Map<Language, Words> }

/** The words of a language, for what no request asks for: mails speak the language of their person. */
export function wordsIn(language: Language): Words {
  shared.refettorioWords ??= new Map()
  const known = shared.refettorioWords.get(language)
  if (known) return known
  const words =
    language === ORIGINAL
      ? italian
      : wordsFrom(language, catalogueFrom(language, readFileSync(catalogueFile(language))))
  shared.refettorioWords.set(language, words)
  return words
}

/** The words of what a cookie, a row or an address names; Italian where it names no language. */
export const wordsNamed = (language: unknown): Words => wordsIn(isLanguage(language) ? language : ORIGINAL)

/** Everything that a language says. */
export const catalogueOf = (language: Language): Catalogue => wordsIn(language).catalogue

/** Reads every catalogue, some 20 ms each, so that no request does; a process without one does not start. */
export function warmCatalogues(): void {
  for (const language of TRANSLATED) wordsIn(language)
}

/** Reads once, at the first question. */
function kept<Key extends string, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>()
  return (key) => {
    const known = made.get(key) ?? make(key)
    made.set(key, known)
    return known
  }
}

const sentencesOfAreas = kept(
  (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>,
)

const cataloguesOfAreas = kept((language: Language) =>
  kept((area: string): Catalogue => {
    const catalogue = catalogueOf(language)
    const keys = sentencesOfAreas(BROWSER_FILE)[area] ?? []
    return Object.fromEntries(keys.flatMap((key) => (catalogue[key] ? [[key, catalogue[key]]] : [])))
  }),
)

/**
 * What the components that run in the browser say in one part of the site.
 * @param area the folder under `app/` of the layout that gives it
 */
export const browserCatalogue = (language: Language, area: string): Catalogue =>
  cataloguesOfAreas(language)(area)
