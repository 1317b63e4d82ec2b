import { type GetTextTranslation, type GetTextTranslations, po } from 'gettext-parser'
import { formsOf, keyOf } from '#lib/words/catalogues.adapter.ts'
import { type Language, LOCALES } from '#lib/words/locales.ts'
import type { Found } from './sentences.ts'

/** A PO file before its first translation. Its plural expression is for the translator's program; our forms are those of CLDR. */
const emptyFile = (language: Language): GetTextTranslations => ({
  charset: 'utf-8',
  headers: {
    'Project-Id-Version': 'Refettorio',
    Language: language,
    'Language-Team': LOCALES[language].name,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Transfer-Encoding': '8bit',
    'Plural-Forms': `nplurals=${formsOf(language).length}; plural=(n != 1);`,
  },
  translations: {},
})

const entriesOf = (file: GetTextTranslations): GetTextTranslation[] =>
  Object.values(file.translations)
    .flatMap((inContext) => Object.values(inContext))
    .filter(({ msgid }) => msgid !== '')

const keyOfEntry = ({ msgctxt, msgid }: GetTextTranslation): string => keyOf(msgctxt, msgid)

const isFuzzy = ({ comments }: GetTextTranslation): boolean => comments?.flag?.includes('fuzzy') ?? false

const pairsOf = (text: string): string[] =>
  [...text.toLowerCase()].slice(1).map((letter, index) => text.toLowerCase()[index] + letter)

