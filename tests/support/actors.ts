import { createHash, randomBytes } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import type { StaffRole } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { testDatabase } from './database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from './factories.ts'

/** Everybody that the permission table of the design speaks of, and those that it does not name. */
export const ACTORS = [
  'anonymous',
  'stranger',
  'holder',
  'delegate',
  'exDelegate',
  'operator',
  'accountant',
  'manager',
  'editor',
  'reader',
  'kitchen',
  'schoolOffice',
  'teacher',
] as const
export type Actor = (typeof ACTORS)[number]

export type Cast = {
  municipality: TestMunicipality
  household: Household
  pupilId: string
  /** The `Cookie` header of each actor; empty for a visitor. */
  cookies: Record<Actor, string>
}

/** Opens a session for a citizen, as a sign-in just now would have. @returns a `Cookie` header */
export async function aSessionCookie(citizenId: string): Promise<string> {
  const { owner } = await testDatabase()
  const token = randomBytes(32).toString('base64url')
  await owner
    .insertInto('session')
    .values({
      token_hash: createHash('sha256').update(token).digest(),
      citizen_id: citizenId,
      method: 'spid',
      level: 2,
      authenticated_at: new Date(),
      created_at: new Date(),
      last_seen_at: new Date(),
      expires_at: new Date(Date.now() + 8 * 3_600_000),
    })
    .execute()
  const sealed = await encode({ token: { sid: token }, secret: env().NEXTAUTH_SECRET, maxAge: 8 * 3_600 })
  return `${authCookies.sessionToken.name}=${sealed}`
}

/**
 * A municipality with one family and one of every role, all signed in. The stranger is the holder of another family of the municipality.
 * Needs the database's clock to run with the real time, since sessions end by it.
 */
export async function aCast(day: string): Promise<Cast> {
  const municipality = await aMunicipality()
  const household = await aHousehold(municipality)
  const pupilId = await aPupil(municipality, household.householdId, { from: '2020-01-01', to: '2099-12-31' })
  await aServiceDay(municipality, day)
  const stranger = await aHousehold(municipality)
  await aPupil(municipality, stranger.householdId, { from: '2020-01-01', to: '2099-12-31' })
  const delegate = await aPerson(municipality, { givenName: 'Marco' })
  await aMember(municipality, household.householdId, delegate, 'delegate', { from: '2020-01-01' })
  const exDelegate = await aPerson(municipality, { givenName: 'Nonna' })
  await aMember(municipality, household.householdId, exDelegate, 'delegate', {
    from: '2020-01-01',
    to: '2020-06-30',
  })
  const staff = async (role: StaffRole) => aSessionCookie((await aStaffViewer(municipality, role)).citizenId)
  return {
    municipality,
    household,
    pupilId,
    cookies: {
      anonymous: '',
      stranger: await aSessionCookie(stranger.holder.citizenId),
      holder: await aSessionCookie(household.holder.citizenId),
      delegate: await aSessionCookie(delegate.citizenId),
      exDelegate: await aSessionCookie(exDelegate.citizenId),
      operator: await staff('operator'),
      accountant: await staff('accountant'),
      manager: await staff('manager'),
      editor: await staff('editor'),
      reader: await staff('reader'),
      kitchen: await staff('kitchen'),
      schoolOffice: await staff('school_office'),
      teacher: await staff('teacher'),
    },
  }
}
