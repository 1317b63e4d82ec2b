import { describe, expect, test } from 'vitest'
import { catalogueOf, wordsIn } from '#lib/words/catalogues.adapter.ts'
import { fill } from '#lib/words/fill.ts'
import { longDay, timeInRome } from '#lib/words/format-day.ts'
import { formatEuro, formatSignedEuro } from '#lib/words/format-money.ts'
import {
  inContext,
  italian,
  type Language,
  markedBefore,
  type Plural,
  plural,
  wordsFrom,
} from '#lib/words/language.ts'
import { LOCALES, TRANSLATED } from '#lib/words/locales.ts'
import { piecesOf, withoutIsolates, written } from '#lib/words/written.ts'
import fc from '#tests/support/random.ts'

const t = wordsFrom('en', {
  'Segna assente oggi': 'Mark absent today',
  'Leggi le {questions} del {municipality}.': 'Read {municipality}’s {questions}.',
})

describe('words', () => {
  test('in Italian are the sentence itself, with its values', () => {
    expect(italian('Mancano {n} minuti', { n: 3 })).toBe('Mancano 3 minuti')
  })

  test('in English are the catalogue’s', () => {
    expect(t('Segna assente oggi')).toBe('Mark absent today')
  })

  test('that the catalogue does not have stay Italian: never an empty button', () => {
    expect(t('Parola nuova {x}', { x: 1 })).toBe('Parola nuova 1')
  })

  test('hold elements, in the order of each language', () => {
    const nodes = { questions: ['FAQ'], municipality: ['Mozzecane'] }
    expect(fill(italian('Leggi le {questions} del {municipality}.'), nodes)).toEqual([
      'Leggi le ',
      ['FAQ'],
      ' del ',
      ['Mozzecane'],
      '.',
    ])
    expect(fill(t('Leggi le {questions} del {municipality}.'), nodes)).toEqual([
      'Read ',
      ['Mozzecane'],
      '’s ',
      ['FAQ'],
      '.',
    ])
  })
})

test('days, hours and money are written as the language does; Italy’s clock stays', () => {
  expect(longDay('2026-11-24', 'en')).toBe('Tuesday 24 November')
  expect(timeInRome(new Date('2026-11-24T08:30:00Z'), 'en')).toBe('9:30')
  expect(formatEuro(88_470, 'en')).toBe('€884.70')
  expect(formatSignedEuro(-540, 'en')).toBe('−€5.40')
})

describe('what a person wrote, within a sentence of ours', () => {
  test('is told apart, and the sentence reads the same without the marks', () => {
    const sentence = `${written('Pasta in bianco')} instead of ${written('Lasagne')}.`
    expect(piecesOf(sentence)).toEqual([
      { text: 'Pasta in bianco', isWritten: true },
      { text: ' instead of ', isWritten: false },
      { text: 'Lasagne', isWritten: true },
      { text: '.', isWritten: false },
    ])
    expect(withoutIsolates(sentence)).toBe('Pasta in bianco instead of Lasagne.')
  })

  test('cannot pass for ours, whatever marks it brings', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\u2066', '\u2068', '\u2069') }), (typed) => {
        const pieces = piecesOf(`A ${written(typed)} B`)
        expect(pieces.filter(({ isWritten }) => !isWritten)).toHaveLength(2)
        expect(pieces.map(({ text }) => text).join('')).toBe(`A ${withoutIsolates(typed)} B`)
      }),
    )
  })
})

describe('a number in a sentence', () => {
  const MEALS = plural('{n} pasto', '{n} pasti')
  const NUMBERS = [0, 1, 2, 3, 11, 100]
  test.each([
    ['it', ['0 pasti', '1 pasto', '2 pasti', '3 pasti', '11 pasti', '100 pasti']],
    ['en', ['0 meals', '1 meal', '2 meals', '3 meals', '11 meals', '100 meals']],
    ['ar', ['لا وجبات', 'وجبة واحدة', 'وجبتان', '3 وجبات', '11 وجبة', '100 وجبة']],
  ] as const)('takes the form of its language: %s', (language, said) => {
    expect(NUMBERS.map((n) => wordsIn(language)(MEALS, { n }))).toEqual(said)
  })

  test.each(TRANSLATED)('takes in %s the form that its rules name, whatever the sentence', (language) => {
    const { tag } = LOCALES[language]
    const rules = new Intl.PluralRules(tag)
    const plurals = Object.entries(catalogueOf(language)).filter(([, said]) => typeof said !== 'string')
    expect(plurals.length).toBeGreaterThan(60)
    for (const [one, forms] of plurals as [string, Plural][])
      for (const n of NUMBERS)
        expect(wordsIn(language)({ one, other: one }, { n })).toBe(
          forms[rules.select(n)]?.replace('{n}', `${n}`),
        )
  })

  test('is written as the language does', () => {
    const said = (language: Language) => wordsIn(language)(MEALS, { n: 12_400 })
    expect([said('it'), said('en'), said('ar')]).toEqual(['12.400 pasti', '12,400 meals', '12,400 وجبة'])
  })
})

test('a text that is only known when the program runs is no sentence: it does not compile', () => {
  const typed: string = ['Saldo'].join('')
  // @ts-expect-error
  expect(italian(typed)).toBe('Saldo')
  expect(italian(markedBefore(typed))).toBe('Saldo')
})

test('a word in a context reads without it, and is looked up with it', () => {
  expect(italian(inContext('a title', 'Avviso'))).toBe('Avviso')
  const inTwoWays = wordsFrom('en', { Avviso: 'Notice', 'a title\u0004Avviso': 'Warning' })
  expect([inTwoWays('Avviso'), inTwoWays(inContext('a title', 'Avviso'))]).toEqual(['Notice', 'Warning'])
})
