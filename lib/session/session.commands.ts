import 'server-only'
import { sql } from 'kysely'
import { database, type Trx } from '#db/client.ts'
import { PURPOSES } from '#db/sealed-columns.ts'
import type { Identity } from '#lib/identity/admission.ts'
import type { SignInMethod } from '#lib/identity/claims.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import type { Level } from '#lib/identity/levels.ts'
import type { SignInErrorCode } from '#lib/identity/sign-in-errors.ts'
import { dataKeys, env } from '#lib/kernel/env.ts'
import { seal } from '#lib/kernel/sealed.ts'
import { hashToken } from './session.queries.ts'
import { newSessionToken } from './session-token.adapter.ts'
import type { OpenedWith } from './step-up.ts'

/** The outcome of a sign-in or a sign-out, as the register stores it. */
export type SignInOutcome =
  | 'signed_in'
  | 'unlocked'
  | 'unlock_refused'
  | 'signed_out'
  | 'signed_out_everywhere'
  | SignInErrorCode

export type SignInEvent = {
  municipalitySlug: string | null
  outcome: SignInOutcome
  citizenId?: string
  sessionId?: string
  method?: string | null
  level?: number | null
}

/**
 * Writes the register of sign-ins, which has no names, fiscal codes, tokens or addresses. A municipality that does not exist is
 * not written: what a stranger types is kept nowhere.
 */
export async function recordSignInEvent(db: Pick<Trx, 'insertInto'>, event: SignInEvent): Promise<void> {
  await db
    .insertInto('sign_in_event')
    .values({
      municipality_slug: sql<
        string | null
      >`(select slug from municipality where slug = ${event.municipalitySlug} and active)`,
      outcome: event.outcome,
      citizen_id: event.citizenId ?? null,
      session_id: event.sessionId ?? null,
      method: event.method ?? null,
      level: event.level ?? null,
    })
    .execute()
}

/** Registers a sign-in that opened no session. */
export const recordRefusedSignIn = (
  event: Omit<SignInEvent, 'outcome'> & { outcome: SignInErrorCode },
): Promise<void> => recordSignInEvent(database(), event)

