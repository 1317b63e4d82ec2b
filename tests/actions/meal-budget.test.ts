import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import type { Listening } from '#tests/support/http.ts'
import { startMeals } from '#tests/support/meals.ts'

const MOST = 4
const visitor = vi.hoisted(() => ({ now: null as Viewer | null }))
vi.mock('#lib/session/session.queries.ts', async (original) => ({
  ...(await original<object>()),
  viewerWith: async () => visitor.now,
}))
vi.mock('#lib/kernel/budgets.ts', async (original) => {
  const real = await original<typeof import('#lib/kernel/budgets.ts')>()
  return {
    ...real,
    BUDGETS: { ...real.BUDGETS, 'meals:change': { ...real.BUDGETS['meals:change'], most: 4 } },
  }
})

let municipality: TestMunicipality
let server: Listening

beforeAll(async () => {
  await testDatabase()
  municipality = await aMunicipality()
  server = await startMeals()
})
afterAll(() => server.close())

const post = (type: string, body: string) =>
  fetch(`${server.origin}/api/${municipality.slug}/prenotazioni`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN, 'content-type': type },
    body,
  })
const json = () => post('application/json', JSON.stringify({ idempotencyKey: randomUUID() }))

test('S4 a program that changes meals without end is told to wait, in words, and other people are not', async () => {
  visitor.now = (await aHousehold(municipality)).holderViewer
  for (let n = 0; n < MOST; n += 1) expect((await json()).status).toBe(422)
  const refused = await json()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '600'])
  expect(await refused.json()).toMatchObject({
    code: 'meals:too-often',
    message: expect.stringContaining('Riprova tra dieci minuti'),
  })
  const byForm = await post('application/x-www-form-urlencoded', 'pagina=oggi')
  expect(byForm.headers.get('location')).toBe(`/${municipality.slug}/oggi?esito=meals%3Atoo-often`)
  visitor.now = (await aHousehold(municipality)).holderViewer
  expect((await json()).status).toBe(422)
})
