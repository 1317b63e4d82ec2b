import 'server-only'
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { asSystem, database, type Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { SignInMethod } from '#lib/identity/claims.ts'
import type { Level } from '#lib/identity/levels.ts'
import { env } from '#lib/kernel/env.ts'
import { concurrencyLimit } from '#lib/kernel/limits.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import {
  type Entrance,
  endOwnSession,
  endSessionsOfDevice,
  openUnlockedSession,
  recordSignInEvent,
} from '#lib/session/session.commands.ts'
import { type DeviceEvent, deviceNotice } from './device.notice.ts'
import {
  deviceStanding,
  GRACE_SECONDS,
  MAX_DEVICES,
  MAX_FAILURES,
  type Presented,
  type RevokeReason,
} from './device.ts'
import { type DeviceCookie, hashHalf, newDeviceCookie, nextSecret } from './device-cookie.ts'
import { parseNewSequence, parseSequence, type Sequence } from './sequence.ts'
import { hashSequence, isSequence } from './sequence-hash.ts'

type DeviceRow = {
  id: string
  citizen_id: string
  municipality_id: string
  name: string
  method: SignInMethod
  level: Level
  authenticated_at: Date
  sequence_salt: Buffer | null
  sequence_hash: Buffer | null
  stalled: boolean
} & Presented

/** The device that a cookie names, locked, with what its changing half says. */
async function lockDevice(trx: Trx, { series, secret }: DeviceCookie): Promise<DeviceRow | undefined> {
  const shown = hashHalf(secret)
  const { rows } = await sql<DeviceRow>`
    select id, citizen_id, municipality_id, name, method, level, authenticated_at, sequence_salt, sequence_hash, failures,
      revoked_at is not null as revoked,
      extract(epoch from app_now() - last_used_at)::float8 as "idleSeconds",
      extract(epoch from app_now() - authenticated_at)::float8 as "ageSeconds",
      case when secret_hash = ${shown} then 'current'
        when previous_secret_hash = ${shown} and rotated_at > app_now() - make_interval(secs => ${GRACE_SECONDS}) then 'just-replaced'
        else 'old' end as secret,
      coalesce(attempted_at < app_now() - interval '1 minute', false) as stalled
    from remembered_device where series_hash = ${hashHalf(series)} for update`.execute(trx)
  return rows[0]
}

/** Forgets a device and ends what it opened. */
async function revoke(trx: Trx, deviceId: string, reason: RevokeReason): Promise<void> {
  await trx
    .updateTable('remembered_device')
    .set({ revoked_at: sql<Date>`app_now()`, revoke_reason: reason })
    .where('id', '=', deviceId)
    .where('revoked_at', 'is', null)
    .execute()
  await endSessionsOfDevice(trx, deviceId)
}

/** Tells the owner, in the device's municipality: in the portal, and always by mail where there is an address. */
async function tellOwner(
  trx: Trx,
  device: { id: string; citizenId: string; municipalityId: string; name: string },
  news: DeviceEvent,
): Promise<void> {
  const { rows } = await sql<{ id: string; municipality: string; slug: string; now: Date }>`
    select k.person_id as id, m.name as municipality, m.slug, app_now() as now
    from municipality m join citizen c on c.id = ${device.citizenId}
    join person_code k on k.municipality_id = ${device.municipalityId} and k.fiscal_code_hash = c.fiscal_code_hash
    where m.id = ${device.municipalityId}`.execute(trx)
  const owner = rows[0]
  if (!owner) return
  const facts = {
    deviceName: device.name,
    at: owner.now,
    accessesUrl: `${env().PUBLIC_ORIGIN}/${owner.slug}/profilo/accessi`,
    municipality: owner.municipality,
  }
  await notify(trx, device.municipalityId, {
    event: 'device:remembered',
    key: `device:${device.id}:${news}`,
    to: [owner.id],
    say: (t) => deviceNotice(facts, news, t),
    path: '/profilo/accessi',
  })
}

