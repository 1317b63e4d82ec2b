import { generateKeyPairSync } from 'node:crypto'
import type { JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import {
  type Diagnosis,
  type DoctorConfig,
  diagnoseClaims,
  diagnoseClient,
  diagnoseClock,
  diagnoseDiscovery,
  diagnoseKeys,
  diagnoseOwnKey,
  diagnoseRedirect,
  publicHalf,
} from '#lib/identity/doctor.ts'

const config: DoctorConfig = {
  issuer: 'https://ponte.example.it',
  clientAuth: 'private_key_jwt',
  claimProfile: 'agid',
  levelSource: 'acr',
  minimumLevel: 2,
  redirectUri: 'https://mensa.example.it/api/auth/callback/bridge',
}

const discovery = {
  issuer: 'https://ponte.example.it',
  authorization_endpoint: 'https://ponte.example.it/auth',
  token_endpoint: 'https://ponte.example.it/token',
  userinfo_endpoint: 'https://ponte.example.it/me',
  jwks_uri: 'https://ponte.example.it/jwks',
  revocation_endpoint: 'https://ponte.example.it/revoke',
  end_session_endpoint: 'https://ponte.example.it/end',
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
  scopes_supported: ['openid'],
  acr_values_supported: ['https://www.spid.gov.it/SpidL2'],
  claims_supported: ['https://attributes.eid.gov.it/fiscal_number', 'amr'],
}

const words = (findings: Diagnosis[], verdict: Diagnosis['verdict']): string[] =>
  findings.filter((one) => one.verdict === verdict).map((one) => one.words)

describe('a discovery document', () => {
  it('has nothing wrong or doubtful when it is right', () => {
    const findings = diagnoseDiscovery(discovery, config)
    expect([...words(findings, 'bad'), ...words(findings, 'doubt')]).toEqual([])
  })

  it.each([
    ['another issuer', { issuer: 'https://altro.example.it' }, /si dichiara/],
    ['a final slash', { issuer: 'https://ponte.example.it/' }, /barra finale/],
    ['no keys', { jwks_uri: undefined }, /jwks_uri: le firme/],
    ['an address in clear', { token_endpoint: 'http://ponte.example.it/token' }, /non è https/],
    ['no PKCE', { code_challenge_methods_supported: ['plain'] }, /serve PKCE/],
    ['only HMAC signatures', { id_token_signing_alg_values_supported: ['HS256'] }, /solo RS256/],
    [
      'another proof of the client',
      { token_endpoint_auth_methods_supported: ['client_secret_post'] },
      /IDENTITY_CLIENT_AUTH/,
    ],
    ['only level 1', { acr_values_supported: ['https://www.spid.gov.it/SpidL1'] }, /IDENTITY_LEVEL_SOURCE/],
  ])('with %s is wrong, and says how', (_, change, expected) => {
    const wrong = words(diagnoseDiscovery({ ...discovery, ...change }, config), 'bad')
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toMatch(expected)
  })

  it('names its likely profile when it is read with another one', () => {
    const findings = diagnoseDiscovery(
      { ...discovery, claims_supported: ['fiscal_number', 'idp_type'] },
      config,
    )
    expect(words(findings, 'doubt')[0]).toMatch(/Sembra il profilo satosa/)
  })

  it('leaves a doubt about the level when the bridge enforces it', () => {
    const findings = diagnoseDiscovery(discovery, { ...config, levelSource: 'bridge-enforced' })
    expect(words(findings, 'doubt')[0]).toMatch(/contratto/)
  })
})

const rsa = (bits: number): JWK =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ format: 'jwk' }) as JWK
const strong = rsa(2048)
const weak = rsa(1024)

