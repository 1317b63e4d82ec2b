import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'

const LIMIT = 12
let app: App
beforeAll(async () => {
  app = await startApp({
    worker: false,
    environment: { WEB_CONCURRENCY: '2', SIGN_IN_LIMIT: String(LIMIT), TRUSTED_PROXIES: '1' },
  })
}, 180_000)

/** Each on a connection of its own, so that both processes get their part. */
const knock = (forwardedFor: string) =>
  fetch(`${app.origin}/api/auth/signin/bridge`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: app.origin,
      'x-forwarded-for': forwardedFor,
      'x-client-address': '198.51.100.99',
      connection: 'close',
    },
    body: new URLSearchParams({ municipalitySlug: 'mozzecane' }),
  })

describe('the limit on attempts to come in, with two web processes behind a proxy', () => {
  test('holds for both together, whatever the caller writes before what our proxy saw', async () => {
    const answers: number[] = []
    for (let n = 0; n < LIMIT + 8; n += 1) answers.push((await knock(`10.9.8.${n}, 203.0.113.7`)).status)
    expect(answers.filter((status) => status === 303)).toHaveLength(LIMIT)
    expect(answers.slice(-8)).toEqual(Array(8).fill(429))
    expect((await knock('203.0.113.8')).status).toBe(303)
  })

  test('answers with a page that can be read, and says when to come back', async () => {
    const refused = await knock('203.0.113.7')
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    const page = await refused.text()
    expect(page).toContain('<html lang="it" dir="ltr">')
    expect(page).toContain('Troppi tentativi di accesso')
    const nonce = /style-src [^;]*'nonce-([^']+)'/.exec(
      refused.headers.get('content-security-policy') ?? '',
    )?.[1]
    expect(page).toContain(`<style nonce="${nonce}">`)
  })
})
