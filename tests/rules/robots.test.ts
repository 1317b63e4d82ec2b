import { afterEach, expect, test } from 'vitest'
import robots from '#app/robots.ts'
import { setEnvironment } from '#tests/support/environment.ts'

afterEach(() => {
  delete process.env.DEMO
  setEnvironment()
})

test('search engines find the public pages, not the office and not the addresses for programs', () => {
  setEnvironment({ PUBLIC_ORIGIN: 'https://mensa.example.it' })
  expect(robots()).toEqual({
    rules: { userAgent: '*', allow: '/', disallow: ['/admin', '/api'] },
    sitemap: 'https://mensa.example.it/sitemap.xml',
  })
})

test('search engines find no page of a demonstration', () => {
  setEnvironment({ DEMO: '1' })
  expect(robots()).toEqual({ rules: { userAgent: '*', disallow: '/' } })
})