describe('the keys', () => {
  it('of the bridge: a private one, a weak one or none at all is wrong', () => {
    const { d: _, ...open } = strong
    expect(words(diagnoseKeys([{ ...publicHalf(strong), kid: '1' }]), 'bad')).toEqual([])
    expect(words(diagnoseKeys([strong]), 'bad')[0]).toMatch(/PRIVATA/)
    expect(words(diagnoseKeys([publicHalf(weak)]), 'bad')[0]).toMatch(/2048/)
    expect(words(diagnoseKeys([{ ...open, use: 'enc' }]), 'bad')[0]).toMatch(/RS256/)
    expect(words(diagnoseKeys([]), 'bad')).toHaveLength(1)
  })

  it('of the portal: public only, weak, missing or readable by others is said', () => {
    expect(diagnoseOwnKey({ keys: [{ ...strong, kid: '1' }] }, 0o100600)).toEqual([])
    expect(words(diagnoseOwnKey({ keys: [publicHalf(strong)] }, 0o100600), 'bad')[0]).toMatch(
      /parte pubblica/,
    )
    expect(words(diagnoseOwnKey({ keys: [weak] }, 0o100600), 'bad')[0]).toMatch(/2048/)
    expect(words(diagnoseOwnKey({}, 0o100600), 'bad')).toHaveLength(1)
    expect(words(diagnoseOwnKey({ keys: [{ ...strong, kid: '1' }] }, 0o100644), 'doubt')[0]).toMatch(
      /chmod 600/,
    )
  })

  it('handed over have no private part', () => {
    expect(Object.keys(publicHalf({ ...strong, kid: '1' })).sort()).toEqual([
      'alg',
      'e',
      'kid',
      'kty',
      'n',
      'use',
    ])
  })
})

describe('the bridge’s answer to a probe', () => {
  const { redirectUri } = config
  it.each([
    [
      'comes back to us because nobody is signed in',
      { status: 303, location: `${redirectUri}?error=login_required`, body: '' },
      'good',
    ],
    [
      'comes back to us with another error',
      { status: 303, location: `${redirectUri}?error=invalid_scope`, body: '' },
      'doubt',
    ],
    [
      'refuses the return address',
      { status: 400, location: null, body: 'redirect_uri did not match' },
      'bad',
    ],
    ['does not know the client', { status: 400, location: null, body: 'client is invalid' }, 'bad'],
    ['breaks', { status: 500, location: null, body: '' }, 'bad'],
    ['shows a page of its own', { status: 200, location: null, body: '<h1>Accedi</h1>' }, 'doubt'],
    ['leads elsewhere', { status: 302, location: 'https://altro.example.it/', body: '' }, 'doubt'],
  ] as const)('%s', (_, answer, verdict) => {
    expect(diagnoseRedirect(answer, redirectUri).verdict).toBe(verdict)
  })

  it('the answer to a code that does not exist tells a known client from an unknown one', () => {
    expect(diagnoseClient('invalid_grant').verdict).toBe('good')
    expect(diagnoseClient('invalid_client').verdict).toBe('bad')
    expect(diagnoseClient(null).verdict).toBe('doubt')
  })

  it('two clocks may differ by ten seconds, not by eleven', () => {
    expect(diagnoseClock(-10).verdict).toBe('good')
    expect(diagnoseClock(11).verdict).toBe('bad')
  })
})

describe('the attributes of a test sign-in', () => {
  const claims = {
    iss: 'i',
    sub: 's',
    auth_time: 1_000,
    given_name: ['Laura'],
    family_name: ['Conti'],
    birthdate: '1986-04-12',
    idp_type: 'spid',
  }
  const satosa: DoctorConfig = { ...config, claimProfile: 'satosa', levelSource: 'bridge-enforced' }
  const conditions = { today: '2026-11-30', now: 1_000 }

  it('F4 are judged as the portal would judge them, and a refusal says why', () => {
    const fiscal_number = [`TINIT-${demoPeople.holder.fiscalCode}`]
    expect(diagnoseClaims({ ...claims, fiscal_number }, satosa, conditions).verdict).toBe('good')
    const refused = diagnoseClaims({ ...claims, fiscal_number: undefined }, satosa, conditions)
    expect(refused.verdict).toBe('bad')
    expect(refused.words).toContain('codice-fiscale-mancante (Manca il codice fiscale)')
    const company = diagnoseClaims(
      { ...claims, fiscal_number, company_name: ['Esempio S.r.l.'] },
      satosa,
      conditions,
    )
    expect(company.words).toContain('identita-professionale')
  })
})
