import { beforeAll, describe, expect, it, test } from 'vitest'
import { isAutomatic, needsOnlyHeaders, pageHeaders, READY_HEADER } from '#lib/entry/page-headers.ts'
import { env } from '#lib/kernel/env.ts'
import { nonceIn } from '#lib/web/security-headers.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { config } from '../../proxy.ts'

beforeAll(() => setEnvironment({ PUBLIC_ORIGIN: 'https://mensa.example.it', BASE_DOMAIN: 'example.it' }))

const atHome = (path: string, host = 'mensa.example.it') => needsOnlyHeaders({ host, path }, env())

describe('the web server sets the headers by itself', () => {
  test.each([
    '/',
    '/mozzecane',
    '/mozzecane/oggi',
    '/mozzecane/prenotazioni?figlio=018f7c1e-5b1a-7c3d-9e2f-0a1b2c3d4e5f&mese=2026-12&vista=elenco',
    '/mozzecane/pagamenti/movimenti?pagina=2',
    '/mozzecane/notizie',
    '/admin/mozzecane/notizie/nuovo',
    '/api/mozzecane/miei-dati',
  ])('for %s at the public host', (path) => {
    expect(atHome(path)).toBe(true)
    expect(atHome(path, 'mozzecane.example.it')).toBe(false)
    expect(atHome(path, 'altrove.example')).toBe(false)
  })

  test.each([
    ['the choice of a language', '/mozzecane/oggi?lingua=en'],
    ['the choice of a language, further on', '/mozzecane/menu?da=2026-11-30&lingua=ar'],
    ['a name that hides one', '/mozzecane/oggi?l%69ngua=en'],
    ['a payload without its page', '/mozzecane/oggi?_rsc=1'],
    ['a page that may be gone', '/mozzecane/notizie/sciopero'],
    ['a document, with a query', '/mozzecane/documenti/carta?da=app'],
    ['an address of another site', '//altrove.example/x'],
    ['dots that lead elsewhere', '/mozzecane/../admin'],
    ['what must be decoded', '/mozzecane/%6fggi'],
    ['a backslash', '/\\altrove.example'],
    ['an address with its host', 'http://mensa.example.it/mozzecane/oggi'],
    ['the build’s own files', '/_next/static/x'],
    ['no address', ''],
  ])('and leaves to the proxy %s', (_, path) => {
    expect(atHome(path)).toBe(false)
  })

  it('on any host of an installation without hosts of municipalities', () => {
    const one = { PUBLIC_ORIGIN: 'https://mensa.example.it', BASE_DOMAIN: undefined }
    expect(needsOnlyHeaders({ host: 'rete.interna', path: '/mozzecane/oggi' }, one)).toBe(true)
  })

  it('with the mark by which Next then leaves the proxy out', () => {
    expect(config.matcher.map(({ missing }) => missing)).toEqual([[{ type: 'header', key: READY_HEADER }]])
  })
})

test('S13 a page that refreshes itself asks for a payload alone; an opened page, an action and a form do not', () => {
  expect(isAutomatic({ method: 'GET', rsc: '1' })).toBe(true)
  expect(isAutomatic({ method: 'GET', rsc: undefined })).toBe(false)
  expect(isAutomatic({ method: 'POST', rsc: '1' })).toBe(false)
})

describe('the headers', () => {
  it('give Next and the browser one policy, with a nonce of its own for each request', () => {
    const [first, second] = [1, 2].map(() => pageHeaders('/mozzecane/oggi?x=1', env()))
    const policy = first?.asked['content-security-policy'] ?? ''
    expect(first?.answered['content-security-policy']).toBe(policy)
    expect(nonceIn(policy)).not.toBe('')
    expect(nonceIn(policy)).not.toBe(nonceIn(second?.asked['content-security-policy'] ?? ''))
    expect(first?.asked['x-refettorio-path']).toBe('/mozzecane/oggi?x=1')
    expect(first?.answered['Strict-Transport-Security']).toContain('max-age=')
  })

  test.each(['/mozzecane/allegati/1/modulo.pdf', '/api/mozzecane/moduli/documenti/1'])(
    'let nothing run in the file at %s',
    (path) => {
      expect(pageHeaders(path, env()).answered['content-security-policy']).toContain('sandbox')
    },
  )
})
