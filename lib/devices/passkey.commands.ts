import 'server-only'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import { sql } from 'kysely'
import { asSystem, database } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import {
  enterWithDevice,
  ownDevice,
  recognise,
  recordRefusedUnlock,
  type Unlocked,
} from '#lib/devices/device.commands.ts'
import { MAX_DEVICES } from '#lib/devices/device.ts'
import { type DeviceCookie, hashHalf } from '#lib/devices/device-cookie.ts'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import type { Entrance } from '#lib/session/session.commands.ts'

/** EdDSA, ES256 and RS256, which every authenticator has one of (COSE numbers). */
const ALGORITHMS = [-8, -7, -257]

/** How long a browser may take to ask for finger, face or code. */
const CHALLENGE_MINUTES = 5

/** A passkey belongs to the portal's host and to no other. */
const relyingParty = () => ({
  origin: env().PUBLIC_ORIGIN,
  id: new URL(env().PUBLIC_ORIGIN).hostname,
})

type Purpose = 'register' | 'unlock'

async function keepChallenge(challenge: string, purpose: Purpose, subjectId: string): Promise<void> {
  await database()
    .insertInto('webauthn_challenge')
    .values({
      challenge_hash: hashHalf(challenge),
      purpose,
      subject_id: subjectId,
      expires_at: sql<Date>`app_now() + make_interval(mins => ${CHALLENGE_MINUTES})`,
    })
    .execute()
}

/** Spends a challenge: true once, for the one it was made for, while it lasts. */
const spendChallenge = (purpose: Purpose, subjectId: string) => async (challenge: string) => {
  const spent = await database()
    .deleteFrom('webauthn_challenge')
    .where('challenge_hash', '=', hashHalf(challenge))
    .where('purpose', '=', purpose)
    .where('subject_id', '=', subjectId)
    .where('expires_at', '>', sql<Date>`app_now()`)
    .returning('challenge_hash')
    .executeTakeFirst()
  return spent !== undefined
}

/** The library's verification of an answer; null for a wrong one, whose kind goes to the log without its content. */
async function verified<T extends { verified: boolean }>(verification: Promise<T>): Promise<T | null> {
  try {
    const answer = await verification
    return answer.verified ? answer : null
  } catch (error) {
    // The library throws for every wrong answer; an error of the database is a defect and is rethrown.
    if ((error as { code?: unknown }).code !== undefined) throw error
    log().warn({ fault: (error as Error).name }, 'passkey: verification refused the answer of a browser')
    return null
  }
}

/** Reads what a browser sent as its new passkey; the verification refuses anything else. */
export function readRegistration(json: string): RegistrationResponseJSON {
  try {
    return JSON.parse(json) as RegistrationResponseJSON
  } catch {
    return {} as RegistrationResponseJSON
  }
}

/** What a browser needs to make a passkey for the viewer. */
export async function beginPasskey(viewer: Viewer): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const options = await generateRegistrationOptions({
    rpName: 'Refettorio, mensa scolastica',
    rpID: relyingParty().id,
    userName: viewer.name,
    userDisplayName: viewer.name,
    userID: new Uint8Array(Buffer.from(viewer.citizenId.replaceAll('-', ''), 'hex')),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    preferredAuthenticatorType: 'localDevice',
    supportedAlgorithmIDs: ALGORITHMS,
  })
  await keepChallenge(options.challenge, 'register', viewer.sessionId)
  return options
}

/**
 * Remembers this device with the passkey that the browser has made; a device has one at most, the newest.
 * The caller has asked for a fresh SPID or CIE.
 */
