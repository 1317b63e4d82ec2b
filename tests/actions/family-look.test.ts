import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { GET as notification } from '#app/[comune]/(famiglia)/notifiche/[id]/route.ts'
import { POST as endOfLook } from '#app/api/[comune]/vista/route.ts'
import { asSystem } from '#db/client.ts'
import type { Action } from '#lib/entry/action.request.ts'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { beginLook } from '#lib/people/office/look.commands.ts'
import { currentViewer } from '#lib/session/session.request.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { aCast, type Cast } from '#tests/support/actors.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import type { Listening } from '#tests/support/http.ts'
import { startMeals } from '#tests/support/meals.ts'

/** Every door by which something changes, tried by a colleague who looks at the portal as a family: each refuses in words. */
const request = vi.hoisted(() => ({ headers: new Headers(), cookie: '' }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) => {
      const [found, value] = request.cookie.split('=')
      return found === name && value ? { name, value } : undefined
    },
  }),
}))
vi.mock('react', async (original) => ({
  ...(await original<typeof import('react')>()),
  cache: (work: unknown) => work,
}))

const ORIGIN = TEST_ENVIRONMENT.PUBLIC_ORIGIN
const ROOT = path.join(import.meta.dirname, '..', '..', 'app')
const WORDS = 'Stai guardando il portale come lo vede questa famiglia: da qui non si cambia niente.'
const DAY = '2099-03-04'
let cast: Cast
let meals: Listening

beforeAll(async () => {
  await testDatabase()
  await runClockFrom(new Date())
  cast = await aCast(DAY)
  meals = await startMeals()
})
afterAll(() => meals.close())

beforeEach(async () => {
  request.cookie = cast.cookies.operator
  inTheOffice()
  const viewer = await currentViewer(cast.municipality.slug)
  if (!viewer) throw new Error('no operator')
  expect(await beginLook(viewer, { householdId: cast.household.householdId, reason: 'prova' })).toMatchObject(
    { ok: true },
  )
  asTheFamily()
})

const inTheOffice = () => {
  request.headers = new Headers({
    origin: ORIGIN,
    'next-action': '0',
    [PATH_HEADER]: `/admin/${cast.municipality.slug}/famiglie`,
  })
}
const asTheFamily = () => {
  request.headers = new Headers({
    origin: ORIGIN,
    'next-action': '0',
    [PATH_HEADER]: `/${cast.municipality.slug}/oggi`,
  })
}

async function everyAction(): Promise<[string, Action<unknown>][]> {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(^|\/)actions\.ts$/.test(file),
  )
  const found: [string, Action<unknown>][] = []
  for (const file of files) {
    const module = (await import(path.join(ROOT, file))) as Record<string, Action<unknown>>
    for (const [name, action] of Object.entries(module)) found.push([`${file} ${name}`, action])
  }
  return found
}

test('each action of families and of the office is refused from a page of the family', async () => {
  const actions = await everyAction()
  expect(actions.length).toBeGreaterThan(100)
  for (const [name, action] of actions) {
    const form = new FormData()
    form.set('municipalitySlug', cast.municipality.slug)
    const { ok, error } = await action(UNTOUCHED, form)
    expect([ok, error?.message], name).toEqual([false, WORDS])
  }
})

test('a meal is not changed, by script or by form', async () => {
  const { owner } = await testDatabase()
  const address = `${meals.origin}/api/${cast.municipality.slug}/prenotazioni`
  const headers = { origin: ORIGIN, cookie: cast.cookies.operator }
  const asked = {
    action: 'cancel',
    pupilIds: [cast.pupilId],
    days: [DAY],
    idempotencyKey: crypto.randomUUID(),
  }
  const answer = await fetch(address, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
  expect(await answer.json()).toEqual({ ok: false, code: 'request:looking', message: WORDS })
  const form = new URLSearchParams({
    cambia: `${ACTION_WORDS.cancel} ${DAY}`,
    figlio: cast.pupilId,
    chiave: crypto.randomUUID(),
  })
  const led = await fetch(address, {
    method: 'POST',
    redirect: 'manual',
    body: form.toString(),
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect([led.status, led.headers.get('location')]).toEqual([
    303,
    expect.stringContaining('request%3Alooking'),
  ])
  expect(
    await owner.selectFrom('absence').selectAll().where('pupil_id', '=', cast.pupilId).execute(),
  ).toEqual([])
  const shown = await fetch(`${address}?figlio=${cast.pupilId}`, { headers })
  expect(shown.status).toBe(200)
})

test('a notification that is opened stays unread', async () => {
  const { owner } = await testDatabase()
  const { municipalityId, slug } = cast.municipality
  const { personId } = cast.household.holder
  await asSystem(municipalityId, (trx) =>
    notify(trx, municipalityId, {
      event: 'enrolment:decided',
      key: crypto.randomUUID(),
      to: [personId],
      say: () => ({ title: 'Fatto', text: 'Testo' }),
      path: '/oggi',
    }),
  )
  const { id } = await owner
    .selectFrom('notification')
    .select('id')
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  const answer = await notification(new Request(ORIGIN), { params: Promise.resolve({ comune: slug, id }) })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/${slug}/oggi`])
  const { read_at } = await owner
    .selectFrom('notification')
    .select('read_at')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(read_at).toBeNull()
})

test('*Termina* needs our own page, ends the look and leads back to the family in the office', async () => {
  const { slug } = cast.municipality
  const params = { params: Promise.resolve({ comune: slug }) }
  const end = (origin: string) =>
    endOfLook(
      new Request(`${ORIGIN}/api/${slug}/vista`, {
        method: 'POST',
        headers: { origin, cookie: request.cookie },
      }),
      params,
    )
  expect((await end('https://altrove.example')).status).toBe(403)
  expect((await currentViewer(slug))?.look).toBeDefined()
  const answer = await end(ORIGIN)
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    `${ORIGIN}/admin/${slug}/famiglie/${cast.household.householdId}`,
  ])
  expect((await currentViewer(slug))?.look).toBeUndefined()
  expect((await end(ORIGIN)).headers.get('location')).toBe(`${ORIGIN}/admin/${slug}`)
})
