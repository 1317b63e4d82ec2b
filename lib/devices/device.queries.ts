import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import type { OpenedWith } from '#lib/session/step-up.ts'
import { IDLE_DAYS, LIFE_DAYS } from './device.ts'
import { type DeviceCookie, hashHalf } from './device-cookie.ts'

/** One session of the viewer. */
export type OwnSession = {
  id: string
  device: string
  openedWith: OpenedWith
  method: 'spid' | 'cie'
  since: Date
  lastSeen: Date
  /** The one that asks. */
  here: boolean
}

/** One remembered device of the viewer. */
export type RememberedDevice = {
  id: string
  name: string
  since: Date
  lastUsed: Date
  hasSequence: boolean
  passkeyId: string | null
  /** The one that asks. */
  here: boolean
}

export type Accesses = { sessions: OwnSession[]; devices: RememberedDevice[] }

const sessionsOf = async (viewer: Viewer): Promise<OwnSession[]> => {
  const rows = await database()
    .selectFrom('session')
    .where('citizen_id', '=', viewer.citizenId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<Date>`app_now()`)
    .where('last_seen_at', '>', sql<Date>`app_now() - make_interval(mins => ${env().SESSION_IDLE_MINUTES})`)
    .select(['id', 'device', 'opened_with', 'method', 'created_at', 'last_seen_at'])
    .orderBy('last_seen_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    device: row.device,
    openedWith: row.opened_with,
    method: row.method as 'spid' | 'cie',
    since: row.created_at,
    lastSeen: row.last_seen_at,
    here: row.id === viewer.sessionId,
  }))
}

const devicesOf = async (viewer: Viewer, cookie: DeviceCookie | null): Promise<RememberedDevice[]> => {
  const rows = await database()
    .selectFrom('remembered_device as d')
    .leftJoin('passkey as k', 'k.device_id', 'd.id')
    .where('d.citizen_id', '=', viewer.citizenId)
    .where('d.revoked_at', 'is', null)
    .where('d.last_used_at', '>', sql<Date>`app_now() - make_interval(days => ${IDLE_DAYS})`)
    .where('d.authenticated_at', '>', sql<Date>`app_now() - make_interval(days => ${LIFE_DAYS})`)
    .select(['d.id', 'd.name', 'd.created_at', 'd.last_used_at', 'd.series_hash', 'k.id as passkey_id'])
    .select((eb) => eb('d.sequence_hash', 'is not', null).as('has_sequence'))
    .orderBy('d.last_used_at', 'desc')
    .execute()
  const here = cookie ? hashHalf(cookie.series) : null
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    since: row.created_at,
    lastUsed: row.last_used_at,
    hasSequence: Boolean(row.has_sequence),
    passkeyId: row.passkey_id,
    here: here !== null && row.series_hash.equals(here),
  }))
}

/** Where the viewer is signed in and which devices remember them: only their own, in whichever municipality they were opened. */
export async function accessesOf(viewer: Viewer, cookie: DeviceCookie | null): Promise<Accesses> {
  const [sessions, devices] = await Promise.all([sessionsOf(viewer), devicesOf(viewer, cookie)])
  return { sessions, devices }
}
