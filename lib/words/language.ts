import { type Language, LOCALES, ORIGINAL } from './locales.ts'

export { directionOf, isLanguage, LANGUAGES, type Language } from './locales.ts'

export type Values = Readonly<Record<string, string | number>>

declare const KNOWN: unique symbol
/** A sentence that the catalogues know. Only the functions below make one. */
export type Phrase = string & { readonly [KNOWN]: true }

/** A sentence with a number: Italian has a form for one and one for more, other languages have up to six. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string }

/** What stands in a table of sentences. */
export type Sentence = Phrase | Plural

/** Nothing for a text that is only known when the program runs: it is in no catalogue. */
export type Literal<S extends string> = string extends S ? never : S

/** Italian sentence → its translation. `{name}` stands for a value in both. */
export type Catalogue = Readonly<Record<string, string | Plural>>

/**
 * Words for people, by their Italian sentence: `t('Il tuo saldo è {amount}', { amount })`. A sentence that stands elsewhere
 * is a `Phrase` or a `Plural`: a text that is only known when the program runs does not compile.
 * Placeholders without a value stay as they are, for `fill` (lib/words/fill.ts) to put elements there.
 */
export type Words = (<const S extends string>(sentence: Literal<S> | Plural, values?: Values) => string) & {
  readonly language: Language
  readonly catalogue: Catalogue
}

/** Between a context and its sentence, as gettext has it. */
const CONTEXT_END = '\u0004'

/** Marks a sentence that stands in a table and is translated where it is shown: `npm run words` finds it here. */
export const phrase = <const S extends string>(sentence: Literal<S>): Phrase => sentence as string as Phrase

/** A sentence that comes back as text from a library or from a row of ours: it was marked where it was written. */
export const markedBefore = (sentence: string): Phrase => sentence as Phrase

/** A name that is the same in every language: no catalogue has it. */
export const properName = (name: string): Phrase => name as Phrase

/**
 * A sentence whose Italian has two meanings, which other languages say in two ways.
 * @param context where it stands, for the translator
 */
export const inContext = <const C extends string, const S extends string>(
  context: Literal<C>,
  sentence: Literal<S>,
): Phrase => `${context}${CONTEXT_END}${sentence}` as Phrase

/** A sentence with the number `{n}`: `t(plural('Manca {n} minuto', 'Mancano {n} minuti'), { n })`. It is written as the language does. */
export const plural = <const One extends string, const Other extends string>(
  one: Literal<One>,
  other: Literal<Other>,
): Plural => ({ one, other })

/** An article before *otto* or *undici*. Short: every page loads it. */
const BEFORE_A_VOWEL = /\b(i|da|a|de|ne|su)l (?=(0?8|11)\b)/gi

/** An Italian sentence with its dates: "il 11 dicembre" becomes "l’11 dicembre", "dal 08/12/2026" becomes "dall’08/12/2026". */
export const withArticles = (sentence: string): string =>
  sentence.replace(BEFORE_A_VOWEL, (_, begin: string) =>
    begin === 'i' ? 'l’' : begin === 'I' ? 'L’' : `${begin}ll’`,
  )

/** Words of a language; a sentence that its catalogue does not have stays Italian. */
export function wordsFrom(language: Language, catalogue: Catalogue): Words {
  const { tag } = LOCALES[language]
  let rules: Intl.PluralRules | undefined
  const form = (forms: Plural, n: number): string => {
    rules ??= new Intl.PluralRules(tag)
    return (forms[rules.select(n)] ?? forms.other).replace('{n}', n.toLocaleString(tag))
  }
  const say = (sentence: string | Plural, values: Values = {}) => {
    const key = typeof sentence === 'string' ? sentence : (sentence.one as string)
    const said = catalogue[key] ?? sentence
    const text = typeof said === 'string' ? said : form(said, Number(values.n))
    const filled = text
      .slice(text.indexOf(CONTEXT_END) + 1)
      .replace(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`)
    return language === ORIGINAL && filled !== text ? withArticles(filled) : filled
  }
  return Object.assign(say, { language, catalogue })
}

/** The words as they are written in the source. */
export const italian: Words = wordsFrom(ORIGINAL, {})
