import { readdirSync } from 'node:fs'
import path from 'node:path'
import { NextRequest } from 'next/server'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { routeOfHost } from '#lib/web/host-address.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { proxy } from '../../proxy.ts'

const ask = (host: string, path: string, method = 'GET', baseDomain: string | undefined = 'example.it') =>
  routeOfHost({ host, path, method, publicOrigin: 'https://mensa.example.it', baseDomain })

const HOST = 'mozzecane.example.it'

describe('a municipality’s own address', () => {
  it.each([
    ['/', '/mozzecane'],
    ['/?da=app', '/mozzecane/?da=app'],
    ['/notizie', '/mozzecane/notizie'],
    ['/notizie/avviso?p=2', '/mozzecane/notizie/avviso?p=2'],
    ['/mozzecane', '/mozzecane'],
    ['/mozzecane/documenti', '/mozzecane/documenti'],
    ['/mozzecane?da=app', '/mozzecane?da=app'],
    // Words that mean something at the beginning of an address mean nothing further on.
    ['/notizie/_next/x', '/mozzecane/notizie/_next/x'],
    ['/notizie/icone/x', '/mozzecane/notizie/icone/x'],
    ['/notizie/x.js', '/mozzecane/notizie/x.js'],
    ['/notizie/admin/', '/mozzecane/notizie/admin/'],
    ['/notizie/oggi', '/mozzecane/notizie/oggi'],
  ])('shows the public page of %s', (path, page) => {
    expect(ask(HOST, path)).toEqual({ kind: 'rewrite', path: page })
  })

  it.each([
    ['/accesso', '/mozzecane/accesso'],
    ['/oggi', '/mozzecane/oggi'],
    ['/mozzecane/prenotazioni?mese=2026-12', '/mozzecane/prenotazioni?mese=2026-12'],
    ['/profilo/deleghe', '/mozzecane/profilo/deleghe'],
    ['/admin/mozzecane', '/admin/mozzecane'],
    ['/api/mozzecane/movimenti.csv', '/api/mozzecane/movimenti.csv'],
  ])('sends %s to where the session is', (path, page) => {
    expect(ask(HOST, path)).toEqual({ kind: 'redirect', url: `https://mensa.example.it${page}` })
  })

  it('answers HEAD like GET, and takes no change', () => {
    expect(ask(HOST, '/notizie', 'HEAD')).toEqual({ kind: 'rewrite', path: '/mozzecane/notizie' })
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect(ask(HOST, '/notizie', method)).toEqual({ kind: 'refuse' })
  })

  it('has a label that a slug may have: any other host is not ours', () => {
    const long = `a${'b'.repeat(62)}`
    expect(ask(`${long}.example.it`, '/')).toEqual({ kind: 'rewrite', path: `/${long}` })
    expect(ask('bo.example.it', '/')).toEqual({ kind: 'rewrite', path: '/bo' })
    for (const name of [`${long}b`, 'a', 'bo.altrove', 'bo_altrove', '-bo'])
      expect(ask(`${name}.example.it`, '/')).toEqual({ kind: 'pass' })
  })

  it('does not find the pages of another municipality', () => {
    expect(ask(HOST, '/povegliano/notizie')).toEqual({
      kind: 'rewrite',
      path: '/mozzecane/povegliano/notizie',
    })
    expect(ask(HOST, '/povegliano/oggi')).toEqual({ kind: 'rewrite', path: '/mozzecane/povegliano/oggi' })
  })

  it('never redirects out of the portal', () => {
    for (const path of [
      '//altrove.example',
      '/accesso//altrove.example',
      '/admin@altrove.example',
      '/oggi/..//x',
    ]) {
      const route = ask(HOST, path)
      if (route.kind === 'redirect') expect(new URL(route.url).origin).toBe('https://mensa.example.it')
      if (route.kind === 'rewrite') expect(route.path.startsWith('/mozzecane')).toBe(true)
    }
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('changes nothing with %s', (method) => {
    expect(ask(HOST, '/notizie', method)).toEqual({ kind: 'refuse' })
    expect(ask(HOST, '/api/auth/signout', method)).toEqual({ kind: 'refuse' })
  })
})

describe('any other host', () => {
  it.each([
    ['the public origin', 'mensa.example.it'],
    ['another domain', 'mozzecane.altrove.it'],
    ['a domain that only ends alike', 'mozzecane.notexample.it'],
    ['the bare domain', 'example.it'],
    ['two labels', 'a.mozzecane.example.it'],
    ['a label that is no slug', '9x.example.it'],
  ])('%s is served as always', (_, host) => {
    expect(ask(host, '/mozzecane/oggi', 'POST')).toEqual({ kind: 'pass' })
  })

  it('is any host without a base domain', () => {
    expect(
      routeOfHost({
        host: HOST,
        path: '/',
        method: 'GET',
        publicOrigin: 'https://mensa.example.it',
        baseDomain: undefined,
      }),
    ).toEqual({ kind: 'pass' })
  })
})

describe('the proxy', () => {
  beforeAll(() => setEnvironment({ PUBLIC_ORIGIN: 'https://mensa.example.it', BASE_DOMAIN: 'example.it' }))
  const through = (path: string, method = 'GET') =>
    proxy(new NextRequest(`https://${HOST}${path}`, { method, headers: { host: HOST } }))

  it('rewrites, redirects or refuses, always with the security headers', async () => {
    const page = await through('/notizie')
    expect(new URL(page.headers.get('x-middleware-rewrite') ?? '').pathname).toBe('/mozzecane/notizie')
    const personal = await through('/oggi')
    expect([personal.status, personal.headers.get('location')]).toEqual([
      307,
      'https://mensa.example.it/mozzecane/oggi',
    ])
    expect((await through('/notizie', 'POST')).status).toBe(421)
    for (const answer of [page, personal]) {
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
    }
  })
})

describe('a path of no municipality', () => {
  test.each(['/icon.svg?icon.32o4', '/icons.svg', '/icone/app-192.png', '/api/health', '/robots.txt'])(
    '%s is there on every host',
    (path) => {
      expect(ask(HOST, path)).toEqual({ kind: 'pass' })
    },
  )
})

describe('a path of a family', () => {
  test('is never drawn on a municipality’s own host: every folder of the family’s area leads back to the session', () => {
    const folders = readdirSync(path.join(import.meta.dirname, '..', '..', 'app', '[comune]', '(famiglia)'), {
      withFileTypes: true,
    })
    const rooms = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    expect(rooms).toContain('oggi')
    expect(rooms.filter((room) => ask(HOST, `/${room}`).kind !== 'redirect')).toEqual([])
  })
})
