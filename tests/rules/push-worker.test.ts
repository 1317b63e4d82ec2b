import { readFileSync } from 'node:fs'
import vm from 'node:vm'
import { describe, expect, test } from 'vitest'

/** The service worker of the portal, run outside a browser: what it shows, keeps and tells, and where a press leads. */
const ORIGIN = 'https://mensa.example.it'
type Listener = (event: Record<string, unknown>) => void

function theWorker(windows: { navigate: (url: string) => Promise<void> }[] = []) {
  const listeners = new Map<string, Listener>()
  const shown: [string, Record<string, unknown>][] = []
  const opened: string[] = []
  const sent: [string, string][] = []
  const kept = new Map<string, Response>()
  const cache = {
    put: async (key: string, response: Response) => void kept.set(key, response),
    match: async (key: string) => kept.get(key)?.clone(),
  }
  let online: ((request: Request) => Promise<Response>) | null = null
  const fetch = async (asked: string | Request, options?: { body: string }) => {
    if (typeof asked === 'string') {
      sent.push([asked, options?.body ?? ''])
      return new Response(null, { status: 204 })
    }
    if (!online) throw new TypeError('offline')
    return online(asked)
  }
  const self = {
    addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
    registration: {
      showNotification: async (title: string, options: Record<string, unknown>) =>
        void shown.push([title, options]),
      pushManager: { subscribe: async (options: unknown) => ({ made: 'here', options }) },
    },
    clients: {
      matchAll: async () => windows.map((one) => ({ focus: async () => undefined, ...one })),
      openWindow: async (url: string) => void opened.push(url),
    },
  }
  vm.runInNewContext(readFileSync('public/sw.js', 'utf8'), {
    self,
    location: { origin: ORIGIN },
    URL,
    Date,
    Headers,
    Response,
    setTimeout,
    fetch,
    caches: { open: async () => cache },
  })
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
  /** Goes to a page, with the network answering `html` or not there at all. */
  const visit = async (path: string, html: string | null): Promise<string> => {
    online =
      html === null
        ? null
        : async () => new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } })
    let answer: Promise<Response> | undefined
    await fire('fetch', {
      request: { url: `${ORIGIN}${path}`, method: 'GET', mode: 'navigate' },
      respondWith: (response: Promise<Response>) => {
        answer = response
      },
    })
    return (await answer)?.text() ?? ''
  }
  return { fire, shown, opened, sent, visit }
}

const message = (notification: unknown) => ({ data: { json: () => ({ web_push: 8030, notification }) } })

describe('A message that arrives', () => {
  test('is shown with its own title and text', async () => {
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

  test('is shown also when it cannot be read: a browser revokes the permission of a portal that shows nothing', async () => {
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

describe('A page read without a network', () => {
  const page = (body: string) =>
    `<!doctype html><html lang="it"><head></head><body class="b">${body}</body></html>`
  const BODY =
    '<main><h1>Oggi</h1><form class="grid" action="/api/x" method="post"><input type="hidden" name="figlio" value="1"/>' +
    '<ul><li>mar 24 <span>Presente</span><button type="submit" name="cambia">Segna <b>assente</b></button></li></ul></form>' +
    '<label><input type="checkbox" name="giorno"/><b>25</b> Presente</label><select><option>x</option></select>' +
    '<a href="/mozzecane/prenotazioni">Calendario</a><script nonce="n">alert(1)</script></main>'

  test('holds nothing that could fail, says why, and keeps what can be read', async () => {
    const { visit } = theWorker()
    await visit('/mozzecane/oggi', page(BODY))
    const copy = await visit('/mozzecane/oggi', null)
    expect(copy).not.toMatch(/<(button|input|select|textarea|form|script)\b/)
    expect(copy).not.toContain('assente')
    expect(copy).toContain('<div class="grid"><ul><li>mar 24 <span>Presente</span></li></ul></div>')
    expect(copy).toContain('<label><b>25</b> Presente</label>')
    expect(copy).toContain('<a href="/mozzecane/prenotazioni">Calendario</a>')
    expect(copy).toMatch(/<html data-offline lang="it">/)
    expect(copy).toMatch(/Sei offline\. Dati di .+ i pulsanti non ci sono\. Se il termine/)
  })

  test('says so in the language of the page', async () => {
    const { visit } = theWorker()
    await visit('/mozzecane/oggi', page(BODY).replace('lang="it"', 'lang="en"'))
    expect(await visit('/mozzecane/oggi', null)).toMatch(
      /You are offline\. Data of .+ the buttons are not there/,
    )
  })

  test('says only that there is no network when it was never kept', async () => {
    const { visit } = theWorker()
    await visit('/mozzecane/pagamenti', page(BODY))
    expect(await visit('/mozzecane/pagamenti', null)).toContain('<h1>Sei offline</h1>')
  })
})
