import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEVICE_COOKIE, deviceCookieValue } from '#lib/devices/device-cookie.ts'
import { handleDevice } from '#lib/entry/device.http.ts'
import { handleAuth } from '#lib/entry/sign-in.http.ts'
import { forgetExpired } from '#lib/session/session.commands.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/web/client-address.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDevice, RIGHT } from '#tests/support/devices.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import { Browser } from '#tests/support/http.ts'
import { openBench, pressButton, type SignInBench, signIn } from '#tests/support/sign-in.ts'

const NOON = new Date('2026-11-24T11:00:00Z')
const LIMIT = 10

let bench: SignInBench
let municipality: TestMunicipality
/** The cookies of a browser that is signing in. */
let signingIn: string
beforeAll(async () => {
  bench = await openBench()
  municipality = await aMunicipality()
  const browser = new Browser()
  await pressButton(bench, { municipalitySlug: municipality.slug }, browser)
  signingIn = [...browser.jar(bench.portal)].map(([name, value]) => `${name}=${value}`).join('; ')
})
beforeEach(async () => {
  await setClock(NOON)
  setEnvironment({ ...bench.settings, SIGN_IN_LIMIT: String(LIMIT) })
  const { owner } = await testDatabase()
  await owner.deleteFrom('attempt_count').execute()
})
afterAll(async () => {
  await setClock(null)
  await bench.close()
})

/** A request of a browser of ours, as our server passes it on. */
function from(
  address: string,
  path: string,
  form?: Record<string, string>,
  more: Record<string, string> = {},
): Request {
  return new Request(bench.portal + path, {
    headers: {
      [CLIENT_ADDRESS_HEADER]: address,
      origin: bench.portal,
      'content-type': 'application/x-www-form-urlencoded',
      ...more,
    },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  })
}
const start = (address: string) =>
  handleAuth(
    from(address, '/api/auth/signin/bridge', { municipalitySlug: municipality.slug, metodo: 'spid' }),
  )
/** A browser that is signing in comes back with an answer to another sign-in. */
const callback = (address: string, cookie = signingIn) =>
  handleAuth(from(address, '/api/auth/callback/bridge?code=x&state=y', undefined, { cookie }))
const unlock = (address: string) =>
  handleDevice(
    from(address, '/api/dispositivo/sblocca', { municipalitySlug: municipality.slug, sequenza: '123698' }),
  )

const statuses = (responses: Response[]) => responses.map((response) => response.status)

describe('a client with too many attempts of one kind', () => {
  test.each([
    ['the beginning of a sign-in', start],
    ['the way back from the provider', callback],
    ['the unlocking of a device', unlock],
  ])('%s: is told to wait, in Italian and for how long; another address is let in', async (_, knock) => {
    for (let n = 0; n < LIMIT; n += 1) expect((await knock('203.0.113.7')).status).toBe(303)
    const refused = await knock('203.0.113.7')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBe(600)
    expect(refused.headers.get('set-cookie')).toBeNull()
    expect(await refused.text()).toContain('Riprova fra 10 minuti')
    expect((await knock('203.0.113.8')).status).toBe(303)
  })

  test('is told in the language that this browser has chosen', async () => {
    const asked = from('203.0.113.7', '/api/auth/callback/bridge?code=x&state=y')
    asked.headers.set('cookie', `lingua=ar; ${signingIn}`)
    for (let n = 0; n < LIMIT; n += 1) await callback('203.0.113.7')
    const page = await (await handleAuth(asked)).text()
    expect(page).toContain('<html lang="ar" dir="rtl">')
    expect(page).toContain('أعد المحاولة بعد 10 دقائق.')
  })

  test('waits until the window is over, and no longer', async () => {
    for (let n = 0; n < LIMIT; n += 1) await callback('203.0.113.7')
    await setClock(new Date(NOON.getTime() + 599_999))
    const refused = await callback('203.0.113.7')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    await setClock(new Date(NOON.getTime() + 600_000))
    expect((await callback('203.0.113.7')).status).toBe(303)
  })

  test('gets exactly as many as the limit in parallel', async () => {
    const answers = statuses(await Promise.all(Array.from({ length: 40 }, () => callback('203.0.113.7'))))
    expect(answers.filter((status) => status === 303)).toHaveLength(LIMIT)
  })

  test('spends the attempts of that kind only', async () => {
    for (let n = 0; n <= LIMIT; n += 1) await callback('203.0.113.7')
    expect((await start('203.0.113.7')).status).toBe(303)
  })
})

describe('S3 what any web page can make a visitor’s browser send is not counted', () => {
  const FOREIGN = { origin: 'https://altrove.example' }
  test.each([
    ['the beginning of a sign-in', '/api/auth/signin/bridge', { metodo: 'spid' }, start],
    ['the unlocking of a device', '/api/dispositivo/sblocca', { sequenza: '123698' }, unlock],
  ])('%s', async (_, path, form, honest) => {
    for (let n = 0; n < LIMIT + 5; n += 1) {
      const asked = from('203.0.113.7', path, { municipalitySlug: municipality.slug, ...form }, FOREIGN)
      expect((await (path.includes('auth') ? handleAuth : handleDevice)(asked)).status).toBe(303)
    }
    expect((await honest('203.0.113.7')).status).toBe(303)
    const { owner } = await testDatabase()
    const [counted] = await owner.selectFrom('attempt_count').select('counts').execute()
    expect(counted?.counts, 'the honest one alone').toEqual([1])
  })

  test('the way back of a sign-in that its browser never began', async () => {
    for (let n = 0; n < LIMIT + 5; n += 1) expect((await callback('203.0.113.7', '')).status).toBe(303)
    expect((await callback('203.0.113.7')).status).toBe(303)
  })
})

test('S3 a sign-in that succeeds uses up nothing of a limit that a whole network shares', async () => {
  const { holder } = await aHousehold(municipality)
  const person = { fiscalNumber: `TINIT-${holder.fiscalCode}`, birthdate: '1985-05-17' }
  for (let n = 0; n < LIMIT + 2; n += 1) {
    const end = await signIn(bench, {
      person: { ...person, sub: `sub-${n}` },
      municipalitySlug: municipality.slug,
    })
    expect(end.sessions).toBe(1)
  }
})

test('S3 a remembered device has attempts of its own, also where its network has none left', async () => {
  const device = await aDevice((await aHousehold(municipality)).holderViewer)
  for (let n = 0; n <= LIMIT; n += 1) await unlock('203.0.113.7')
  expect((await unlock('203.0.113.7')).status).toBe(429)
  const cookie = `${DEVICE_COOKIE}=${deviceCookieValue(device)}`
  const form = { municipalitySlug: municipality.slug, sequenza: RIGHT }
  const known = await handleDevice(from('203.0.113.7', '/api/dispositivo/sblocca', form, { cookie }))
  expect(known.headers.getSetCookie().join()).toContain('refettorio-sessione=ey')
})

test('no address is kept, and the counts are forgotten with their window', async () => {
  const { owner } = await testDatabase()
  await callback('203.0.113.7')
  const rows = await owner.selectFrom('attempt_count').selectAll().execute()
  expect(rows).toHaveLength(1)
  expect(rows[0]?.key.toString('latin1')).not.toContain('203.0.113.7')
  await setClock(new Date(NOON.getTime() + 600_000))
  await forgetExpired()
  expect(await owner.selectFrom('attempt_count').selectAll().execute()).toEqual([])
})