export async function registerPasskey(
  viewer: Viewer,
  browser: { cookie: DeviceCookie | null; name: string },
  response: RegistrationResponseJSON,
): Promise<Result<DeviceCookie>> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty()
  const expectedChallenge = spendChallenge('register', viewer.sessionId)
  const answer = await verified(
    verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin,
      expectedRPID,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  if (!answer?.registrationInfo) return refused('devices:passkey-refused')
  const { credential } = answer.registrationInfo
  return asSystem(viewer.municipalityId, async (trx) => {
    const device = await ownDevice(trx, viewer, browser.cookie, browser.name)
    if (!device) return refused('devices:too-many', { n: MAX_DEVICES })
    await trx.deleteFrom('passkey').where('device_id', '=', device.id).execute()
    const kept = await trx
      .insertInto('passkey')
      .values({
        device_id: device.id,
        credential_id: credential.id,
        public_key: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: credential.transports ?? [],
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returning('id')
      .executeTakeFirst()
    // A credential that another device has registered proves nothing about this viewer.
    if (!kept) throw new Error('passkey: this credential is registered already')
    await recordAudit(trx, viewer, { action: 'passkey.register', objectType: 'device', objectId: device.id })
    return ok(device.cookie)
  })
}

async function passkeyOf(deviceId: string): Promise<WebAuthnCredential | null> {
  const row = await database()
    .selectFrom('passkey')
    .where('device_id', '=', deviceId)
    .select(['credential_id', 'public_key', 'counter', 'transports'])
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    counter: Number(row.counter),
    transports: row.transports,
  }
}

/** What a browser needs to ask for finger, face or code; null where it has no passkey to ask with. */
export async function beginUnlock(
  cookie: DeviceCookie | null,
): Promise<PublicKeyCredentialRequestOptionsJSON | null> {
  const device = cookie && (await recognise(cookie))
  const passkey = device && (await passkeyOf(device.id))
  if (!device || !passkey) return null
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().id,
    allowCredentials: [{ id: passkey.id, ...(passkey.transports ? { transports: passkey.transports } : {}) }],
    userVerification: 'required',
  })
  await keepChallenge(options.challenge, 'unlock', device.id)
  return options
}

/** Opens a session for the person whom the device recognised; null for every other answer. */
export async function unlockWithPasskey(
  cookie: DeviceCookie | null,
  response: AuthenticationResponseJSON,
  entrance: Entrance,
): Promise<Unlocked | null> {
  const device = cookie && (await recognise(cookie))
  const right = device ? await isOwner(device.id, response) : false
  const unlocked = cookie && right ? await enterWithDevice(cookie, 'passkey', entrance) : null
  if (!unlocked) await recordRefusedUnlock(entrance, device?.citizen_id, 'passkey')
  return unlocked
}

async function isOwner(deviceId: string, response: AuthenticationResponseJSON): Promise<boolean> {
  const credential = await passkeyOf(deviceId)
  if (!credential || credential.id !== response.id) return false
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty()
  const expectedChallenge = spendChallenge('unlock', deviceId)
  const answer = await verified(
    verifyAuthenticationResponse({ response, expectedChallenge, expectedOrigin, expectedRPID, credential }),
  )
  if (!answer) return false
  await database()
    .updateTable('passkey')
    .set({ counter: answer.authenticationInfo.newCounter, last_used_at: sql<Date>`app_now()` })
    .where('device_id', '=', deviceId)
    .execute()
  return true
}

/** Takes the passkey away from one of the viewer's devices; its sequence, if it has one, stays. */
export function removePasskey(viewer: Viewer, passkeyId: string): Promise<Result<null>> {
  return asSystem(viewer.municipalityId, async (trx) => {
    const own = await trx
      .selectFrom('remembered_device')
      .where('citizen_id', '=', viewer.citizenId)
      .where('revoked_at', 'is', null)
      .select('id')
      .execute()
    if (own.length === 0) return refused('request:not-found')
    const ids = own.map((device) => device.id)
    const removed = await trx
      .deleteFrom('passkey')
      .where('id', '=', passkeyId)
      .where('device_id', 'in', ids)
      .returning('device_id')
      .executeTakeFirst()
    if (!removed) return refused('request:not-found')
    const objectId = removed.device_id
    await recordAudit(trx, viewer, { action: 'passkey.remove', objectType: 'device', objectId })
    return ok(null)
  })
}
