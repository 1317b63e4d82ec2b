import 'server-only'
import type { AuthOptions } from 'next-auth'
import { readCallbackUrl } from '#lib/access/return-path.ts'
import { bridgeProvider, type SignInAttempt } from '#lib/identity/bridge-provider.adapter.ts'
import { claimProfiles, type LevelSource, readIdentity } from '#lib/identity/claims.ts'
import type { Level } from '#lib/identity/levels.ts'
import { evaluateIdentity } from '#lib/identity/policy.ts'
import { env } from '#lib/kernel/env.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { openSession } from '#lib/session/session.commands.ts'
import { todayInItaly } from '#lib/session/session.queries.ts'

const SECONDS_PER_HOUR = 3_600

/** Reads the provider's claims, asks the policy and, if it agrees, opens the session. */
async function judge(attempt: SignInAttempt): Promise<void> {
  const { IDENTITY_CLAIM_PROFILE, IDENTITY_LEVEL_SOURCE, IDENTITY_MIN_LEVEL } = env()
  const facts = readIdentity(
    attempt.idToken ?? {},
    attempt.userinfo ?? {},
    claimProfiles[IDENTITY_CLAIM_PROFILE],
    IDENTITY_LEVEL_SOURCE as LevelSource,
  )
  attempt.method = facts.method
  attempt.level = facts.level
  const judgement = evaluateIdentity(facts, {
    minimumLevel: IDENTITY_MIN_LEVEL as Level,
    today: await todayInItaly(),
    // The clock of the ID token's check: freshness compares that server with this one.
    now: Math.floor(Date.now() / 1000),
  })
  attempt.outcome = judgement.ok
    ? { ok: true, token: await openSession(judgement.identity, attempt) }
    : { ok: false, code: judgement.code }
}

/**
 * next-auth's options for one request. It runs the protocol (state, nonce, PKCE, ID token, sealed cookies); who may
 * enter, and the session, are ours.
 */
export function authOptions(attempt: SignInAttempt): AuthOptions {
  const { NEXTAUTH_SECRET, SESSION_MAX_HOURS } = env()
  return {
    secret: NEXTAUTH_SECRET,
    providers: [bridgeProvider(attempt)],
    useSecureCookies: true,
    cookies: authCookies,
    session: { strategy: 'jwt', maxAge: SESSION_MAX_HOURS * SECONDS_PER_HOUR },
    // Its own log lines can carry tokens: what went wrong is logged by the hooks in bridge.ts.
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
    callbacks: {
      async signIn() {
        await judge(attempt).catch((error) => {
          attempt.bug = error
        })
        return attempt.outcome?.ok === true
      },
      // The sealed cookie holds the session's secret and nothing about the person.
      jwt: () => (attempt.outcome?.ok ? { sid: attempt.outcome.token } : {}),
      redirect: ({ url, baseUrl }) => (readCallbackUrl(url, baseUrl).municipalitySlug ? url : baseUrl),
    },
  }
}
