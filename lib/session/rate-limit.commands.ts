import 'server-only'
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { env } from '#lib/kernel/env.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/web/client-address.ts'

/** The kinds of attempt; each has its own count. */
export type RateLimitKind = 'sign-in' | 'callback' | 'unlock' | 'renewal'

const WINDOW_SECONDS = 600

/**
 * The rate limit of signing in: counts an attempt of the address that a request comes from, for all web processes together.
 * A whole school behind one address stays below the limit; a program that retries without end does not.
 * @returns 0, or after how many seconds to try again
 */
export async function takeFromRateLimit(request: Request, kind: RateLimitKind): Promise<number> {
  const { NEXTAUTH_SECRET, SIGN_IN_LIMIT } = env()
  const address = request.headers.get(CLIENT_ADDRESS_HEADER) ?? ''
  const key = createHmac('sha256', NEXTAUTH_SECRET).update(`attempt ${kind} ${address}`).digest()
  const { rows } = await sql<{ wait: number }>`
    select take_attempt(${key}, ${WINDOW_SECONDS}, ${SIGN_IN_LIMIT}) as wait`.execute(database())
  return rows[0]?.wait ?? 0
}
