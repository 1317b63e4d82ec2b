import { describe, expect, test } from 'vitest'
import { ORIGIN, theWorker } from '#tests/support/service-worker.ts'

const message = (notification: unknown) => ({ data: { json: () => ({ web_push: 8030, notification }) } })

describe('A message that arrives', () => {
  test('is shown with its own title and text', async () => {
    const { fire, shown } = theWorker()
    await fire('install', {})
    const navigate = `${ORIGIN}/mozzecane/prenotazioni`
    await fire('push', message({ title: 'Niente mensa giovedì', body: 'Sciopero.', navigate, tag: '1' }))
    expect(shown).toEqual([
      [
        'Niente mensa giovedì',
        { body: 'Sciopero.', tag: '1', lang: 'it', dir: 'auto', icon: '/icone/app-192.png', data: navigate },
      ],
    ])
  })

  test('is shown also when it cannot be read: a browser revokes the permission of a portal that shows nothing', async () => {
    const { fire, shown } = theWorker()
    await fire('install', {})
    await fire('push', { data: null })
    expect(shown[0]?.[0]).toBe('Mensa scolastica')
  })

  test('without a text speaks the language of the reader', async () => {
    const { fire, shown } = theWorker([], 'ar')
    await fire('push', { data: null })
    expect(shown[0]?.[0]).toBe('Refettorio')
    await fire('install', {})
    await fire('push', { data: null })
    expect(shown[1]).toEqual([
      'المطعم المدرسي',
      expect.objectContaining({ lang: 'ar', body: 'افتح البوابة للقراءة.' }),
    ])
  })
})

describe('A press on it', () => {
  const press = (data: unknown) => ({ notification: { close: () => undefined, data } })

  test('opens its page', async () => {
    const { fire, opened } = theWorker()
    await fire('notificationclick', press(`${ORIGIN}/mozzecane/oggi`))
    expect(opened).toEqual([`${ORIGIN}/mozzecane/oggi`])
  })

  test('navigates the window of the portal that is open', async () => {
    const led: string[] = []
    const { fire, opened } = theWorker([{ navigate: async (url) => void led.push(url) }])
    await fire('notificationclick', press(`${ORIGIN}/mozzecane/oggi`))
    expect([led, opened]).toEqual([[`${ORIGIN}/mozzecane/oggi`], []])
  })

  test.each([
    'https://evil.example/x',
    '//evil.example/x',
    'javascript:alert(1)',
    'data:text/html,x',
    '\\\\evil',
    null,
  ])('never leaves the portal: %s', async (data) => {
    const { fire, opened } = theWorker()
    await fire('notificationclick', press(data))
    expect(new URL(opened[0] ?? '').origin).toBe(ORIGIN)
  })
})

describe('The push address of a browser', () => {
  const old = { endpoint: 'https://push.example/old', options: { applicationServerKey: 'k' } }
  test('is told to the portal when it changes, with the old one as the proof', async () => {
    const { fire, sent } = theWorker()
    const newSubscription = { endpoint: 'https://push.example/new' }
    await fire('pushsubscriptionchange', { oldSubscription: old, newSubscription })
    expect(sent).toEqual([['/api/dispositivo/notifiche', JSON.stringify({ old, made: newSubscription })]])
  })

  test('is asked for again with the same key when it was lost', async () => {
    const { fire, sent } = theWorker()
    await fire('pushsubscriptionchange', { oldSubscription: old, newSubscription: null })
    expect(JSON.parse(sent[0]?.[1] ?? '').made).toEqual({ made: 'here', options: old.options })
  })

  test('is not sent when the browser does not tell the old one, which would prove it', async () => {
    const { fire, sent } = theWorker()
    await fire('pushsubscriptionchange', { oldSubscription: null, newSubscription: null })
    expect(sent).toEqual([])
  })
})
