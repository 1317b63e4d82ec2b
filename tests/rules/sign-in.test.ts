import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import {
  callbackUrl,
  homePath,
  landingPath,
  readCallbackUrl,
  safeReturnPath,
} from '#lib/access/return-path.ts'
import { type Claims, claimProfiles, type IdentityFacts, readIdentity } from '#lib/identity/claims.ts'
import { tokenProblem } from '#lib/identity/id-token.ts'
import { atLeast, levelFromAcr } from '#lib/identity/levels.ts'
import { evaluateIdentity } from '#lib/identity/policy.ts'
import { codeOfProviderError, signInErrorCode, signInErrors } from '#lib/identity/sign-in-errors.ts'
import { readCookies } from '#lib/session/viewer.queries.ts'
import { contentSecurityPolicy, securityHeaders } from '#lib/web/security-headers.ts'
import { readConfig } from '#simulators/identity/config.ts'

const NOW = 1_795_500_000
const POLICY = { minimumLevel: 2, today: '2026-11-24', now: NOW } as const
const { holder } = demoPeople

const facts: IdentityFacts = {
  issuer: 'https://login.example.it',
  subject: 's',
  method: 'spid',
  level: 2,
  fiscalNumber: `TINIT-${holder.fiscalCode}`,
  fiscalPrefix: 'required',
  givenName: 'Laura',
  familyName: 'Conti',
  birthDay: holder.birthDay,
  email: null,
  organisation: false,
  authenticatedAt: NOW - 10,
}
const judge = (changes: Partial<IdentityFacts> = {}) => evaluateIdentity({ ...facts, ...changes }, POLICY)
const codeOf = (changes: Partial<IdentityFacts>) => {
  const judgement = judge(changes)
  return judgement.ok ? 'ok' : judgement.code
}

describe('a person who may enter', () => {
  it('is an adult whom SPID or CIE recognised now, at level 2 or more', () => {
    expect(judge()).toMatchObject({
      ok: true,
      identity: { fiscalCode: holder.fiscalCode, method: 'spid', level: 2 },
    })
    expect(codeOf({ method: 'cie', level: 3 })).toBe('ok')
  })

  it.each([
    [{ method: 'cns' }, 'metodo-non-ammesso'],
    [{ method: null }, 'metodo-non-ammesso'],
    [{ level: 1 }, 'livello-insufficiente'],
    [{ level: null }, 'livello-insufficiente'],
    [{ organisation: true }, 'identita-professionale'],
    [{ fiscalNumber: undefined }, 'codice-fiscale-mancante'],
    [{ fiscalNumber: '' }, 'codice-fiscale-mancante'],
    [{ fiscalNumber: 'TINIT-XXX' }, 'codice-fiscale-non-valido'],
    [{ birthDay: '1986-04-11' }, 'codice-fiscale-non-valido'],
    [{ birthDay: '2086-04-12' }, 'codice-fiscale-non-valido'],
    [{ givenName: null }, 'dati-incompleti'],
    [{ familyName: null }, 'dati-incompleti'],
  ] as [Partial<IdentityFacts>, string][])('not with %j', (changes, code) => {
    expect(codeOf(changes)).toBe(code)
  })

  it.each([
    [300, 'ok'],
    [301, 'accesso-non-recente'],
    [-60, 'ok'],
    [-61, 'accesso-non-recente'],
  ])('a recognition %i seconds old: %s', (age, code) => {
    expect(codeOf({ authenticatedAt: NOW - age })).toBe(code)
  })

  it('may come from a bridge that does not say when, because every sign-in asks for a new recognition', () => {
    expect(codeOf({ authenticatedAt: null })).toBe('ok')
  })

  it('has a birth day beside a temporary fiscal code, which cannot contradict it', () => {
    const temporary = { fiscalNumber: 'TINIT-00743110157' }
    expect(codeOf({ ...temporary, birthDay: '1990-01-01' })).toBe('ok')
    expect(codeOf({ ...temporary, birthDay: null })).toBe('dati-incompleti')
    expect(codeOf({ ...temporary, birthDay: '2012-01-01' })).toBe('minorenne')
  })

  it('has the birth day of the code when none is stated', () => {
    expect(codeOf({ birthDay: null })).toBe('ok')
  })
})

describe('the levels', () => {
  it('are the three URIs that SPID and CIE share, and nothing else', () => {
    expect([1, 2, 3].map((n) => levelFromAcr(`https://www.spid.gov.it/SpidL${n}`))).toEqual([1, 2, 3])
    fc.assert(fc.property(fc.anything(), (value) => levelFromAcr(value) === null))
    expect(levelFromAcr('constructor')).toBeNull()
  })

  it('are enough when they are higher than asked', () => {
    expect(atLeast(3, 2)).toBe(true)
    expect(atLeast(2, 2)).toBe(true)
    expect(atLeast(1, 2)).toBe(false)
  })
})

