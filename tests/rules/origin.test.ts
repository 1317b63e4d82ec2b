import { describe, expect, test } from 'vitest'
import { fromOurPages } from '#lib/session/session.queries.ts'

const OURS = 'https://mensa.example.it'

describe('a request that changes something is accepted when the browser says that it comes from our pages', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['from our own page', { origin: OURS }, true],
    [
      'from our own page, whatever else the browser tells',
      { origin: OURS, 'sec-fetch-site': 'same-origin' },
      true,
    ],
    ['from another site', { origin: 'https://altrove.example' }, false],
    [
      'from another site that says it is us',
      { origin: 'https://altrove.example', 'sec-fetch-site': 'same-origin' },
      false,
    ],
    ['from our host without TLS', { origin: 'http://mensa.example.it' }, false],
    ['from our host on another port', { origin: `${OURS}:8443` }, false],
    ['from a host whose name begins like ours', { origin: `${OURS}.altrove.example` }, false],
    ['from a page without origin (a file, a sandboxed frame)', { origin: 'null' }, false],
    ['from a forged host', { 'x-forwarded-host': 'mensa.example.it', host: 'mensa.example.it' }, false],
    ['without an origin, by a browser that says same-origin', { 'sec-fetch-site': 'same-origin' }, true],
    ['without an origin, by a browser that says same-site', { 'sec-fetch-site': 'same-site' }, false],
    ['typed into the address bar', { 'sec-fetch-site': 'none' }, false],
    ['by a program that says nothing', {}, false],
  ])('%s', (_, headers, ours) => {
    expect(fromOurPages(new Headers(headers), OURS)).toBe(ours)
  })
})
