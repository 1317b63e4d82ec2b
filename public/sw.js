// The portal's service worker, written by hand. It keeps the build's files, and the last *Oggi* and calendar to read
// without a network. It never keeps or repeats a change: a cancellation that waited in a queue could miss its deadline.
// It keeps nothing about money, no diets, messages, the profile or the office, and forgets everything at sign-out.
const FILES = 'refettorio-file-1'
const PAGES = 'refettorio-pages-4'
const ONE_DAY = 24 * 60 * 60 * 1000
const HALF_A_DAY = ONE_DAY / 2
const PATIENCE = 3000
const KEPT_AT = 'x-kept-at'

const isFile = (url) => url.pathname.startsWith('/_next/static/') || url.pathname.startsWith('/icone/')
/** The only pages that are kept: names and days, never a diet; what they say of money is cut out. */
const isKept = (url) =>
  /^\/[a-z][a-z0-9-]{1,62}\/(oggi|prenotazioni)$/.test(url.pathname) && !url.searchParams.has('_rsc')
const isSignIn = (url) =>
  url.pathname.startsWith('/api/auth/') || /^\/[a-z0-9-]+\/accesso(\/|$)/.test(url.pathname)

/** One copy per page and child: a month that was viewed one time does not stay beside the current one. */
const keyOf = (url) =>
  url.origin +
  url.pathname +
  (url.searchParams.get('figlio') ? `?figlio=${url.searchParams.get('figlio')}` : '')

const forgetPages = () => caches.delete(PAGES)

/** What a copy may do: show itself. Its scripts do not run, its forms lead nowhere, and nothing is fetched but looks. */
const COPY_POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * What stands before a page that is read without a network. The page carries its own read-only form behind `data-offline`:
 * it says from when it is, and what makes sense only with the server is not shown. No control is shown or reached by the
 * keyboard. A browser gives the root the attributes of every `html` tag that it meets, and skips the second doctype.
 */
const COPY_BEGINS =
  '<!doctype html><html data-offline><style>button,input,select,textarea{display:none!important}</style>'

/**
 * The text without what stands between two marks, as often as they come; null when one has no end, so that a page is rather
 * not kept than kept with what it should not hold. React escapes these letters everywhere else.
 */
function without(text, begin, end) {
  let rest = text
  for (let from = rest.indexOf(begin); from >= 0; from = rest.indexOf(begin, from)) {
    const to = rest.indexOf(end, from)
    if (to < 0) return null
    rest = rest.slice(0, from) + rest.slice(to + end.length)
  }
  return rest
}

/** What a page says of money (components/installed/not-kept.tsx), and the scripts, which carry it too and never run in a copy. */
function withoutMoney(text) {
  const unscripted = without(text, '<script', '</script>')
  return (
    unscripted &&
    without(unscripted, '<i hidden="" data-not-kept="from">', '<i hidden="" data-not-kept="to"></i>')
  )
}

async function keep(url, response) {
  const type = response.headers.get('content-type') || ''
  if (!response.ok || response.redirected || !type.startsWith('text/html')) return
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': COPY_POLICY,
    [KEPT_AT]: String(Date.now()),
  }
  const text = await response.text()
  // What a colleague of the office looks at as a family (components/installed/not-kept.tsx).
  if (text.includes('data-never-kept')) return
  const copy = withoutMoney(text)
  if (copy === null) return
  const cache = await caches.open(PAGES)
  await cache.put(keyOf(url), new Response(COPY_BEGINS + copy, { headers }))
}

/** The words of this worker, in the language of the reader: the server has the catalogue, here are no sentences. */
const WORDS = '/api/senza-rete'

/** @param language of the page that asks; none at the start: the server then knows what this browser has chosen */
async function learnWords(language) {
  const response = await fetch(language ? `${WORDS}?in=${language}` : WORDS)
  if (!response.ok) return
  const cache = await caches.open(FILES)
  await cache.put(WORDS, response)
}

async function knownWords() {
  const cache = await caches.open(FILES)
  const kept = await cache.match(WORDS)
  return kept ? kept.json() : null
}

/** A page that speaks another language than this worker makes it learn that one. */
async function speak(language) {
  const words = await knownWords()
  if (!words || words.language !== language) await learnWords(language)
}

/** What is said where no copy is kept; a browser has words of its own for when none came. */
async function nothingKept() {
  const words = await knownWords()
  if (!words) return Response.error()
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': COPY_POLICY }
  return new Response(words.page, { status: 503, headers })
}

