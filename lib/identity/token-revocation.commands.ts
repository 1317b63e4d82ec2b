import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { PURPOSES } from '#db/sealed-columns.ts'
import { dataKeys } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { seal, unseal } from '#lib/kernel/sealed.ts'
import { revokeAtBridge } from './bridge.adapter.ts'

/** The life of a token whose provider states none; few live longer. */
const USUAL_LIFE_SECONDS = 30 * 60

/**
 * Keeps a token that the bridge did not take back, encrypted, to ask again.
 * @param secondsLeft of its life, where the provider said it
 */
export async function revokeLater(token: string, secondsLeft = USUAL_LIFE_SECONDS): Promise<void> {
  await database()
    .insertInto('token_revocation')
    .values({
      sealed: seal(token, PURPOSES.revokedToken, dataKeys()),
      expires_at: sql<Date>`app_now() + make_interval(secs => ${secondsLeft})`,
    })
    .execute()
}

/** Claims one due token for this worker, and sets its next attempt. */
async function claim() {
  const { rows } = await sql<{ id: string; sealed: Buffer }>`
    update token_revocation set attempts = attempts + 1, due_at = app_now() + make_interval(mins => (2 ^ attempts)::integer)
    where id = (select id from token_revocation where due_at <= app_now() and expires_at > app_now()
      order by due_at limit 1 for update skip locked)
    returning id, sealed`.execute(database())
  return rows[0]
}

/** Asks the bridge again about the tokens that are due; those that expired by themselves go. @returns how many were revoked */
export async function revokeDueTokens(): Promise<number> {
  await database().deleteFrom('token_revocation').where('expires_at', '<=', sql<Date>`app_now()`).execute()
  let revoked = 0
  for (let due = await claim(); due; due = await claim()) {
    const token = unseal(due.sealed, PURPOSES.revokedToken, dataKeys())
    try {
      if (token) await revokeAtBridge(token)
      await database().deleteFrom('token_revocation').where('id', '=', due.id).execute()
      revoked += 1
    } catch (error) {
      log().warn({ fault: (error as Error).name }, 'revocation: the bridge did not take a token back')
    }
  }
  return revoked
}
