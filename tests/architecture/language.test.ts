import { readFileSync } from 'node:fs'
import { po } from 'gettext-parser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusalInWords } from '#lib/entry/refusals.ts'
import { BROWSER_FILE, catalogueFile, catalogueFrom, formsOf } from '#lib/words/catalogues.adapter.ts'
import { longDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { directionOf, isLanguage, type Language, plural, wordsFrom } from '#lib/words/language.ts'
import { LOCALES, type Locale, TRANSLATED } from '#lib/words/locales.ts'
import { problemsIn, synchronised } from '#scripts/lib/catalogue-file.ts'
import {
  browserSentences,
  isOffice,
  messageFiles,
  publicFiles,
  readSource,
  readSources,
  saysOf,
} from '#scripts/lib/sentences.ts'
import { physicalDirections } from '#tests/support/physical-directions.ts'

/**
 * What is said to families and to any reader is said in every language: the Italian sentence stands in the source, its
 * translations in lib/words/catalogues. Read from the sources, so that it needs no memory. `npm run words` brings the catalogues up.
 */
const SOURCES = readSources()
const said = saysOf(SOURCES)
const DRAWN = publicFiles(SOURCES)

/** The table, and the codes that the provider of payments has for the languages of its own page. */
const NAMES_LANGUAGES = ['lib/words/locales.ts', 'lib/payments/nexi.adapter.ts']

const namesLanguage = (text: string, code: string): boolean =>
  new RegExp(`['"\`]${code}['"\`]|[{,(]\\s*${code}\\s*:`).test(text)

/** What a source says, as the catalogues are given it. */
function spokenIn(text: string) {
  const { sentences } = readSource('page.tsx', text)
  return new Map(sentences.map((spoken) => [spoken.key, { ...spoken, files: ['page.tsx'] }]))
}

describe.each(TRANSLATED)('the catalogue %s', (language) => {
  const text = readFileSync(catalogueFile(language), 'utf8')

  test('has every sentence of the public and family areas, each once, with its values and all its forms, and no other', () => {
    expect(problemsIn(language, text, said)).toEqual([])
  })

  test('is written as `npm run words` writes it', () => {
    expect(synchronised(language, text, said)).toBe(text)
  })
})

test('the browser is sent what it says in each part of the site, and nothing more', () => {
  expect(JSON.parse(readFileSync(BROWSER_FILE, 'utf8'))).toEqual(browserSentences(SOURCES))
})

test('each layout that gives the browser its words names its own folder', () => {
  const layouts = SOURCES.filter(({ givesWordsTo }) => givesWordsTo)
  expect(layouts.map(({ givesWordsTo }) => `${givesWordsTo}/layout.tsx`)).toEqual(
    layouts.map(({ file }) => file),
  )
})

describe('a catalogue', () => {
  const text = synchronised('en', null, spokenIn("t('Ancora in tempo'); t(plural('{n} pasto', '{n} pasti'))"))
  const translated = text
    .replace('msgid "Ancora in tempo"\nmsgstr ""', 'msgid "Ancora in tempo"\nmsgstr "Still in time"')
    .replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "{n} meal"\nmsgstr[1] "{n} meals"')
  const problems = (source: string, file = translated) => {
    const spoken = spokenIn(source)
    return problemsIn('en', synchronised('en', file, spoken), spoken)
  }

  test('that says everything has no fault', () => {
    expect(problems("t('Ancora in tempo'); t(plural('{n} pasto', '{n} pasti'))")).toEqual([])
  })

  test('is caught without a sentence, both sides of a condition', () => {
    expect(problems("t(late ? 'Troppo tardi' : 'Ancora in tempo')")).toEqual(['en: missing: Troppo tardi'])
  })

  test('is caught with a sentence that nothing says any more', () => {
    expect(problemsIn('en', translated, spokenIn("t('Ancora in tempo')"))).toEqual([
      'en: nothing says it any more: {n} pasto',
    ])
  })

  test('keeps the translation of a sentence whose Italian has changed, to be looked at', () => {
    const spoken = spokenIn("t('Sei ancora in tempo')")
    const file = synchronised('en', translated, spoken)
    expect(file).toContain(
      '#, fuzzy\n#| msgid "Ancora in tempo"\nmsgid "Sei ancora in tempo"\nmsgstr "Still in time"',
    )
    expect(problemsIn('en', file, spoken)).toEqual([
      'en: the Italian has changed, look at the translation and remove “fuzzy”: Sei ancora in tempo',
    ])
  })

  test('is caught with other values, and may leave out a number that a form names', () => {
    const source = "t(plural('{n} pasto di {name}', '{n} pasti di {name}'))"
    const file = (one: string, other: string) =>
      synchronised('en', null, spokenIn(source)).replace(
        'msgstr[0] ""\nmsgstr[1] ""',
        `msgstr[0] "${one}"\nmsgstr[1] "${other}"`,
      )
    expect(problems(source, file('a meal of {name}', '{n} meals of {name}'))).toEqual([])
    expect(problems(source, file('a meal of {who}', '{n} meals of {name}'))).toEqual([
      'en: other values than the Italian: {n} pasto di {name}',
    ])
  })

  test('is caught without a plural form', () => {
    expect(
      problems("t(plural('{n} pasto', '{n} pasti'))", text.replace('msgstr[0] ""', 'msgstr[0] "{n} meal"')),
    ).toEqual(['en: a plural form is missing: {n} pasto'])
  })

  test('is caught with a plural expression that numbers the forms in another order', () => {
    expect(
      problems("t('Ancora in tempo')", translated.replace('plural=(n != 1);', 'plural=(n == 1);')),
    ).toEqual(['en: Plural-Forms must number the forms as one, other'])
  })

  test('has two translations of one Italian word that stands in two contexts', () => {
    const file = synchronised('en', null, spokenIn("t(inContext('a title', 'Avviso')); t('Avviso')"))
    expect(file).toContain('msgid "Avviso"\nmsgstr ""')
    expect(file).toContain('msgctxt "a title"\nmsgid "Avviso"\nmsgstr ""')
  })
})

describe('a language that begins', () => {
  const NEW = 'ro' as Language
  const rows = LOCALES as Record<string, Locale>
  beforeAll(() => {
    rows[NEW] = { name: 'Română', short: 'ROM', direction: 'ltr', tag: 'ro-RO' }
  })
  afterAll(() => {
    delete rows[NEW]
  })

  /** What a translator gives back: each text in each form, marked with the form's name. */
  function translated(text: string): string {
    const file = po.parse(text)
    file.headers['Plural-Forms'] =
      'nplurals=3; plural=(n==1 ? 0 : n==0 || (n!=1 && n%100>=1 && n%100<=19) ? 1 : 2);'
    const forms = formsOf(NEW)
    for (const entry of Object.values(file.translations).flatMap((inContext) => Object.values(inContext)))
      if (entry.msgid !== '')
        entry.msgstr = entry.msgid_plural
          ? forms.map((form) => `${form}: ${entry.msgid_plural}`)
          : [`ro: ${entry.msgid}`]
    return po.compile(file).toString()
  }

  test('is one row of the table and one file: every sentence, form, day and amount follows from them', () => {
    const file = translated(synchronised(NEW, null, said))
    expect(problemsIn(NEW, file, said)).toEqual([])
    const t = wordsFrom(NEW, catalogueFrom(NEW, file))
    expect(t('Segna assente')).toBe('ro: Segna assente')
    expect([1, 2, 20].map((n) => t(plural('{n} pasto', '{n} pasti'), { n }))).toEqual([
      'one: 1 pasti',
      'few: 2 pasti',
      'other: 20 pasti',
    ])
    expect(refusalInWords({ code: 'meals:no-service' }, t)).toBe('ro: In questo giorno la mensa non c’è.')
    expect([longDay('2026-11-24', NEW), formatEuro(540, NEW)]).toEqual([
      'marți, 24 noiembrie',
      '5,40\u00a0EUR',
    ])
    expect([isLanguage(NEW), directionOf(NEW)]).toEqual([true, 'ltr'])
  })

  test('needs nothing else: no source names a language but the table of them', () => {
    const named = SOURCES.map(({ file }) => file)
      .filter((file) => !NAMES_LANGUAGES.includes(file))
      .filter((file) => TRANSLATED.some((code) => namesLanguage(readFileSync(file, 'utf8'), code)))
    expect(named).toEqual([])
  })

  test('would be caught named elsewhere', () => {
    expect(namesLanguage("const title = language === 'en' ? one : other", 'en')).toBe(true)
    expect(namesLanguage("const title = { en: 'Meals' }", 'en')).toBe(true)
    expect(namesLanguage("const open = 'ended'", 'en')).toBe(false)
  })
})

describe('mail and notifications', () => {
  test('have all their sentences in the catalogue', () => {
    const files = messageFiles(SOURCES)
    expect(files.size).toBeGreaterThan(10)
    const keys = SOURCES.filter(({ file }) => files.has(file)).flatMap(({ sentences }) => sentences)
    expect(keys.filter(({ key }) => !said.has(key))).toEqual([])
  })

  test('say nothing past it: whatever makes a notice or a mail takes the words of its reader', () => {
    const makers = SOURCES.filter(({ tellsPeople }) => tellsPeople)
    expect(makers.map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        'lib/devices/device.notice.ts',
        'lib/forms/submission.notice.ts',
        'lib/ledger/low-balance.notice.ts',
      ]),
    )
    expect(bareIn(makers)).toEqual([])
    expect(SOURCES.flatMap(({ inSay }) => inSay)).toEqual([])
  })

  test('would be caught saying it', () => {
    const planted = readSource(
      'notice.ts',
      "const notice = (t: Words): Said => ({ title: t('Menù cambiato'), text: 'Una parola nuova' })",
    )
    expect([planted.tellsPeople, bareIn([planted])]).toEqual([true, ['notice.ts: Una parola nuova']])
    const told = readSource(
      'commands.ts',
      "notify(trx, municipality, { say: () => ({ title: 'Una parola nuova' }) })",
    )
    expect(told.inSay).toEqual(['Una parola nuova'])
  })
})

