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

type Actor = Pick<Viewer, 'municipalityId'> & Partial<Pick<Viewer, 'personId' | 'sessionId' | 'look'>>

/**
 * Writes the event in the transaction of the act: both are kept, or neither. What the office reads while it looks as a family is in
 * the event of the look itself.
 */
export async function recordAudit(trx: Trx, actor: Actor, event: AuditEvent): Promise<void> {
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

/** The same for many acts of one transaction, in one statement. */
export async function recordAudits(trx: Trx, actor: Actor, events: readonly AuditEvent[]): Promise<void> {
  const rows = events.map(({ outcome = 'done', details = {}, ...event }) => ({ ...event, outcome, details }))
  await sql`
    insert into audit_event (municipality_id, person_id, session_id, action, object_type, object_id, outcome, details)
    select ${actor.municipalityId}::uuid, ${actor.personId ?? null}::uuid, ${actor.sessionId ?? null}::uuid, n.action,
      n."objectType", n."objectId", n.outcome, n.details
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(action text, "objectType" text, "objectId" text, outcome text,
      details jsonb)`.execute(trx)
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
