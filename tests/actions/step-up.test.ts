import { encode } from 'next-auth/jwt'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { GET as submissionsFile } from '#app/admin/[comune]/moduli/[id]/domande/csv/route.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { familyAction } from '#lib/entry/action.request.ts'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { ok } from '#lib/kernel/result.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { forgetExpired } from '#lib/session/session.commands.ts'
import { hashToken, sessionOf } from '#lib/session/session.queries.ts'
import { currentViewer, requireFresh, resumedForm } from '#lib/session/session.request.ts'
import { AUTOMATIC_HEADER } from '#lib/web/automatic-request.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aDevice, draw, RIGHT, signedIn } from '#tests/support/devices.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, aStaffViewer, type TestMunicipality } from '#tests/support/factories.ts'
import { aForm } from '#tests/support/forms.ts'

const request = vi.hoisted(() => ({ headers: new Headers(), cookie: '' }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) =>
      name === '__Host-refettorio-sessione' && request.cookie ? { name, value: request.cookie } : undefined,
  }),
}))
vi.mock('react', async (original) => ({
  ...(await original<typeof import('react')>()),
  cache: (work: unknown) => work,
}))

const START = new Date('2026-11-24T11:00:00Z')
const wait = (seconds: number) => setClock(new Date(START.getTime() + seconds * 1_000))

let municipality: TestMunicipality
let viewer: Viewer
const done: unknown[] = []
const change = familyAction({
  capability: 'household:manage',
  fresh: true,
  secrets: ['pin'],
  input: z.object({ email: z.email(), pin: z.string().optional() }),
  budget: { none: 'a test' },
  run: async (_viewer, input) => {
    done.push(input)
    return ok(null)
  },
})

beforeEach(async () => {
  await testDatabase()
  await setClock(START)
  municipality = await aMunicipality()
  viewer = (await aHousehold(municipality)).holderViewer
  done.length = 0
  onPage('profilo/contatti?vista=2')
})
afterEach(() => setClock(null))

function onPage(page: string): void {
  request.headers = new Headers({
    origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN,
    [PATH_HEADER]: `/${municipality.slug}/${page}`,
  })
}

async function holding(token: string): Promise<void> {
  expect(authCookies.sessionToken.name).toBe('__Host-refettorio-sessione')
  request.cookie = await encode({ token: { sid: token }, secret: TEST_ENVIRONMENT.NEXTAUTH_SECRET })
}

test.each([
  ['a page that refreshes itself keeps', { [AUTOMATIC_HEADER]: '1' }, false],
  ['a person who opens it keeps', {}, true],
])('S13 %s the session alive: only the person', async (_, more, isKept) => {
  const { token } = await signedIn(viewer)
  await holding(token)
  for (const [name, value] of Object.entries(more)) request.headers.set(name, value)
  await wait(20 * 60)
  expect(await currentViewer(municipality.slug)).not.toBeNull()
  // What a request writes is committed with its reading, after the answer.
  const { owner } = await testDatabase()
  const seen = async () =>
    (
      await owner
        .selectFrom('session')
        .select('last_seen_at')
        .where('token_hash', '=', hashToken(token))
        .executeTakeFirstOrThrow()
    ).last_seen_at.getTime()
  if (isKept) await expect.poll(seen).toBe(START.getTime() + 20 * 60_000)
  await wait(40 * 60)
  expect(await sessionOf(token, municipality.slug)).toEqual(isKept ? expect.anything() : null)
})

/** Sends the form. @returns its state, or the address to which the person is sent */
async function send(fields: Record<string, string> = { email: 'nuova@example.it', pin: '1234' }) {
  const form = new FormData()
  form.set('municipalitySlug', municipality.slug)
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return change(UNTOUCHED, form).catch((error: { digest?: string }) => addressIn(error))
}

/** Where a redirect of Next's leads. */
function addressIn(error: { digest?: string }): URL {
  const [kind, , address] = (error.digest ?? '').split(';')
  if (kind !== 'NEXT_REDIRECT' || !address) throw error
  return new URL(address, TEST_ENVIRONMENT.PUBLIC_ORIGIN)
}

const sentTo = async (fields?: Record<string, string>): Promise<URL> => {
  const answer = await send(fields)
  if (!(answer instanceof URL)) throw new Error('not sent anywhere')
  return answer
}

/** What the form starts from when the person comes back to `returnPath`. */
const backAt = async (returnPath: string, as = viewer) => {
  request.headers = new Headers({ [PATH_HEADER]: returnPath })
  return resumedForm(municipality.slug, as)
}

