import 'server-only'
import { sql } from 'kysely'
import { database, type Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { AuditDetails } from './audit-details.ts'
import type { AuditAction } from './audit-event.words.ts'

/** One act or reading of a person. */
export type AuditEvent = {
  action: AuditAction
  objectType: string
  objectId: string
  outcome?: 'done' | 'refused'
  details?: AuditDetails
}

/**
 * Writes the event in the transaction of the act: both are kept, or neither. What the office reads while it looks as a family is in
 * the event of the look itself.
 */
export async function recordAudit(
  trx: Trx,
  actor: Pick<Viewer, 'municipalityId'> & Partial<Pick<Viewer, 'personId' | 'sessionId' | 'look'>>,
  event: AuditEvent,
): Promise<void> {
  if (actor.look) return
  await trx
    .insertInto('audit_event')
    .values({
      municipality_id: actor.municipalityId,
      person_id: actor.personId ?? null,
      session_id: actor.sessionId ?? null,
      action: event.action,
      object_type: event.objectType,
      object_id: event.objectId,
      outcome: event.outcome ?? 'done',
      details: JSON.stringify(event.details ?? {}),
    })
    .execute()
}

const BATCH = 1_000

/**
 * Deletes rows older than their period (registers 24 months, sessions 30 days), some at a time. The database alone
 * decides what is old enough.
 * @returns how many rows went
 */
export async function purgeRegisters(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_registers(${BATCH}) as gone`.execute(database())
  return rows[0]?.gone ?? 0
}
