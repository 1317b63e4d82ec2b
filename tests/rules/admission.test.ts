import { describe, expect, it } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { evaluateIdentity } from '#lib/identity/admission.ts'
import { type Claims, claimProfiles, type IdentityFacts, readIdentity } from '#lib/identity/claims.ts'
import { atLeast, levelFromAcr } from '#lib/identity/levels.ts'
import { signInErrors } from '#lib/identity/sign-in-errors.ts'
import fc from '#tests/support/random.ts'

const NOW = 1_795_500_000
const CONDITIONS = { minimumLevel: 2, today: '2026-11-24', now: NOW } as const
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
const judge = (changes: Partial<IdentityFacts> = {}) => evaluateIdentity({ ...facts, ...changes }, CONDITIONS)
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

  it('S16 does not come from a bridge that does not say when: it may not have asked anew', () => {
    expect(codeOf({ authenticatedAt: null })).toBe('accesso-non-recente')
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

  const parent = {
    given_name: 'Laura',
    family_name: 'Conti',
    birthdate: holder.birthDay,
    fiscal_number: `TINIT-${holder.fiscalCode}`,
    idp_type: 'spid',
  }
  const codeWith = (claims: Claims, profile: keyof typeof claimProfiles = 'satosa') => {
    const judgement = evaluateIdentity(read({ ...parent, ...claims }, profile), CONDITIONS)
    return judgement.ok ? 'ok' : judgement.code
  }

  it('F4 open the portal when each is a list of one text, as SATOSA sends them', () => {
    const lists = Object.fromEntries(Object.entries(parent).map(([name, value]) => [name, [value]]))
    expect(codeWith(lists)).toBe('ok')
    expect(read(lists, 'satosa')).toMatchObject({ givenName: 'Laura', familyName: 'Conti', method: 'spid' })
  })

  it.each<[string, unknown]>([
    ['an empty list', []],
    ['a list of an empty text', ['']],
    ['a blank', ' '],
    ['a dash', '-'],
    ['a list of dashes', ['-', ' - ']],
    ['false', false],
    ['null', null],
  ])('F4 say nothing when they are %s', (_, nothing) => {
    const company = {
      company_name: nothing,
      company_fiscal_number: nothing,
      vat_number: nothing,
      ivaCode: nothing,
    }
    expect(codeWith(company)).toBe('ok')
    expect(codeWith({ given_name: nothing })).toBe('dati-incompleti')
    expect(codeWith({ fiscal_number: nothing })).toBe('codice-fiscale-mancante')
  })

  it('F4 of a parent who works on their own, with a VAT number, are a citizen’s', () => {
    expect(codeWith({ vat_number: 'VATIT-00743110157' })).toBe('ok')
    expect(codeWith({ vat_number: ['00743110157'], company_fiscal_number: [holder.fiscalCode] })).toBe('ok')
    const keycloak = { fiscalNumber: holder.fiscalCode, identity_provider: 'spid', ivaCode: '00743110157' }
    expect(codeWith(keycloak, 'keycloak')).toBe('ok')
  })

  it('F4 of a company are refused in every shape, and two texts are no fiscal code', () => {
    expect(codeWith({ company_name: ['Esempio S.r.l.'] })).toBe('identita-professionale')
    expect(codeWith({ company_fiscal_number: ['TINIT-00743110157'] })).toBe('identita-professionale')
    expect(codeWith({ fiscal_number: [parent.fiscal_number, 'TINIT-X'] })).toBe('codice-fiscale-non-valido')
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
    for (const bad of ['', '   ', 'a\u0000b', 'x'.repeat(201), 42, null, ['Laura', 'Anna'], {}]) {
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
