import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { revokeDueTokens } from '#lib/identity/token-revocation.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment, TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import type { Person } from '#tests/support/misbehaving-provider.ts'
import { openBench, type SignInBench, signIn } from '#tests/support/sign-in.ts'

const NOON = new Date('2026-11-24T11:00:00Z')
const wait = (minutes: number) => setClock(new Date(NOON.getTime() + minutes * 60_000))

let bench: SignInBench
let municipality: TestMunicipality
let person: Person
beforeAll(async () => {
  bench = await openBench()
  municipality = await aMunicipality()
  const { holder } = await aHousehold(municipality)
  const { owner } = await testDatabase()
  const fiscal_code_hash = hashFiscalCode(holder.fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  await owner.updateTable('person').set({ fiscal_code_hash }).where('id', '=', holder.personId).execute()
  person = { fiscalNumber: `TINIT-${holder.fiscalCode}`, birthdate: '1985-05-17', sub: 'parent' }
})
beforeEach(async () => {
  await setClock(NOON)
  const { owner } = await testDatabase()
  await owner.deleteFrom('token_revocation').execute()
  bench.provider.revoked.length = 0
  // What the bridge announces is remembered for a while: every test is a portal that has just started.
  setEnvironment(bench.settings)
})
afterEach(async () => {
  bench.provider.misbehaviour = {}
  await setClock(null)
})
afterAll(() => bench.close())

const enter = (misbehaviour = {}) =>
  signIn(bench, { person, municipalitySlug: municipality.slug, misbehaviour })

const signOut = async (form: Record<string, string> = {}) => {
  const { browser } = await enter()
  return async (misbehaviour: (typeof bench.provider)['misbehaviour']) => {
    bench.provider.misbehaviour = misbehaviour
    const response = await browser.visit(`${bench.portal}/api/auth/signout`, {
      form: { municipalitySlug: municipality.slug, ...form },
    })
    return response.headers.get('location') ?? ''
  }
}

const announcing = {
  discovery: (document: Record<string, unknown>) => ({
    body: { ...document, end_session_endpoint: `${bench.provider.issuer}/end` },
  }),
}

const waiting = async () => {
  const { owner } = await testDatabase()
  return owner.selectFrom('token_revocation').selectAll().execute()
}

describe('the access token of a sign-in', () => {
  it('is revoked after userinfo is read, and not kept', async () => {
    await enter()
    expect(bench.provider.revoked).toHaveLength(1)
    expect(await waiting()).toEqual([])
  })

  it('is kept encrypted when the bridge does not take it, stops no sign-in, and is offered again until it is taken', async () => {
    const refusing = { revocation: () => ({ status: 500, body: {} }) }
    const { cookie } = await enter(refusing)
    expect(cookie).not.toBeNull()
    const token = bench.provider.revoked[0] as string
    const [row] = await waiting()
    expect(row?.sealed.includes(token)).toBe(false)

    expect(await revokeDueTokens()).toBe(0)
    expect(bench.provider.revoked).toHaveLength(1)
    await wait(2)
    bench.provider.misbehaviour = refusing
    expect(await revokeDueTokens()).toBe(0)
    expect((await waiting())[0]?.attempts).toBe(1)
    await wait(4)
    bench.provider.misbehaviour = {}
    expect(await revokeDueTokens()).toBe(1)
    expect(bench.provider.revoked).toEqual([token, token, token])
    expect(await waiting()).toEqual([])
  })

  it('is deleted when it has expired by itself', async () => {
    await enter({ revocation: () => ({ status: 503, body: {} }) })
    const { owner } = await testDatabase()
    await sql`update token_revocation set expires_at = ${new Date(NOON.getTime() + 60_000)}`.execute(owner)
    await wait(2)
    expect(await revokeDueTokens()).toBe(0)
    expect(await waiting()).toEqual([])
  })

  it('is offered by one of two workers, not by both', async () => {
    await enter({ revocation: () => ({ status: 500, body: {} }) })
    await wait(2)
    bench.provider.revoked.length = 0
    const counts = await Promise.all([revokeDueTokens(), revokeDueTokens()])
    expect(counts.toSorted()).toEqual([0, 1])
    expect(bench.provider.revoked).toHaveLength(1)
  })
})

describe('signing out', () => {
  it('goes on to the bridge where it announces an end of its session, without naming the person', async () => {
    const press = await signOut()
    const address = new URL(await press(announcing))
    expect(address.origin + address.pathname).toBe(`${bench.provider.issuer}/end`)
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: 'refettorio',
      post_logout_redirect_uri: `${bench.portal}/api/auth/uscita`,
      state: municipality.slug,
    })
  })

  it('ends on our own page where the bridge announces none', async () => {
    const press = await signOut()
    expect(await press({})).toBe(`${bench.portal}/${municipality.slug}/accesso/uscita`)
  })

  it.each([
    ['does not answer', { discovery: () => ({ hang: true, body: {} }) }],
    ['is broken', { discovery: () => ({ status: 500, type: 'text/html', body: 'no' }) }],
    ['speaks for somebody else', { discovery: () => ({ body: { issuer: 'https://altrove.example' } }) }],
  ])('is not held up by a bridge that %s', async (_, misbehaviour) => {
    const press = await signOut({ ovunque: '1' })
    expect(await press(misbehaviour)).toBe(`${bench.portal}/${municipality.slug}/accesso/uscita?ovunque=1`)
  })

  it.each([
    ['mozzecane', '/mozzecane/accesso/uscita'],
    ['mozzecane.ovunque', '/mozzecane/accesso/uscita?ovunque=1'],
    ['https://altrove.example', '/'],
    ['//altrove.example', '/'],
    ['', '/'],
  ])('back from the bridge with “%s” leads to %s', async (state, page) => {
    const address = `${bench.portal}/api/auth/uscita?state=${encodeURIComponent(state)}`
    const response = await fetch(address, { redirect: 'manual' })
    expect(response.headers.get('location')).toBe(`${bench.portal}${page}`)
  })
})
