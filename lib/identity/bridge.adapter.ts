import 'server-only'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { importJWK, type JWK, SignJWT } from 'jose'
import { type Env, env } from '#lib/kernel/env.ts'

/** What the bridge announces beyond what a sign-in needs. */
type Announced = {
  issuer: string
  token_endpoint?: string
  revocation_endpoint?: string
  end_session_endpoint?: string
}

const TIMEOUT_MS = 3_000
const KNOWN_FOR_MS = 10 * 60_000

let credentials: { for: Env; jwks?: { keys: JWK[] }; secret?: string } | undefined

/** The portal's own credentials, read from their file once. */
export function clientCredentials() {
  const config = env()
  if (credentials?.for === config) return credentials
  const read = (file: string | undefined) => readFileSync(file ?? '', 'utf8').trim()
  credentials =
    config.IDENTITY_CLIENT_AUTH === 'private_key_jwt'
      ? { for: config, jwks: JSON.parse(read(config.IDENTITY_PRIVATE_JWKS_FILE)) as { keys: JWK[] } }
      : { for: config, secret: read(config.IDENTITY_CLIENT_SECRET_FILE) }
  return credentials
}

/** Where the bridge's discovery document is. */
export const discoveryAddress = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

let known: { for: Env; until: number; announced: Announced } | undefined

/**
 * What the bridge announces, asked at most every ten minutes.
 * @throws when it does not answer, or answers for another issuer
 */
async function announced(): Promise<Announced> {
  const config = env()
  if (known?.for === config && known.until > performance.now()) return known.announced
  const response = await fetch(discoveryAddress(config.IDENTITY_ISSUER), {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  })
  const document = (await response.json()) as Announced
  if (document.issuer !== config.IDENTITY_ISSUER) throw new Error('discovery: another issuer')
  known = { for: config, until: performance.now() + KNOWN_FOR_MS, announced: document }
  return document
}

/** The parameters with which the portal authenticates its own requests to the bridge. */
async function proof(document: Announced): Promise<{ fields: Record<string, string>; headers: HeadersInit }> {
  const { IDENTITY_CLIENT_ID: id } = env()
  const { jwks, secret } = clientCredentials()
  const key = jwks?.keys[0]
  if (!key) {
    const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret ?? '')}`)
    return { fields: {}, headers: { authorization: `Basic ${basic.toString('base64')}` } }
  }
  const audience = [document.issuer, document.token_endpoint, document.revocation_endpoint]
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', ...(key.kid ? { kid: key.kid } : {}) })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(audience.filter((address) => address !== undefined))
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(await importJWK(key, 'RS256'))
  const fields = {
    client_id: id,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }
  return { fields, headers: {} }
}

/**
 * Gives an access token back to the bridge; where it announces no revocation there is nothing to do.
 * @throws when the bridge does not take it
 */
export async function revokeAtBridge(token: string): Promise<void> {
  const document = await announced()
  if (!document.revocation_endpoint) return
  const { fields, headers } = await proof(document)
  const response = await fetch(document.revocation_endpoint, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ token, token_type_hint: 'access_token', ...fields }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  })
  if (!response.ok) throw new Error(`revocation: ${response.status}`)
}

/**
 * The address at which the bridge ends its own session and sends the browser back to `returnTo` with `state`; null where
 * it announces none.
 * @throws when the bridge does not answer
 */
export async function endSessionAddress(returnTo: string, state: string): Promise<string | null> {
  const { end_session_endpoint: endpoint } = await announced()
  if (!endpoint) return null
  const address = new URL(endpoint)
  address.searchParams.set('client_id', env().IDENTITY_CLIENT_ID)
  address.searchParams.set('post_logout_redirect_uri', returnTo)
  address.searchParams.set('state', state)
  return address.href
}
