import { randomBytes, randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type { Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { hashToken, type SessionFacts, sessionOf } from '#lib/session/session.queries.ts'
import { testDatabase } from './database.ts'
import { TEST_ENVIRONMENT } from './environment.ts'
import type { TestMunicipality } from './factories.ts'

/** Somebody who signed in with SPID, whether a municipality knows them or not. */
export type Citizen = {
  citizenId: string
  fiscalCode: string
  fiscalCodeHash: Buffer
  token: string
  session: Pick<SessionFacts, 'citizenId' | 'sessionId' | 'openedWith'>
}

/** A place of birth that no other invented person of a test has, so that namesakes have codes of their own. */
const anyPlace = (): string =>
  `${'ABCDEFGHIL'.charAt(randomInt(10))}${String(randomInt(1000)).padStart(3, '0')}`

/** A citizen with a living session and no role anywhere. */
export async function aCitizen(given: { givenName?: string; familyName?: string } = {}): Promise<Citizen> {
  const { owner } = await testDatabase()
  const fiscalCode = makeFiscalCode({
    givenName: given.givenName ?? 'Marco',
    familyName: given.familyName ?? 'Albertini',
    birthDay: '1985-05-17',
    sex: 'M',
    place: anyPlace(),
    omocodia: randomInt(8),
  })
  const fiscalCodeHash = hashFiscalCode(fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY)
  const citizen = await owner
    .insertInto('citizen')
    .values({
      fiscal_code_hash: fiscalCodeHash,
      given_name: given.givenName ?? 'Marco',
      family_name: given.familyName ?? 'Albertini',
      birth_date: '1985-05-17',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ...(await signedIn(citizen.id)), citizenId: citizen.id, fiscalCode, fiscalCodeHash }
}

/** A session that SPID opened just now. */
export async function signedIn(citizenId: string): Promise<Pick<Citizen, 'token' | 'session'>> {
  const { owner } = await testDatabase()
  const token = randomBytes(32).toString('base64url')
  const { id } = await owner
    .insertInto('session')
    .values({
      token_hash: hashToken(token),
      citizen_id: citizenId,
      method: 'spid',
      level: 2,
      authenticated_at: sql<Date>`app_now()`,
      last_seen_at: sql<Date>`app_now() + interval '1 year'`,
      expires_at: sql<Date>`app_now() + interval '1 year'`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { token, session: { citizenId, sessionId: id, openedWith: 'identity' } }
}

/** Who a citizen is to a municipality at this moment, exactly as a request finds out; throws when the municipality does not know them. */
export async function viewerNow(
  municipality: Pick<TestMunicipality, 'slug'>,
  who: Pick<Citizen, 'token'>,
): Promise<Viewer> {
  const viewer = (await sessionOf(who.token, municipality.slug))?.viewer
  if (!viewer) throw new Error('nobody of this municipality')
  return viewer
}
