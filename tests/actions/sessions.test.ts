import { randomBytes } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { demoPeople } from '#db/demo/people.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import {
  openSessionCookie,
  readingSessionWith,
  type SessionFacts,
  sessionOf,
} from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { Browser } from '#tests/support/http.ts'
import type { Person } from '#tests/support/misbehaving-provider.ts'
import {
  countSessions,
  openBench,
  registeredOutcomes,
  SESSION_COOKIE,
  type SignInBench,
  type SignInEnd,
  signIn,
} from '#tests/support/sign-in.ts'

const logged = vi.hoisted(() => [] as unknown[])
vi.mock('#lib/kernel/log.ts', () => {
  const keep = (...line: unknown[]) => logged.push(...line)
  return { log: () => ({ debug: keep, info: keep, warn: keep, error: keep }) }
})

const SECRET = TEST_ENVIRONMENT.NEXTAUTH_SECRET
const NOON = new Date('2026-11-24T11:00:00Z')
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000)

let bench: SignInBench
let municipality: TestMunicipality
let household: Household
let parent: Person
beforeAll(async () => {
  bench = await openBench()
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  const { owner } = await testDatabase()
  const { fiscalCode, personId } = household.holder
  const fiscal_code_hash = hashFiscalCode(fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  await owner.updateTable('person').set({ fiscal_code_hash }).where('id', '=', personId).execute()
  parent = {
    fiscalNumber: `TINIT-${fiscalCode}`,
    birthdate: '1985-05-17',
    sub: 'parent',
    email: 'segreta@example.it',
  }
})
beforeEach(() => setClock(NOON))
afterEach(() => setClock(null))
afterAll(() => bench.close())

const enter = (browser = new Browser()): Promise<SignInEnd> =>
  signIn(bench, { person: parent, municipalitySlug: municipality.slug, browser })

const cookieOf = (browser: Browser): string | undefined => browser.jar(bench.portal).get(SESSION_COOKIE)

/** Who the portal sees behind a cookie, exactly as a page does. */
async function seen(cookie: string | null | undefined): Promise<SessionFacts | null> {
  const token = await openSessionCookie(cookie ?? undefined, SECRET)
  return token ? sessionOf(token, municipality.slug) : null
}

const signOut = (browser: Browser, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  browser.visit(`${bench.portal}/api/auth/signout`, {
    form: { municipalitySlug: municipality.slug, ...form },
    headers,
  })

/** An address of the calendar and a browser with push messages of a family's holder. */
async function subscribe(place: TestMunicipality, family: Household, mark: string): Promise<void> {
  const { owner } = await testDatabase()
  const pupil_id = await aPupil(place, family.householdId)
  const municipality_id = place.municipalityId
  const person_id = family.holder.personId
  const member = await owner
    .selectFrom('household_member')
    .select('id')
    .where('municipality_id', '=', municipality_id)
    .where('person_id', '=', person_id)
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('calendar_feed')
    .values({
      municipality_id,
      person_id,
      household_member_id: member.id,
      pupil_id,
      token_hash: randomBytes(32),
    })
    .execute()
  await owner
    .insertInto('push_subscription')
    .values({
      municipality_id,
      person_id,
      endpoint: `https://push.example/${mark}-${municipality_id}`,
      p256dh: 'x',
      auth: 'x',
      device_name: 'Firefox',
    })
    .execute()
}

describe('a session', () => {
  it('tells the page who is asking, with the roles of this moment', async () => {
    const { cookie } = await enter()
    const facts = await seen(cookie)
    expect(facts?.viewer).toMatchObject({
      municipalityId: municipality.municipalityId,
      personId: household.holder.personId,
      memberships: [{ householdId: household.householdId, role: 'holder' }],
      staffRoles: [],
    })
    const { owner } = await testDatabase()
    const role = owner.updateTable('household_member').where('person_id', '=', household.holder.personId)
    await role.set({ valid_to: '2026-11-23' }).execute()
    expect((await seen(cookie))?.viewer?.memberships).toEqual([])
    await role.set({ valid_to: null }).execute()
    expect((await seen(cookie))?.viewer?.memberships).toHaveLength(1)
  })

  it('has no viewer in a municipality that does not know the person', async () => {
    const other = await aMunicipality()
    const token = await openSessionCookie((await enter()).cookie ?? '', SECRET)
    expect((await sessionOf(token ?? '', other.slug))?.viewer).toBeNull()
    expect((await sessionOf(token ?? '', 'nowhere'))?.viewer).toBeNull()
  })

  it('is kept in the database only as a hash', async () => {
    const { cookie } = await enter()
    const token = await openSessionCookie(cookie ?? '', SECRET)
    const { owner } = await testDatabase()
    const rows = await owner.selectFrom('session').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('N110 is a new one at every sign-in, and ends the one that the browser had before', async () => {
    const first = await enter()
    const planted = new Browser()
    planted.jar(bench.portal).set(SESSION_COOKIE, first.cookie ?? '')
    const second = await enter(planted)
    expect(second.cookie).not.toBe(first.cookie)
    expect((await seen(second.cookie))?.sessionId).not.toBe(undefined)
    expect(await seen(first.cookie)).toBeNull()
  })

  it('N112 ends after half an hour without a request', async () => {
    const { cookie } = await enter()
    await setClock(later(29))
    expect(await seen(cookie)).not.toBeNull()
    await setClock(later(58))
    expect(await seen(cookie)).not.toBeNull()
    await setClock(later(88))
    expect(await seen(cookie)).toBeNull()
  })

  it('S13 ends after half an hour in which an open page only refreshed itself', async () => {
    const { cookie } = await enter()
    const read = (isUse: boolean) =>
      readingSessionWith(cookie ?? undefined, municipality.slug, undefined, { isUse })
    for (const minutes of [10, 20, 29]) {
      await setClock(later(minutes))
      expect(await read(false)).not.toBeNull()
    }
    await setClock(later(31))
    expect(await read(true)).toBeNull()
  })

  it('S13 lives on when the person looks at a page, also between two refreshes', async () => {
    const { cookie } = await enter()
    await setClock(later(20))
    await seen(cookie)
    await setClock(later(45))
    expect(
      await readingSessionWith(cookie ?? undefined, municipality.slug, undefined, { isUse: false }),
    ).not.toBeNull()
  })

  it('N112 ends after eight hours, also in use', async () => {
    const { cookie } = await enter()
    for (let minutes = 20; minutes < 480; minutes += 20) {
      await setClock(later(minutes))
      expect(await seen(cookie)).not.toBeNull()
    }
    await setClock(later(480))
    expect(await seen(cookie)).toBeNull()
  })

  it.each([
    ['of nobody', async () => 'made.up.cookie'],
    [
      'with one character changed',
      async () => {
        const cookie = (await enter()).cookie as string
        const at = cookie.length - 20
        return `${cookie.slice(0, at)}${cookie[at] === 'A' ? 'B' : 'A'}${cookie.slice(at + 1)}`
      },
    ],
    [
      'sealed with another secret',
      async () => {
        const token = await openSessionCookie((await enter()).cookie as string, SECRET)
        return encode({ token: { sid: token }, secret: 'another-secret-another-secret-another-secret' })
      },
    ],
    [
      'sealed for another purpose',
      async () => {
        const token = await openSessionCookie((await enter()).cookie as string, SECRET)
        return encode({ token: { sid: token }, secret: SECRET, salt: '__Host-refettorio-stato' })
      },
    ],
    ['of a session that does not exist', () => encode({ token: { sid: 'x'.repeat(43) }, secret: SECRET })],
  ])('N115 a cookie %s opens nothing', async (_, cookie) => {
    expect(await seen(await cookie())).toBeNull()
  })
})

describe('signing out', () => {
  it('N111 ends the session for every tab and every copy of the cookie', async () => {
    const { browser, cookie } = await enter()
    const response = await signOut(browser)
    expect(response.headers.get('location')).toBe(`${bench.portal}/${municipality.slug}/accesso/uscita`)
    expect(cookieOf(browser)).toBeUndefined()
    expect(await seen(cookie)).toBeNull()
    expect((await registeredOutcomes()).at(-1)).toBe('signed_out')
  })

  it('keeps the sessions of the other devices', async () => {
    const phone = await enter()
    const computer = await enter()
    await signOut(computer.browser)
    expect(await seen(phone.cookie)).not.toBeNull()
  })

  it('from all devices ends every session of the person, and no other', async () => {
    const phone = await enter()
    const computer = await enter()
    const stranger = await signIn(bench, {
      person: {
        fiscalNumber: `TINIT-${demoPeople.delegate.fiscalCode}`,
        birthdate: demoPeople.delegate.birthDay,
        sub: 'other',
      },
      municipalitySlug: municipality.slug,
    })
    const response = await signOut(computer.browser, { ovunque: '1' })
    expect(response.headers.get('location')).toMatch(/uscita\?ovunque=1$/)
    expect(await seen(phone.cookie)).toBeNull()
    expect(await seen(computer.cookie)).toBeNull()
    expect(await seen(stranger.cookie)).not.toBeNull()
    expect((await registeredOutcomes()).at(-1)).toBe('signed_out_everywhere')
  })

  it.each([
    ['keeps', {}, true],
    ['ends, when asked,', { abbonamenti: '1' }, false],
  ])(
    'S18 from all devices %s addresses of calendars and push messages, in every municipality',
    async (_, more, stays) => {
      const { owner } = await testDatabase()
      const elsewhere = await aMunicipality()
      const there = await aHousehold(elsewhere)
      const { fiscalCode } = household.holder
      const fiscal_code_hash = hashFiscalCode(fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
      // There the office knows the person by another code today, and this one still opens.
      await owner
        .insertInto('person_code')
        .values({
          municipality_id: elsewhere.municipalityId,
          person_id: there.holder.personId,
          fiscal_code: fiscalCode,
          fiscal_code_hash,
        })
        .execute()
      const stranger = await aHousehold(municipality)
      const places = [
        { place: municipality, family: household },
        { place: elsewhere, family: there },
        { place: municipality, family: stranger },
      ]
      for (const [n, { place, family }] of places.entries()) await subscribe(place, family, `${_}-${n}`)
      const { browser } = await enter()
      await signOut(browser, { ovunque: '1', ...more })
      for (const [n, { place, family }] of places.entries()) {
        const own = { municipality_id: place.municipalityId, person_id: family.holder.personId }
        const open = await Promise.all([
          owner
            .selectFrom('calendar_feed')
            .select('id')
            .where('revoked_at', 'is', null)
            .where('municipality_id', '=', own.municipality_id)
            .where('person_id', '=', own.person_id)
            .execute(),
          owner
            .selectFrom('push_subscription')
            .select('id')
            .where('ended_at', 'is', null)
            .where('municipality_id', '=', own.municipality_id)
            .where('person_id', '=', own.person_id)
            .execute(),
        ])
        expect(open.map(({ length }) => length > 0)).toEqual([stays || n === 2, stays || n === 2])
      }
    },
  )

  it('is no error twice or without a session', async () => {
    const { browser } = await enter()
    await signOut(browser)
    expect((await signOut(browser)).status).toBe(303)
    expect((await signOut(new Browser())).status).toBe(303)
  })

  it('cannot be forced from another site', async () => {
    const { browser, cookie } = await enter()
    const response = await signOut(browser, {}, { origin: 'https://altrove.example' })
    expect(response.headers.get('location')).toMatch(/errore\?c=richiesta-non-riconosciuta$/)
    expect(await seen(cookie)).not.toBeNull()
  })

  it('S8 leaves nothing in the register when a stranger asks for it, however often: one line a minute tells', async () => {
    const before = await registeredOutcomes()
    logged.length = 0
    for (let n = 0; n < 20; n += 1) {
      await signOut(new Browser(), {}, { origin: 'https://altrove.example' })
      await signOut(new Browser(), { municipalitySlug: `inventato-${n}` })
    }
    expect(await registeredOutcomes()).toEqual(before)
    expect(logged.length).toBeLessThanOrEqual(2)
  })

  it('S8 registers no municipality that does not exist', async () => {
    const { browser } = await enter()
    await signOut(browser, { municipalitySlug: 'inventato' })
    const { owner } = await testDatabase()
    const last = await owner
      .selectFrom('sign_in_event')
      .select(['outcome', 'municipality_slug'])
      .orderBy('id', 'desc')
      .executeTakeFirst()
    expect(last).toEqual({ outcome: 'signed_out', municipality_slug: null })
  })
})

describe('N114 a sign-in is not started', () => {
  const start = (headers: Record<string, string>, form: Record<string, string> = {}) =>
    fetch(`${bench.portal}/api/auth/signin/bridge`, {
      method: 'POST',
      redirect: 'manual',
      headers,
      body: new URLSearchParams({ metodo: 'spid', municipalitySlug: municipality.slug, ...form }),
    })

  it.each([
    ['from another site', { origin: 'https://altrove.example' }],
    ['from a page without origin', { origin: 'null' }],
    ['by a program that says nothing', {}],
    [
      'by another site that forges the host',
      { origin: 'https://altrove.example', 'x-forwarded-host': 'altrove.example' },
    ],
    ['by another site without Origin', { 'sec-fetch-site': 'cross-site' }],
  ])('%s', async (_, headers) => {
    const response = await start(headers)
    expect(response.headers.get('location')).toMatch(/errore\?c=richiesta-non-riconosciuta$/)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it.each([
    ['an unknown method', { metodo: 'password' }],
    ['no Comune', { municipalitySlug: '' }],
    ['a Comune that is no name', { municipalitySlug: '../altrove' }],
  ])('with %s', async (_, form) => {
    const response = await start({ origin: bench.portal }, form)
    expect(response.headers.get('location')).toMatch(/errore\?c=richiesta-non-riconosciuta$/)
  })

  it('through next-auth’s own pages and addresses, which do not exist', async () => {
    const addresses = [
      'signin',
      'signin/bridge',
      'session',
      'providers',
      'csrf',
      'error',
      'signout',
      'callback/other',
      '_log',
    ]
    for (const address of addresses) {
      expect((await fetch(`${bench.portal}/api/auth/${address}`, { redirect: 'manual' })).status).toBe(404)
    }
    for (const address of ['session', '_log', 'callback/bridge', 'callback/credentials', 'signin/other']) {
      const response = await fetch(`${bench.portal}/api/auth/${address}`, {
        method: 'POST',
        redirect: 'manual',
      })
      expect(response.status).toBe(404)
    }
  })

  it('but with a proper form it is, with PKCE, state, nonce, the level and the age of a recognition', async () => {
    const response = await start({ origin: bench.portal })
    const url = new URL(response.headers.get('location') ?? '')
    expect(url.origin).toBe(bench.provider.issuer)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'refettorio',
      redirect_uri: `${bench.portal}/api/auth/callback/bridge`,
      code_challenge_method: 'S256',
      acr_values: 'https://www.spid.gov.it/SpidL2',
      idp_hint: 'spid',
      prompt: 'login',
      // S16: with it the bridge must say when it recognised the person.
      max_age: '300',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(url.searchParams.get(name)).toMatch(/^[\w-]{43}$/)
    }
    for (const cookie of response.headers.getSetCookie()) {
      expect(cookie).toMatch(
        /^__Host-refettorio-[a-z]+-[\w-]{16}=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
      )
    }
  })
})

it('N117 no fiscal code, name, e-mail or token reaches a log, a cookie or an address', async () => {
  logged.length = 0
  const tokens: string[] = []
  const browser = new Browser()
  const good = await enter(browser)
  const bad = await signIn(bench, {
    person: parent,
    municipalitySlug: municipality.slug,
    misbehaviour: {
      token: (body) => {
        tokens.push(String(body.access_token), String(body.id_token))
        return { body }
      },
      userinfo: () => ({ status: 500, body: parent }),
      revocation: () => ({ status: 500, body: {} }),
    },
  })
  expect(bad.cookie).toBeNull()
  expect(logged.length).toBeGreaterThan(0)
  const code = new URL(bad.callback).searchParams.get('code') as string
  const lines = JSON.stringify(logged, (_, value) =>
    value instanceof Error
      ? { ...value, name: value.name, message: value.message, stack: value.stack }
      : value,
  )
  const secrets = [household.holder.fiscalCode, 'Conti', 'segreta@', ...tokens, code]
  const addresses = `${good.location} ${bad.location} ${good.cookie}`
  for (const secret of secrets) {
    expect(lines).not.toContain(secret)
    expect(addresses).not.toContain(secret)
  }
  const { owner } = await testDatabase()
  const register = JSON.stringify(await owner.selectFrom('sign_in_event').selectAll().execute())
  for (const secret of secrets) expect(register).not.toContain(secret)
})

it('the register of sign-ins cannot be rewritten, and nothing but the register is written by a refusal', async () => {
  const { owner, web } = await testDatabase()
  const before = await countSessions()
  await fetch(`${bench.portal}/api/auth/callback/bridge?code=x&state=y`, { redirect: 'manual' })
  expect(await countSessions()).toBe(before)
  await expect(owner.updateTable('sign_in_event').set({ outcome: 'signed_in' }).execute()).rejects.toThrow(
    /append-only/,
  )
  await expect(web.deleteFrom('sign_in_event').execute()).rejects.toThrow(/permission denied|append-only/)
})
