import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importJWK, type JWK, SignJWT } from 'jose'
import {
  type Diagnosis,
  type DoctorConfig,
  diagnoseClaims,
  diagnoseClient,
  diagnoseClock,
  diagnoseDiscovery,
  diagnoseKeys,
  diagnoseOwnKey,
  diagnoseRedirect,
  publicHalf,
} from '#lib/identity/doctor.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { type Env, envAs } from '#lib/kernel/env.ts'

const PATIENCE_MS = 8_000
const MARKS = { good: '✓', doubt: '?', bad: '✗' } as const

const ask = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS), ...init })

const bad = (words: string): Diagnosis => ({ verdict: 'bad', words })

const configOf = (settings: Env): DoctorConfig => ({
  issuer: settings.IDENTITY_ISSUER,
  clientAuth: settings.IDENTITY_CLIENT_AUTH,
  claimProfile: settings.IDENTITY_CLAIM_PROFILE,
  levelSource: settings.IDENTITY_LEVEL_SOURCE,
  minimumLevel: settings.IDENTITY_MIN_LEVEL as DoctorConfig['minimumLevel'],
  redirectUri: `${settings.PUBLIC_ORIGIN}/api/auth/callback/bridge`,
})

type Json = Readonly<Record<string, unknown>>

async function readJson(url: string): Promise<{ json: Json; date: string | null } | Diagnosis> {
  try {
    const response = await ask(url)
    if (response.status !== 200) return bad(`${url} risponde ${response.status}, non 200.`)
    return { json: (await response.json()) as Json, date: response.headers.get('date') }
  } catch (error) {
    return bad(`${url} non si legge: ${(error as Error).message}`)
  }
}

const isFinding = (value: object): value is Diagnosis => 'verdict' in value

/** The portal's own credentials: the key that signs, or the secret, and what is wrong with them. */
function ownCredentials(settings: Env): { key?: JWK; secret?: string; findings: Diagnosis[] } {
  const file =
    settings.IDENTITY_CLIENT_AUTH === 'private_key_jwt'
      ? settings.IDENTITY_PRIVATE_JWKS_FILE
      : settings.IDENTITY_CLIENT_SECRET_FILE
  try {
    const text = readFileSync(file ?? '', 'utf8').trim()
    if (settings.IDENTITY_CLIENT_AUTH === 'client_secret_basic')
      return { secret: text, findings: text ? [] : [bad(`${file} è vuoto.`)] }
    const jwks = JSON.parse(text) as { keys?: JWK[] }
    const key = jwks.keys?.[0]
    return { findings: diagnoseOwnKey(jwks, statSync(file ?? '').mode), ...(key ? { key } : {}) }
  } catch (error) {
    return {
      findings: [bad(`Le credenziali del portale (${file}) non si leggono: ${(error as Error).message}`)],
    }
  }
}

async function probeRedirect(discovery: Json, settings: Env, config: DoctorConfig): Promise<Diagnosis> {
  const url = new URL(String(discovery.authorization_endpoint))
  const params = {
    client_id: settings.IDENTITY_CLIENT_ID,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: config.redirectUri,
    prompt: 'none',
    state: 'a'.repeat(32),
    nonce: 'b'.repeat(32),
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  const response = await ask(url.href)
  return diagnoseRedirect(
    {
      status: response.status,
      location: response.headers.get('location'),
      body: (await response.text()).slice(0, 20_000),
    },
    config.redirectUri,
  )
}

async function probeClient(
  discovery: Json,
  settings: Env,
  config: DoctorConfig,
  { key, secret }: { key?: JWK; secret?: string },
): Promise<Diagnosis> {
  const endpoint = String(discovery.token_endpoint)
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: 'identity-doctor',
    redirect_uri: config.redirectUri,
    code_verifier: 'd'.repeat(43),
    client_id: settings.IDENTITY_CLIENT_ID,
  })
  const headers = new Headers({ accept: 'application/json' })
  if (key) {
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', ...(key.kid ? { kid: key.kid } : {}) })
      .setIssuer(settings.IDENTITY_CLIENT_ID)
      .setSubject(settings.IDENTITY_CLIENT_ID)
      .setAudience([config.issuer, endpoint])
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(await importJWK(key, 'RS256'))
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    body.set('client_assertion', assertion)
  } else if (secret) {
    const pair = [settings.IDENTITY_CLIENT_ID, secret].map(encodeURIComponent).join(':')
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
  const response = await ask(endpoint, { method: 'POST', headers, body })
  const answer = (await response.json().catch(() => ({}))) as { error?: string }
  return diagnoseClient(answer.error ?? null)
}

