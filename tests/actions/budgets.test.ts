import { encode } from 'next-auth/jwt'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import type { Viewer } from '#lib/access/viewer.ts'
import { familyAction } from '#lib/entry/action.request.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { signedIn } from '#tests/support/devices.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'

const request = vi.hoisted(() => ({ headers: new Headers(), cookie: '', language: '' }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) => {
      if (name === '__Host-refettorio-sessione' && request.cookie) return { name, value: request.cookie }
      return name === '__Host-refettorio-lingua' && request.language
        ? { name, value: request.language }
        : undefined
    },
  }),
}))
vi.mock('react', async (original) => ({
  ...(await original<typeof import('react')>()),
  cache: (work: unknown) => work,
}))

const START = new Date('2026-11-24T11:00:00Z')
let municipality: TestMunicipality
let viewer: Viewer
let answer: Result<null> = ok(null)
let done = 0

const invite = familyAction({
  capability: 'household:manage',
  input: z.object({ email: z.email() }),
  budget: ['delegates:invite', { act: 'delegates:invite-address', of: ({ email }) => email }],
  run: async () => {
    done += 1
    return answer
  },
})
const sensitive = familyAction({
  capability: 'household:manage',
  fresh: true,
  input: z.object({ email: z.email() }),
  budget: { none: 'it only keeps a form' },
  run: async () => ok(null),
})

beforeEach(async () => {
  await testDatabase()
  await setClock(START)
  municipality = await aMunicipality()
  viewer = (await aHousehold(municipality)).holderViewer
  answer = ok(null)
  done = 0
  await become(viewer)
})
afterEach(() => setClock(null))

async function become(person: Viewer): Promise<void> {
  const { token } = await signedIn(person)
  request.cookie = await encode({ token: { sid: token }, secret: TEST_ENVIRONMENT.NEXTAUTH_SECRET })
  request.headers = new Headers({
    origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN,
    [PATH_HEADER]: `/${municipality.slug}/profilo`,
  })
}

function fields(more: Record<string, string>): FormData {
  const form = new FormData()
  form.set('municipalitySlug', municipality.slug)
  for (const [name, value] of Object.entries(more)) form.set(name, value)
  return form
}

const send = (email: string) => invite(UNTOUCHED, fields({ email }))
const { most } = BUDGETS['delegates:invite']

describe('S4 an act beyond its budget', () => {
  test('is not done, says in words when it may be, and keeps what was typed', async () => {
    for (let n = 0; n < most; n += 1) expect(await send(`n${n}@example.it`)).toMatchObject({ ok: true })
    expect(await send('ancora@example.it')).toEqual({
      ok: false,
      error: {
        message:
          'Per oggi hai mandato tutti gli inviti che puoi mandare. Puoi riprovare dal 25/11/2026 alle 12:00. Quello che hai scritto resta qui.',
        fields: {},
      },
      typed: { municipalitySlug: municipality.slug, email: 'ancora@example.it' },
    })
    expect(done).toBe(most)
    await setClock('2026-11-25T12:00:01+01:00')
    await become(viewer)
    expect(await send('ancora@example.it')).toMatchObject({ ok: true })
  })

  test('is counted for requests that come together', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, (_, n) => send(`n${n}@example.it`)))
    expect(answers.filter((one) => one.ok)).toHaveLength(most)
    expect(done).toBe(most)
  })

  test('is counted by the address too, over all people', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => aHousehold(municipality)))
    const outcomes: unknown[] = []
    for (const { holderViewer } of others) {
      await become(holderViewer)
      outcomes.push((await send('uno@example.it')).ok)
    }
    expect(outcomes).toEqual([true, true, true, false])
  })

  test('is not used up by what was refused for another reason', async () => {
    answer = refused('delegates:own-code')
    for (let n = 0; n < 2 * most; n += 1)
      expect((await send('due@example.it')).error?.message).toContain('Questo è il tuo codice fiscale')
    answer = ok(null)
    expect(await send('due@example.it')).toMatchObject({ ok: true })
  })

  test('leaves other people theirs', async () => {
    for (let n = 0; n <= most; n += 1) await send(`n${n}@example.it`)
    await become((await aHousehold(municipality)).holderViewer)
    expect(await send('altro@example.it')).toMatchObject({ ok: true })
  })
})

describe('S4 a form that waits for SPID or CIE', () => {
  const interrupt = async (page: string, more: Record<string, string> = {}) => {
    request.headers.set(PATH_HEADER, `/${municipality.slug}/${page}`)
    await sensitive(UNTOUCHED, fields({ email: 'a@example.it', ...more })).catch(() => undefined)
  }
  const kept = async () => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('interrupted_form')
      .select(['path', 'sealed'])
      .where('citizen_id', '=', viewer.citizenId)
      .orderBy('id')
      .execute()
  }

  beforeEach(() => setClock(new Date(START.getTime() + 301_000)))

  test('is one for each person and page, and for five pages at most', async () => {
    for (let n = 0; n < 4; n += 1) await interrupt('profilo')
    expect(await kept()).toHaveLength(1)
    for (let n = 0; n < 8; n += 1)
      await interrupt(`pagamenti/ricarica/00000000-0000-7000-8000-00000000000${n}`)
    const pages = (await kept()).map(({ path }) => path)
    expect(pages).toHaveLength(5)
    expect(pages.at(-1)).toMatch(/7$/)
  })

  test('has only the fields of the form', async () => {
    const made = Object.fromEntries(
      Array.from({ length: 95 }, (_, n) => [`inventato-${n}`, 'x'.repeat(90_000)]),
    )
    await interrupt('profilo', made)
    const [form, ...more] = await kept()
    expect(more).toEqual([])
    expect(form?.sealed.length).toBeLessThan(500)
  })
})
