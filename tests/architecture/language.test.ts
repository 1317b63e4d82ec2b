import { globSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { ENGLISH, ENGLISH_CLIENT } from '#lib/words/english.ts'
import type { Catalogue } from '#lib/words/language.ts'
import {
  clientFiles,
  isOffice,
  messageFiles,
  missingIn,
  physicalDirections,
  placeholdersOf,
  publicFiles,
  readSource,
  readSources,
  saysOf,
} from '#tests/support/language-sources.ts'

/**
 * Whatever is said to families and to anybody is said in both languages: the Italian sentence stands in the source, its
 * English in lib/language/en. Read from the sources, so that nobody has to remember it.
 */
const SOURCES = readSources()
const SAID = saysOf(SOURCES)
const DRAWN = publicFiles(SOURCES)
const CLIENT = clientFiles(SOURCES)
const inClient = SOURCES.filter(({ file }) => CLIENT.has(file)).flatMap(({ sentences }) => sentences)

describe('the English catalogue', () => {
  test('has every sentence of the public and family areas', () => {
    expect(missingIn(SAID.said, ENGLISH)).toEqual([])
  })

  test('sends the browser what the browser says, and nothing more', () => {
    expect(missingIn(new Set(inClient), ENGLISH_CLIENT)).toEqual([])
    const needed = new Set(inClient)
    expect(Object.keys(ENGLISH_CLIENT).filter((sentence) => !needed.has(sentence))).toEqual([])
  })

  test('keeps no sentence that nobody says any more', () => {
    const unsaid = Object.keys(ENGLISH).filter(
      (sentence) => !SAID.said.has(sentence) && !SAID.ofOffice.has(sentence),
    )
    expect(unsaid).toEqual([])
  })

  test('says each sentence once: of two, the later would win', async () => {
    const areas = await Promise.all(
      globSync('lib/language/en/*.ts').map(
        async (file) => Object.values(await import(path.resolve(file)))[0] as Catalogue,
      ),
    )
    const seen = new Map<string, string>()
    const twice = areas.flatMap(Object.entries).filter(([italian, english]) => {
      const before = seen.get(italian)
      seen.set(italian, english)
      return before !== undefined && before !== english
    })
    expect(twice).toEqual([])
  })

  test('keeps the values of each sentence', () => {
    const changed = Object.entries(ENGLISH).filter(
      ([italian, english]) => placeholdersOf(italian) !== placeholdersOf(english),
    )
    expect(changed).toEqual([])
  })

  test('would be caught without a sentence', () => {
    const planted = readSource('page.tsx', "const title = t(late ? 'Troppo tardi' : 'Ancora in tempo')")
    expect(missingIn(new Set(planted.sentences), { 'Ancora in tempo': 'Still in time' })).toEqual([
      'Troppo tardi',
    ])
  })
})

describe('letters and notifications', () => {
  test('have all their sentences in the catalogue', () => {
    const letters = messageFiles(SOURCES)
    expect(letters.size).toBeGreaterThan(10)
    const said = SOURCES.filter(({ file }) => letters.has(file)).flatMap(({ sentences }) => sentences)
    expect(missingIn(new Set(said), ENGLISH)).toEqual([])
  })

  test('say nothing past it: whatever makes a notice or a letter takes the words of its reader', () => {
    const makers = SOURCES.filter(({ isLetter }) => isLetter)
    expect(makers.map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        'lib/devices/device.notice.ts',
        'lib/forms/submission.notice.ts',
        'lib/kitchen/low-balance.notice.ts',
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
    expect([planted.isLetter, bareIn([planted])]).toEqual([true, ['notice.ts: Una parola nuova']])
    const told = readSource(
      'commands.ts',
      "notify(trx, municipality, { say: () => ({ title: 'Una parola nuova' }) })",
    )
    expect(told.inSay).toEqual(['Una parola nuova'])
  })
})

/** Names, and the title of the last net (app/global-error.tsx), which has no words left but its own. */
const UNTRANSLATED = new Set(['Italiano', 'English', 'MyBank', 'Errore / Error', 'Riprova / Retry'])
/** Our own test page, which no family meets. */
const FOR_US = /^app\/prova\//
/** Addresses that no page shows: feeds, open data and calendars speak Italian. */
const ITALIAN_ONLY = /^app\/api\/|\/route\.ts$|_contenuti\/feed\.ts$/
const bareIn = (sources: readonly { file: string; bare: string[] }[]) =>
  sources.flatMap(({ file, bare }) =>
    bare.filter((text) => !UNTRANSLATED.has(text)).map((text) => `${file}: ${text}`),
  )

describe('the screens', () => {
  const screens = SOURCES.filter(
    ({ file }) =>
      /^(app|components)\//.test(file) &&
      DRAWN.has(file) &&
      !isOffice(file) &&
      !ITALIAN_ONLY.test(file) &&
      !FOR_US.test(file),
  )

  test('of families and of anybody say nothing past the catalogue', () => {
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
