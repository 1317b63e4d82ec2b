import { readFileSync } from 'node:fs'
import vm from 'node:vm'
import { describe, expect, test } from 'vitest'

/** The service worker of the portal, run outside a browser: what it shows for a message, and where a press leads. */
const ORIGIN = 'https://mensa.example.it'
type Listener = (event: Record<string, unknown>) => void

function theWorker(windows: { navigate: (url: string) => Promise<void> }[] = []) {
  const listeners = new Map<string, Listener>()
  const shown: [string, Record<string, unknown>][] = []
  const opened: string[] = []
  const self = {
    addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
    registration: {
      showNotification: async (title: string, options: Record<string, unknown>) =>
        void shown.push([title, options]),
    },
    clients: {
      matchAll: async () => windows.map((one) => ({ focus: async () => undefined, ...one })),
      openWindow: async (url: string) => void opened.push(url),
    },
  }
  vm.runInNewContext(readFileSync('public/sw.js', 'utf8'), { self, location: { origin: ORIGIN }, URL, Date })
  const fire = async (name: string, event: Record<string, unknown>) => {
    let done: Promise<unknown> = Promise.resolve()
    listeners.get(name)?.({
      ...event,
      waitUntil: (work: Promise<unknown>) => {
        done = work
      },
    })
    await done
  }
  return { fire, shown, opened }
}

const message = (notification: unknown) => ({ data: { json: () => ({ web_push: 8030, notification }) } })

describe('A message that arrives', () => {
  test('is shown as it says', async () => {
    const { fire, shown } = theWorker()
    const navigate = `${ORIGIN}/mozzecane/prenotazioni`
    await fire('push', message({ title: 'Niente mensa giovedì', body: 'Sciopero.', navigate, tag: '1' }))
    expect(shown).toEqual([
      [
        'Niente mensa giovedì',
        { body: 'Sciopero.', tag: '1', lang: 'it', dir: 'auto', icon: '/icone/app-192.png', data: navigate },
      ],
    ])
  })

  test('that cannot be read is still shown: a browser takes the permission away from who shows nothing', async () => {
    const { fire, shown } = theWorker()
    await fire('push', { data: null })
    expect(shown[0]?.[0]).toBe('Mensa scolastica')
  })
})

describe('A press on it', () => {
  const press = (data: unknown) => ({ notification: { close: () => undefined, data } })

  test('opens its page', async () => {
    const { fire, opened } = theWorker()
    await fire('notificationclick', press(`${ORIGIN}/mozzecane/oggi`))
    expect(opened).toEqual([`${ORIGIN}/mozzecane/oggi`])
  })

  test('leads the portal that is open there', async () => {
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