async function lastCopy(url) {
  const cache = await caches.open(PAGES)
  const kept = await cache.match(keyOf(url))
  if (kept && Date.now() - Number(kept.headers.get(KEPT_AT)) < ONE_DAY) return kept
  if (kept) await cache.delete(keyOf(url))
  return nothingKept()
}

async function page(event, url) {
  const fresh = fetch(event.request)
  if (isKept(url)) {
    event.waitUntil(
      fresh
        .then((response) =>
          response.redirected && isSignIn(new URL(response.url))
            ? forgetPages()
            : keep(url, response.clone()),
        )
        .catch(() => undefined),
    )
  }
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE))
  try {
    if (!isKept(url)) return await fresh
    const first = await Promise.race([fresh, late])
    if (first) return first
    const copy = await lastCopy(url)
    return copy.ok ? copy : await fresh
  } catch {
    return lastCopy(url)
  }
}

/** The icons' sheet has one address for every version: the newest while there is a network. */
async function icons(request) {
  const cache = await caches.open(FILES)
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(request, response.clone())
    return response
  } catch {
    return (await cache.match(request)) ?? Response.error()
  }
}

async function file(request) {
  const cache = await caches.open(FILES)
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) await cache.put(request, response.clone())
  return response
}

/** Keeps the pages when the portal is opened, unless a copy of the last hours is there: never at every opening. */
async function keepSoon(paths) {
  const cache = await caches.open(PAGES)
  for (const path of paths) {
    const url = new URL(path, location.origin)
    if (!isKept(url)) continue
    const kept = await cache.match(keyOf(url))
    if (kept && Date.now() - Number(kept.headers.get(KEPT_AT)) < HALF_A_DAY) continue
    const response = await fetch(url, { headers: { accept: 'text/html' } })
    await keep(url, response)
  }
}

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(learnWords().catch(() => undefined))
})

self.addEventListener('activate', (event) => {
  const mine = [FILES, PAGES]
  const old = async () => {
    for (const name of await caches.keys()) if (!mine.includes(name)) await caches.delete(name)
    await self.clients.claim()
  }
  event.waitUntil(old())
})

self.addEventListener('message', (event) => {
  const { data } = event
  if (data && data.what === 'forget') event.waitUntil(forgetPages())
  if (data && data.what === 'keep' && Array.isArray(data.paths)) {
    event.waitUntil(keepSoon(data.paths).catch(() => undefined))
    event.waitUntil(speak(data.language).catch(() => undefined))
  }
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  if (isSignIn(url)) event.waitUntil(forgetPages())
  if (request.method !== 'GET') return
  if (url.pathname === '/icons.svg') event.respondWith(icons(request))
  else if (isFile(url)) event.respondWith(file(request))
  else if (request.mode === 'navigate' && !url.pathname.startsWith('/api/'))
    event.respondWith(page(event, url))
})

/** Every message is shown, one without words too: browsers take the permission away from a portal that shows nothing. */
async function show(message) {
  const words = await knownWords().catch(() => null)
  await self.registration.showNotification(message.title || words?.notification.title || 'Refettorio', {
    body: message.body || words?.notification.body,
    tag: message.tag,
    lang: message.lang || words?.language,
    dir: message.dir || 'auto',
    icon: '/icone/app-192.png',
    data: message.navigate,
  })
}

/** A message of the portal, in the declarative shape: Safari shows it by itself, other browsers through here. */
self.addEventListener('push', (event) => {
  let message = {}
  try {
    message = event.data.json().notification || {}
  } catch {
    // Shown without its text.
  }
  event.waitUntil(show(message))
})

/** The browser changed the address at which it receives: without telling the server, nothing would arrive any more. */
self.addEventListener('pushsubscriptionchange', (event) => {
  const { oldSubscription: old, newSubscription } = event
  if (!old) return
  const renew = async () => {
    const made = newSubscription || (await self.registration.pushManager.subscribe(old.options))
    const headers = { 'content-type': 'application/json' }
    await fetch('/api/dispositivo/notifiche', {
      method: 'POST',
      headers,
      body: JSON.stringify({ old, made }),
    })
  }
  // A device that could not tell shows as not receiving on its page of notifications.
  event.waitUntil(renew().catch(() => undefined))
})

/** It leads to our own pages only, with any message. */
const placeIn = (address) => {
  const url = URL.canParse(address, location.origin) ? new URL(address, location.origin) : null
  return url && url.origin === location.origin ? url.href : location.origin
}

async function openPlace(url) {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const [first] = open
  if (!first) return self.clients.openWindow(url)
  await first.focus()
  // A window that this worker does not control yet cannot be sent anywhere: another one opens.
  return first.navigate(url).catch(() => self.clients.openWindow(url))
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openPlace(placeIn(event.notification.data || '/')))
})
