import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { deviceToUnlock, forgetThisDevice } from '#lib/devices/device.commands.ts'
import { accessesOf } from '#lib/devices/device.queries.ts'
import { type DeviceCookie, newDeviceCookie } from '#lib/devices/device-cookie.ts'
import {
  beginPasskey,
  beginUnlock,
  readRegistration,
  registerPasskey,
  removePasskey,
  unlockWithPasskey,
} from '#lib/devices/passkey.commands.ts'
import { Authenticator, type Flaw } from '#tests/support/authenticator.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDevice, draw, RIGHT, rowOf, seenIn, signedIn, WRONG } from '#tests/support/devices.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'

const START = new Date('2026-11-24T11:00:00Z')
const wait = (seconds: number) => setClock(new Date(START.getTime() + seconds * 1_000))
const phone = { name: 'Safari su iPhone' }

let municipality: TestMunicipality
let viewer: Viewer
let finger: Authenticator
beforeEach(async () => {
  await testDatabase()
  await setClock(START)
  municipality = await aMunicipality()
  viewer = (await signedIn((await aHousehold(municipality)).holderViewer)).viewer
  finger = new Authenticator(TEST_ENVIRONMENT.PUBLIC_ORIGIN)
})
afterEach(() => setClock(null))

const register = async (cookie: DeviceCookie | null = null, flaw: Flaw = {}) =>
  registerPasskey(viewer, { cookie, ...phone }, finger.create(await beginPasskey(viewer), flaw))

async function aPhone(): Promise<DeviceCookie> {
  const registered = await register()
  if (!registered.ok) throw new Error(registered.code)
  return registered.value
}

const optionsFor = async (cookie: DeviceCookie) => {
  const options = await beginUnlock(cookie)
  if (!options) throw new Error('no challenge')
  return options
}

const enter = (cookie: DeviceCookie | null, response: ReturnType<Authenticator['get']>) =>
  unlockWithPasskey(cookie, response, {
    municipalitySlug: municipality.slug,
    previousToken: null,
    device: phone.name,
  })

const touch = async (cookie: DeviceCookie, flaw: Flaw = {}) =>
  enter(cookie, finger.get(await optionsFor(cookie), flaw))

describe('a passkey', () => {
  it('remembers the device without any sequence, and opens it', async () => {
    const cookie = await aPhone()
    expect(await deviceToUnlock(cookie)).toEqual({ givenName: 'Laura', hasSequence: false, hasPasskey: true })
    const unlocked = await touch(cookie)
    expect(await seenIn(municipality, unlocked?.token ?? '')).toMatchObject({
      openedWith: 'passkey',
      viewer: { personId: viewer.personId, staffRoles: [] },
    })
  })

  it('stands beside the sequence of the same device', async () => {
    const cookie = await aDevice(viewer)
    expect(await register(cookie)).toEqual({ ok: true, value: cookie })
    expect(await deviceToUnlock(cookie)).toMatchObject({ hasSequence: true, hasPasskey: true })
    const next = (await touch(cookie))?.cookie ?? cookie
    expect(await draw(municipality, next, RIGHT)).not.toBeNull()
  })

  it('changes the cookie as a sequence does: the old one, used later, forgets the device', async () => {
    const cookie = await aPhone()
    expect((await touch(cookie))?.cookie).not.toEqual(cookie)
    await wait(61)
    expect(await beginUnlock(cookie)).toBeNull()
    expect((await rowOf(cookie)).revoke_reason).toBe('copied')
  })

  it('is the newest one of its device: the earlier one opens nothing', async () => {
    const cookie = await aPhone()
    const before = finger
    finger = new Authenticator(TEST_ENVIRONMENT.PUBLIC_ORIGIN)
    await register(cookie)
    expect(await enter(cookie, before.get(await optionsFor(cookie)))).toBeNull()
    expect(await touch(cookie)).not.toBeNull()
  })

  it('goes with its device: five wrong sequences, or “Non sei tu?”', async () => {
    const cookie = await aDevice(viewer)
    await register(cookie)
    for (let count = 0; count < 5; count += 1) await draw(municipality, cookie, WRONG)
    expect(await beginUnlock(cookie)).toBeNull()
    const other = await (async () => {
      finger = new Authenticator(TEST_ENVIRONMENT.PUBLIC_ORIGIN)
      return aPhone()
    })()
    const options = await optionsFor(other)
    await forgetThisDevice(other)
    expect(await enter(other, finger.get(options))).toBeNull()
  })

  it('can be taken away by its owner only', async () => {
    const cookie = await aDevice(viewer)
    await register(cookie)
    const [device] = (await accessesOf(viewer, cookie)).devices
    const { viewer: stranger } = await signedIn((await aHousehold(municipality)).holderViewer)
    await aDevice(stranger)
    const missing = { ok: false, code: 'request:not-found' }
    expect(await removePasskey(stranger, device?.passkeyId ?? '')).toEqual(missing)
    expect(await touch(cookie)).not.toBeNull()
    expect(await removePasskey(viewer, device?.passkeyId ?? '')).toEqual({ ok: true, value: null })
    expect(await removePasskey(viewer, device?.passkeyId ?? '')).toEqual(missing)
  })
})