describe('a bridge’s claims', () => {
  const idToken = { iss: 'i', sub: 's', acr: 'https://www.spid.gov.it/SpidL2', amr: ['spid'], auth_time: NOW }
  const read = (userinfo: Claims, profile: keyof typeof claimProfiles = 'agid') =>
    readIdentity(idToken, userinfo, claimProfiles[profile], 'acr')

  it('are read by the names of its profile', () => {
    expect(read({ fiscal_number: 'X' }).fiscalNumber).toBeUndefined()
    expect(read({ fiscal_number: 'X' }, 'satosa').fiscalNumber).toBe('X')
    expect(read({ identity_provider: 'CIE' }, 'keycloak').method).toBe('cie')
  })

  it('are taken from the signed ID token before userinfo, the level from nowhere else', () => {
    const loud = { acr: 'https://www.spid.gov.it/SpidL3', amr: ['cie'], auth_time: 1 }
    expect(read(loud)).toMatchObject({ level: 2, method: 'spid', authenticatedAt: NOW })
  })

  it('include a level enforced by the bridge only where the configuration says so', () => {
    const { acr: _, ...noAcr } = idToken
    expect(readIdentity(noAcr, {}, claimProfiles.agid, 'acr').level).toBeNull()
    expect(readIdentity(noAcr, {}, claimProfiles.agid, 'bridge-enforced').level).toBe(2)
    const named = { ...noAcr, loa: 'https://www.spid.gov.it/SpidL3' }
    expect(readIdentity(named, {}, claimProfiles.agid, 'claim:loa').level).toBe(3)
  })

  it('hold composed and trimmed names; a value that is no name reads as missing', () => {
    expect(read({ given_name: '  Zoë\u0308  D’A ' }).givenName).toBe('Zoë̈ D’A'.normalize('NFC'))
    for (const bad of ['', '   ', 'a\u0000b', 'x'.repeat(201), 42, null, ['Laura'], {}]) {
      expect(read({ given_name: bad }).givenName).toBeNull()
    }
  })

  it('never break the reading, with any value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (userinfo) => {
        expect(['ok', ...Object.keys(signInErrors)]).toContain(codeOf(read(userinfo)))
      }),
    )
  })
})

describe('the errors of the provider', () => {
  it('are named by SPID’s number, in any place of the description', () => {
    expect(codeOfProviderError('access_denied', 'ErrorCode nr25')).toBe('annullato')
    expect(codeOfProviderError('server_error', 'AuthnFailed (nr21) – timeout')).toBe('tempo-scaduto')
  })

  it('are named by the OAuth word without a number, and otherwise stay unexplained', () => {
    expect(codeOfProviderError('access_denied', null)).toBe('annullato')
    expect(codeOfProviderError('temporarily_unavailable', 'nr99')).toBe('servizio-non-raggiungibile')
    expect(codeOfProviderError('made_up', '<b>nr</b>')).toBe('errore-del-gestore')
    expect(codeOfProviderError('constructor', null)).toBe('errore-del-gestore')
  })

  it('have words for every code, and no page for a made-up one', () => {
    for (const words of Object.values(signInErrors)) {
      expect(words.title.length * words.body.length * words.next.length).toBeGreaterThan(0)
    }
    expect(signInErrorCode('minorenne')).toBe('minorenne')
    for (const bad of ['toString', '<script>', '', undefined, ['annullato']]) {
      expect(signInErrorCode(bad)).toBe('errore-del-gestore')
    }
  })
})

describe('where a sign-in may lead', () => {
  it.each([
    '/mozzecane/oggi',
    '/mozzecane/prenotazioni?figlio=0198a2f0-aaaa-7000-8000-000000000000&mese=2026-12',
    '/mozzecane/pagamenti/ricarica/0198a2f0-aaaa-7000-8000-000000000000',
    '/admin/mozzecane/conteggi',
    '/admin/mozzecane',
  ])('%s', (path) => {
    expect(safeReturnPath(path, 'mozzecane')).toBe(path)
  })

  it.each([
    '/vigasio/oggi',
    '/admin/vigasio/conteggi',
    '/mozzecane',
    '/mozzecane/accesso',
    '/mozzecane/accesso/errore?c=annullato',
    '//evil.example/mozzecane/oggi',
    '/mozzecane/oggi/../../evil',
    '/mozzecane/oggi#x',
    '/mozzecane/oggi?x=<script>',
    '/mozzecane\\oggi',
    'https://evil.example/mozzecane/oggi',
    '/api/auth/signout',
    `/mozzecane/oggi?x=${'a'.repeat(400)}`,
    null,
    ['/mozzecane/oggi'],
  ])('never %s', (path) => {
    expect(safeReturnPath(path, 'mozzecane')).toBeNull()
  })

  it('stays on our own site, with any input', () => {
    const origin = 'https://mensa.example.it'
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[/\\\w.:@?#%-]{1,60}$/)), (text) => {
        const path = safeReturnPath(text, 'mozzecane')
        if (path) expect(new URL(path, origin).origin).toBe(origin)
        expect(readCallbackUrl(text, origin)).toEqual({ municipalitySlug: null, returnPath: null })
      }),
    )
  })

  it('comes back out of the callback address as it went in', () => {
    const origin = 'https://mensa.example.it'
    const returnPath = '/mozzecane/prenotazioni?figlio=1&mese=2026-12'
    expect(readCallbackUrl(callbackUrl(origin, 'mozzecane', returnPath), origin)).toEqual({
      municipalitySlug: 'mozzecane',
      returnPath,
    })
    expect(readCallbackUrl(callbackUrl(origin, 'mozzecane', null), origin)).toEqual({
      municipalitySlug: 'mozzecane',
      returnPath: null,
    })
    expect(readCallbackUrl(callbackUrl(origin, 'mozzecane', null), 'https://altra.example')).toEqual({
      municipalitySlug: null,
      returnPath: null,
    })
  })

  it('is the family’s day for a parent, the office for a person who is only staff', () => {
    const household = { householdId: 'h', role: 'delegate' } as const
    expect(homePath('mozzecane', { memberships: [household] })).toBe('/mozzecane/oggi')
    expect(homePath('mozzecane', { memberships: [{ ...household, role: 'past_holder' }] })).toBe(
      '/mozzecane/pagamenti/fatture',
    )
    expect(homePath('mozzecane', { memberships: [] })).toBe('/admin/mozzecane')
  })

  it('is an invitation, and no other page, for a person whom the municipality does not know yet', () => {
    const nobody = { memberships: [], staffRoles: [] }
    const invitation = safeReturnPath(`/mozzecane/invito/${'a'.repeat(43)}`, 'mozzecane')
    expect(landingPath('mozzecane', null, invitation)).toBe(invitation)
    expect(landingPath('mozzecane', nobody, invitation)).toBe(invitation)
    expect(landingPath('mozzecane', nobody, '/mozzecane/oggi')).toBe('/mozzecane/accesso/non-abilitato')
  })
})