describe('the reader of sources', () => {
  const keysIn = (text: string) => [...spokenIn(text).keys()]

  test.each([
    ['added to another text', "const line = name + t('Ancora in tempo') + '.'"],
    ['compared', "const isIn = word === t('Ancora in tempo')"],
    ['in a condition', "if (seen.has(t('Ancora in tempo'))) leave()"],
    ['in the condition of a choice', "const one = t('Ancora in tempo').length > 9 ? short : long"],
    ['within what another call says', "t(late ? t('Ancora in tempo') : 'Troppo tardi')"],
    ['made of two constants', "t('Ancora ' + 'in tempo')"],
  ])('finds a sentence that is %s', (_, source) => {
    expect(keysIn(source)).toContain('Ancora in tempo')
  })

  test('takes a constant that is compared for no text of a page', () => {
    expect(readSource('page.tsx', "const isIn = word === 'Ancora in tempo'").bare).toEqual([])
  })
})

/** Names. */
const UNTRANSLATED = new Set(['Italiano', 'English', 'MyBank'])
/** Addresses that no page shows: feeds, open data and calendars speak Italian. */
const ITALIAN_ONLY = /^app\/api\/|\/route\.ts$|_contenuti\/feed\.ts$/
const bareIn = (sources: readonly { file: string; bare: string[] }[]) =>
  sources.flatMap(({ file, bare }) =>
    bare.filter((text) => !UNTRANSLATED.has(text)).map((text) => `${file}: ${text}`),
  )

describe('the screens', () => {
  const screens = SOURCES.filter(
    ({ file }) =>
      /^(app|components)\//.test(file) && DRAWN.has(file) && !isOffice(file) && !ITALIAN_ONLY.test(file),
  )

  test('of families and of any reader say nothing past the catalogue', () => {
    expect(bareIn(screens)).toEqual([])
  })

  test('would be caught saying it', () => {
    const planted = readSource(
      'page.tsx',
      "const page = <p title='Saldo'>Non hai pagato nulla {t('ora')}</p>",
    )
    expect(bareIn([planted])).toHaveLength(2)
  })

  test('have no left and right, only start and end: they could be read from right to left', () => {
    expect(physicalDirections()).toEqual([])
  })
})
