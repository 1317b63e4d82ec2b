import 'server-only'
import { importJWK } from 'jose'
import * as openid from 'openid-client'
import { env } from '#lib/kernel/env.ts'
import { clientCredentials } from './bridge.adapter.ts'
import type { SignInErrorCode } from './sign-in-errors.ts'

const REQUEST_TIMEOUT_SECONDS = 5
/** Time-out of the whole exchange: a provider that answers one byte at a time never reaches the time-out of a request. */
const EXCHANGE_TIMEOUT_MS = 12_000
/** How far the provider's clock may be from ours. */
const SKEW_SECONDS = 10

class ExchangeTimeout extends Error {
  override name = 'ExchangeTimeout'
}

/** A part of the exchange, with an end. */
export function withinDeadline<T>(work: Promise<T>): Promise<T> {
  const { promise: deadline, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new ExchangeTimeout('identity provider too slow')),
    EXCHANGE_TIMEOUT_MS,
  )
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer))
}

/** How the portal proves itself. Bridges differ in whom a signed assertion is for, so it names both addresses they may want. */
async function clientProof(server: openid.ServerMetadata): Promise<openid.ClientAuth> {
  const { jwks, secret } = clientCredentials()
  const jwk = jwks?.keys[0]
  if (!jwk) return openid.ClientSecretBasic(secret)
  const key = await importJWK(jwk, 'RS256')
  if (key instanceof Uint8Array) throw new Error('the key of the client is no private key')
  return openid.PrivateKeyJwt(
    { key, ...(jwk.kid ? { kid: jwk.kid } : {}) },
    {
      [openid.modifyAssertion]: (_header, payload) => {
        payload.aud = [server.issuer, server.token_endpoint].filter((address) => address !== undefined)
      },
    },
  )
}

/** The bridge as the library talks to it: the ID token's signature is verified against the published keys, RS256 alone. */
export async function bridgeAt(server: openid.ServerMetadata): Promise<openid.Configuration> {
  const { IDENTITY_CLIENT_ID, IDENTITY_ISSUER } = env()
  const metadata = { id_token_signed_response_alg: 'RS256', [openid.clockTolerance]: SKEW_SECONDS }
  const bridge = new openid.Configuration(server, IDENTITY_CLIENT_ID, metadata, await clientProof(server))
  bridge.timeout = REQUEST_TIMEOUT_SECONDS
  openid.enableNonRepudiationChecks(bridge)
  // The environment refuses an issuer in clear in production: it is a simulator on this machine.
  if (new URL(IDENTITY_ISSUER).protocol === 'http:') openid.allowInsecureRequests(bridge)
  return bridge
}

/** The bridge did not answer, or not as a bridge that works: the person may try again. */
const AWAY: readonly string[] = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
]

/** Our word for an exception of the OpenID library. */
export function codeOfProtocolError(error: unknown): SignInErrorCode {
  if (error instanceof openid.ResponseBodyError)
    return error.error === 'invalid_grant' ? 'accesso-scaduto' : 'servizio-non-raggiungibile'
  if (error instanceof openid.AuthorizationResponseError) return 'servizio-non-raggiungibile'
  const { name, message, code = '' } = error as Error & { code?: string }
  const isAway = AWAY.includes(code) || name === 'ExchangeTimeout' || message === 'fetch failed'
  return isAway ? 'servizio-non-raggiungibile' : 'risposta-non-valida'
}

/** What kind of fault it was, without the values in it: tokens and nonces never reach the log. */
export const protocolFault = (error: unknown): string => {
  const { name, message } = error as Error
  return `${name}: ${message.split(/[,:(]/)[0]?.slice(0, 60)}`
}
