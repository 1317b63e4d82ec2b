import 'server-only'
import { sql } from 'kysely'
import { database, type Trx } from '#db/client.ts'
import { env } from '#lib/env.ts'
import { hashFiscalCode } from './fiscal-code-hash.ts'
import type { Identity } from './policy.ts'
import { hashToken, newSessionToken } from './session-token.ts'
import type { SignInErrorCode } from './sign-in-errors.ts'

/** How a sign-in or a sign-out ended, as the register keeps it. */
export type SignInOutcome = 'signed_in' | 'signed_out' | 'signed_out_everywhere' | SignInErrorCode

type SignInEvent = {
  comune: string | null
  outcome: SignInOutcome
  citizenId?: string
  sessionId?: string
  method?: string | null
  level?: number | null
}

/** Writes the register of sign-ins, which has no names, fiscal codes, tokens or addresses. */
async function register(db: Pick<Trx, 'insertInto'>, event: SignInEvent): Promise<void> {
  await db
    .insertInto('sign_in_event')
    .values({
      municipality_slug: event.comune,
      outcome: event.outcome,
      citizen_id: event.citizenId ?? null,
      session_id: event.sessionId ?? null,
      method: event.method ?? null,
      level: event.level ?? null,
    })
    .execute()
}

/** Registers a sign-in that opened no session. */
export const registerRefusal = (
  event: Omit<SignInEvent, 'outcome'> & { outcome: SignInErrorCode },
): Promise<void> => register(database(), event)

/**
 * Spends the provider's answer that carries this state: true the first time, false for ever after.
 * The cookies of a sign-in can be copied; this row cannot.
 */
export async function spendState(state: string): Promise<boolean> {
  const db = database()
  await db
    .deleteFrom('used_sign_in')
    .where('used_at', '<', sql<Date>`app_now() - interval '1 hour'`)
    .execute()
  const spent = await db
    .insertInto('used_sign_in')
    .values({ state_hash: hashToken(state) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('state_hash')
    .executeTakeFirst()
  return spent !== undefined
}

/** One citizen per fiscal code, whatever the method: names follow the newest identity that came. */
async function upsertCitizen(trx: Trx, identity: Identity): Promise<string> {
  const names = {
    given_name: identity.givenName,
    family_name: identity.familyName,
    birth_date: identity.birthDay,
  }
  const { id } = await trx
    .insertInto('citizen')
    .values({ ...names, fiscal_code_hash: hashFiscalCode(identity.fiscalCode, env().FISCAL_CODE_KEY) })
    .onConflict((conflict) =>
      conflict.column('fiscal_code_hash').doUpdateSet({ ...names, updated_at: sql<Date>`app_now()` }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function linkIdentity(trx: Trx, citizenId: string, identity: Identity): Promise<void> {
  const seen = { citizen_id: citizenId, method: identity.method, last_level: identity.level }
  await trx
    .insertInto('identity_link')
    .values({ ...seen, issuer: identity.issuer, subject: identity.subject })
    .onConflict((conflict) =>
      conflict.columns(['issuer', 'subject']).doUpdateSet({ ...seen, last_seen_at: sql<Date>`app_now()` }),
    )
    .execute()
}

async function insertSession(
  trx: Trx,
  citizenId: string,
  identity: Identity,
  token: string,
): Promise<string> {
  const hours = `${env().SESSION_MAX_HOURS} hours`
  const { id } = await trx
    .insertInto('session')
    .values({
      token_hash: hashToken(token),
      citizen_id: citizenId,
      method: identity.method,
      level: identity.level,
      authenticated_at: sql<Date>`app_now()`,
      expires_at: sql<Date>`app_now() + ${hours}::interval`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const end = (trx: Trx, reason: 'signed_out' | 'signed_out_everywhere' | 'revoked') =>
  trx
    .updateTable('session')
    .set({ ended_at: sql<Date>`app_now()`, end_reason: reason })
    .where('ended_at', 'is', null)

/**
 * Opens a session for somebody whom the policy let in, and ends the one that the browser had before: whoever planted
 * or copied that one is left with nothing.
 * @returns the new secret, to seal in the cookie
 */
export function openSession(
  identity: Identity,
  { comune, previousToken }: { comune: string | null; previousToken: string | null },
): Promise<string> {
  const token = newSessionToken()
  return database()
    .transaction()
    .execute(async (trx) => {
      const citizenId = await upsertCitizen(trx, identity)
      await linkIdentity(trx, citizenId, identity)
      if (previousToken)
        await end(trx, 'revoked').where('token_hash', '=', hashToken(previousToken)).execute()
      const sessionId = await insertSession(trx, citizenId, identity, token)
      const { method, level } = identity
      await register(trx, { comune, outcome: 'signed_in', citizenId, sessionId, method, level })
      return token
    })
}

/**
 * Ends the session of a secret, or all the sessions of its citizen on every device. Without a living session there is
 * nothing to end, which is no error: the person wanted to be out, and is.
 */
export function closeSession(
  token: string,
  { comune, everywhere }: { comune: string | null; everywhere: boolean },
): Promise<void> {
  const outcome = everywhere ? 'signed_out_everywhere' : 'signed_out'
  return database()
    .transaction()
    .execute(async (trx) => {
      const own = await end(trx, outcome)
        .where('token_hash', '=', hashToken(token))
        .returning(['id', 'citizen_id', 'method', 'level'])
        .executeTakeFirst()
      if (!own) return
      if (everywhere) await end(trx, outcome).where('citizen_id', '=', own.citizen_id).execute()
      const { id: sessionId, citizen_id: citizenId, method, level } = own
      await register(trx, { comune, outcome, citizenId, sessionId, method, level })
    })
}
