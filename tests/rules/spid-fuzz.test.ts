import { describe, expect, test } from 'vitest'
import { judgeAnswer } from '#bridge/spid/answer.ts'
import { ASSERTION_MARK, RESPONSE_MARK, responseXml } from '#simulators/spid/answers.ts'
import { signAt } from '#simulators/spid/signing.ts'
import { leastCpuMsOf } from '#tests/support/cpu.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { contextOf, goodXml, judge, SIGNING, valuesOf } from '#tests/support/spid.ts'

/** At length this is 20,000 changed answers. */
const RUNS = atLength(1_000)
const MOST_CPU_MS = 100

const CONTEXT = contextOf()
const BOTH = goodXml(CONTEXT)
const ASSERTION_ONLY = signAt(
  responseXml(valuesOf(CONTEXT)).replace(RESPONSE_MARK, ''),
  ASSERTION_MARK,
  '_assertion-1',
  SIGNING.own,
)

/** Pieces by which readers of XML have been misled. */
const PIECES = [
  ...[
    '<',
    '>',
    '"',
    "'",
    '&',
    '/',
    ' ',
    '\n',
    '\r',
    '\t',
    '\u0085',
    '\u00a0',
    '\ufeff',
    '=',
    ':',
    'xmlns',
    '#',
  ],
  ...['&amp;', '&#x0;', '&#10;', '&lt;', ']]>', '<!--', '-->', '<![CDATA[', '<?x ?>', '<!DOCTYPE a>'],
  ...[
    ' ID="_assertion-1"',
    ' xmlns=""',
    ' xmlns:saml="urn:x"',
    '<saml:Assertion>',
    '</saml:Assertion>',
    '<x/>',
  ],
  ...['TINIT-', 'A', 'z', '0', '2.0', 'https://gestore.example', ' xmlnsx="y"', 'Signature', '\u202e', '😀'],
]

type Change = { at: number; drop: number; piece: string; from: number; length: number }
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  drop: fc.oneof(fc.constant(0), fc.constant(1), fc.nat({ max: 400 })),
  piece: fc.constantFrom(...PIECES, 'COPY'),
  from: fc.nat(),
  length: fc.nat({ max: 1_500 }),
})

/** A document with a few places changed: a piece put in, taken out, or copied from elsewhere in it. */
const changed = (xml: string, changes: readonly Change[]): string =>
  changes.reduce((text, { at, drop, piece, from, length }) => {
    const start = at % (text.length + 1)
    const source = from % text.length
    const put = piece === 'COPY' ? text.slice(source, source + length) : piece
    return text.slice(0, start) + put + text.slice(start + drop)
  }, xml)

/** What the signature vouches for, from the answer that is as the provider made it. */
const told = (xml: string) => {
  const judgement = judge(xml, CONTEXT)
  if (!judgement.ok) return null
  const { responseId: _, ...signed } = judgement.value
  return signed
}

describe('an answer with bytes changed', () => {
  test.each([
    ['signed twice', BOTH],
    ['with its Assertion signed', ASSERTION_ONLY],
  ])('%s says what was signed or is refused, within its time', (_, xml) => {
    const original = told(xml)
    expect(original).not.toBeNull()
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const other = changed(xml, changes)
        let answer: ReturnType<typeof told> = null
        const cost = leastCpuMsOf(() => {
          answer = told(other)
        }, MOST_CPU_MS)
        expect(cost).toBeLessThan(MOST_CPU_MS)
        if (answer) expect(answer).toEqual(original)
      }),
      { numRuns: RUNS / 2 },
    )
  })

  test('with one byte of another value says what was signed or is refused', () => {
    const original = told(BOTH)
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = Buffer.from(BOTH)
        const place = at % bytes.length
        bytes.writeUInt8((bytes.readUInt8(place) + by) % 256, place)
        const judgement = judgeAnswer(bytes.toString('base64'), CONTEXT)
        if (!judgement.ok) return
        const { responseId: _, ...signed } = judgement.value
        expect(signed).toEqual(original)
      }),
    )
  })
})