/** Forgets a device without a request of its owner, and tells the owner. */
async function revokeAndTell(device: DeviceRow, reason: 'failures' | 'copied' | 'idle'): Promise<void> {
  const { id, name, citizen_id: citizenId, municipality_id: municipalityId } = device
  await asSystem(municipalityId, async (trx) => {
    await revoke(trx, id, reason)
    if (reason !== 'idle') await tellOwner(trx, { id, name, citizenId, municipalityId }, reason)
  })
}

/** Reads the device of a cookie, and forgets it when its cookie was copied or it is too old. */
export async function recognise(
  cookie: DeviceCookie,
  work: (trx: Trx, device: DeviceRow) => Promise<void> = async () => undefined,
): Promise<DeviceRow | null> {
  const { device, state } = await database()
    .transaction()
    .execute(async (trx) => {
      const device = await lockDevice(trx, cookie)
      const state = device ? deviceStanding(device) : 'closed'
      if (device && state === 'open') await work(trx, device)
      return { device, state }
    })
  if (!device) return null
  if (state === 'copied' || state === 'idle') await revokeAndTell(device, state)
  // The fifth attempt was begun and never judged: its process died.
  if (state === 'closed' && !device.revoked && device.stalled) await revokeAndTell(device, 'failures')
  return state === 'open' ? device : null
}

/** Whether a cookie names a device that is not forgotten; its changing half is not looked at. */
export async function isRemembered({ series }: DeviceCookie): Promise<boolean> {
  const device = await database()
    .selectFrom('remembered_device')
    .where('series_hash', '=', hashHalf(series))
    .where('revoked_at', 'is', null)
    .select('id')
    .executeTakeFirst()
  return device !== undefined
}

/** What the access page shows to a browser with a device's cookie; null where there is nothing to unlock. */
export async function deviceToUnlock(
  cookie: DeviceCookie | null,
): Promise<{ givenName: string; hasSequence: boolean; hasPasskey: boolean } | null> {
  const device = cookie && (await recognise(cookie))
  if (!device) return null
  const owner = await database()
    .selectFrom('citizen as c')
    .leftJoin('passkey as k', (join) => join.on('k.device_id', '=', device.id))
    .where('c.id', '=', device.citizen_id)
    .select(['c.given_name', 'k.id as passkey_id'])
    .executeTakeFirstOrThrow()
  return {
    givenName: owner.given_name,
    hasSequence: device.sequence_hash !== null,
    hasPasskey: owner.passkey_id !== null,
  }
}

/** The result of an unlock: the secret of the session, and the device's next cookie. */
export type Unlocked = { token: string; cookie: DeviceCookie }

/**
 * Lets a browser in whose cookie is still good, changing the changing half. The device is looked at again under its
 * lock: it may have been forgotten while the sequence was judged.
 */
export function enterWithDevice(
  cookie: DeviceCookie,
  kind: 'sequence' | 'passkey',
  entrance: Entrance,
): Promise<Unlocked | null> {
  return database()
    .transaction()
    .execute(async (trx) => {
      const device = await lockDevice(trx, cookie)
      if (!device || device.revoked || device.secret === 'old') return null
      const next = nextSecret(cookie.secret, env().DEVICE_PEPPER)
      await trx
        .updateTable('remembered_device')
        .set({
          failures: 0,
          last_used_at: sql<Date>`app_now()`,
          ...(device.secret === 'current'
            ? {
                secret_hash: hashHalf(next),
                previous_secret_hash: hashHalf(cookie.secret),
                rotated_at: sql<Date>`app_now()`,
              }
            : {}),
        })
        .where('id', '=', device.id)
        .execute()
      const token = await openUnlockedSession(
        trx,
        {
          citizenId: device.citizen_id,
          method: device.method,
          level: device.level,
          device: entrance.device,
          unlock: { with: kind, deviceId: device.id, authenticatedAt: device.authenticated_at },
        },
        entrance,
      )
      return { token, cookie: { series: cookie.series, secret: next } }
    })
}

