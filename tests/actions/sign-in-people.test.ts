import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import type { SignInErrorCode } from '#lib/identity/sign-in-errors.ts'
import { testDatabase } from '#tests/support/database.ts'
import { setEnvironment, TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPerson,
  type Parent,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import type { Claims, Person } from '#tests/support/misbehaving-provider.ts'
import { openBench, type SignInBench, type SignInEnd, signIn } from '#tests/support/sign-in.ts'

/** The lines of the log, as they are written. */
const logged = vi.hoisted(() => [] as string[])
vi.mock('#lib/kernel/log.ts', async (original) => {
  const { logOptions } = await original<typeof import('#lib/kernel/log.ts')>()
  const logger = pino(logOptions('warn'), { write: (line) => void logged.push(line) })
  return { log: () => logger }
})

let bench: SignInBench
let municipality: TestMunicipality
beforeAll(async () => {
  bench = await openBench()
  municipality = await aMunicipality()
})
afterAll(() => bench.close())

const { holder } = demoPeople
const laura: Person = { fiscalNumber: `TINIT-${holder.fiscalCode}`, sub: 'laura-spid' }

const enter = (person: Person, claims?: (right: Claims) => Claims): Promise<SignInEnd> =>
  signIn(bench, {
    person,
    municipalitySlug: municipality.slug,
    ...(claims ? { misbehaviour: { claims } } : {}),
  })

async function citizenOf(fiscalCode: string) {
  const { owner } = await testDatabase()
  const hash = hashFiscalCode(fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  return owner.selectFrom('citizen').selectAll().where('fiscal_code_hash', '=', hash).executeTakeFirst()
}

function expectRefusal(end: SignInEnd, code: SignInErrorCode): void {
  expect(end.location).toBe(`/${municipality.slug}/accesso/errore?c=${code}`)
  expect(end.cookie).toBeNull()
  expect(end.outcomes).toEqual([code])
  expect(end.sessions).toBe(0)
}

/** Registers a person in the municipality by the fiscal code with which they will sign in. */
async function known(parent: Parent): Promise<Person> {
  const { owner } = await testDatabase()
  const fiscal_code_hash = hashFiscalCode(parent.fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  await owner.updateTable('person').set({ fiscal_code_hash }).where('id', '=', parent.personId).execute()
  return { fiscalNumber: `TINIT-${parent.fiscalCode}`, birthdate: '1985-05-17', sub: parent.personId }
}

describe('the level and the method of an identity', () => {
  const acr = (value: unknown) => (claims: Claims) => ({ ...claims, acr: value })

  it.each([
    ['N50 level 1', acr('https://www.spid.gov.it/SpidL1')],
    ['N51 no level', acr(undefined)],
    ['N52 an unknown level', acr('https://www.spid.gov.it/SpidL9')],
    ['N52 a bridge’s own code', acr('urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword')],
    ['a list of levels', acr(['https://www.spid.gov.it/SpidL2'])],
  ])('%s does not open the portal', async (_, claims) => {
    expectRefusal(await enter(laura, claims), 'livello-insufficiente')
  })

  it('N53 level 3 opens it: more than was asked is good', async () => {
    expect((await enter(laura, acr('https://www.spid.gov.it/SpidL3'))).sessions).toBe(1)
  })

  it('level 2 is too little where the portal asks for 3', async () => {
    setEnvironment({ ...bench.settings, IDENTITY_MIN_LEVEL: '3' })
    const end = await enter(laura)
    setEnvironment(bench.settings)
    expectRefusal(end, 'livello-insufficiente')
  })

  it.each(['cns', 'eidas', 'password', '', undefined, 42])(
    'N54 method %s does not open the portal',
    async (method) => {
      expectRefusal(await enter(laura, (claims) => ({ ...claims, amr: [method] })), 'metodo-non-ammesso')
    },
  )

  it.each([
    ['a company’s name', { company_name: 'Esempio S.r.l.' }],
    ['a company’s fiscal code', { company_fiscal_number: 'TINIT-00743110157' }],
    [
      'a company’s name and VAT number',
      {
        'https://attributes.eid.gov.it/company_name': ['Esempio S.r.l.'],
        'https://attributes.eid.gov.it/vat_number': 'VATIT-00743110157',
      },
    ],
  ])('N55 an identity that carries %s is not a family’s', async (_, more) => {
    expectRefusal(await enter({ ...laura, more }), 'identita-professionale')
  })

  it('F4 the VAT number of a parent who works on their own keeps no family out', async () => {
    const more = { 'https://attributes.eid.gov.it/vat_number': 'VATIT-00743110157' }
    expect((await enter({ ...laura, more })).sessions).toBe(1)
  })

  it('F4 SATOSA’s lists open the portal with its profile', async () => {
    setEnvironment({ ...bench.settings, IDENTITY_CLAIM_PROFILE: 'satosa' })
    const end = await enter({
      givenName: ['Laura'],
      familyName: ['Conti'],
      birthdate: ['1986-04-12'],
      more: {
        fiscal_number: [`TINIT-${holder.fiscalCode}`],
        idp_type: ['spid'],
        company_name: [],
        vat_number: [''],
        ivaCode: '-',
      },
    })
    setEnvironment(bench.settings)
    expect(end.sessions).toBe(1)
  })

  it('S16 a recognition without its time is not a recognition of now', async () => {
    const silent = ({ auth_time: _, ...claims }: Claims) => claims
    expectRefusal(await enter(laura, silent), 'accesso-non-recente')
  })

  it('a recognition of ten minutes ago is not a recognition of now', async () => {
    const old = (claims: Claims) => ({ ...claims, auth_time: Number(claims.auth_time) - 600 })
    expectRefusal(await enter(laura, old), 'accesso-non-recente')
  })
})

describe('the fiscal code', () => {
  const minor = makeFiscalCode({ familyName: 'Conti', givenName: 'Ugo', birthDay: '2012-03-03', sex: 'M' })
  const plain = { familyName: 'Rossi', givenName: 'Maria', birthDay: '1980-05-14', sex: 'F' } as const

  it('N70 must be there', async () => {
    expectRefusal(await enter({}), 'codice-fiscale-mancante')
  })

  it.each([
    ['N71 without TINIT-', holder.fiscalCode],
    [
      'N72 with a wrong check letter',
      `TINIT-${holder.fiscalCode.slice(0, 15)}${holder.fiscalCode.endsWith('A') ? 'B' : 'A'}`,
    ],
    ['N75 of another country', 'TINDE-12345678901'],
    ['N75 of another country, in the form of an Italian one', `TINDE-${holder.fiscalCode}`],
    ['that is no text', 12345],
  ])('%s is refused', async (_, fiscalNumber) => {
    expectRefusal(await enter({ fiscalNumber }), 'codice-fiscale-non-valido')
  })

  it('must agree with the birth day', async () => {
    expectRefusal(await enter({ ...laura, birthdate: '1986-04-13' }), 'codice-fiscale-non-valido')
  })

  it('N71 may come bare from a bridge whose profile says so', async () => {
    setEnvironment({ ...bench.settings, IDENTITY_CLAIM_PROFILE: 'satosa' })
    const end = await enter({ more: { fiscal_number: holder.fiscalCode, idp_type: 'spid' } })
    setEnvironment(bench.settings)
    expect(end.sessions).toBe(1)
  })

  it('N73 in lower case and with spaces is the same code', async () => {
    await enter(laura)
    const spaced = `tinit-${holder.fiscalCode.toLowerCase().replace(/(.{6})/, '$1 ')}`
    expect((await enter({ ...laura, fiscalNumber: spaced })).sessions).toBe(1)
    const { owner } = await testDatabase()
    const { n } = await owner
      .selectFrom('identity_link')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('subject', '=', 'laura-spid')
      .executeTakeFirstOrThrow()
    expect(Number(n)).toBe(1)
  })

  it('N74 with omocodia is good, and is not the code it resembles', async () => {
    const codes = [makeFiscalCode(plain), makeFiscalCode({ ...plain, omocodia: 3 })]
    for (const [index, code] of codes.entries()) {
      const person = { fiscalNumber: `TINIT-${code}`, birthdate: plain.birthDay, sub: `maria-${index}` }
      expect((await enter(person)).sessions).toBe(1)
    }
    const [first, second] = await Promise.all(codes.map(citizenOf))
    expect(first?.id).toBeDefined()
    expect(second?.id).not.toBe(first?.id)
  })

  it('N76 of a minor is refused, with any birth day', async () => {
    expectRefusal(await enter({ fiscalNumber: `TINIT-${minor}`, birthdate: '2012-03-03' }), 'minorenne')
    expectRefusal(
      await enter({ fiscalNumber: `TINIT-${minor}`, birthdate: '1912-03-04' }),
      'codice-fiscale-non-valido',
    )
  })
})

describe('one person', () => {
  it('N77 enters with CIE, which gives no e-mail', async () => {
    const end = await signIn(bench, {
      person: { ...laura, method: 'cie', sub: 'laura-cie' },
      method: 'cie',
      municipalitySlug: municipality.slug,
    })
    expect(end.sessions).toBe(1)
  })

  it('N78 is one citizen through SPID and through CIE', async () => {
    await enter(laura)
    await enter({ ...laura, method: 'cie', sub: 'laura-cie' })
    const { owner } = await testDatabase()
    const links = await owner
      .selectFrom('identity_link')
      .select(['citizen_id', 'method'])
      .where('subject', 'in', ['laura-spid', 'laura-cie'])
      .orderBy('method')
      .execute()
    expect(links.map((link) => link.method)).toEqual(['cie', 'spid'])
    expect(new Set(links.map((link) => link.citizen_id)).size).toBe(1)
  })

  it('N79 is not another person who has the same e-mail', async () => {
    const email = 'famiglia@example.it'
    const marco = demoPeople.delegate
    await enter({ ...laura, email })
    await enter({ fiscalNumber: `TINIT-${marco.fiscalCode}`, birthdate: marco.birthDay, email, sub: 'marco' })
    const [one, other] = await Promise.all([citizenOf(holder.fiscalCode), citizenOf(marco.fiscalCode)])
    expect(other?.id).toBeDefined()
    expect(other?.id).not.toBe(one?.id)
  })

  it.each([
    ['accents and apostrophes', 'Zoë Ñandú', 'De’ D’Àngela-Łukasiewicz'],
    ['a hundred letters', 'A'.repeat(100), 'B'.repeat(100)],
    ['HTML, which is only text', '<b>Laura</b>', 'Conti & figli'],
  ])('N80 keeps a name with %s', async (_, givenName, familyName) => {
    expect((await enter({ ...laura, givenName, familyName })).sessions).toBe(1)
    expect(await citizenOf(holder.fiscalCode)).toMatchObject({
      given_name: givenName,
      family_name: familyName,
    })
  })

  it.each([
    ['empty', '  '],
    ['with control characters', 'La\u0000ura'],
    ['endless', 'x'.repeat(5_000)],
  ])('N80 with a name %s is refused', async (_, givenName) => {
    expectRefusal(await enter({ ...laura, givenName }), 'dati-incompleti')
  })

  it('is one citizen after several simultaneous sign-ins', async () => {
    const sara = { familyName: 'Neri', givenName: 'Sara', birthDay: '1991-02-02', sex: 'F' } as const
    const fiscalCode = makeFiscalCode(sara)
    const ends = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        signIn(bench, {
          person: { fiscalNumber: `TINIT-${fiscalCode}`, birthdate: sara.birthDay, sub: `sara-${i % 2}` },
          municipalitySlug: municipality.slug,
        }),
      ),
    )
    expect(ends.every((end) => end.cookie)).toBe(true)
    expect(await citizenOf(fiscalCode)).toBeDefined()
  })
})

describe('after signing in', () => {
  it('a parent comes to today’s meals', async () => {
    const { holder: parent } = await aHousehold(municipality)
    expect((await enter(await known(parent))).location).toBe(`/${municipality.slug}/oggi`)
  })

  it('a parent comes to the page that asked for the sign-in', async () => {
    const { holder: parent } = await aHousehold(municipality)
    const returnPath = `/${municipality.slug}/prenotazioni?mese=2026-12`
    const end = await signIn(bench, {
      person: await known(parent),
      municipalitySlug: municipality.slug,
      returnPath,
    })
    expect(end.location).toBe(returnPath)
  })

  it.each([
    'https://altrove.example/',
    '//altrove.example/',
    '/\\altrove.example',
    'javascript:alert(1)',
    '/api/auth/signout',
    '/altro-comune/oggi',
    '/../admin',
  ])('N113 a parent never comes to %s', async (returnPath) => {
    const { holder: parent } = await aHousehold(municipality)
    const end = await signIn(bench, {
      person: await known(parent),
      municipalitySlug: municipality.slug,
      returnPath,
    })
    expect(end.location).toBe(`/${municipality.slug}/oggi`)
  })

  it('N113 a page of another site is not reached, not even by the browser’s own cookie', async () => {
    const { holder: parent } = await aHousehold(municipality)
    const end = await signIn(bench, {
      person: await known(parent),
      municipalitySlug: municipality.slug,
      beforeReturn: (browser) => {
        const jar = browser.jar(bench.portal)
        const name = [...jar.keys()].find((key) => key.startsWith('__Host-refettorio-ritorno-')) as string
        jar.set(name, encodeURIComponent('https://altrove.example/'))
      },
    })
    expect(end.location).toBe('/')
  })

  it('a member of the office comes to the office', async () => {
    const clerk = await aPerson(municipality)
    const { owner } = await testDatabase()
    await owner
      .insertInto('staff_member')
      .values({
        municipality_id: municipality.municipalityId,
        person_id: clerk.personId,
        role: 'operator',
        valid_from: '2020-01-01',
      })
      .execute()
    expect((await enter(await known(clerk))).location).toBe(`/admin/${municipality.slug}`)
  })

  it('a person whom the municipality does not know reads what to do, signed in', async () => {
    const end = await enter(laura)
    expect(end.location).toBe(`/${municipality.slug}/accesso/non-abilitato`)
    expect(end.cookie).not.toBeNull()
    expect(end.outcomes).toEqual(['signed_in'])
  })

  it('the access token has been given back', async () => {
    const before = bench.provider.revoked.length
    await enter(laura)
    expect(bench.provider.revoked.length).toBe(before + 1)
  })

  it('the person is signed in also when the provider does not take the token back', async () => {
    const revocation = () => ({ status: 503, body: {} })
    const end = await signIn(bench, {
      person: laura,
      municipalitySlug: municipality.slug,
      misbehaviour: { revocation },
    })
    expect(end.sessions).toBe(1)
  })
})

it('a defect of ours shows a page with a reference, and opens nothing', async () => {
  const { owner } = await testDatabase()
  await sql`alter table citizen add constraint broken check (given_name <> 'Guasto') not valid`.execute(owner)
  const end = await enter({ ...laura, givenName: 'Guasto' })
  await sql`alter table citizen drop constraint broken`.execute(owner)
  expect(end.location).toMatch(/^\/accesso\/errore\?c=errore-interno&r=[0-9a-f]{8}$/)
  expect(end.cookie).toBeNull()
  expect(end.sessions).toBe(0)
  expect(logged.join('')).toMatch(/broken/)
  expect(logged.join('')).not.toMatch(/Conti|Failing row/)
})