const FLAWS: [string, Flaw][] = [
  ['of another site', { origin: 'https://altrove.example' }],
  ['for another host', { rpId: 'altrove.example' }],
  ['to a challenge that we never made', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
  ['without finger, face or code', { unverified: true }],
]

describe('an answer is refused', () => {
  it.each(FLAWS)('%s, when a passkey is made', async (_, flaw) => {
    expect(await register(null, flaw)).toEqual({ ok: false, code: 'devices:passkey-refused' })
    expect((await accessesOf(viewer, null)).devices).toEqual([])
  })

  it.each([
    ...FLAWS,
    ['signed with another key', { forged: true }],
    ['that counts backwards, as a copied key does', { counter: 1 }],
  ] as [string, Flaw][])('%s, when it is used', async (_, flaw) => {
    let cookie = await aPhone()
    cookie = (await touch(cookie))?.cookie ?? cookie
    expect(await touch(cookie, flaw)).toBeNull()
    expect(await touch(cookie)).not.toBeNull()
  })

  it('the second time', async () => {
    const cookie = await aPhone()
    const answer = finger.get(await optionsFor(cookie))
    expect(await enter(cookie, answer)).not.toBeNull()
    expect(await enter(cookie, answer)).toBeNull()
  })

  it('after five minutes', async () => {
    const cookie = await aPhone()
    const answer = finger.get(await optionsFor(cookie))
    await wait(300)
    expect(await enter(cookie, answer)).toBeNull()
  })

  it('to the challenge of another device, or without a device', async () => {
    const cookie = await aPhone()
    const answer = finger.get(await optionsFor(cookie))
    finger = new Authenticator(TEST_ENVIRONMENT.PUBLIC_ORIGIN)
    const other = await aPhone()
    expect(await enter(other, answer)).toBeNull()
    expect(await enter(newDeviceCookie(), answer)).toBeNull()
    expect(await enter(null, answer)).toBeNull()
  })

  it('when it was made for the session of another person', async () => {
    const made = finger.create(await beginPasskey(viewer))
    const { viewer: stranger } = await signedIn((await aHousehold(municipality)).holderViewer)
    const refused = { ok: false, code: 'devices:passkey-refused' }
    expect(await registerPasskey(stranger, { cookie: null, ...phone }, made)).toEqual(refused)
  })

  it.each(['', '{', 'null', '[]', '{"id":"x","response":{}}'])('when it is “%s”', async (text) => {
    await beginPasskey(viewer)
    const answer = readRegistration(text)
    expect(await registerPasskey(viewer, { cookie: null, ...phone }, answer)).toMatchObject({ ok: false })
  })

  it('with a line in the register that says no more than that', async () => {
    await touch(await aPhone(), { forged: true })
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('sign_in_event')
      .where('municipality_slug', '=', municipality.slug)
      .select(['outcome', 'method'])
      .execute()
    expect(events).toEqual([{ outcome: 'unlock_refused', method: 'passkey' }])
  })
})
