import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'

/** A browser without a session: it opens a link that was drawn or sent while there was one. */
const request = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({ get: () => undefined }),
}))
vi.mock('react', async (original) => ({
  ...(await original<typeof import('react')>()),
  cache: (work: unknown) => work,
}))

type Params = Record<string, string>
type Route = { GET: (request: Request, context: { params: Promise<Params> }) => Promise<Response> }

const ID = '018f7c1e-5b1a-7c3d-9e2f-0a1b2c3d4e5f'

/** The files and notifications of a person: every address that asks whose it is before it answers. */
const FILES = globSync('app/**/route.ts').filter((file) =>
  readFileSync(file, 'utf8').includes('viewerOfFile('),
)

/** What an address needs beside its folders. */
const QUERY: Readonly<Record<string, string>> = { 'app/api/[comune]/miei-dati/route.ts': '?formato=json' }

let municipality: TestMunicipality
beforeAll(async () => {
  await testDatabase()
  municipality = await aMunicipality()
})

/** The address of a route: folders in round brackets are no part of it. */
function addressOf(file: string, params: Params): string {
  const folders = path.relative('app', path.dirname(file)).split(path.sep)
  return `/${folders
    .filter((folder) => !folder.startsWith('('))
    .map((folder) => folder.replace(/^\[(\w+)\]$/, (_, name: string) => params[name] as string))
    .join('/')}${QUERY[file] ?? ''}`
}

describe('F3 without a session', () => {
  test.each(FILES)('%s leads to the sign-in, and back to itself', async (file) => {
    const params = { comune: municipality.slug, id: ID, formato: 'pdf' }
    const address = addressOf(file, params)
    request.headers = new Headers({ [PATH_HEADER]: address })
    const { GET } = (await import(path.resolve(file))) as Route
    const answer = await GET(new Request(TEST_ENVIRONMENT.PUBLIC_ORIGIN + address), {
      params: Promise.resolve(params),
    })
    const { pathname, searchParams } = new URL(answer.headers.get('location') ?? '', 'https://x.example')
    expect([answer.status, pathname, searchParams.get('ritorno')]).toEqual([
      303,
      `/${municipality.slug}/accesso`,
      address,
    ])
  })

  test('these are all the files that a family or the office takes', () => {
    expect(FILES.length).toBeGreaterThan(10)
  })
})