describe('a sensitive change', () => {
  test('is done without asking within five minutes of SPID or CIE', async () => {
    await holding((await signedIn(viewer)).token)
    await wait(300)
    expect(await send()).toMatchObject({ ok: true })
    expect(done).toHaveLength(1)
  })

  test('asks for SPID or CIE after that, does nothing, and comes back to the same form with what was typed', async () => {
    await holding((await signedIn(viewer)).token)
    await wait(301)
    const address = await sentTo()
    expect(address.pathname).toBe(`/${municipality.slug}/accesso/conferma`)
    expect(done).toEqual([])
    const returnPath = address.searchParams.get('ritorno') ?? ''
    expect(returnPath).toMatch(
      new RegExp(`^/${municipality.slug}/profilo/contatti\\?vista=2&ripresa=[\\da-f-]{36}$`),
    )
    expect(await backAt(returnPath)).toEqual({
      resumed: true,
      state: { ok: null, typed: { municipalitySlug: municipality.slug, email: 'nuova@example.it' } },
    })
  })

  test('keeps what was typed out of the address and unreadable in the database, and secrets nowhere', async () => {
    await holding((await signedIn(viewer)).token)
    await wait(301)
    const address = decodeURIComponent((await sentTo()).href)
    expect(address).not.toContain('nuova')
    const { owner } = await testDatabase()
    const rows = await owner.selectFrom('interrupted_form').selectAll().execute()
    expect(rows).not.toEqual([])
    expect(rows.map((row) => row.sealed.toString('latin1')).join()).not.toContain('nuova')
    expect(await send({ email: 'no', pin: '1234' })).toMatchObject({ ok: false, typed: { email: 'no' } })
    expect(JSON.stringify(await send({ email: 'no', pin: '1234' }))).not.toContain('1234')
  })

  test('asks every time on a remembered device, also right after the unlock', async () => {
    const unlocked = await draw(municipality, await aDevice(viewer), RIGHT)
    await holding(unlocked?.token ?? '')
    expect((await sentTo()).pathname).toBe(`/${municipality.slug}/accesso/conferma`)
    expect(done).toEqual([])
  })

  test('reports a malformed form before it asks for SPID or CIE', async () => {
    await holding((await signedIn(viewer)).token)
    await wait(301)
    expect(await send({ email: 'nessuno' })).toMatchObject({
      ok: false,
      error: { fields: { email: expect.any(String) } },
    })
  })

  test('does not ask for SPID or CIE from another site', async () => {
    await holding((await signedIn(viewer)).token)
    await wait(301)
    request.headers.set('origin', 'https://altrove.example')
    expect(await send()).toMatchObject({ ok: false })
  })
})

describe('what was typed', () => {
  const interrupted = async (): Promise<string> => {
    await holding((await signedIn(viewer)).token)
    await wait(301)
    return (await sentTo()).searchParams.get('ritorno') ?? ''
  }
  const nothing = { resumed: false, state: { ok: null, typed: {} } }

  test('is not shown to another person', async () => {
    const returnPath = await interrupted()
    expect(await backAt(returnPath, (await aHousehold(municipality)).holderViewer)).toEqual(nothing)
  })

  test('belongs to its page', async () => {
    const returnPath = await interrupted()
    expect(await backAt(returnPath.replace('contatti', 'accessi'))).toEqual(nothing)
  })

  test('is kept for twenty minutes', async () => {
    const returnPath = await interrupted()
    await wait(301 + 20 * 60 - 1)
    expect((await backAt(returnPath)).resumed).toBe(true)
    await wait(301 + 20 * 60)
    expect(await backAt(returnPath)).toEqual(nothing)
  })

  test('is deleted by the worker after its time, not before', async () => {
    await interrupted()
    const { owner } = await testDatabase()
    const waiting = () =>
      owner.selectFrom('interrupted_form').where('citizen_id', '=', viewer.citizenId).execute()
    await wait(301 + 20 * 60 - 1)
    await forgetExpired()
    expect(await waiting()).toHaveLength(1)
    await wait(301 + 20 * 60)
    expect(await forgetExpired()).toBeGreaterThan(0)
    expect(await waiting()).toHaveLength(0)
  })

  test.each(['', 'x', '01890000-0000-7000-8000-000000000000', "' or true --"])(
    'is not found by “%s”',
    async (reference) => {
      await interrupted()
      const returnPath = `/${municipality.slug}/profilo/contatti?ripresa=${encodeURIComponent(reference)}`
      expect(await backAt(returnPath)).toEqual(nothing)
    },
  )
})

describe('a page that is sensitive to read', () => {
  test('opens after SPID or CIE, and asks for it later and from a remembered device', async () => {
    await holding((await signedIn(viewer)).token)
    await expect(requireFresh(municipality.slug)).resolves.toBeUndefined()
    await wait(301)
    const address = await requireFresh(municipality.slug).then(() => null, addressIn)
    expect(address?.searchParams.get('ritorno')).toBe(`/${municipality.slug}/profilo/contatti?vista=2`)
  })

  test('S21 the answers of all families to a form are not downloaded without it', async () => {
    const clerk = await aStaffViewer(municipality, 'manager')
    const id = await aForm(clerk, 'diet')
    const file = `/admin/${municipality.slug}/moduli/${id}/domande/csv`
    const context = { params: Promise.resolve({ comune: municipality.slug, id }) }
    const download = () => submissionsFile(new Request(`${TEST_ENVIRONMENT.PUBLIC_ORIGIN}${file}`), context)
    request.headers = new Headers({ [PATH_HEADER]: file })
    await holding((await signedIn(clerk)).token)
    expect((await download()).status).toBe(200)
    await wait(301)
    const address = await download().then(() => null, addressIn)
    expect(address?.searchParams.get('ritorno')).toBe(file)
  })
})
