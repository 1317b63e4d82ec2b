import { describe, expect, test } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { leaksIn, searchFor, type Trace } from '#tests/support/leaks.ts'
import fc from '#tests/support/random.ts'

const ORIGIN = 'http://localhost:4000'
const code = demoPeople.holder.fiscalCode
const session = 'eyJhbGciOiJkaXIifQ.session-session-session'
const invitation = 'k3n2J4l5k6j7h8g9f0d1s2a3q4w5e6r7t8y9u0i1o2p'
const run: Trace[] = [
  { kind: 'portal', origin: ORIGIN, secrets: ['the-secret-of-the-installation-0123456789'] },
  { kind: 'cookie', where: ORIGIN, text: `__Host-refettorio-sessione=${session}; Path=/; HttpOnly` },
  { kind: 'address', where: 'browser', text: `${ORIGIN}/mozzecane/invito/${invitation}` },
  {
    kind: 'address',
    where: 'browser',
    text: `${ORIGIN}/api/auth/callback/bridge?code=abcdefghijklmnopqrstuvwx&state=1`,
  },
  { kind: 'page', where: `${ORIGIN}/mozzecane/servizi`, text: `<dd>${code}</dd><dd>Senza glutine</dd>` },
  { kind: 'page', where: 'http://localhost:4001/persone', text: `<li>${code}</li>` },
  { kind: 'log', where: 'web.log', text: '{"level":30,"msg":"started"}' },
]
const planted = (trace: Trace) => leaksIn([...run, trace])

describe('the traces of a run', () => {
  test('may hold one’s own sheet, a secret in its own cookie or address, and the simulators’ pages', () => {
    expect(leaksIn(run)).toEqual([])
  })

  test.each<[string, Trace, RegExp]>([
    [
      'a fiscal code in a log',
      { kind: 'log', where: 'web.log', text: `person ${code}` },
      /fiscal code .* in a log \(web\.log\)/,
    ],
    ['a diet in a log', { kind: 'log', where: 'worker.log', text: 'Senza glutine' }, /diet .* in a log/],
    [
      'a session in a log',
      { kind: 'log', where: 'web.log', text: `cookie ${session}` },
      /a secret .* in a log/,
    ],
    [
      'an invitation in a log',
      { kind: 'log', where: 'web.log', text: `GET /x/invito/${invitation}` },
      /secret of an address/,
    ],
    [
      'the code of a sign-in in a log',
      { kind: 'log', where: 'web.log', text: 'code=abcdefghijklmnopqrstuvwx' },
      /secret of an address/,
    ],
    [
      'a key of the installation in a page',
      { kind: 'page', where: `${ORIGIN}/`, text: 'the-secret-of-the-installation-0123456789' },
      /a secret .* in the page/,
    ],
    [
      'a fiscal code in an address',
      { kind: 'address', where: 'browser', text: `${ORIGIN}/?cf=${code}` },
      /fiscal code .* in a address/,
    ],
    [
      'a diet in an address, encoded',
      { kind: 'address', where: 'browser', text: `${ORIGIN}/?d=Senza%20glutine` },
      /diet .* in a address/,
    ],
    [
      'a diet in an address, with a plus',
      { kind: 'address', where: 'browser', text: `${ORIGIN}/?d=Senza+glutine` },
      /diet .* in a address/,
    ],
    [
      'a session in an address',
      { kind: 'address', where: 'browser', text: `${ORIGIN}/?s=${session}` },
      /a secret .* in a address/,
    ],
    [
      'a fiscal code in a cookie',
      { kind: 'cookie', where: ORIGIN, text: `x=${code}` },
      /fiscal code .* in a cookie/,
    ],
    [
      'a fiscal code in a page of money',
      { kind: 'page', where: `${ORIGIN}/mozzecane/pagamenti`, text: code },
      /fiscal code .* in the page \/mozzecane\/pagamenti/,
    ],
    [
      'a diet in the kitchen’s counts',
      { kind: 'page', where: `${ORIGIN}/admin/mozzecane/conteggi`, text: 'Senza glutine' },
      /diet .* in the page/,
    ],
  ])('is never %s', (_, trace, words) => {
    expect(planted(trace)).toEqual([expect.stringMatching(words)])
  })
})

describe('the search for many secrets', () => {
  /** Letters of cookies and keys, few of them: two secrets share pieces, and a text has pieces of both. */
  const letters = fc.constantFrom('a', 'b', '.', '-', '%', '=', '/')
  const secret = fc.string({ unit: letters, minLength: 20, maxLength: 60 })

  test('finds the secrets that are in a text, each of them and no other, whatever stands around them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(secret, { minLength: 1, maxLength: 6 }),
        fc.array(fc.oneof(fc.string({ unit: letters, maxLength: 30 }), fc.nat(5)), { maxLength: 6 }),
        (secrets, pieces) => {
          const text = pieces
            .map((piece) => (typeof piece === 'number' ? (secrets[piece] ?? '') : piece))
            .join('')
          expect(searchFor(new Set(secrets))(text).toSorted()).toEqual(
            secrets.filter((one) => text.includes(one)).toSorted(),
          )
        },
      ),
    )
  })
})
