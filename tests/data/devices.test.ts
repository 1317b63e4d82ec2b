import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  deviceToUnlock,
  forgetThisDevice,
  purgeDevices,
  rememberDevice,
  revokeDevice,
  revokeSession,
} from '#lib/devices/device.commands.ts'
import { accessesOf } from '#lib/devices/device.queries.ts'
import { type DeviceCookie, newDeviceCookie } from '#lib/devices/device-cookie.ts'
import { closeSession } from '#lib/session/session.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDevice, draw, RIGHT, rowOf, seenIn, signedIn, WRONG } from '#tests/support/devices.ts'
import {
  aHousehold,
  aMunicipality,
  aPerson,
  aStaffViewer,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'

const START = new Date('2026-11-23T09:00:00Z')
const wait = ({ days = 0, seconds = 0 }) =>
  setClock(new Date(START.getTime() + (days * 86_400 + seconds) * 1_000))

let municipality: TestMunicipality
let viewer: Viewer
beforeAll(async () => {
  await testDatabase()
})
beforeEach(async () => {
  await setClock(START)
  municipality = await aMunicipality()
  viewer = (await aHousehold(municipality)).holderViewer
})
afterEach(() => setClock(null))

const mails = async () => {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .where('municipality_id', '=', municipality.municipalityId)
    .select(['recipient', 'subject', 'body_text'])
    .orderBy('id')
    .execute()
}

describe('a remembered device', () => {
  it('opens a session of the same person with the sequence alone', async () => {
    const unlocked = await draw(municipality, await aDevice(viewer), RIGHT)
    const session = await seenIn(municipality, unlocked?.token ?? '')
    expect(session?.viewer?.personId).toBe(viewer.personId)
  })

  it('says that the session was opened with a sequence, and which sign-in is behind it', async () => {
    const cookie = await aDevice(viewer)
    await wait({ days: 3 })
    const session = await seenIn(municipality, (await draw(municipality, cookie, RIGHT))?.token ?? '')
    expect(session).toMatchObject({
      openedWith: 'sequence',
      method: 'spid',
      level: 2,
      authenticatedAt: START,
    })
    expect(session?.secondsSinceIdentity).toBe(3 * 86_400)
  })

  it('is told to its owner by e-mail, once, without names or codes', async () => {
    await aDevice(viewer)
    const [mail, ...others] = await mails()
    expect(others).toEqual([])
    expect(mail).toMatchObject({
      recipient: 'laura@example.it',
      subject: 'Un nuovo dispositivo è stato ricordato',
    })
    expect(mail?.body_text).toContain('Chrome su Android')
    expect(mail?.body_text).toContain(`/${municipality.slug}/profilo/accessi`)
    expect(mail?.body_text).not.toContain(RIGHT)
  })

  it('is kept as hashes: neither cookie nor sequence is in the database', async () => {
    const cookie = await aDevice(viewer)
    const row = JSON.stringify(await rowOf(cookie))
    for (const secret of [cookie.series, cookie.secret, RIGHT]) expect(row).not.toContain(secret)
    const { sequence_hash, sequence_salt } = await rowOf(cookie)
    const twin = await rowOf(await aDevice(viewer))
    expect(sequence_hash).not.toEqual(twin.sequence_hash)
    expect(sequence_salt).not.toEqual(twin.sequence_salt)
  })

  it('greets its owner by given name, and says what opens it', async () => {
    expect(await deviceToUnlock(await aDevice(viewer))).toEqual({
      givenName: 'Laura',
      hasSequence: true,
      hasPasskey: false,
    })
  })

  it('of a member of the office opens the family’s pages, never the office’s', async () => {
    const staff = await aStaffViewer(municipality, 'manager')
    const session = await seenIn(
      municipality,
      (await draw(municipality, await aDevice(staff), RIGHT))?.token ?? '',
    )
    expect(session?.viewer?.staffRoles).toEqual([])
  })

  it('can be remembered without an e-mail address: nothing is sent', async () => {
    const { owner } = await testDatabase()
    await owner.updateTable('person').set({ email: null }).where('id', '=', viewer.personId).execute()
    await aDevice(viewer)
    expect(await mails()).toEqual([])
  })
})

describe('choosing a sequence', () => {
  const choose = async (sequence: string, repeated = sequence) => {
    const { viewer: entered } = await signedIn(viewer)
    return rememberDevice(entered, { cookie: null, name: 'Safari su iPhone' }, { sequence, repeated })
  }

  it.each([
    ['five points', '72941', 'devices:too-short'],
    ['a letter', '1235789', 'devices:too-common'],
    ['a repeated point', '7294167', 'devices:repeated'],
    ['no digits', 'settenove', 'devices:not-digits'],
  ])('with %s is refused', async (_, sequence, code) => {
    expect(await choose(sequence)).toEqual({ ok: false, code })
  })

  it('is refused when the second drawing differs', async () => {
    expect(await choose(RIGHT, WRONG)).toEqual({ ok: false, code: 'devices:not-the-same' })
    expect((await accessesOf(viewer, null)).devices).toEqual([])
  })

  it('changes it on the same device: no second device, no second e-mail, attempts from zero', async () => {
    const cookie = await aDevice(viewer)
    await draw(municipality, cookie, WRONG)
    const { viewer: entered } = await signedIn(viewer)
    const browser = { cookie, name: 'Chrome su Android' }
    const changed = await rememberDevice(entered, browser, { sequence: '618349', repeated: '6 1 8 3 4 9' })
    expect(changed).toEqual({ ok: true, value: cookie })
    expect((await rowOf(cookie)).failures).toBe(0)
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
    expect(await draw(municipality, cookie, '618349')).not.toBeNull()
    expect(await mails()).toHaveLength(1)
  })

  it('forgets the other person whom the device remembered', async () => {
    const cookie = await aDevice(viewer)
    const other = viewerOf(municipality, await aPerson(municipality, { givenName: 'Marco' }), {})
    const { viewer: entered } = await signedIn(other)
    const taken = await rememberDevice(
      entered,
      { cookie, name: 'Chrome su Android' },
      { sequence: RIGHT, repeated: RIGHT },
    )
    expect(taken.ok && taken.value.series).not.toBe(cookie.series)
    expect((await rowOf(cookie)).revoke_reason).toBe('replaced')
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
  })

  it('is refused on an eleventh device', async () => {
    for (let count = 0; count < 10; count += 1) await aDevice(viewer)
    expect(await choose(RIGHT)).toEqual({ ok: false, code: 'devices:too-many', details: { n: 10 } })
  })
})

describe('a wrong sequence', () => {
  it('changes nothing four times, and a right one starts the count again', async () => {
    let cookie = await aDevice(viewer)
    for (let count = 0; count < 4; count += 1) expect(await draw(municipality, cookie, WRONG)).toBeNull()
    cookie = (await draw(municipality, cookie, RIGHT))?.cookie ?? cookie
    expect((await rowOf(cookie)).failures).toBe(0)
    for (let count = 0; count < 4; count += 1) await draw(municipality, cookie, WRONG)
    expect(await draw(municipality, cookie, RIGHT)).not.toBeNull()
  })

  it('forgets the device at the fifth time, ends its sessions and tells its owner', async () => {
    const first = await draw(municipality, await aDevice(viewer), RIGHT)
    if (!first) throw new Error('not unlocked')
    for (let count = 0; count < 5; count += 1) await draw(municipality, first.cookie, WRONG)
    expect((await rowOf(first.cookie)).revoke_reason).toBe('failures')
    expect(await draw(municipality, first.cookie, RIGHT)).toBeNull()
    expect(await deviceToUnlock(first.cookie)).toBeNull()
    expect(await seenIn(municipality, first.token)).toBeNull()
    expect((await mails()).map((mail) => mail.subject)).toEqual([
      'Un nuovo dispositivo è stato ricordato',
      'Abbiamo scollegato un tuo dispositivo',
    ])
  })

  it('is no attempt when it cannot be a sequence', async () => {
    const cookie = await aDevice(viewer)
    for (const typed of ['', '123', 'abcdef', '1'.repeat(500)])
      expect(await draw(municipality, cookie, typed)).toBeNull()
    expect((await rowOf(cookie)).failures).toBe(0)
  })

  it('is answered like an unknown and a forgotten device, and all are registered', async () => {
    const forgotten = await aDevice(viewer)
    await forgetThisDevice(forgotten)
    const answers = [
      await draw(municipality, await aDevice(viewer), WRONG),
      await draw(municipality, newDeviceCookie(), RIGHT),
      await draw(municipality, forgotten, RIGHT),
      await draw(municipality, null, RIGHT),
    ]
    expect(answers).toEqual([null, null, null, null])
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('sign_in_event')
      .where('municipality_slug', '=', municipality.slug)
      .select(['outcome', 'method'])
      .execute()
    expect(events).toEqual(Array(4).fill({ outcome: 'unlock_refused', method: 'sequence' }))
  })

  it('forgets the device a minute after five attempts that a crashed process never judged', async () => {
    const cookie = await aDevice(viewer)
    const { owner } = await testDatabase()
    await owner
      .updateTable('remembered_device')
      .set((eb) => ({ failures: 5, attempted_at: eb.fn('app_now') }))
      .where('id', '=', (await rowOf(cookie)).id)
      .execute()
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
    expect((await rowOf(cookie)).revoke_reason).toBeNull()
    await wait({ seconds: 61 })
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
    expect((await rowOf(cookie)).revoke_reason).toBe('failures')
  })
})

describe('the cookie', () => {
  it('changes at every unlock, and the new one opens', async () => {
    const first = await aDevice(viewer)
    const second = (await draw(municipality, first, RIGHT))?.cookie
    expect(second?.series).toBe(first.series)
    expect(second?.secret).not.toBe(first.secret)
    await wait({ days: 1 })
    expect(await draw(municipality, second ?? null, RIGHT)).not.toBeNull()
  })

  it('still opens for a minute after a lost answer, and gets the same new one', async () => {
    const cookie = await aDevice(viewer)
    const lost = await draw(municipality, cookie, RIGHT)
    await wait({ seconds: 59 })
    const again = await draw(municipality, cookie, RIGHT)
    expect(again?.cookie).toEqual(lost?.cookie)
    expect(again?.token).not.toBe(lost?.token)
  })

  it('counts as copied when its old form comes later: the device is forgotten, sessions end, its owner is told', async () => {
    const copied = await aDevice(viewer)
    const thief = await draw(municipality, copied, RIGHT)
    await wait({ seconds: 60 })
    expect(await draw(municipality, copied, RIGHT)).toBeNull()
    expect((await rowOf(copied)).revoke_reason).toBe('copied')
    expect(await seenIn(municipality, thief?.token ?? '')).toBeNull()
    expect(await draw(municipality, thief?.cookie ?? null, RIGHT)).toBeNull()
    expect((await mails()).at(-1)?.subject).toBe('Abbiamo scollegato un tuo dispositivo')
  })

  it('is checked for its old form when the access page is opened, before anything is drawn', async () => {
    const copied = await aDevice(viewer)
    await draw(municipality, copied, RIGHT)
    await wait({ seconds: 60 })
    expect(await deviceToUnlock(copied)).toBeNull()
    expect((await rowOf(copied)).revoke_reason).toBe('copied')
  })

  it.each([
    [
      'of another series',
      (cookie: { series: string; secret: string }) => ({ ...newDeviceCookie(), secret: cookie.secret }),
    ],
    ['of nobody', () => newDeviceCookie()],
  ])('%s opens nothing and harms no device', async (_, tamper) => {
    const cookie = await aDevice(viewer)
    expect(await draw(municipality, tamper(cookie), RIGHT)).toBeNull()
    expect((await rowOf(cookie)).revoked_at).toBeNull()
  })
})

describe('time', () => {
  it('forgets a device that was not used for ninety days', async () => {
    const cookie = await aDevice(viewer)
    await wait({ days: 90, seconds: -1 })
    expect(await deviceToUnlock(cookie)).not.toBeNull()
    expect((await accessesOf(viewer, null)).devices).toHaveLength(1)
    await wait({ days: 90 })
    expect((await accessesOf(viewer, null)).devices).toEqual([])
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
    expect((await rowOf(cookie)).revoke_reason).toBe('idle')
  })

  it('forgets a device a year after the sign-in with SPID or CIE, however used', async () => {
    let cookie = await aDevice(viewer)
    for (let days = 60; days < 365; days += 60) {
      await wait({ days })
      cookie = (await draw(municipality, cookie, RIGHT))?.cookie ?? cookie
    }
    await wait({ days: 365 })
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
  })

  it('ends a session opened with a sequence as it ends any other: idle, and at its limit', async () => {
    const unlocked = await draw(municipality, await aDevice(viewer), RIGHT)
    await wait({ seconds: 29 * 60 })
    expect(await seenIn(municipality, unlocked?.token ?? '')).not.toBeNull()
    await wait({ seconds: 60 * 60 })
    expect(await seenIn(municipality, unlocked?.token ?? '')).toBeNull()
  })
})

describe('the list of accesses', () => {
  it('has one’s own sessions and devices only', async () => {
    const cookie = await aDevice(viewer)
    await aDevice((await aHousehold(municipality)).holderViewer)
    const unlocked = await draw(municipality, cookie, RIGHT)
    const here = await seenIn(municipality, unlocked?.token ?? '')
    const asker = here?.viewer as Viewer
    const accesses = await accessesOf(asker, unlocked?.cookie ?? null)
    expect(accesses.sessions.map(({ openedWith, here }) => ({ openedWith, here }))).toEqual(
      expect.arrayContaining([
        { openedWith: 'sequence', here: true },
        { openedWith: 'identity', here: false },
      ]),
    )
    expect(accesses.sessions).toHaveLength(2)
    expect(accesses.devices).toEqual([
      expect.objectContaining({ name: 'Chrome su Android', hasSequence: true, passkeyId: null, here: true }),
    ])
  })

  it('ends the sessions of a revoked device while their pages are open', async () => {
    const unlocked = await draw(municipality, await aDevice(viewer), RIGHT)
    const { viewer: elsewhere } = await signedIn(viewer)
    const [device] = (await accessesOf(elsewhere, null)).devices
    expect(await revokeDevice(elsewhere, device?.id ?? '')).toEqual({ ok: true, value: null })
    expect(await seenIn(municipality, unlocked?.token ?? '')).toBeNull()
    expect(await draw(municipality, unlocked?.cookie ?? null, RIGHT)).toBeNull()
  })

  it('ends a revoked session with its next request; the others stay', async () => {
    const first = await signedIn(viewer)
    const second = await signedIn(viewer)
    expect(await revokeSession(second.viewer, first.viewer.sessionId)).toEqual({ ok: true, value: null })
    expect(await seenIn(municipality, first.token)).toBeNull()
    expect(await seenIn(municipality, second.token)).not.toBeNull()
  })

  it('does not find a stranger’s device and session, which stay', async () => {
    const cookie = await aDevice(viewer)
    const own = await signedIn(viewer)
    const { viewer: stranger } = await signedIn((await aHousehold(municipality)).holderViewer)
    const missing = { ok: false, code: 'request:not-found' }
    expect(await revokeDevice(stranger, (await rowOf(cookie)).id)).toEqual(missing)
    expect(await revokeSession(stranger, own.viewer.sessionId)).toEqual(missing)
    expect(await seenIn(municipality, own.token)).not.toBeNull()
    expect(await draw(municipality, cookie, RIGHT)).not.toBeNull()
  })

  it('forgets the remembered devices when every device is signed out', async () => {
    const cookie = await aDevice(viewer)
    const { token } = await signedIn(viewer)
    await closeSession(token, { municipalitySlug: municipality.slug, everywhere: true })
    expect((await rowOf(cookie)).revoke_reason).toBe('everywhere')
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
  })

  it('keeps a device remembered when one session is signed out', async () => {
    const unlocked = await draw(municipality, await aDevice(viewer), RIGHT)
    await closeSession(unlocked?.token ?? '', { municipalitySlug: municipality.slug, everywhere: false })
    expect(await draw(municipality, unlocked?.cookie ?? null, RIGHT)).not.toBeNull()
  })

  it('loses the device of this browser by “Non sei tu?”, twice without an error', async () => {
    const cookie = await aDevice(viewer)
    await forgetThisDevice(cookie)
    await forgetThisDevice(cookie)
    await forgetThisDevice(null)
    expect((await rowOf(cookie)).revoke_reason).toBe('forgotten')
  })

  it('writes every change in the family’s register', async () => {
    const cookie = await aDevice(viewer)
    const { viewer: entered } = await signedIn(viewer)
    await revokeDevice(entered, (await rowOf(cookie)).id)
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('audit_event')
      .where('person_id', '=', viewer.personId)
      .select('action')
      .orderBy('id')
      .execute()
    expect(events.map((event) => event.action)).toEqual([
      'device.remember',
      'device.sequence',
      'device.revoke',
    ])
  })
})

describe('the purge of devices', () => {
  const lastUsed = async (cookie: DeviceCookie, at: string, revoked: boolean) => {
    const { owner } = await testDatabase()
    const { id } = await rowOf(cookie)
    await owner
      .updateTable('session')
      .set({ device_id: null, opened_with: 'identity' })
      .where('device_id', '=', id)
      .execute()
    await owner
      .updateTable('remembered_device')
      .set({ last_used_at: at, ...(revoked ? { revoked_at: at, revoke_reason: 'owner' } : {}) })
      .where('id', '=', id)
      .execute()
    return id
  }
  const isThere = async (id: string) => {
    const { owner } = await testDatabase()
    return (
      (await owner.selectFrom('remembered_device').select('id').where('id', '=', id).execute()).length === 1
    )
  }

  it('deletes one a year after it was revoked or last used, to the second, and not while a session of it is kept', async () => {
    const { owner } = await testDatabase()
    const clock = await owner
      .selectNoFrom(sql<Date>`app_now() - interval '12 months'`.as('limit'))
      .executeTakeFirstOrThrow()
    const before = new Date(clock.limit.getTime() - 1_000).toISOString()
    const at = clock.limit.toISOString()
    const revoked = await lastUsed(await aDevice(viewer), before, true)
    const unused = await lastUsed(await aDevice(viewer), before, false)
    const justKept = await lastUsed(await aDevice(viewer), at, true)
    const cookie = await aDevice(viewer)
    const unlocked = await draw(municipality, cookie, RIGHT)
    const living = (await rowOf(unlocked?.cookie ?? cookie)).id
    await owner
      .updateTable('remembered_device')
      .set({ last_used_at: before })
      .where('id', '=', living)
      .execute()
    await purgeDevices()
    expect(await Promise.all([revoked, unused, justKept, living].map(isThere))).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(await purgeDevices()).toBe(0)
  })
})
