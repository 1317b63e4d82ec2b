import { describe, expect, it } from 'vitest'
import {
  callbackUrl,
  homePath,
  landingPath,
  readCallbackUrl,
  safeReturnPath,
} from '#lib/access/return-path.ts'
import { tokenProblem } from '#lib/identity/id-token.ts'
import { codeOfProviderError, signInErrorCode, signInErrors } from '#lib/identity/sign-in-errors.ts'
import { readCookies } from '#lib/session/session.queries.ts'
import { contentSecurityPolicy, securityHeaders } from '#lib/web/security-headers.ts'
import { readConfig } from '#simulators/identity/config.ts'
import fc from '#tests/support/random.ts'

const NOW = 1_795_500_000

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
  ])('is never %s', (path) => {
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
    [
      {
        tokenType: 'Bearer',
        accessToken: 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y',
        claims: { ...claims, at_hash: '77QmUPtjPfzWtF2AnpK9RQ' },
      },
      null,
    ],
    [
      {
        tokenType: 'Bearer',
        accessToken: 'another',
        claims: { ...claims, at_hash: '77QmUPtjPfzWtF2AnpK9RQ' },
      },
      'at_hash',
    ],
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