/** Counts an attempt before it is judged: of any number of simultaneous attempts, five are judged. */
async function beginAttempt(cookie: DeviceCookie): Promise<DeviceRow | null> {
  return recognise(cookie, async (trx, device) => {
    await trx
      .updateTable('remembered_device')
      .set({ failures: sql<number>`failures + 1`, attempted_at: sql<Date>`app_now()` })
      .where('id', '=', device.id)
      .execute()
  })
}

/** After a wrong sequence: the fifth forgets the device, in any order in which five simultaneous attempts are judged. */
async function endAttempt(device: DeviceRow): Promise<void> {
  const spent = await database()
    .selectFrom('remembered_device')
    .where('id', '=', device.id)
    .where('failures', '>=', MAX_FAILURES)
    .where('revoked_at', 'is', null)
    .select('id')
    .executeTakeFirst()
  if (spent) await revokeAndTell(device, 'failures')
}

/** Simultaneous attempts beyond those that can be judged are refused before they cost a connection. */
const attempts = concurrencyLimit(MAX_FAILURES)

/**
 * Judges a sequence against the device behind a cookie. Unknown, copied, forgotten and old devices and wrong sequences
 * answer alike: null.
 * @param typed what was drawn or typed; what cannot be a sequence is no attempt
 */
export const unlockWithSequence = (
  cookie: DeviceCookie | null,
  typed: string,
  entrance: Entrance,
): Promise<Unlocked | null> =>
  attempts(cookie?.series ?? '', () => tryToUnlock(cookie, typed, entrance), null)

async function tryToUnlock(
  cookie: DeviceCookie | null,
  typed: string,
  entrance: Entrance,
): Promise<Unlocked | null> {
  const parsed = parseSequence(typed)
  const device = cookie && 'sequence' in parsed ? await beginAttempt(cookie) : null
  const right = device && 'sequence' in parsed ? await judge(device, parsed.sequence) : false
  const unlocked = cookie && right ? await enterWithDevice(cookie, 'sequence', entrance) : null
  if (device && !right) await endAttempt(device)
  if (!unlocked) await recordRefusedUnlock(entrance, device?.citizen_id, 'sequence')
  return unlocked
}

const judge = async (device: DeviceRow, sequence: Sequence): Promise<boolean> =>
  device.sequence_hash !== null &&
  device.sequence_salt !== null &&
  isSequence(sequence, { salt: device.sequence_salt, hash: device.sequence_hash }, env().DEVICE_PEPPER)

/** Writes in the register of sign-ins that a device was not unlocked. */
export const recordRefusedUnlock = (
  { municipalitySlug }: Pick<Entrance, 'municipalitySlug'>,
  citizenId: string | undefined,
  method: 'sequence' | 'passkey',
): Promise<void> =>
  recordSignInEvent(database(), {
    municipalitySlug,
    outcome: 'unlock_refused',
    method,
    ...(citizenId ? { citizenId } : {}),
  })

/** Forgets the device of this browser without a sign-in: *Non sei tu?*. A device that is not remembered is no error. */
export async function forgetThisDevice(cookie: DeviceCookie | null): Promise<void> {
  if (!cookie) return
  await database()
    .transaction()
    .execute(async (trx) => {
      const device = await lockDevice(trx, cookie)
      if (device && !device.revoked && device.secret !== 'old') await revoke(trx, device.id, 'forgotten')
    })
}

/** The sign-in behind the viewer's session: the device remembers it. */
const signInOf = (trx: Trx, viewer: Viewer) =>
  trx
    .selectFrom('session')
    .where('id', '=', viewer.sessionId)
    .where('citizen_id', '=', viewer.citizenId)
    .select(['method', 'level', 'authenticated_at'])
    .executeTakeFirstOrThrow()