/**
 * Marks the provider's answer with this state as used: true the first time, false every later time.
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

/** One citizen per fiscal code, with either method: names follow the newest identity that came. */
async function upsertCitizen(trx: Trx, identity: Identity): Promise<string> {
  const names = {
    given_name: identity.givenName,
    family_name: identity.familyName,
    birth_date: identity.birthDay,
  }
  const { id } = await trx
    .insertInto('citizen')
    .values({ ...names, fiscal_code_hash: await hashOfCode(trx, identity.fiscalCode) })
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

type NewSession = {
  citizenId: string
  method: SignInMethod
  level: Level
  /** Name of the browser, for the list of one's accesses. */
  device: string
  /** What unlocked a remembered device, and the sign-in behind it; absent for SPID and CIE themselves. */
  unlock?: { with: 'sequence' | 'passkey'; deviceId: string; authenticatedAt: Date }
}

/** Inserts a session and returns its new secret: a secret is never used for a second session. */
async function insertSession(trx: Trx, session: NewSession): Promise<{ id: string; token: string }> {
  const token = newSessionToken()
  const hours = `${env().SESSION_MAX_HOURS} hours`
  const { id } = await trx
    .insertInto('session')
    .values({
      token_hash: hashToken(token),
      citizen_id: session.citizenId,
      method: session.method,
      level: session.level,
      device: session.device,
      opened_with: session.unlock?.with ?? 'identity',
      device_id: session.unlock?.deviceId ?? null,
      authenticated_at: session.unlock?.authenticatedAt ?? sql<Date>`app_now()`,
      expires_at: sql<Date>`app_now() + ${hours}::interval`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, token }
}

const end = (trx: Trx, reason: 'signed_out' | 'signed_out_everywhere' | 'revoked') =>
  trx
    .updateTable('session')
    .set({ ended_at: sql<Date>`app_now()`, end_reason: reason })
    .where('ended_at', 'is', null)

async function endPrevious(trx: Trx, token: string | null): Promise<void> {
  if (token) await end(trx, 'revoked').where('token_hash', '=', hashToken(token)).execute()
}

/** The browser that signs in. */
export type Entrance = {
  municipalitySlug: string | null
  /** Secret of the session that the browser had before. */
  previousToken: string | null
  /** Name of the browser. */
  device: string
}

/**
 * Opens a session for a person whom the policy accepted, and ends the one that the browser had before: a planted
 * or copied cookie is then worthless.
 * @returns the new secret, to seal in the cookie
 */
export function openSession(
  identity: Identity,
  { municipalitySlug, previousToken, device }: Entrance,
): Promise<string> {
  return database()
    .transaction()
    .execute(async (trx) => {
      const citizenId = await upsertCitizen(trx, identity)
      await linkIdentity(trx, citizenId, identity)
      await endPrevious(trx, previousToken)
      const { method, level } = identity
      const session = await insertSession(trx, { citizenId, method, level, device })
      await recordSignInEvent(trx, {
        municipalitySlug,
        outcome: 'signed_in',
        citizenId,
        sessionId: session.id,
        method,
        level,
      })
      return session.token
    })
}

/** Opens a session for a person who unlocked a remembered device; as above, the earlier session ends. */
export async function openUnlockedSession(
  trx: Trx,
  session: NewSession & Required<Pick<NewSession, 'unlock'>>,
  { municipalitySlug, previousToken }: Pick<Entrance, 'municipalitySlug' | 'previousToken'>,
): Promise<string> {
  await endPrevious(trx, previousToken)
  const { id: sessionId, token } = await insertSession(trx, session)
  const { citizenId, level, unlock } = session
  await recordSignInEvent(trx, {
    municipalitySlug,
    outcome: 'unlocked',
    citizenId,
    sessionId,
    method: unlock.with,
    level,
  })
  return token
}

/** Ends the sessions that a remembered device opened; the next request of an open page has none. */
export async function endSessionsOfDevice(trx: Trx, deviceId: string): Promise<void> {
  await end(trx, 'revoked').where('device_id', '=', deviceId).execute()
}

/** Ends one session of a citizen. @returns whether there was one */
export async function endOwnSession(trx: Trx, citizenId: string, sessionId: string): Promise<boolean> {
  const ended = await end(trx, 'revoked')
    .where('citizen_id', '=', citizenId)
    .where('id', '=', sessionId)
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}

/** Signing out everywhere also revokes the remembered devices: the next access needs SPID or CIE. */
async function forgetEveryDevice(trx: Trx, citizenId: string): Promise<void> {
  await trx
    .updateTable('remembered_device')
    .set({ revoked_at: sql<Date>`app_now()`, revoke_reason: 'everywhere' })
    .where('citizen_id', '=', citizenId)
    .where('revoked_at', 'is', null)
    .execute()
}

/**
 * Ends the session of a secret, or all the sessions of its citizen on every device. Without an open session there is
 * nothing to end, which is no error: the person is signed out already.
 * @param subscriptionsToo ends also the addresses of calendars and the push messages, which need no session
 * @returns how the session had been opened; null when there was none
 */
export function closeSession(
  token: string,
  {
    municipalitySlug,
    everywhere,
    subscriptionsToo = false,
  }: { municipalitySlug: string | null; everywhere: boolean; subscriptionsToo?: boolean },
): Promise<OpenedWith | null> {
  const outcome = everywhere ? 'signed_out_everywhere' : 'signed_out'
  return database()
    .transaction()
    .execute(async (trx) => {
      const own = await end(trx, outcome)
        .where('token_hash', '=', hashToken(token))
        .returning(['id', 'citizen_id', 'method', 'level', 'opened_with'])
        .executeTakeFirst()
      if (!own) return null
      if (everywhere) {
        await end(trx, outcome).where('citizen_id', '=', own.citizen_id).execute()
        await forgetEveryDevice(trx, own.citizen_id)
      }
      if (subscriptionsToo)
        await sql`select end_subscriptions_of_citizen(${own.citizen_id}::uuid)`.execute(trx)
      const { id: sessionId, citizen_id: citizenId, method, level } = own
      await recordSignInEvent(trx, { municipalitySlug, outcome, citizenId, sessionId, method, level })
      return own.opened_with
    })
}

/** How long a form is kept for a person who is at the identity provider. */
const FORM_WAITS_MINUTES = 20
/** Characters of all its fields: the actions that ask for SPID or CIE have short ones, and what is too long is refused before. */
const LONGEST_FORM = 100_000
/** Pages of one person on which a form waits: the oldest goes. */
const MOST_WAITING = 5

/**
 * Keeps a typed form while SPID or CIE recognise the person again: encrypted, for that person and that page, for minutes. A form
 * that waited for the same page is replaced.
 * @param path the form's page, without its query
 * @param typed no secrets: the caller leaves them out
 * @returns the reference by which the page finds it again
 */
export async function keepForm(
  citizenId: string,
  path: string,
  typed: Readonly<Record<string, string>>,
): Promise<string> {
  const text = JSON.stringify(typed)
  if (text.length > LONGEST_FORM) throw new Error('a form is longer than any that asks for SPID or CIE')
  const sealed = seal(text, PURPOSES.interruptedForm, dataKeys())
  return database()
    .transaction()
    .execute(async (trx) => {
      // Two requests of one person and page run one after the other, also where no form waits yet.
      await sql`select from citizen where id = ${citizenId}::uuid for no key update`.execute(trx)
      await sql`delete from interrupted_form where citizen_id = ${citizenId}::uuid and (path = ${path}
        or id not in (select id from interrupted_form where citizen_id = ${citizenId}::uuid
          order by id desc limit ${MOST_WAITING - 1}))`.execute(trx)
      const expires_at = sql<Date>`app_now() + make_interval(mins => ${FORM_WAITS_MINUTES})`
      const { id } = await trx
        .insertInto('interrupted_form')
        .values({ citizen_id: citizenId, path, sealed, expires_at })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    })
}

/** Deletes expired rows: interrupted forms, passkey challenges, counted attempts. @returns how many */
export async function forgetExpired(): Promise<number> {
  const tables = ['interrupted_form', 'webauthn_challenge', 'attempt_count'] as const
  const deleted = await Promise.all(
    tables.map((table) =>
      database().deleteFrom(table).where('expires_at', '<=', sql<Date>`app_now()`).executeTakeFirst(),
    ),
  )
  return deleted.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0)
}
