import { createSign, type KeyObject } from 'node:crypto'
import { CompactEncrypt, type JWK } from 'jose'
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import type { SignInErrorCode } from '#lib/identity/sign-in-errors.ts'
import { signInCookieName } from '#lib/session/cookies.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { Browser } from '#tests/support/http.ts'
import { type Claims, publicJwk, rsaKeys, signed } from '#tests/support/misbehaving-provider.ts'
import {
  openBench,
  pressButton,
  type SignInBench,
  type SignInEnd,
  type SignInOptions,
  signIn,
} from '#tests/support/sign-in.ts'

vi.mock('#lib/kernel/log.ts', () => ({ log: () => ({ warn: () => undefined, error: () => undefined }) }))

const SECRET = TEST_ENVIRONMENT.NEXTAUTH_SECRET
const STATE = '__Host-refettorio-stato'
const NONCE = '__Host-refettorio-nonce'
const PKCE = '__Host-refettorio-pkce'

let bench: SignInBench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const laura = { fiscalNumber: `TINIT-${demoPeople.holder.fiscalCode}` }
const trySignIn = (options: SignInOptions = {}) => signIn(bench, { person: laura, ...options })

/** The three things that every refusal leaves: no session, the right page, one row in the register. */
function expectRefusal(
  end: SignInEnd,
  code: SignInErrorCode,
  {
    municipalitySlug = 'mozzecane',
    outcomes = [code],
  }: { municipalitySlug?: string | null; outcomes?: string[] } = {},
): void {
  expect({ ...end, browser: null, callback: null }).toEqual({
    browser: null,
    callback: null,
    status: 303,
    location: `${municipalitySlug ? `/${municipalitySlug}` : ''}/accesso/errore?c=${code}`,
    cookie: null,
    outcomes,
    sessions: 0,
  })
}

const now = () => Math.floor(Date.now() / 1000)
const without = (name: string) => (claims: Claims) => {
  const { [name]: _, ...rest } = claims
  return rest
}
/** The name of a cookie in the one sign-in that a browser has under way. */
const underWay = (browser: Browser, name: string) =>
  [...browser.jar(bench.portal).keys()].find((key) => key.startsWith(`${name}-`)) as string
/** Gives a browser cookies as if it had begun the sign-in of a state. */
const plant = (browser: Browser, state: string, cookies: Record<string, string>) => {
  for (const [name, value] of Object.entries(cookies))
    browser.jar(bench.portal).set(signInCookieName(name, state), value)
}
const sealed = (name: string, value: Claims, maxAge = 900) =>
  encode({ token: value, secret: SECRET, salt: name, maxAge })

