// The portal's service worker, written by hand. It keeps the build's files, and the last *Oggi* and calendar to read
// without a network. It never keeps or repeats a change: a cancellation that waited in a queue could miss its deadline.
// It keeps no page about money in detail, diets, messages, the profile or the office, and forgets everything at sign-out.
const FILES = 'refettorio-file-1'
const PAGES = 'refettorio-pagine-2'
const ONE_DAY = 24 * 60 * 60 * 1000
const HALF_A_DAY = ONE_DAY / 2
const PATIENCE = 3000
const SAVED_AT = 'x-salvata-il'

const isFile = (url) => url.pathname.startsWith('/_next/static/') || url.pathname.startsWith('/icone/')
/** The only pages that are kept: they show names, days and the balance, never a diet. */
const isKept = (url) =>
  /^\/[a-z][a-z0-9-]{1,62}\/(oggi|prenotazioni)$/.test(url.pathname) && !url.searchParams.has('_rsc')
const isSignIn = (url) =>
  url.pathname.startsWith('/api/auth/') || /^\/[a-z0-9-]+\/accesso(\/|$)/.test(url.pathname)

/** One copy per page and child: a month looked at once does not stay beside the current one. */
const keyOf = (url) =>
  url.origin +
  url.pathname +
  (url.searchParams.get('figlio') ? `?figlio=${url.searchParams.get('figlio')}` : '')

const forgetPages = () => caches.delete(PAGES)

/** What is said without a network, in the language of the page that was kept. */
const WORDS = {
  it: {
    locale: 'it-IT',
    offline: (when) =>
      'Sei offline. Dati di ' +
      when +
      '. Qui si legge soltanto: senza rete nessuno può confermarti una disdetta o una ricarica, perciò i pulsanti non ci sono. Se il termine sta per scadere, telefona al gestore.',
  },
  en: {
    locale: 'en-GB',
    offline: (when) =>
      'You are offline. Data of ' +
      when +
      '. You can only read here: without a network nobody can confirm a cancellation or a top-up, so the buttons are not there. If the deadline is near, call the operator.',
  },
}

const hour = (time, locale) =>
  new Date(time).toLocaleString(locale, {
    weekday: 'long',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'Europe/Rome',
  })

const banner = (time, words) =>
  '<div role="status" class="bg-warning-light text-warning"><p class="container-page py-3 font-semibold">' +
  words.offline(hour(time, words.locale)) +
  '</p></div>'

/**
 * A page as it may be kept: nothing runs in it, and nothing is in it that could not work. Buttons and fields go; what only
 * makes sense with them is marked in the pages (`needs-network`) and hidden by the style sheet where `data-offline` stands.
 */
const readOnly = (html) =>
  html
    .replace(/<script\b[\s\S]*?<\/script>/g, '')
    .replace(/<link rel="(?:preload|modulepreload)" as="script"[^>]*>/g, '')
    .replace(/<(button|select|textarea)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<input\b[^>]*>/g, '')
    .replace(/<form\b[^>]*>/g, (tag) => `<div${/ class="[^"]*"/.exec(tag)?.[0] ?? ''}>`)
    .replace(/<\/form>/g, '</div>')
    .replace(/<html\b/, '<html data-offline')

async function keep(url, response) {
  const type = response.headers.get('content-type') || ''
  if (!response.ok || response.redirected || !type.startsWith('text/html')) return
  const headers = new Headers({ 'content-type': 'text/html; charset=utf-8', [SAVED_AT]: String(Date.now()) })
  const policy = response.headers.get('content-security-policy')
  if (policy) headers.set('content-security-policy', policy)
  const cache = await caches.open(PAGES)
  await cache.put(keyOf(url), new Response(readOnly(await response.text()), { headers }))
}

const NOTHING_KEPT =
  '<!doctype html><html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sei offline</title></head>' +
  '<body><main><h1>Sei offline</h1><p>Il portale della mensa non risponde: controlla la connessione e riprova.</p>' +
  '<p>Le assenze già salvate restano salvate. Se il termine di oggi sta per scadere, telefona al gestore della mensa.</p>' +
  '<p><a href="">Riprova</a></p>' +
  '<section lang="en"><h2>You are offline</h2><p>The canteen portal is not answering: check the connection and try again. Absences already saved stay saved. ' +
  'If today’s deadline is near, call the canteen operator.</p></section></main></body></html>'

async function lastCopy(url) {
  const cache = await caches.open(PAGES)
  const kept = await cache.match(keyOf(url))
  const savedAt = Number(kept?.headers.get(SAVED_AT))
  if (kept && Date.now() - savedAt < ONE_DAY) {
    const html = await kept.text()
    const words = WORDS[/<html[^>]* lang="(\w+)"/.exec(html)?.[1]] ?? WORDS.it
    return new Response(
      html.replace(/<body[^>]*>/, (tag) => tag + banner(savedAt, words)),
      { headers: kept.headers },
    )
  }
  if (kept) await cache.delete(keyOf(url))
  return new Response(NOTHING_KEPT, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } })
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

/** The pages of whoever just opened the portal, unless a copy of the last hours is there: never at every opening. */
async function keepSoon(paths) {
  const cache = await caches.open(PAGES)
  for (const path of paths) {
    const url = new URL(path, location.origin)
    if (!isKept(url)) continue
    const kept = await cache.match(keyOf(url))
    if (kept && Date.now() - Number(kept.headers.get(SAVED_AT)) < HALF_A_DAY) continue
    const response = await fetch(url, { headers: { accept: 'text/html' } })
    await keep(url, response)
  }
}

self.addEventListener('install', () => self.skipWaiting())

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
  if (data && data.what === 'dimentica') event.waitUntil(forgetPages())
  if (data && data.what === 'conserva' && Array.isArray(data.paths))
    event.waitUntil(keepSoon(data.paths).catch(() => undefined))
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

/** A message of the portal, in the declarative shape: Safari shows it by itself, other browsers through here. */
self.addEventListener('push', (event) => {
  let message = {}
  try {
    message = event.data.json().notification || {}
  } catch {
    // A message without a text still has to be shown: browsers take the permission away from who shows nothing.
  }
  const shown = {
    body: message.body || 'Apri il portale per leggere. · Open the portal to read.',
    tag: message.tag,
    lang: message.lang || 'it',
    dir: message.dir || 'auto',
    icon: '/icone/app-192.png',
    data: message.navigate,
  }
  event.waitUntil(self.registration.showNotification(message.title || 'Mensa scolastica', shown))
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

/** It leads to our own pages only, whatever the message says. */
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
