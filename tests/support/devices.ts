import { sql } from 'kysely'
import type { Viewer } from '#lib/access/viewer.ts'
import { rememberDevice, unlockWithSequence } from '#lib/devices/device.commands.ts'
import { type DeviceCookie, hashHalf } from '#lib/devices/device-cookie.ts'
import { hashToken, sessionOf } from '#lib/session/session.queries.ts'
import { newSessionToken } from '#lib/session/session-token.adapter.ts'
import { testDatabase } from './database.ts'
import type { TestMunicipality } from './factories.ts'

/** A sequence that no person chooses first, and one that is not it. */
export const RIGHT = '729416'
export const WRONG = '729418'

/** The viewer with a real session of a full sign-in, made at the clock's moment. */
export async function signedIn(viewer: Viewer): Promise<{ viewer: Viewer; token: string }> {
  const { owner } = await testDatabase()
  const token = newSessionToken()
  const { id } = await owner
    .insertInto('session')
    .values({
      token_hash: hashToken(token),
      citizen_id: viewer.citizenId,
      method: 'spid',
      level: 2,
      device: 'Firefox su Linux',
      authenticated_at: sql<Date>`app_now()`,
      expires_at: sql<Date>`app_now() + interval '8 hours'`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { viewer: { ...viewer, sessionId: id }, token }
}

/** A device that remembers the viewer with the sequence RIGHT. */
export async function aDevice(viewer: Viewer, name = 'Chrome su Android'): Promise<DeviceCookie> {
  const { viewer: entered } = await signedIn(viewer)
  const result = await rememberDevice(entered, { cookie: null, name }, { sequence: RIGHT, repeated: RIGHT })
  if (!result.ok) throw new Error(result.code)
  return result.value
}

const entranceOf = (municipality: TestMunicipality) => ({
  municipalitySlug: municipality.slug,
  previousToken: null,
  device: 'Chrome su Android',
})

export const draw = (municipality: TestMunicipality, cookie: DeviceCookie | null, sequence: string) =>
  unlockWithSequence(cookie, sequence, entranceOf(municipality))

/** The device's row, as the database has it. */
export async function rowOf(cookie: DeviceCookie) {
  const { owner } = await testDatabase()
  return owner
    .selectFrom('remembered_device')
    .where('series_hash', '=', hashHalf(cookie.series))
    .selectAll()
    .executeTakeFirstOrThrow()
}

/** Who the portal sees behind a session's secret. */
export const seenIn = (municipality: TestMunicipality, token: string) => sessionOf(token, municipality.slug)
