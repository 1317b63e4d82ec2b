import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import webPush from 'web-push'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  notify,
  removePushDevice,
  renewDevice,
  subscribeDevice,
} from '#lib/notifications/notification.commands.ts'
import { choicesOf } from '#lib/notifications/notification.queries.ts'
import { sendDuePush } from '#lib/outbox/due-message.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import { browserKeys, openPushService, type PushService } from '#tests/support/push-service.ts'

let service: PushService
let municipality: TestMunicipality
let holder: Viewer
let own: ReturnType<typeof browserKeys>
const keys = webPush.generateVAPIDKeys()

/** A real HTTP service on this machine, which only this configuration allows. */
async function configure(change: Record<string, string> = {}): Promise<void> {
  const { ownerUrl, webUrl } = await testDatabase()
  setEnvironment({
    DATABASE_URL: ownerUrl,
    DATABASE_WEB_URL: webUrl,
    VAPID_PUBLIC_KEY: keys.publicKey,
    VAPID_PRIVATE_KEY: keys.privateKey,
    PUSH_SERVICES: service.origin,
    ...change,
  })
}

beforeAll(async () => {
  service = await openPushService()
})
afterAll(() => service.close())
beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('outbox').set({ due_at: null }).execute()
  await configure()
  await setClock('2026-11-24T09:00:00+01:00')
  service.posts = []
  service.mood = 201
  municipality = await aMunicipality()
  holder = (await aHousehold(municipality)).holderViewer
  own = browserKeys()
  await subscribeDevice(holder, { endpoint: `${service.origin}/tel`, ...own, name: 'Chrome su Android' })
})

const tell = (key: string) =>
  asSystem(municipality.municipalityId, (trx) =>
    notify(trx, municipality.municipalityId, {
      event: 'calendar:closure',
      key,
      to: [holder.personId],
      say: () => ({ title: 'Niente mensa giovedì', text: 'Sciopero.' }),
      path: '/prenotazioni',
    }),
  )

async function row() {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('outbox')
    .select(['outcome', 'due_at', 'last_error', 'attempts'])
    .where('municipality_id', '=', municipality.municipalityId)
    .where('channel', '=', 'push')
    .executeTakeFirstOrThrow()
}

