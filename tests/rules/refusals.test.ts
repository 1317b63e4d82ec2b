import { globSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { REFUSALS, refusalInWords } from '#lib/entry/refusals.ts'
import type { RefusalCode } from '#lib/kernel/result.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGES, phrase } from '#lib/words/language.ts'
import type { Kind, Saying, Wording, Wordings } from '#lib/words/sentences.ts'
import { withoutIsolates } from '#lib/words/written.ts'
import { placeholdersOf } from '#scripts/lib/catalogue-file.ts'
import fc, { atLength } from '#tests/support/random.ts'

type SaidRefusal = Saying<typeof REFUSALS>

const SENTENCES: [RefusalCode, Wording][] = Object.entries(REFUSALS) as [RefusalCode, Wording][]
const ITALIAN_ONLY = /^lib\/(kitchen|\w+\/office)\//

/** The tables of the rooms, each with the file that it stands in. */
const TABLES = await Promise.all(
  globSync('lib/**/*.refusals.ts').map(async (file) => {
    const exported = Object.values(await import(path.resolve(file)))
    return { file, tables: exported.filter((value): value is Wordings => typeof value === 'object') }
  }),
)
const codesIn = (files: typeof TABLES) => files.flatMap(({ tables }) => tables.flatMap(Object.keys))
const FOR_FAMILIES = new Set(codesIn(TABLES.filter(({ file }) => !ITALIAN_ONLY.test(file))))

/** Names, and words that both languages write alike. */
const IN_BOTH = new Set(['browser', 'Excel', 'OpenDocument'])

const anyCents = fc.integer({ min: 0, max: 10_000_000 })
const anyInstant = fc.date({
  min: new Date('2020-01-01'),
  max: new Date('2099-12-31'),
  noInvalidDate: true,
})
const anyDay = anyInstant.map((instant) => instant.toISOString().slice(0, 10))
const anyText = fc.string({ unit: fc.constantFrom('#', '7', '\u2068') })

/** Values of each kind. What a person wrote has no letters here, so that every letter of a sentence is ours. */
const VALUES: Readonly<Record<Extract<Kind, string>, fc.Arbitrary<unknown>>> = {
  count: fc.nat(400),
  decimal: fc.double({ min: -1000, max: 1000, noNaN: true }),
  ratio: fc.double({ min: 1, max: 21, noNaN: true }),
  size: fc.nat(10_000_000),
  cents: anyCents,
  day: anyDay,
  date: anyDay,
  instant: anyInstant,
  text: anyText,
  texts: fc.array(anyText, { minLength: 1, maxLength: 3 }),
  person: fc.option(anyText),
  phrases: fc.array(fc.constant(phrase('firmato digitalmente (P7M)')), { minLength: 1, maxLength: 3 }),
}
const anyOf = (kind: Kind): fc.Arbitrary<unknown> =>
  typeof kind === 'string' ? VALUES[kind] : fc.constantFrom(...Object.keys(kind))
const detailsOf = ({ kinds }: Wording): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, anyOf(kind)])))

/** Every code with details of its own kinds, in every language. */
const anyRefusal = fc
  .constantFrom(...SENTENCES)
  .chain(([code, sentence]) => detailsOf(sentence).map((details) => ({ code, details }) as SaidRefusal))

describe('the refusals', () => {
  test('of every room are merged, and each code stands in one table', () => {
    expect(codesIn(TABLES).sort()).toEqual(Object.keys(REFUSALS).sort())
    expect(TABLES.length).toBeGreaterThan(20)
  })

  test.each(SENTENCES)('%s says exactly its details', (_code, { text, kinds }) => {
    const names = Object.keys(kinds).map((name) => `{${name}}`)
    expect(
      placeholdersOf(typeof text === 'string' ? text : text.other)
        .split(' ')
        .filter(Boolean),
    ).toEqual(names.sort())
  })

  test('leave no placeholder open, in any language', () => {
    fc.assert(
      fc.property(anyRefusal, fc.constantFrom(...LANGUAGES), (refusal, language) => {
        expect(refusalInWords(refusal, wordsIn(language))).not.toMatch(/[{}]|\b(undefined|null|NaN|object)\b/)
      }),
      { numRuns: atLength(2000) },
    )
  })

  test('of families carry over no word from one language into another', () => {
    const italian = wordsIn('it')
    const others = LANGUAGES.filter((language) => language !== 'it').map(wordsIn)
    const lettersOf = (text: string) => new Set(withoutIsolates(text).match(/\p{L}{5,}/gu) ?? [])
    for (const [code, sentence] of SENTENCES.filter(([one]) => FOR_FAMILIES.has(one))) {
      fc.assert(
        fc.property(detailsOf(sentence), fc.constantFrom(...others), (details, t) => {
          const refusal = { code, details } as SaidRefusal
          const kept = lettersOf(refusalInWords(refusal, italian)).intersection(
            lettersOf(refusalInWords(refusal, t)),
          )
          expect([...kept].filter((word) => !IN_BOTH.has(word))).toEqual([])
        }),
        { numRuns: atLength(20) },
      )
    }
  })

  test('are said in whole English where a half stayed Italian', () => {
    const t = wordsIn('en')
    expect(refusalInWords({ code: 'forms:not-open', details: { why: 'withdrawn' } }, t)).toBe(
      'This form cannot be filled in now: it was closed early. What you wrote stays in the draft.',
    )
    expect(refusalInWords({ code: 'forms:not-open', details: { why: 'expired' } }, t)).toBe(
      'This form cannot be filled in now: it is over. What you wrote stays in the draft.',
    )
    expect(refusalInWords({ code: 'forms:decided', details: { state: 'accepted' } }, t)).toBe(
      'This request is already accepted: it can no longer be changed.',
    )
  })

  test('say money, days and hours as the language writes them', () => {
    const t = wordsIn('en')
    expect(
      refusalInWords({ code: 'top-up:out-of-range', details: { n: 200, least: 540, most: 108_000 } }, t),
    ).toContain('€5.40')
    expect(
      refusalInWords({ code: 'meals:too-late', details: { cutoff: new Date('2026-11-24T08:30:00Z') } }, t),
    ).toBe('The deadline to change this meal was 24/11/2026 at 9:30. It can no longer be changed.')
  })

  test('tell what a person wrote from the words of the sentence', () => {
    const refusal = { code: 'forms:incomplete', details: { step: 'Chi pranza' } } as const
    expect(refusalInWords(refusal)).toContain('passo “Chi pranza”')
    expect(refusalInWords(refusal, wordsIn('en'))).toContain('step “\u2068Chi pranza\u2069”')
  })
})