/** Well signed, whatever the header says: libraries that sign refuse to make what these tests need. */
function signedByHand(header: Claims, claims: Claims, key: KeyObject): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part(header)}.${part(claims)}`
  return `${body}.${createSign('RSA-SHA256').update(body).sign(key, 'base64url')}`
}

it('a right answer opens a session: what the refusals below are compared with', async () => {
  const end = await trySignIn()
  expect(end.cookie).not.toBeNull()
  expect(end.sessions).toBe(1)
  expect(end.outcomes).toEqual(['signed_in'])
})

describe('the answer that comes back with the browser is refused', () => {
  it('N01 without state', async () => {
    expectRefusal(await trySignIn({ answer: ({ state: _, ...rest }) => rest }), 'accesso-scaduto')
  })

  it('N02 with the state of another browser', async () => {
    const other = new URL(await pressButton(bench)).searchParams.get('state') as string
    expectRefusal(await trySignIn({ answer: (params) => ({ ...params, state: other }) }), 'accesso-scaduto')
  })

  it('N02 in a browser that never began a sign-in, of which a stranger cannot fill the register', async () => {
    const end = await trySignIn({ beforeReturn: (browser) => browser.jars.clear() })
    expectRefusal(end, 'accesso-scaduto', { municipalitySlug: null, outcomes: [] })
  })

  it('N03 a second time, also with the cookies of the first', async () => {
    let kept = new Map<string, string>()
    const first = await trySignIn({
      beforeReturn: (browser) => {
        kept = new Map(browser.jar(bench.portal))
      },
    })
    expect(first.sessions).toBe(1)
    const again = await first.browser.visit(first.callback)
    expect(again.headers.get('location')).not.toMatch(/errore/)
    expect(again.headers.getSetCookie()).toEqual([])
    first.browser.jar(bench.portal).clear()
    const elsewhere = await first.browser.visit(first.callback)
    expect(elsewhere.headers.get('location')).toMatch(/errore\?c=accesso-scaduto$/)
    first.browser.jars.set(bench.portal, kept)
    const copied = await first.browser.visit(first.callback)
    expect(copied.headers.get('location')).toMatch(/errore\?c=accesso-scaduto$/)
    expect(copied.headers.getSetCookie().join()).not.toMatch(/sessione=[^;]/)
  })

  it('N03 with a second code for the same sign-in and the cookies of the first', async () => {
    const browser = new Browser()
    const authorization = await pressButton(bench, {}, browser)
    const cookies = new Map(browser.jar(bench.portal))
    const answers = [1, 2].map(() => new URLSearchParams(bench.provider.authorize(authorization, laura)))
    const ends: (string | null)[] = []
    for (const answer of answers) {
      browser.jars.set(bench.portal, new Map(cookies))
      const response = await browser.visit(`${bench.portal}/api/auth/callback/bridge?${answer}`)
      ends.push(response.headers.get('location'))
    }
    expect(ends[0]).toMatch(/non-abilitato$/)
    expect(ends[1]).toMatch(/errore\?c=accesso-scaduto$/)
  })

  it('N04 after the quarter of an hour that a sign-in may take', async () => {
    const end = await trySignIn({
      beforeReturn: async (browser) => {
        await plant(browser, 'x', { [STATE]: await sealed(STATE, { value: 'x', provider: 'bridge' }, -60) })
      },
      answer: (params) => ({ ...params, state: 'x' }),
    })
    expectRefusal(end, 'accesso-scaduto')
  })

  it('N05 without the issuer that the provider promised', async () => {
    expectRefusal(await trySignIn({ answer: ({ iss: _, ...rest }) => rest }), 'risposta-non-valida')
  })

  it('N06 from another issuer', async () => {
    expectRefusal(
      await trySignIn({ answer: (params) => ({ ...params, iss: 'https://altrove.example' }) }),
      'risposta-non-valida',
    )
  })

  it.each([
    ['nr19', 'credenziali-errate'],
    ['nr20', 'livello-insufficiente'],
    ['nr21', 'tempo-scaduto'],
    ['nr22', 'consenso-negato'],
    ['nr23', 'identita-sospesa'],
    ['nr25', 'annullato'],
    ['nr30', 'identita-professionale'],
  ] as const)('N07 with SPID’s anomaly %s, in its own words', async (anomaly, code) => {
    const end = await trySignIn({
      answer: ({ code: _, ...rest }) => ({
        ...rest,
        error: 'access_denied',
        error_description: `ErrorCode ${anomaly}`,
      }),
    })
    expectRefusal(end, code)
  })

  it('N06 with an error of another issuer', async () => {
    const end = await trySignIn({
      answer: ({ code: _, ...rest }) => ({ ...rest, error: 'access_denied', iss: 'https://altrove.example' }),
    })
    expectRefusal(end, 'risposta-non-valida')
  })

  it('N08 with an error that answers no sign-in of this browser', async () => {
    const end = await trySignIn({ answer: () => ({ error: 'access_denied', state: 'made-up' }) })
    expectRefusal(end, 'accesso-scaduto')
  })

  it('N09 with an unknown error', async () => {
    const end = await trySignIn({ answer: ({ code: _, ...rest }) => ({ ...rest, error: 'made_up_error' }) })
    expectRefusal(end, 'errore-del-gestore')
  })

  it('N10 with a description in HTML, of which nothing is passed on', async () => {
    const end = await trySignIn({
      answer: ({ code: _, ...rest }) => ({
        ...rest,
        error: 'server_error',
        error_description: '<script>alert(1)</script>',
      }),
    })
    expectRefusal(end, 'servizio-non-raggiungibile')
  })

  it('N11 with a code and an error together', async () => {
    expectRefusal(
      await trySignIn({ answer: (params) => ({ ...params, error: 'access_denied' }) }),
      'risposta-non-valida',
    )
  })

  it('N12 with a parameter twice', async () => {
    const end = await trySignIn({ answer: (params) => [...Object.entries(params), ['code', 'another']] })
    expectRefusal(end, 'risposta-non-valida')
  })

  it('N13 with check cookies made for another provider', async () => {
    const end = await trySignIn({
      beforeReturn: async (browser) => {
        const value = { value: 'x', provider: 'another' }
        for (const name of [STATE, NONCE, PKCE])
          await plant(browser, 'x', { [name]: await sealed(name, value) })
      },
      answer: (params) => ({ ...params, state: 'x' }),
    })
    expectRefusal(end, 'accesso-scaduto')
  })

  it('without a code at all', async () => {
    expectRefusal(await trySignIn({ answer: ({ code: _, ...rest }) => rest }), 'risposta-non-valida')
  })
})

describe('a browser with two tabs that sign in', () => {
  const begin = async (browser: Browser, returnPath: string) =>
    bench.provider.authorize(await pressButton(bench, { returnPath }, browser), laura)
  const comeBack = (browser: Browser, params: Record<string, string>) =>
    browser.visit(`${bench.portal}/api/auth/callback/bridge?${new URLSearchParams(params)}`)
  const entered = (response: Response) =>
    response.headers.getSetCookie().some((line) => line.startsWith('__Host-refettorio-sessione=ey'))

  it.each([
    ['begun first', 0],
    ['begun last', 1],
  ])('F1 enters by the tab that was %s and comes to that tab’s page; then by the other', async (_, order) => {
    const browser = new Browser()
    const tabs = [
      await begin(browser, '/mozzecane/invito/primo'),
      await begin(browser, '/mozzecane/invito/secondo'),
    ]
    const pages: (string | null)[] = []
    for (const tab of order === 0 ? tabs : tabs.toReversed()) {
      const response = await comeBack(browser, tab)
      expect(entered(response)).toBe(true)
      pages.push(response.headers.get('location'))
    }
    const wanted = ['/mozzecane/invito/primo', '/mozzecane/invito/secondo'].map((path) => bench.portal + path)
    expect(order === 0 ? pages : pages.toReversed()).toEqual(wanted)
  })

  it('gives the session’s cookie a length, so that a telephone whose clock is ahead keeps it', async () => {
    const browser = new Browser()
    const response = await comeBack(browser, await begin(browser, '/mozzecane/oggi'))
    const session = response.headers
      .getSetCookie()
      .find((line) => line.startsWith('__Host-refettorio-sessione='))
    expect(session).toMatch(/; Max-Age=28800;/)
  })

  it.each([
    ['an error', { error: 'access_denied', state: 'y' }],
    ['a code', { code: 'x', state: 'y' }],
    ['no state', { code: 'x' }],
  ])('F1 keeps its sign-in when a link brings it %s of another state', async (_, link) => {
    const browser = new Browser()
    const right = await begin(browser, '/mozzecane/invito/uno')
    const response = await comeBack(browser, link as Record<string, string>)
    expect(response.headers.getSetCookie()).toEqual([])
    // The page with the words still knows the municipality and the page that was wanted.
    expect(response.headers.get('location')).toBe(
      `${bench.portal}/mozzecane/accesso/errore?c=accesso-scaduto&ritorno=%2Fmozzecane%2Finvito%2Funo`,
    )
    expect(entered(await comeBack(browser, right))).toBe(true)
  })

  it('F1 ends the sign-in of the refused answer, and not the other', async () => {
    const browser = new Browser()
    const kept = await begin(browser, '/mozzecane/invito/uno')
    const { code: _, ...cancelled } = await begin(browser, '/mozzecane/invito/due')
    const refused = await comeBack(browser, { ...cancelled, error: 'access_denied' })
    expect(refused.headers.get('location')).toContain('c=annullato&ritorno=%2Fmozzecane%2Finvito%2Fdue')
    expect(entered(await comeBack(browser, kept))).toBe(true)
  })

  it('F1 goes on without an error once it has a session, also by an address that was already used', async () => {
    const { browser, callback } = await trySignIn({ returnPath: '/mozzecane/invito/uno' })
    for (const link of [callback, `${bench.portal}/api/auth/callback/bridge?error=x&state=y`]) {
      const response = await browser.visit(link)
      expect(response.headers.get('location')).not.toContain('errore')
      expect(response.headers.getSetCookie()).toEqual([])
    }
  })

  it('F1 keeps the newest sign-ins, so that its cookies stay below the limit of a request', async () => {
    const browser = new Browser()
    const tabs = [await begin(browser, '/mozzecane/invito/a')]
    for (const name of ['b', 'c', 'd', 'e']) tabs.push(await begin(browser, `/mozzecane/invito/${name}`))
    const states = [...browser.jar(bench.portal).keys()].filter((name) => name.startsWith(`${STATE}-`))
    expect(states).toHaveLength(4)
    expect(entered(await comeBack(browser, tabs[0] as Record<string, string>))).toBe(false)
    expect(entered(await comeBack(browser, tabs[1] as Record<string, string>))).toBe(true)
  })
})

describe('the exchange of the code is refused', () => {
  it('N20 with the wrong PKCE verifier', async () => {
    const end = await trySignIn({
      beforeReturn: async (browser) => {
        const verifier = await sealed(PKCE, { value: 'v'.repeat(43), provider: 'bridge' })
        browser.jar(bench.portal).set(underWay(browser, PKCE), verifier)
      },
    })
    expectRefusal(end, 'accesso-scaduto')
  })

  it('N21 with a code that was already spent', async () => {
    const first = await trySignIn()
    const spent = new URL(first.callback).searchParams.get('code') as string
    expectRefusal(await trySignIn({ answer: (params) => ({ ...params, code: spent }) }), 'accesso-scaduto')
  })

  it.each([
    ['400', { status: 400, body: { error: 'invalid_request' } }],
    ['500', { status: 500, body: { error: 'server_error' } }],
    ['a redirect', { status: 302, location: 'http://localhost:1/token', body: {} }],
    ['a page of HTML', { type: 'text/html', body: '<h1>Manutenzione</h1>' }],
    ['ten megabytes', { type: 'text/html', body: 'x'.repeat(10_000_000) }],
    ['no answer', { body: {}, hang: true }],
  ])('N22 when the token endpoint gives %s', async (_, reply) => {
    expectRefusal(await trySignIn({ misbehaviour: { token: () => reply } }), 'servizio-non-raggiungibile')
  })

  it('N22 when the provider cannot be reached at all', async () => {
    const discovery = () => ({ status: 503, body: {} })
    expectRefusal(await trySignIn({ misbehaviour: { discovery } }), 'servizio-non-raggiungibile')
  })

  it('N06 when the discovery document belongs to another issuer', async () => {
    const issuer = 'https://altrove.example'
    const discovery = (document: Claims) => ({ body: { ...document, issuer } })
    const claims = (right: Claims) => ({ ...right, iss: issuer })
    const answer = (params: Record<string, string>) => ({ ...params, iss: issuer })
    expectRefusal(await trySignIn({ misbehaviour: { discovery, claims }, answer }), 'risposta-non-valida')
  })

  it('N23 without an ID token', async () => {
    expectRefusal(await trySignIn({ misbehaviour: { sign: () => undefined } }), 'risposta-non-valida')
  })

  it('N24 with a token that is no bearer token', async () => {
    const token = (body: Claims) => ({ body: { ...body, token_type: 'mac' } })
    expectRefusal(await trySignIn({ misbehaviour: { token } }), 'risposta-non-valida')
  })
})

describe('an ID token is refused', () => {
  const foreign = rsaKeys('op-1')
  const small = rsaKeys('small', 1024)
  const claimsCases: [string, (claims: Claims) => Claims][] = [
    ['N35 from another issuer', (claims) => ({ ...claims, iss: 'https://altrove.example' })],
    ['N36 for another audience', (claims) => ({ ...claims, aud: 'altri' })],
    ['N36 for several audiences without azp', (claims) => ({ ...claims, aud: ['refettorio', 'altri'] })],
    [
      'N36 for several audiences with a foreign azp',
      (claims) => ({ ...claims, aud: ['refettorio', 'altri'], azp: 'altri' }),
    ],
    ['N37 with another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['N38 without nonce', without('nonce')],
    ['N40 expired', (claims) => ({ ...claims, iat: now() - 600, exp: now() - 60 })],
    ['N41 issued in the future', (claims) => ({ ...claims, iat: now() + 60, exp: now() + 600 })],
    ['N41 not valid yet', (claims) => ({ ...claims, nbf: now() + 60 })],
    ['N41 issued long ago', (claims) => ({ ...claims, iat: now() - 3600 })],
    ['N41 without an issue time', without('iat')],
    [
      'N42 with the hash of another access token',
      (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    ],
    ['N43 without subject', without('sub')],
    ['N43 with an empty subject', (claims) => ({ ...claims, sub: '' })],
  ]
  it.each(claimsCases)('%s', async (_, claims) => {
    expectRefusal(await trySignIn({ misbehaviour: { claims } }), 'risposta-non-valida')
  })

  it('N30 signed with a foreign key under the right name', async () => {
    const sign = (claims: Claims) => signed(claims, foreign.privateKey, { alg: 'RS256', kid: 'op-1' })
    expectRefusal(await trySignIn({ misbehaviour: { sign } }), 'risposta-non-valida')
  })

  it('N31 signed with a key that the provider does not publish', async () => {
    const sign = (claims: Claims) => signed(claims, foreign.privateKey, { alg: 'RS256', kid: 'unknown' })
    expectRefusal(await trySignIn({ misbehaviour: { sign } }), 'risposta-non-valida')
  })

  it('N32 not signed at all', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const sign = (claims: Claims) => `${part({ alg: 'none' })}.${part(claims)}.`
    expectRefusal(await trySignIn({ misbehaviour: { sign } }), 'risposta-non-valida')
  })

  it('N33 signed with the public key as a shared secret', async () => {
    const sign = (claims: Claims) => {
      const pem = bench.provider.keys.publicKey.export({ type: 'spki', format: 'pem' })
      return signed(claims, Buffer.from(pem), { alg: 'HS256', kid: 'op-1' })
    }
    expectRefusal(await trySignIn({ misbehaviour: { sign } }), 'risposta-non-valida')
  })

  it('N34 signed with an algorithm other than the registered one', async () => {
    const sign = (claims: Claims) =>
      signed(claims, bench.provider.keys.privateKey, { alg: 'PS256', kid: 'op-1' })
    expectRefusal(await trySignIn({ misbehaviour: { sign } }), 'risposta-non-valida')
  })

  it('N39 of an earlier sign-in, played again', async () => {
    let earlier = ''
    const keep = async (claims: Claims) => {
      earlier = await signed(claims, bench.provider.keys.privateKey, { alg: 'RS256', kid: 'op-1' })
      return earlier
    }
    expect((await trySignIn({ misbehaviour: { sign: keep } })).sessions).toBe(1)
    expectRefusal(await trySignIn({ misbehaviour: { sign: () => earlier } }), 'risposta-non-valida')
  })

  it('N44 with a critical header that is not understood', async () => {
    const header = { alg: 'RS256', kid: 'op-1', crit: ['urn:example:rule'], 'urn:example:rule': true }
    const sign = (claims: Claims) => signedByHand(header, claims, bench.provider.keys.privateKey)
    expectRefusal(await trySignIn({ misbehaviour: { sign } }), 'risposta-non-valida')
  })

  it('N45 encrypted, which was not agreed', async () => {
    const sign = (claims: Claims) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A128CBC-HS256' })
        .encrypt(foreign.publicKey)
    expectRefusal(await trySignIn({ misbehaviour: { sign } }), 'risposta-non-valida')
  })

  it('N46 signed with a key published for encryption', async () => {
    const enc = rsaKeys('enc-1')
    const published = await publicJwk(enc, { use: 'enc', alg: 'RSA-OAEP' })
    const misbehaviour = {
      sign: (claims: Claims) => signed(claims, enc.privateKey, { alg: 'RS256', kid: 'enc-1' }),
      jwks: (keys: JWK[]) => [...keys, published],
    }
    expectRefusal(await trySignIn({ misbehaviour }), 'risposta-non-valida')
  })

  it('N46 signed with a key too small', async () => {
    const published = await publicJwk(small)
    const misbehaviour = {
      sign: (claims: Claims) => signedByHand({ alg: 'RS256', kid: 'small' }, claims, small.privateKey),
      jwks: (keys: JWK[]) => [...keys, published],
    }
    expectRefusal(await trySignIn({ misbehaviour }), 'risposta-non-valida')
  })
})

describe('userinfo is refused', () => {
  it.each([
    [
      'of another subject',
      (claims: Claims) => ({ body: { ...claims, sub: 'another' } }),
      'risposta-non-valida',
    ],
    ['without subject', (claims: Claims) => ({ body: without('sub')(claims) }), 'risposta-non-valida'],
    [
      'that is a page of HTML',
      () => ({ type: 'text/html', body: '<h1>no</h1>' }),
      'servizio-non-raggiungibile',
    ],
    ['that fails', () => ({ status: 500, body: {} }), 'servizio-non-raggiungibile'],
  ] as const)('%s, and the access token is given back', async (_, userinfo, code) => {
    const revoked = bench.provider.revoked.length
    expectRefusal(await trySignIn({ misbehaviour: { userinfo } }), code)
    expect(bench.provider.revoked.length).toBe(revoked + 1)
  })
})
