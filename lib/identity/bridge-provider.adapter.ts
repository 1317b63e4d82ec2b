import 'server-only'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { RECOGNITION_SECONDS } from './admission.ts'
import { clientCredentials, discoveryAddress } from './bridge.adapter.ts'
import type { Claims } from './claims.ts'
import { tokenProblem } from './id-token.ts'
import { acrOfLevel, type Level } from './levels.ts'
import type { SignInErrorCode } from './sign-in-errors.ts'
import { revokeLater } from './token-revocation.commands.ts'

/** What happens at the bridge: next-auth keeps it to itself, so the provider reports it. */
export type BridgeReport = {
  /** The ID token is verified. */
  idToken(claims: Claims): void
  userinfo(claims: Claims): void
  refused(code: SignInErrorCode): void
}

type Hooks = Parameters<NonNullable<Extract<OAuthConfig<Claims>['token'], object>['request']>>[0]
type Client = Hooks['client']
type TokenSet = Awaited<ReturnType<Client['callback']>>

/** Id of the one provider, and last segment of its addresses under /api/auth. */
export const BRIDGE = 'bridge'

const REQUEST_TIMEOUT_MS = 5_000
/** Time-out of the whole exchange: a provider that answers one byte at a time never reaches the time-out of a request. */
const EXCHANGE_TIMEOUT_MS = 12_000

const unixNow = (): number => Math.floor(Date.now() / 1000)

class ExchangeTimeout extends Error {
  override name = 'ExchangeTimeout'
}

function withinDeadline<T>(work: Promise<T>): Promise<T> {
  const { promise: deadline, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new ExchangeTimeout('identity provider too slow')),
    EXCHANGE_TIMEOUT_MS,
  )
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer))
}

const UNREACHABLE = /^(E[A-Z_]+|UND_ERR_.*)$/

/** Our word for an exception of the OpenID library. */
function codeOfProtocolError(error: unknown): SignInErrorCode {
  const { name, code, message, error: answer } = error as Error & { code?: string; error?: string }
  if (name === 'OPError') return answer === 'invalid_grant' ? 'accesso-scaduto' : 'servizio-non-raggiungibile'
  if (name === 'ExchangeTimeout' || name === 'SyntaxError' || /timed out/.test(message)) {
    return 'servizio-non-raggiungibile'
  }
  return typeof code === 'string' && UNREACHABLE.test(code) && !code.startsWith('ERR_')
    ? 'servizio-non-raggiungibile'
    : 'risposta-non-valida'
}

/** What kind of fault it was, without the values in it: tokens and nonces never reach the log. */
const faultOf = (error: unknown): string => {
  const { name, message } = error as Error
  return `${name}: ${message.split(/[,:(]/)[0]?.slice(0, 60)}`
}

function fail(report: BridgeReport, code: SignInErrorCode, fault: string): never {
  report.refused(code)
  log().warn({ code, fault }, 'sign-in: the answer of the identity provider was refused')
  throw new Error(code)
}

async function exchangeCode(
  report: BridgeReport,
  { client, provider, params, checks }: Hooks,
): Promise<TokenSet> {
  // Everything else is checked against the issuer of the discovery document, so that one must be ours.
  if (client.issuer.metadata.issuer !== env().IDENTITY_ISSUER) fail(report, 'risposta-non-valida', 'issuer')
  const tokens = await withinDeadline(client.callback(provider.callbackUrl, params, checks)).catch((error) =>
    fail(report, codeOfProtocolError(error), faultOf(error)),
  )
  const claims = tokens.claims()
  const problem = tokenProblem({ tokenType: tokens.token_type, claims }, unixNow())
  if (problem) {
    await revoke(client, tokens)
    fail(report, 'risposta-non-valida', problem)
  }
  report.idToken(claims)
  return tokens
}

/**
 * The access token was needed for one answer; SPID and CIE ask that it is revoked then. A failed revocation stops no
 * sign-in: the worker asks again.
 */
async function revoke(client: Client, tokens: TokenSet): Promise<void> {
  if (!tokens.access_token || !client.issuer.metadata.revocation_endpoint) return
  const { access_token: token, expires_in: secondsLeft } = tokens
  await withinDeadline(client.revoke(token, 'access_token')).catch((error) => {
    log().warn({ fault: faultOf(error) }, 'sign-in: the access token could not be revoked')
    return revokeLater(token, secondsLeft)
  })
}

async function askUserinfo(report: BridgeReport, client: Client, tokens: TokenSet): Promise<{ sub: string }> {
  try {
    // The library compares the subject with the ID token's.
    const userinfo = await withinDeadline(client.userinfo(tokens))
    report.userinfo(userinfo)
    return { sub: userinfo.sub }
  } catch (error) {
    return fail(report, codeOfProtocolError(error), faultOf(error))
  } finally {
    await revoke(client, tokens)
  }
}

/** The SPID/CIE bridge as next-auth wants its one provider: code flow, PKCE S256, state, nonce, issuer, signed client. */
export function bridgeProvider(report: BridgeReport): OAuthConfig<Claims> {
  const { IDENTITY_ISSUER: issuer, IDENTITY_CLIENT_ID, IDENTITY_CLIENT_AUTH, IDENTITY_MIN_LEVEL } = env()
  const { jwks, secret } = clientCredentials()
  return {
    id: BRIDGE,
    name: 'SPID o CIE',
    type: 'oauth',
    wellKnown: discoveryAddress(issuer),
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    clientId: IDENTITY_CLIENT_ID,
    ...(secret ? { clientSecret: secret } : {}),
    ...(jwks ? { jwks } : {}),
    client: {
      token_endpoint_auth_method: IDENTITY_CLIENT_AUTH,
      ...(jwks ? { token_endpoint_auth_signing_alg: 'RS256' } : {}),
      id_token_signed_response_alg: 'RS256',
      response_types: ['code'],
    },
    httpOptions: { timeout: REQUEST_TIMEOUT_MS },
    authorization: {
      params: {
        scope: 'openid profile email',
        acr_values: acrOfLevel(IDENTITY_MIN_LEVEL as Level),
        // On a shared computer the next person must not get in with the previous person's sign-in.
        prompt: 'login',
        // With it a provider must say when it recognised the person (OpenID Connect Core 3.1.2.1), and the policy asks for that.
        max_age: RECOGNITION_SECONDS,
      },
    },
    token: { request: async (hooks) => ({ tokens: await exchangeCode(report, hooks) }) },
    userinfo: { request: ({ client, tokens }) => askUserinfo(report, client, tokens as TokenSet) },
    profile: (profile) => ({ id: String(profile.sub) }),
  }
}