async function countDevices(trx: Trx, citizenId: string): Promise<number> {
  const { n } = await trx
    .selectFrom('remembered_device')
    .where('citizen_id', '=', citizenId)
    .where('revoked_at', 'is', null)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** The device that is being remembered. */
export type OwnDevice = { id: string; cookie: DeviceCookie }

/**
 * The viewer's device behind this cookie; another person's, or none, makes room for a new one.
 * @returns null when the person has too many
 */
export async function ownDevice(
  trx: Trx,
  viewer: Viewer,
  cookie: DeviceCookie | null,
  name: string,
): Promise<OwnDevice | null> {
  const device = cookie && (await lockDevice(trx, cookie))
  if (cookie && device && deviceStanding(device) === 'open' && device.citizen_id === viewer.citizenId) {
    return { id: device.id, cookie }
  }
  if ((await countDevices(trx, viewer.citizenId)) >= MAX_DEVICES) return null
  if (device && !device.revoked) await revoke(trx, device.id, 'replaced')
  return insertDevice(trx, viewer, name)
}

async function insertDevice(trx: Trx, viewer: Viewer, name: string): Promise<OwnDevice> {
  const cookie = newDeviceCookie()
  const { id } = await trx
    .insertInto('remembered_device')
    .values({
      ...(await signInOf(trx, viewer)),
      citizen_id: viewer.citizenId,
      municipality_id: viewer.municipalityId,
      name,
      series_hash: hashHalf(cookie.series),
      secret_hash: hashHalf(cookie.secret),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { citizenId, municipalityId } = viewer
  await recordAudit(trx, viewer, { action: 'device.remember', objectType: 'device', objectId: id })
  await tellOwner(trx, { id, citizenId, municipalityId, name }, 'added')
  return { id, cookie }
}

/**
 * *Salva credenziali*: remembers this device with a sequence, or gives a remembered one a new sequence.
 * The caller has asked for a fresh SPID or CIE.
 * @returns the cookie to give to the browser
 */
export async function rememberDevice(
  viewer: Viewer,
  browser: { cookie: DeviceCookie | null; name: string },
  typed: { sequence: string; repeated: string },
): Promise<Result<DeviceCookie>> {
  const parsed = parseNewSequence(typed.sequence)
  if ('fault' in parsed) return refused(`devices:${parsed.fault}`)
  const again = parseSequence(typed.repeated)
  if (!('sequence' in again) || again.sequence !== parsed.sequence) return refused('devices:not-the-same')
  const salt = randomBytes(16)
  const hash = await hashSequence(parsed.sequence, salt, env().DEVICE_PEPPER)
  return asSystem(viewer.municipalityId, async (trx) => {
    const device = await ownDevice(trx, viewer, browser.cookie, browser.name)
    if (!device) return refused('devices:too-many', { n: MAX_DEVICES })
    await trx
      .updateTable('remembered_device')
      .set({ sequence_salt: salt, sequence_hash: hash, failures: 0 })
      .where('id', '=', device.id)
      .execute()
    await recordAudit(trx, viewer, { action: 'device.sequence', objectType: 'device', objectId: device.id })
    return ok(device.cookie)
  })
}

/** Forgets one of the viewer's devices, in any municipality. */
export function revokeDevice(viewer: Viewer, deviceId: string): Promise<Result<null>> {
  return asSystem(viewer.municipalityId, async (trx) => {
    const own = await trx
      .selectFrom('remembered_device')
      .where('id', '=', deviceId)
      .where('citizen_id', '=', viewer.citizenId)
      .where('revoked_at', 'is', null)
      .forUpdate()
      .select('id')
      .executeTakeFirst()
    if (!own) return refused('request:not-found')
    await revoke(trx, deviceId, 'owner')
    await recordAudit(trx, viewer, { action: 'device.revoke', objectType: 'device', objectId: deviceId })
    return ok(null)
  })
}

/** Ends one of the viewer's sessions; the next request of an open page has none. */
export function revokeSession(viewer: Viewer, sessionId: string): Promise<Result<null>> {
  return asSystem(viewer.municipalityId, async (trx) => {
    if (!(await endOwnSession(trx, viewer.citizenId, sessionId))) return refused('request:not-found')
    await recordAudit(trx, viewer, { action: 'session.revoke', objectType: 'session', objectId: sessionId })
    return ok(null)
  })
}

const PURGE = 500

/**
 * Forgets devices that open nothing since a year, some at a time. The database alone decides what is old enough.
 * @returns how many went
 */
export async function purgeDevices(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_devices(${PURGE}) as gone`.execute(database())
  return rows[0]?.gone ?? 0
}
