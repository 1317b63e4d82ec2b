import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { handleAuth } from '#lib/entry/sign-in.http.ts'
import { atEnd } from './at-end.ts'
import { testDatabase } from './database.ts'
import { setEnvironment } from './environment.ts'
import { Browser, type Listening, listen, serveHandler } from './http.ts'
import {
  MisbehavingProvider,
  type Misbehaviour,
  type Person,
  publicJwk,
  rsaKeys,
} from './misbehaving-provider.ts'

export const SESSION_COOKIE = '__Host-refettorio-sessione'

/** The portal's real sign-in handlers and a provider, both over HTTP on this machine. */
export type SignInBench = {
  portal: string
  provider: MisbehavingProvider
  settings: Record<string, string>
  close: () => Promise<void>
}

/** Keys of the portal as a client: the private set in a file, as the environment wants it. */
export async function clientKeys() {
  const client = rsaKeys('portal-1')
  const folder = mkdtempSync(path.join(tmpdir(), 'refettorio-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'jwks.json')
  const jwk = { ...client.privateKey.export({ format: 'jwk' }), kid: client.kid, alg: 'RS256', use: 'sig' }
  writeFileSync(file, JSON.stringify({ keys: [jwk] }), { mode: 0o600 })
  return {
    file,
    publicKey: createPublicKey(client.privateKey),
    publicJwks: { keys: [await publicJwk(client)] },
  }
}

/** The portal alone, at an address of its own. */
export const servePortal = (): Promise<Listening> => listen(serveHandler(handleAuth))

export async function openBench(): Promise<SignInBench> {
  const { ownerUrl, webUrl } = await testDatabase()
  const { file, publicKey } = await clientKeys()
  const provider = new MisbehavingProvider(publicKey)
  await provider.start()
  const portal = await servePortal()
  const settings = {
    DATABASE_URL: ownerUrl,
    DATABASE_WEB_URL: webUrl,
    PUBLIC_ORIGIN: portal.origin,
    IDENTITY_ISSUER: provider.issuer,
    IDENTITY_CLIENT_AUTH: 'private_key_jwt',
    IDENTITY_CLAIM_PROFILE: 'agid',
    IDENTITY_MIN_LEVEL: '2',
    IDENTITY_PRIVATE_JWKS_FILE: file,
  }
  setEnvironment(settings)
  return {
    portal: portal.origin,
    provider,
    settings,
    close: async () => {
      await Promise.all([portal.close(), provider.stop()])
    },
  }
}

export type SignInOptions = {
  person?: Person
  misbehaviour?: Misbehaviour
  browser?: Browser
  method?: 'spid' | 'cie'
  municipalitySlug?: string
  returnPath?: string
  /** Changes the answer that comes back with the browser; a list for names that occur twice. */
  answer?: (params: Record<string, string>) => Record<string, string> | [string, string][]
  /** Between the request and the answer. */
  beforeReturn?: (browser: Browser) => void | Promise<void>
}

export type SignInEnd = {
  browser: Browser
  status: number
  location: string
  /** Value of the session cookie that the answer set, if any. */
  cookie: string | null
  callback: string
  /** Rows of the register written meanwhile. */
  outcomes: string[]
  /** Sessions opened meanwhile. */
  sessions: number
}

export async function countSessions(): Promise<number> {
  const { owner } = await testDatabase()
  const { n } = await owner
    .selectFrom('session')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

export async function registeredOutcomes(): Promise<string[]> {
  const { owner } = await testDatabase()
  const rows = await owner.selectFrom('sign_in_event').select('outcome').orderBy('id').execute()
  return rows.map((row) => row.outcome)
}

/** Presses *Entra con SPID* (or CIE): the address of the provider to which the portal sends the browser. */
export async function pressButton(
  bench: SignInBench,
  options: SignInOptions = {},
  browser = new Browser(),
): Promise<string> {
  const response = await browser.visit(`${bench.portal}/api/auth/signin/bridge`, {
    form: {
      metodo: options.method ?? 'spid',
      municipalitySlug: options.municipalitySlug ?? 'mozzecane',
      ...(options.returnPath ? { returnPath: options.returnPath } : {}),
    },
  })
  return response.headers.get('location') ?? ''
}

/** A whole sign-in, from the button to the portal's last word. */
export async function signIn(bench: SignInBench, options: SignInOptions = {}): Promise<SignInEnd> {
  const browser = options.browser ?? new Browser()
  const [sessionsBefore, outcomesBefore] = await Promise.all([countSessions(), registeredOutcomes()])
  bench.provider.misbehaviour = {}
  const authorization = await pressButton(bench, options, browser)
  const right = bench.provider.authorize(authorization, options.person ?? {})
  await options.beforeReturn?.(browser)
  bench.provider.misbehaviour = options.misbehaviour ?? {}
  const params = new URLSearchParams(options.answer?.(right) ?? right)
  const callback = `${bench.portal}/api/auth/callback/bridge?${params}`
  const response = await browser.visit(callback)
  bench.provider.misbehaviour = {}
  const set = response.headers.getSetCookie().find((line) => line.startsWith(`${SESSION_COOKIE}=`))
  return {
    browser,
    status: response.status,
    location: (response.headers.get('location') ?? '').replace(bench.portal, ''),
    cookie: set?.slice(SESSION_COOKIE.length + 1).split(';')[0] || null,
    callback,
    outcomes: (await registeredOutcomes()).slice(outcomesBefore.length),
    sessions: (await countSessions()) - sessionsBefore,
  }
}
