import 'server-only'
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { env } from '#lib/kernel/env.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/web/client-address.ts'

/** The kinds of attempt; each has its own count. */
export type RateLimitKind = 'sign-in' | 'callback' | 'unlock' | 'renewal'

const WINDOW_SECONDS = 600

const keyOf = (kind: RateLimitKind, whose: string): Buffer =>
  createHmac('sha256', env().NEXTAUTH_SECRET).update(`attempt ${kind} ${whose}`).digest()

const addressOf = (request: Request): string => request.headers.get(CLIENT_ADDRESS_HEADER) ?? ''

/**
 * The rate limit of signing in: counts an attempt of the address that a request comes from, for all web processes together.
 * A whole school behind one address stays below the limit; a program that retries without end does not. It is asked after the
 * origin: any web page can make a visitor's browser send requests, and must not use up the attempts of a whole network.
 * @param whose counts the attempt of something better known than an address, as a remembered device
 * @returns 0, or after how many seconds to try again
 */
export async function takeFromRateLimit(
  request: Request,
  kind: RateLimitKind,
  whose = addressOf(request),
): Promise<number> {
  const { rows } = await sql<{ wait: number }>`
    select take_attempt(${keyOf(kind, whose)}, ${WINDOW_SECONDS}, ${env().SIGN_IN_LIMIT}) as wait`.execute(
    database(),
  )
  return rows[0]?.wait ?? 0
}

/** Uncounts the attempt of an address after a success: only what fails uses up the limit of a network that thousands share. */
export async function giveBackToRateLimit(request: Request, kind: RateLimitKind): Promise<void> {
  await sql`select give_back_attempt(${keyOf(kind, addressOf(request))}, ${WINDOW_SECONDS})`.execute(
    database(),
  )
}