describe('A push message', () => {
  test('is posted once, encrypted, signed and with a day to live', async () => {
    await tell('1')
    await Promise.all([sendDuePush(), sendDuePush(), sendDuePush()])
    expect(service.posts).toHaveLength(1)
    const [post] = service.posts
    expect(post).toMatchObject({
      path: '/tel',
      headers: { ttl: '86400', urgency: 'normal', 'content-encoding': 'aes128gcm' },
    })
    expect(post?.headers.authorization).toMatch(/^vapid t=[\w.-]+, k=/)
    expect(post?.body.toString('latin1')).not.toMatch(/Niente|Sciopero|web_push/)
    expect(await row()).toMatchObject({ outcome: 'sent', due_at: null })
    expect((await choicesOf(holder))?.devices[0]?.lastSentAt).toEqual(new Date('2026-11-24T09:00:00+01:00'))
  })

  test.each([404, 410])(
    'is the last one to a device that answers %i: the device is removed',
    async (status) => {
      service.mood = status
      await tell('1')
      expect((await sendDuePush()).refused).toBe(1)
      expect((await choicesOf(holder))?.devices).toEqual([])
    },
  )

  test('is retried in a minute when the service cannot take it now, and then arrives once', async () => {
    service.mood = 503
    await tell('1')
    expect((await sendDuePush()).postponed).toBe(1)
    expect((await row()).due_at).toEqual(new Date('2026-11-24T09:01:00+01:00'))
    service.mood = 201
    await setClock('2026-11-24T09:01:00+01:00')
    expect((await sendDuePush()).sent).toBe(1)
    expect(service.posts).toHaveLength(2)
  })

  test('is in doubt and not repeated when its answer was lost', async () => {
    service.mood = 'silence'
    await tell('1')
    expect((await sendDuePush()).in_doubt).toBe(1)
    service.mood = 201
    await setClock('2026-11-24T12:00:00+01:00')
    await sendDuePush()
    expect(service.posts).toHaveLength(1)
  })

  test('follows no redirect', async () => {
    service.mood = 307
    await tell('1')
    expect((await sendDuePush()).refused).toBe(1)
    expect(service.posts).toHaveLength(1)
  })

  test('does not go to a device that was removed meanwhile', async () => {
    await tell('1')
    await removePushDevice(holder, (await choicesOf(holder))?.devices[0]?.id ?? '')
    expect((await sendDuePush()).refused).toBe(1)
    expect(service.posts).toEqual([])
  })

  test('does not go to a service that the configuration no longer names', async () => {
    await tell('1')
    await configure({ PUSH_SERVICES: 'fcm.googleapis.com' })
    expect((await sendDuePush()).refused).toBe(1)
    expect(service.posts).toEqual([])
    expect((await row()).last_error).toBe('ESERVICE')
  })

  test('does not go to a name with an internal address, even if the configuration names it', async () => {
    await configure({ PUSH_SERVICES: `${service.origin} localhost.localdomain` })
    const { owner } = await testDatabase()
    await owner
      .updateTable('push_subscription')
      .set({ endpoint: 'https://localhost.localdomain/x' })
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    await tell('1')
    await sendDuePush()
    expect(await row()).toMatchObject({ outcome: null, attempts: 0 })
    expect((await row()).last_error).toMatch(/EINNER|ENOTFOUND|EAI_AGAIN/)
  })

  test('is not posted without keys', async () => {
    await tell('1')
    await configure({ VAPID_PUBLIC_KEY: '', VAPID_PRIVATE_KEY: '' })
    await sendDuePush()
    expect(service.posts).toEqual([])
  })
})

describe('A browser with a new push address', () => {
  const renewed = (endpoint: string) => ({ endpoint, keys: browserKeys() })
  const old = (change: { endpoint?: string; auth?: string } = {}) => ({
    endpoint: change.endpoint ?? `${service.origin}/tel`,
    keys: { auth: change.auth ?? own.auth },
  })

  test('proves to be the same one with the secret of the old address, and goes on receiving once', async () => {
    await tell('waits')
    expect(await renewDevice({ old: old(), made: renewed(`${service.origin}/new`) })).toBe(true)
    expect((await choicesOf(holder))?.devices).toMatchObject([{ name: 'Chrome su Android' }])
    await tell('2')
    await sendDuePush()
    expect(service.posts.map(({ path }) => path)).toEqual(['/new'])
  })

  test('can use the old address as a proof once', async () => {
    await renewDevice({ old: old(), made: renewed(`${service.origin}/new`) })
    expect(await renewDevice({ old: old(), made: renewed(`${service.origin}/third`) })).toBe(false)
  })

  test('is not believed with another secret, from another address, or with one that was taken away', async () => {
    const made = renewed(`${service.origin}/new`)
    expect(await renewDevice({ old: old({ auth: browserKeys().auth }), made })).toBe(false)
    expect(await renewDevice({ old: old({ endpoint: `${service.origin}/other` }), made })).toBe(false)
    await removePushDevice(holder, (await choicesOf(holder))?.devices[0]?.id ?? '')
    expect(await renewDevice({ old: old(), made })).toBe(false)
    expect((await choicesOf(holder))?.devices).toEqual([])
  })

  test.each(['https://evil.example/x', 'http://10.0.0.1/x', 'https://127.0.0.1/x'])(
    'cannot make the server post to %s',
    async (endpoint) => {
      expect(await renewDevice({ old: old(), made: renewed(endpoint) })).toBe(false)
      expect((await choicesOf(holder))?.devices).toHaveLength(1)
    },
  )
})