describe('a token answer', () => {
  const claims = { iat: NOW, sub: 's', nonce: 'n' }
  it.each([
    [{ tokenType: 'Bearer', claims }, null],
    [{ tokenType: 'bearer', claims }, null],
    [{ tokenType: 'mac', claims }, 'token_type'],
    [{ tokenType: undefined, claims }, 'token_type'],
    [{ tokenType: 'Bearer', claims: { ...claims, iat: NOW + 10 } }, null],
    [{ tokenType: 'Bearer', claims: { ...claims, iat: NOW + 11 } }, 'iat in the future'],
    [{ tokenType: 'Bearer', claims: { ...claims, iat: NOW - 301 } }, 'iat too old'],
    [{ tokenType: 'Bearer', claims: { ...claims, sub: ' '.repeat(300) } }, 'sub'],
    [{ tokenType: 'Bearer', claims: { iat: NOW, sub: 's' } }, 'nonce'],
  ])('%j: %s', (answer, problem) => {
    expect(tokenProblem(answer, NOW)).toBe(problem)
  })
})

describe('the cookies', () => {
  it('of a request are read once per name, and as empty when badly encoded', () => {
    expect({ ...readCookies('a=1; b=%20x; a=2; c=%E0%A4%A; d') }).toEqual({ a: '1', b: ' x', c: '' })
    expect({ ...readCookies(null) }).toEqual({})
    expect({ ...readCookies('__proto__=x') }).toEqual({ ['__proto__']: 'x' })
  })
})

describe('the headers of a page', () => {
  const policy = contentSecurityPolicy({
    nonce: 'abc',
    formOrigins: ['https://login.example.it', 'https://login.example.it'],
    development: false,
  })

  it('let run only scripts and styles that carry the nonce, and forms lead only where they must', () => {
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';")
    expect(policy).toContain("style-src 'self' 'nonce-abc';")
    expect(policy).toContain("form-action 'self' https://login.example.it;")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('ask for TLS only where there is TLS', () => {
    expect(securityHeaders({ https: true })['Strict-Transport-Security']).toMatch(/max-age=31536000/)
    expect(securityHeaders({ https: false })).not.toHaveProperty('Strict-Transport-Security')
  })
})

describe('N116 the identity simulator', () => {
  const settings = {
    PORT: '0',
    ISSUER: 'http://localhost:3001',
    IDENTITY_CLIENT_ID: 'refettorio',
    IDENTITY_CLIENT_JWKS: '{"keys":[{"kty":"RSA"}]}',
    IDENTITY_REDIRECT_URI: 'http://localhost:3000/api/auth/callback/bridge',
  }

  it('refuses production', () => {
    expect(() => readConfig({ ...settings, NODE_ENV: 'production' })).toThrow(/DEMO=1/)
    expect(() => readConfig({ ...settings, NODE_ENV: 'production', DEMO: '0' })).toThrow(/DEMO=1/)
  })

  it('runs in a demonstration', () => {
    expect(readConfig({ ...settings, NODE_ENV: 'production', DEMO: '1' }).port).toBe(0)
  })

  it('says which setting is missing, and takes no private key', () => {
    expect(() => readConfig({ ...settings, ISSUER: '' })).toThrow(/ISSUER/)
    expect(() => readConfig({ ...settings, PORT: 'x' })).toThrow(/PORT/)
    expect(() => readConfig({ ...settings, IDENTITY_CLIENT_JWKS: '{"keys":[{"d":"1"}]}' })).toThrow(
      /pubbliche/,
    )
  })
})