/** How alike two sentences are, 0 to 1: the share of pairs of letters that both have. */
function likeness(one: string, other: string): number {
  const left = pairsOf(one)
  const right = pairsOf(other)
  const rest = [...right]
  const shared = left.filter((pair) => {
    const at = rest.indexOf(pair)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
  return (2 * shared.length) / Math.max(1, left.length + right.length)
}

const ALIKE = 0.6

/** The entry that this sentence had before its Italian was changed, among those that nothing says any more. */
function formerOf(found: Found, unsaid: readonly GetTextTranslation[]): GetTextTranslation | undefined {
  const [best] = unsaid
    .map((entry) => ({ entry, alike: likeness(entry.msgid, found.sentence) }))
    .filter(({ alike }) => alike >= ALIKE)
    .sort((one, other) => other.alike - one.alike)
  return best?.entry
}

const quoted = (name: string, text: string): string => `${name} ${JSON.stringify(text)}`

/** The translation to start from, marked for a look: the Italian is not what it was. */
const changed = (entry: GetTextTranslation): GetTextTranslation => ({
  ...entry,
  comments: {
    ...entry.comments,
    flag: 'fuzzy',
    previous: [
      ...(entry.msgctxt ? [quoted('msgctxt', entry.msgctxt)] : []),
      quoted('msgid', entry.msgid),
      ...(entry.msgid_plural ? [quoted('msgid_plural', entry.msgid_plural)] : []),
    ].join('\n'),
  },
})

/** As many texts as the sentence has forms here. */
const formsFrom = (texts: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, index) => texts[index] ?? texts.at(-1) ?? '')

/** The entry of a sentence in a PO file: with the translation that is there, or none. */
function entryFor(
  found: Found,
  known: GetTextTranslation | undefined,
  formCount: number,
): GetTextTranslation {
  const isSame = !known || (known.msgid === found.sentence && known.msgid_plural === found.many)
  const { comments, msgstr } = !known ? { comments: {}, msgstr: [] } : isSame ? known : changed(known)
  return {
    ...(found.context ? { msgctxt: found.context } : {}),
    msgid: found.sentence,
    ...(found.many ? { msgid_plural: found.many } : {}),
    msgstr: formsFrom(msgstr, found.many ? formCount : 1),
    comments: { ...comments, reference: [...found.files].sort().join('\n') },
  }
}

const byText = (one: GetTextTranslation, other: GetTextTranslation): number =>
  one.msgid < other.msgid || (one.msgid === other.msgid && (one.msgctxt ?? '') < (other.msgctxt ?? ''))
    ? -1
    : 1

/**
 * The PO file as the sources want it: new sentences without a translation, gone ones gone, changed ones with the translation
 * of before and marked.
 * @param text the file as it is; null for a language that begins
 */
export function synchronised(
  language: Language,
  text: string | null,
  said: ReadonlyMap<string, Found>,
): string {
  const file = text === null ? emptyFile(language) : po.parse(text)
  const known = new Map(entriesOf(file).map((entry) => [keyOfEntry(entry), entry]))
  const unsaid = [...known.values()].filter((entry) => !said.has(keyOfEntry(entry)))
  const formCount = formsOf(language).length
  const entries = [...said.values()].map((found) =>
    entryFor(found, known.get(found.key) ?? formerOf(found, unsaid), formCount),
  )
  const translations: GetTextTranslations['translations'] = {}
  for (const entry of entries) {
    translations[entry.msgctxt ?? ''] ??= {}
    Object.assign(translations[entry.msgctxt ?? ''] as object, { [entry.msgid]: entry })
  }
  return po
    .compile({ charset: 'utf-8', headers: file.headers, translations }, { foldLength: 0, sort: byText })
    .toString()
}

/** The placeholders of a sentence, in order of name. */
export const placeholdersOf = (sentence: string): string =>
  [...sentence.matchAll(/\{\w+\}/g)]
    .map(([name]) => name)
    .sort()
    .join(' ')

const withoutNumber = (placeholders: string): string =>
  placeholders
    .split(' ')
    .filter((name) => name !== '{n}')
    .join(' ')

/** Whether a translation has the values of its sentence. A plural form that names its number ("both", "no meal") may leave it out. */
const keepsValues = ({ msgid, msgid_plural, msgstr }: GetTextTranslation): boolean =>
  msgstr.every((text) =>
    msgid_plural
      ? withoutNumber(placeholdersOf(text)) === withoutNumber(placeholdersOf(msgid_plural))
      : placeholdersOf(text) === placeholdersOf(msgid),
  )

/** Numbers that show every form of every language's rule. */
const SAMPLES = [...Array.from({ length: 220 }, (_, number) => number), 1000, 1_000_000]

/** Whether the file's own plural expression, which the translator's program shows, numbers the forms as we do. */
function numbersForms(language: Language, header: string): boolean {
  const { count, rule } =
    /nplurals=(?<count>\d+); *plural=(?<rule>[n0-9\s%=!<>&|?:()]+);?$/.exec(header.trim())?.groups ?? {}
  const forms = formsOf(language)
  if (!rule || Number(count) !== forms.length) return false
  const indexOf = new Function('n', `return Number(${rule})`) as (n: number) => number
  const rules = new Intl.PluralRules(LOCALES[language].tag)
  return SAMPLES.every((n) => forms[indexOf(n)] === rules.select(n))
}

/** What is wrong with a PO file, one line each; none where it can go out. */
export function problemsIn(language: Language, text: string, said: ReadonlyMap<string, Found>): string[] {
  const file = po.parse(text)
  const entries = entriesOf(file)
  const known = new Map(entries.map((entry) => [keyOfEntry(entry), entry]))
  const formCount = formsOf(language).length
  const problems = (what: string, wrong: readonly { msgid: string }[]) =>
    wrong.map(({ msgid }) => `${language}: ${what}: ${msgid}`)
  return [
    ...[...said.values()].flatMap(({ key, sentence, many }) => {
      const entry = known.get(key)
      if (!entry || entry.msgstr.every((one) => one === '')) return `${language}: missing: ${sentence}`
      return entry.msgid_plural === many ? [] : `${language}: one and many have changed: ${sentence}`
    }),
    ...problems(
      'nothing says it any more',
      entries.filter((entry) => !said.has(keyOfEntry(entry))),
    ),
    ...problems(
      'the Italian has changed, look at the translation and remove “fuzzy”',
      entries.filter(isFuzzy),
    ),
    ...problems(
      'a plural form is missing',
      entries.filter(
        ({ msgid_plural, msgstr }) =>
          msgstr.length !== (msgid_plural ? formCount : 1) ||
          (msgstr.includes('') && msgstr.some((one) => one !== '')),
      ),
    ),
    ...problems(
      'other values than the Italian',
      entries.filter((entry) => !entry.msgstr.includes('') && !keepsValues(entry)),
    ),
    ...(numbersForms(language, file.headers['Plural-Forms'] ?? '')
      ? []
      : [`${language}: Plural-Forms must number the forms as ${formsOf(language).join(', ')}`]),
  ]
}
