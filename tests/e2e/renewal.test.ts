import http from 'node:http'
import { beforeAll, describe, expect, test } from 'vitest'
import { type App, startApp } from '#tests/support/app.ts'

let app: App
beforeAll(async () => {
  app = await startApp({ own: true, worker: false, environment: { WEB_CONCURRENCY: '2' } })
}, 600_000)

type Answer = { status: number | undefined; location: string | undefined }

/** One request on a connection of its own, as a new visitor's. */
const ask = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = http.get(`${app.origin}${path}`, { agent: false, headers }, (response) => {
      const { statusCode: status, headers } = response
      response.resume().once('end', () => resolve({ status, location: headers.location }))
    })
    request.once('error', reject)
  })

describe('The web', () => {
  test('opens no page of a family to a stranger while it warms up, and is ready afterwards', async () => {
    const strangers = new Set<string | undefined>()
    await expect
      .poll(
        async () => {
          const { location } = await ask('/mozzecane/prenotazioni', { 'x-warm-up': '1', cookie: 'warm-up=1' })
          strangers.add(location?.split('?')[0])
          return (await ask('/api/ready')).status
        },
        { timeout: 100_000 },
      )
      .toBe(200)
    expect([...strangers]).toEqual(['/mozzecane/accesso'])
    expect(app.printed()).not.toContain('could not draw')
  })

  test('renews its processes one at a time, and answers every request meanwhile', async () => {
    app.renewWeb()
    const statuses = new Set<number | undefined>()
    await expect
      .poll(
        async () => {
          statuses.add((await ask('/mozzecane/menu')).status)
          return app.printed()
        },
        { timeout: 100_000, interval: 10 },
      )
      .toContain('web: renewed all processes')
    expect([...statuses]).toEqual([200])
    // Those that took over were warm before they listened.
    for (let each = 0; each < 4; each += 1) expect((await ask('/api/ready')).status).toBe(200)
    for (const line of app.printed().trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ component: expect.any(String), action: expect.any(String) })
  })
})
