import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import type { Listening } from '#tests/support/http.ts'
import { startMeals } from '#tests/support/meals.ts'

const MOST = 4
const DAY = '2026-11-26'
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
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  await aServiceDay(municipality, DAY)
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
/** A parent with a child, who cancels and restores one meal in turn. */
async function aFamily() {
  const { householdId, holderViewer } = await aHousehold(municipality)
  const pupilId = await aPupil(municipality, householdId)
  visitor.now = holderViewer
  let changes = 0
  return {
    pupilId,
    change: () => {
      changes += 1
      const wish = { action: changes % 2 === 1 ? 'cancel' : 'restore', pupilIds: [pupilId], days: [DAY] }
      return post('application/json', JSON.stringify({ ...wish, idempotencyKey: randomUUID() }))
    },
  }
}

test('S4 a program that changes meals without end is told to wait, in words, and other people are not', async () => {
  const { pupilId, change } = await aFamily()
  for (let n = 0; n < MOST; n += 1) expect((await change()).status).toBe(200)
  const refused = await change()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '600'])
  expect(await refused.json()).toMatchObject({
    code: 'meals:too-often',
    message: expect.stringContaining('Riprova tra dieci minuti'),
  })
  const form = { pagina: 'oggi', figlio: pupilId, chiave: randomUUID(), cambia: `disdici ${DAY}` }
  const byForm = await post('application/x-www-form-urlencoded', String(new URLSearchParams(form)))
  expect(byForm.headers.get('location')).toMatch(/\/oggi\?.*esito=meals%3Atoo-often/)

  expect((await (await aFamily()).change()).status).toBe(200)
})

test('S4 after the window the same person changes meals again', async () => {
  const { change } = await aFamily()
  for (let n = 0; n < MOST; n += 1) expect((await change()).status).toBe(200)
  await setClock('2026-11-24T07:10:01Z')
  expect((await change()).status).toBe(200)
})
