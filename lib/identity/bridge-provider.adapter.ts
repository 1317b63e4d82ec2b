import 'server-only'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import * as openid from 'openid-client'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { RECOGNITION_SECONDS } from './admission.ts'
import { clientCredentials, discoveryAddress } from './bridge.adapter.ts'
import { bridgeAt, codeOfProtocolError, protocolFault, withinDeadline } from './bridge-exchange.adapter.ts'
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

/** What next-auth hands to the request for tokens. Its own OpenID client has read the discovery document, and does no more. */
type Hooks = Parameters<NonNullable<Extract<OAuthConfig<Claims>['token'], object>['request']>>[0]
/** What the cookies of this sign-in say of it. next-auth's type leaves out the nonce. */
type Checks = Partial<Record<'state' | 'nonce' | 'code_verifier', string | undefined>>
type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>
/** A bridge that recognised the person, and what it gave for that. */
type Recognised = { bridge: openid.Configuration; tokens: Tokens; subject: string }

/** Id of the one provider, and last segment of its addresses under /api/auth. */
export const BRIDGE = 'bridge'

/** Time-out of next-auth's own request, for the discovery document. */
const DISCOVERY_TIMEOUT_MS = 5_000

const unixNow = (): number => Math.floor(Date.now() / 1000)

function fail(report: BridgeReport, code: SignInErrorCode, fault: string): never {
  report.refused(code)
  log().warn({ code, fault }, 'sign-in: the answer of the identity provider was refused')
  throw new Error(code)
}

/** The address to which the browser came back, with its parameters. */
function returnAddress({ provider, params }: Hooks): URL {
  const address = new URL(provider.callbackUrl)
  for (const [name, value] of Object.entries(params))
    if (typeof value === 'string') address.searchParams.set(name, value)
  return address
}

async function exchangeCode(report: BridgeReport, hooks: Hooks): Promise<Recognised> {
  const { client } = hooks
  const checks: Checks = hooks.checks
  const server = client.issuer.metadata as openid.ServerMetadata
  // Everything else is checked against the issuer of the discovery document, so that one must be ours.
  if (server.issuer !== env().IDENTITY_ISSUER) fail(report, 'risposta-non-valida', 'issuer')
  const bridge = await bridgeAt(server)
  const grant = openid.authorizationCodeGrant(bridge, returnAddress(hooks), {
    idTokenExpected: true,
    ...(checks.state ? { expectedState: checks.state } : {}),
    ...(checks.nonce ? { expectedNonce: checks.nonce } : {}),
    ...(checks.code_verifier ? { pkceCodeVerifier: checks.code_verifier } : {}),
  })
  const tokens = await withinDeadline(grant).catch((error) =>
    fail(report, codeOfProtocolError(error), protocolFault(error)),
  )
  const claims: Claims = tokens.claims() ?? {}
  const answer = { tokenType: tokens.token_type, accessToken: tokens.access_token, claims }
  const problem = tokenProblem(answer, unixNow())
  if (problem) {
    await revoke(bridge, tokens)
    fail(report, 'risposta-non-valida', problem)
  }
  report.idToken(claims)
  return { bridge, tokens, subject: String(claims.sub) }
}

/**
 * The access token was needed for one answer; SPID and CIE ask that it is revoked then. A failed revocation stops no
 * sign-in: the worker asks again.
 */
async function revoke(bridge: openid.Configuration, tokens: Tokens): Promise<void> {
  if (!bridge.serverMetadata().revocation_endpoint) return
  const { access_token: token, expires_in: secondsLeft } = tokens
  const asked = openid.tokenRevocation(bridge, token, { token_type_hint: 'access_token' })
  await withinDeadline(asked).catch((error) => {
    log().warn({ fault: protocolFault(error) }, 'sign-in: the access token could not be revoked')
    return revokeLater(token, secondsLeft)
  })
}

async function askUserinfo(
  report: BridgeReport,
  { bridge, tokens, subject }: Recognised,
): Promise<{ sub: string }> {
  try {
    // The library compares the subject with the ID token's.
    const userinfo = await withinDeadline(openid.fetchUserInfo(bridge, tokens.access_token, subject))
    report.userinfo(userinfo)
    return { sub: userinfo.sub }
  } catch (error) {
    return fail(report, codeOfProtocolError(error), protocolFault(error))
  } finally {
    await revoke(bridge, tokens)
  }
}

/**
 * The SPID/CIE bridge as next-auth wants its one provider: code flow, PKCE S256, state, nonce, issuer, signed client. next-auth
 * starts the flow and owns the callback; the client that it brings is past its end, so the tokens are asked for and verified
 * by one that is kept up (decision 0081).
 */
export function bridgeProvider(report: BridgeReport): OAuthConfig<Claims> {
  const { IDENTITY_ISSUER: issuer, IDENTITY_CLIENT_ID, IDENTITY_CLIENT_AUTH, IDENTITY_MIN_LEVEL } = env()
  const { jwks, secret } = clientCredentials()
  let recognised: Recognised | null = null
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
    httpOptions: { timeout: DISCOVERY_TIMEOUT_MS },
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
    token: {
      request: async (hooks) => {
        recognised = await exchangeCode(report, hooks)
        return { tokens: {} }
      },
    },
    userinfo: {
      request: () => (recognised ? askUserinfo(report, recognised) : fail(report, 'errore-interno', 'order')),
    },
    profile: (profile) => ({ id: String(profile.sub) }),
  }
}
