import 'server-only'
import type { AuthOptions } from 'next-auth'
import { readCallbackUrl } from '#lib/access/return-path.ts'
import { evaluateIdentity } from '#lib/identity/admission.ts'
import { type BridgeReport, bridgeProvider } from '#lib/identity/bridge-provider.adapter.ts'
import { type Claims, claimProfiles, type LevelSource, readIdentity } from '#lib/identity/claims.ts'
import type { Level } from '#lib/identity/levels.ts'
import type { SignInErrorCode } from '#lib/identity/sign-in-errors.ts'
import { env } from '#lib/kernel/env.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { openSession } from '#lib/session/session.commands.ts'
import { todayInItaly } from '#lib/session/today.queries.ts'

const SECONDS_PER_HOUR = 3_600

/** What a sign-in starts from. */
export type SignInRequest = {
  municipalitySlug: string | null
  /** Secret of the session that the browser had before. */
  previousToken: string | null
  /** Name of the browser, for the list of the person's accesses. */
  device: string
}

/** How a sign-in ended. A defect of ours must not look like a refusal. */
export type SignInEnd =
  | { kind: 'entered'; token: string }
  | { kind: 'refused'; code: SignInErrorCode; method: string | null; level: number | null }
  | { kind: 'defect'; error: unknown }

/** Reads the provider's claims, asks whether the person is admitted and, if so, opens the session. */
async function judge(request: SignInRequest, idToken: Claims, userinfo: Claims): Promise<SignInEnd> {
  const { IDENTITY_CLAIM_PROFILE, IDENTITY_LEVEL_SOURCE, IDENTITY_MIN_LEVEL } = env()
  const facts = readIdentity(
    idToken,
    userinfo,
    claimProfiles[IDENTITY_CLAIM_PROFILE],
    IDENTITY_LEVEL_SOURCE as LevelSource,
  )
  const judgement = evaluateIdentity(facts, {
    minimumLevel: IDENTITY_MIN_LEVEL as Level,
    today: await todayInItaly(),
    // The clock of the ID token's check: freshness compares that server with this one.
    now: Math.floor(Date.now() / 1000),
  })
  return judgement.ok
    ? { kind: 'entered', token: await openSession(judgement.identity, request) }
    : { kind: 'refused', code: judgement.code, method: facts.method, level: facts.level }
}

/**
 * next-auth's options for one request, and how it ended, which next-auth itself does not say. The library runs the protocol
 * (state, nonce, PKCE, ID token, sealed cookies); who may enter, and the session, are ours.
 * @returns `end` answers null until one of the hooks has run
 */
export function signInRun(request: SignInRequest): { options: AuthOptions; end: () => SignInEnd | null } {
  const { NEXTAUTH_SECRET, SESSION_MAX_HOURS } = env()
  // Nothing outside this function writes these.
  let end: SignInEnd | null = null
  let idToken: Claims = {}
  let userinfo: Claims = {}
  const report: BridgeReport = {
    idToken: (claims) => {
      idToken = claims
    },
    userinfo: (claims) => {
      userinfo = claims
    },
    refused: (code) => {
      end = { kind: 'refused', code, method: null, level: null }
    },
  }
  const maxAge = SESSION_MAX_HOURS * SECONDS_PER_HOUR
  const { sessionToken } = authCookies
  const options: AuthOptions = {
    secret: NEXTAUTH_SECRET,
    providers: [bridgeProvider(report)],
    useSecureCookies: true,
    // next-auth says only at which instant the session's cookie ends: on a telephone whose clock is hours ahead it would end there and then.
    cookies: {
      ...authCookies,
      sessionToken: { ...sessionToken, options: { ...sessionToken.options, maxAge } },
    },
    session: { strategy: 'jwt', maxAge },
    // Its own log lines can carry tokens: bridge-provider.adapter.ts logs what went wrong.
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
    callbacks: {
      async signIn() {
        end = await judge(request, idToken, userinfo).catch((error) => ({ kind: 'defect', error }) as const)
        return end.kind === 'entered'
      },
      // The sealed cookie holds the session's secret and nothing about the person.
      jwt: () => (end?.kind === 'entered' ? { sid: end.token } : {}),
      redirect: ({ url, baseUrl }) => (readCallbackUrl(url, baseUrl).municipalitySlug ? url : baseUrl),
    },
  }
  return { options, end: () => end }
}
