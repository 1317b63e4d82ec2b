import { readFileSync } from 'node:fs'
import vm from 'node:vm'
import { offlineWords } from '#lib/web/offline.words.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import type { Language } from '#lib/words/language.ts'

/** The service worker of the portal, run outside a browser: what it shows, keeps and tells, and where a press leads. */
export const ORIGIN = 'https://mensa.example.it'

type Listener = (event: Record<string, unknown>) => void

/**
 * @param windows the windows of the portal that are open
 * @param language what this browser has chosen, as the server knows it
 */
export function theWorker(
  windows: { navigate: (url: string) => Promise<void> }[] = [],
  language: Language = 'it',
) {
  const listeners = new Map<string, Listener>()
  const shown: [string, Record<string, unknown>][] = []
  const opened: string[] = []
  const sent: [string, string][] = []
  const learned: string[] = []
  const kept = new Map<string, Response>()
  const cache = {
    put: async (key: string, response: Response) => void kept.set(key, response),
    match: async (key: string) => kept.get(key)?.clone(),
  }
  let online: ((request: Request) => Promise<Response>) | null = null
  const fetch = async (asked: string | Request, options?: { body: string }) => {
    if (typeof asked === 'string' && asked.startsWith('/api/senza-rete')) {
      learned.push(asked)
      const named = new URL(asked, ORIGIN).searchParams.get('in') as Language | null
      return Response.json(offlineWords(wordsIn(named ?? language)))
    }
    if (typeof asked === 'string') {
      sent.push([asked, options?.body ?? ''])
      return new Response(null, { status: 204 })
    }
    if (!online) throw new TypeError('offline')
    return online(asked)
  }
  const self = {
    skipWaiting: () => undefined,
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
    const done: Promise<unknown>[] = []
    listeners.get(name)?.({
      ...event,
      waitUntil: (work: Promise<unknown>) => {
        done.push(work)
      },
    })
    await Promise.all(done)
  }
  /** Goes to a page, with the network answering `html` or not there at all. */
  const visit = async (path: string, html: string | null): Promise<Response> => {
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
    if (!answer) throw new Error(`the worker did not answer ${path}`)
    return answer
  }
  return { fire, shown, opened, sent, visit, learned }
}
