import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Capability } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { ActOf } from '#lib/audit/audit-event.words.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Result } from '#lib/kernel/result.ts'
import {
  COMMUNICATION_LIFE_COLUMNS,
  type CommunicationVersion,
  communicationLife,
  readCommunicationVersion,
} from './communication.queries.ts'

/** One version of one communication. */
export type SavedCommunication = { id: string; version: number }

/** A communication, locked against other changes. */
export type LockedCommunication = ReturnType<typeof communicationLife> & {
  id: string
  now: Date
  today: Day
  approvedVersion: number | null
  approvedBy: string | null
}

/** The communication under a lock until the transaction ends; null when there is none. */
export async function lockCommunication(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<LockedCommunication | null> {
  const row = await trx
    .selectFrom('communication')
    .select(COMMUNICATION_LIFE_COLUMNS)
    .select(['approved_version', 'approved_by'])
    .select([sql<Date>`app_now()`.as('now'), sql<Day>`app_today()`.as('today')])
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return null
  return {
    ...communicationLife(row),
    id,
    now: row.now,
    today: row.today,
    approvedVersion: row.approved_version,
    approvedBy: row.approved_by,
  }
}

export const onCommunication = <T>(
  viewer: Viewer,
  capability: Capability,
  id: string,
  work: (trx: Trx, item: LockedCommunication) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    capability,
    { table: 'communication', id },
    (trx) => lockCommunication(trx, viewer.municipalityId, id),
    work,
  )

export const updateCommunication = (trx: Trx, municipalityId: string, id: string) =>
  trx.updateTable('communication').where('municipality_id', '=', municipalityId).where('id', '=', id)

export type Actor = Pick<Viewer, 'municipalityId'> & Partial<Pick<Viewer, 'personId' | 'sessionId'>>

export const auditCommunication = (
  trx: Trx,
  actor: Actor,
  action: ActOf<'communications.'>,
  item: SavedCommunication,
  details: Record<string, string | number | boolean> = {},
) =>
  recordAudit(trx, actor, {
    action: `communications.${action}`,
    objectType: 'communication',
    objectId: item.id,
    details: { version: item.version, ...details },
  })

/** A version that is known to be there. @throws when it is not: a fault of ours */
export async function mustReadVersion(
  trx: Trx,
  municipalityId: string,
  id: string,
  number: number,
): Promise<CommunicationVersion> {
  const version = await readCommunicationVersion(trx, municipalityId, id, number)
  if (!version) throw new Error(`communication ${id} has no version ${number}`)
  return version
}