/** Runs a probe; one that cannot be made is a finding too. */
const attempt = (what: string, probe: () => Promise<Diagnosis>): Promise<Diagnosis> =>
  probe().catch((error: Error) => bad(`${what}: ${error.message}`))

/** Everything that can be known of the bridge without a person signing in. */
export async function examine(settings: Env): Promise<{ findings: Diagnosis[]; handOver: JWK | null }> {
  const config = configOf(settings)
  const own = ownCredentials(settings)
  const handOver = own.key ? publicHalf(own.key) : null
  const address = `${config.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const discovery = await readJson(address)
  if (isFinding(discovery)) return { findings: [discovery, ...own.findings], handOver }
  const { json, date } = discovery
  const keys = json.jwks_uri ? await readJson(String(json.jwks_uri)) : null
  const clock = date ? [diagnoseClock((Date.parse(date) - Date.now()) / 1000)] : []
  return {
    handOver,
    findings: [
      ...diagnoseDiscovery(json, config),
      ...(keys === null ? [] : isFinding(keys) ? [keys] : diagnoseKeys((keys.json.keys as JWK[]) ?? [])),
      ...clock,
      ...own.findings,
      ...(json.authorization_endpoint
        ? [await attempt('Indirizzo di ritorno', () => probeRedirect(json, settings, config))]
        : []),
      ...(json.token_endpoint && (own.key || own.secret)
        ? [await attempt('Prova di identità', () => probeClient(json, settings, config, own))]
        : []),
    ],
  }
}

/** The attributes of a test sign-in, from a file as the bridge logs them: they hold a person's data, and nothing of them is printed. */
function triedClaims(file: string, settings: Env): Diagnosis {
  try {
    const claims = JSON.parse(readFileSync(file, 'utf8')) as Json
    const now = Math.floor(Date.now() / 1000)
    // The file is older than a sign-in may be: when the person was recognised counts as now, if the bridge says it.
    const recognised = typeof claims.auth_time === 'number' ? { auth_time: now } : {}
    return diagnoseClaims({ ...claims, ...recognised }, configOf(settings), {
      today: dayInRome(new Date()),
      now,
    })
  } catch (error) {
    return bad(`Il file degli attributi (${file}) non si legge: ${(error as Error).name}`)
  }
}

/** `npm run identity:doctor`: says in words what is wrong between this portal and its SPID/CIE bridge. */
export async function main(args: readonly string[] = []): Promise<number> {
  const { attributi } = parseArgs({ args: [...args], options: { attributi: { type: 'string' } } }).values
  const settings = envAs('web')
  console.log(`Ponte SPID/CIE: ${settings.IDENTITY_ISSUER}\n`)
  const { findings, handOver } = await examine(settings)
  if (attributi) findings.push(triedClaims(attributi, settings))
  for (const { verdict, words } of findings) console.log(`${MARKS[verdict]} ${words}`)
  if (handOver) console.log(`\nDa dare a chi gestisce il ponte:\n${JSON.stringify({ keys: [handOver] })}`)
  const wrong = findings.filter(({ verdict }) => verdict === 'bad').length
  console.log(wrong === 0 ? '\nNessun errore.' : `\nErrori da correggere: ${wrong}`)
  return wrong === 0 ? 0 : 1
}
