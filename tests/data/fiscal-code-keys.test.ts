import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Rekeyed, rekey } from '#db/rekey.ts'
import { sendDraft } from '#lib/forms/submission.commands.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { fiscalCodeHashes, hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { hashKeys } from '#lib/kernel/env.ts'
import { answerInvitation, inviteDelegate } from '#lib/people/delegate.commands.ts'
import { invitationView } from '#lib/people/delegate.queries.ts'
import { openSession } from '#lib/session/session.commands.ts'
import { sessionOf } from '#lib/session/session.queries.ts'
import { rekeyedInWords } from '#scripts/database.ts'
import { testDatabase } from '#tests/support/database.ts'
import { keyNamed, setEnvironment, TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type Parent,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code as codeOf, DECLARED, fill, send } from '#tests/support/forms.ts'
import { whileHolding } from '#tests/support/waiting.ts'

const [OLD, NEW] = [TEST_ENVIRONMENT.FISCAL_CODE_KEY, keyNamed('new codes')]

let municipality: TestMunicipality
let families: Household[]

/** The keys of the environment, as an administrator writes them one after the other. */
async function keys(current: string, also = ''): Promise<void> {
  const { ownerUrl, webUrl } = await testDatabase()
  setEnvironment({
    DATABASE_URL: ownerUrl,
    DATABASE_WEB_URL: webUrl,
    FISCAL_CODE_KEY: current,
    FISCAL_CODE_KEY_ALSO: also,
  })
}

const ring = (current: string, ...earlier: string[]) => ({
  codes: { current, earlier },
  data: { current: TEST_ENVIRONMENT.DATA_KEY, earlier: [] },
})

const rekeyed = async (current: string, ...earlier: string[]): Promise<Rekeyed> =>
  rekey((await testDatabase()).ownerUrl, ring(current, ...earlier))

/** The registry and the sign-ins know a person by the hash of the code, as in production. */
async function knownByCode({ personId, citizenId, fiscalCode }: Parent): Promise<void> {
  const { owner } = await testDatabase()
  const fiscal_code_hash = hashFiscalCode(fiscalCode, OLD)
  await owner.updateTable('citizen').set({ fiscal_code_hash }).where('id', '=', citizenId).execute()
  await owner.updateTable('person').set({ fiscal_code_hash }).where('id', '=', personId).execute()
}

/** Signs in with SPID. @returns the secret of the session */
const signIn = (fiscalCode: string): Promise<string> =>
  openSession(
    {
      issuer: 'https://login.example.it',
      subject: `SPID-${fiscalCode}`,
      method: 'spid',
      level: 2,
      fiscalCode,
      givenName: 'Laura',
      familyName: 'Conti',
      birthDay: '1985-05-17',
      email: null,
    },
    { municipalitySlug: municipality.slug, previousToken: null, device: 'Firefox' },
  )

const personOf = async (token: string): Promise<string | undefined> =>
  (await sessionOf(token, municipality.slug))?.viewer?.personId

const everyPerson = (): string[] => families.map(({ holder }) => holder.personId)
const whoSignIn = (): Promise<(string | undefined)[]> =>
  Promise.all(families.map(async ({ holder }) => personOf(await signIn(holder.fiscalCode))))

async function citizensWith(fiscalCode: string): Promise<string[]> {
  const { owner } = await testDatabase()
  const hashes = fiscalCodeHashes(fiscalCode, { current: OLD, earlier: [NEW] })
  const rows = await owner
    .selectFrom('citizen')
    .select('id')
    .where('fiscal_code_hash', 'in', hashes)
    .execute()
  return rows.map(({ id }) => id)
}

/** How many of the families' codes are written under a key, in the registry. */
async function writtenUnder(key: string): Promise<number> {
  const { owner } = await testDatabase()
  const hashes = families.map(({ holder }) => hashFiscalCode(holder.fiscalCode, key))
  const rows = await owner
    .selectFrom('person')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('fiscal_code_hash', 'in', hashes)
    .execute()
  return rows.length
}

let births = 0
const aCode = (): string => {
  births += 1
  const place = `L${String(births).padStart(3, '0')}`
  return makeFiscalCode({
    givenName: 'Marco',
    familyName: 'Albertini',
    birthDay: '1985-05-17',
    sex: 'M',
    place,
    omocodia: 0,
  })
}

beforeEach(async () => {
  await keys(OLD)
  municipality = await aMunicipality()
  families = [await aHousehold(municipality), await aHousehold(municipality), await aHousehold(municipality)]
  for (const { holder } of families) await knownByCode(holder)
})

describe('a new FISCAL_CODE_KEY', () => {
  test('replaces the one before without a moment in which a person is not known', async () => {
    const [first] = families as [Household]
    const token = await signIn(first.holder.fiscalCode)
    for (const [current, also] of [
      [OLD, NEW],
      [NEW, OLD],
    ] as const) {
      await keys(current, also)
      expect(await whoSignIn()).toEqual(everyPerson())
      expect(await personOf(token)).toBe(first.holder.personId)
    }
    expect((await rekeyed(NEW, OLD)).moved).toBeGreaterThanOrEqual(families.length)
    expect(await whoSignIn()).toEqual(everyPerson())
    await keys(NEW)
    expect(await whoSignIn()).toEqual(everyPerson())
    expect(await personOf(token)).toBe(first.holder.personId)
    expect(await citizensWith(first.holder.fiscalCode)).toEqual([first.holder.citizenId])
    expect(await rekeyed(NEW)).toMatchObject({ moved: 0 })
  })

  test('may be given up half-way: the one before comes back the same way', async () => {
    await keys(NEW, OLD)
    await rekeyed(NEW, OLD)
    await keys(OLD, NEW)
    expect(await whoSignIn()).toEqual(everyPerson())
    await rekeyed(OLD, NEW)
    await keys(OLD)
    expect(await whoSignIn()).toEqual(everyPerson())
  })

  test('of which a move was killed in the middle is moved to by the next', async () => {
    await keys(NEW, OLD)
    const held = families
      .map(({ holder }) => holder)
      .toSorted((a, b) => (a.personId < b.personId ? -1 : 1))[1] as Parent
    const { owner } = await testDatabase()
    const killed = whileHolding(
      (trx) => sql`select lock_code(${fiscalCodeHashes(held.fiscalCode, hashKeys())}::bytea[])`.execute(trx),
      () => rekeyed(NEW, OLD).catch(() => 'killed'),
      () =>
        sql`select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and a.datname = current_database()`.execute(owner),
    )
    expect(await killed).toBe('killed')
    expect([await writtenUnder(NEW), await writtenUnder(OLD)]).toEqual([1, 2])
    expect(await whoSignIn()).toEqual(everyPerson())
    expect(await rekeyed(NEW, OLD)).toMatchObject({ moved: 2 })
    await keys(NEW)
    expect(await whoSignIn()).toEqual(everyPerson())
  })

  test('is moved to by two commands at the same time, while people sign in', async () => {
    await keys(NEW, OLD)
    const [one, two, people] = await Promise.all([rekeyed(NEW, OLD), rekeyed(NEW, OLD), whoSignIn()])
    expect(people).toEqual(everyPerson())
    expect(one.moved + two.moved).toBeGreaterThanOrEqual(families.length)
    expect(await writtenUnder(NEW)).toBe(families.length)
    await keys(NEW)
    expect(await whoSignIn()).toEqual(everyPerson())
  })

  test('that nothing introduced leaves the codes as they are, and says how many it cannot read', async () => {
    expect((await rekeyed(NEW)).unknown).toBeGreaterThanOrEqual(families.length)
    expect(await writtenUnder(OLD)).toBe(families.length)
  })
})

describe('processes with the old and with the new key, beside each other', () => {
  test('make one citizen of a person whom no municipality knows', async () => {
    const stranger = aCode()
    for (const [current, also] of [
      [OLD, NEW],
      [NEW, OLD],
      [OLD, NEW],
      [NEW, OLD],
    ] as const) {
      await keys(current, also)
      await signIn(stranger)
      expect(await citizensWith(stranger)).toHaveLength(1)
    }
    const [citizen] = await citizensWith(stranger)
    await keys(NEW)
    await signIn(stranger)
    expect(await citizensWith(stranger)).toEqual([citizen])
  })

  test('leave a hash as it is while another transaction relies on it', async () => {
    const [{ holder }] = families as [Household]
    const hashes = fiscalCodeHashes(holder.fiscalCode, { current: NEW, earlier: [OLD] })
    const { web } = await testDatabase()
    let kept: Buffer | undefined
    await whileHolding(
      async (trx) => {
        const { rows } = await sql<{ hash: Buffer }>`select hash_of_code(${hashes}::bytea[]) as hash`.execute(
          trx,
        )
        kept = rows[0]?.hash
      },
      () => rekeyed(NEW, OLD),
      async () => expect(await writtenUnder(OLD)).toBeGreaterThan(0),
    )
    expect(kept).toEqual(hashes[1])
    await expect(sql`select rekey_code(${hashes}::bytea[])`.execute(web)).rejects.toMatchObject({
      code: '42501',
    })
  })
})

describe('a person whom no municipality knows', () => {
  test('who did not sign in before the key of before went is like new, and is one again when that key comes back', async () => {
    const stranger = aCode()
    await signIn(stranger)
    const [before] = await citizensWith(stranger)
    await keys(NEW, OLD)
    expect((await rekeyed(NEW, OLD)).strangers).toBeGreaterThan(0)
    await keys(NEW)
    await signIn(stranger)
    expect(await citizensWith(stranger)).toHaveLength(2)
    await keys(NEW, OLD)
    await signIn(stranger)
    const now = await citizensWith(stranger)
    expect(now).toHaveLength(1)
    expect(now).not.toEqual([before])
  })

  test('and is invited by a family accepts after the key of before went', async () => {
    const [family] = families as [Household]
    const child = await aPupil(municipality, family.householdId)
    const invited = aCode()
    const invitation = {
      householdId: family.householdId,
      fiscalCode: invited,
      email: 'marco@example.it',
      pupils: [child],
      until: null,
    }
    expect(await inviteDelegate(family.holderViewer, invitation, municipality.slug)).toMatchObject({
      ok: true,
    })
    await keys(NEW, OLD)
    const token = await signIn(invited)
    const session = await sessionOf(token, municipality.slug)
    if (!session) throw new Error('no session')
    const { owner } = await testDatabase()
    const { id } = await owner
      .selectFrom('delegate_invitation')
      .select('id')
      .where('household_id', '=', family.householdId)
      .executeTakeFirstOrThrow()
    const seen = () => invitationView(session.citizenId, municipality.slug, id)
    expect(await seen()).toMatchObject({ kind: 'open' })
    expect((await rekeyed(NEW, OLD)).moved).toBeGreaterThan(families.length)
    await keys(NEW)
    expect(await seen()).toMatchObject({ kind: 'open' })
    expect(await answerInvitation(session, municipality.slug, { token: id, accept: true })).toMatchObject({
      ok: true,
    })
    expect(await personOf(await signIn(invited))).toBeTruthy()
  })
})

test('the command ends by saying that the key of before may go, or which key is missing', () => {
  const lines = (unknown: number, hasEarlier = true) =>
    rekeyedInWords({ moved: 3, unknown, strangers: 2 }, hasEarlier).join('\n')
  expect(lines(0)).toMatch(/^3 codici.*FISCAL_CODE_KEY_ALSO si può svuotare.*\n2 persone/s)
  expect(lines(1)).toMatch(/1 non sono scritti con nessuna chiave/)
  expect(lines(1)).not.toContain('svuotare')
  expect(lines(0, false)).toBe('3 codici fiscali portati alla chiave di adesso')
})

test('a child who is not in the portal yet is asked for once, whichever key was current then', async () => {
  const [family] = families as [Household]
  const formId = await aForm(await aStaffViewer(municipality, 'operator'), 'enrolment')
  const typed = {
    figlio: {
      alunno: 'nuovo',
      nome: 'Anna',
      cognome: 'Conti',
      nascita: '2020-02-03',
      'codice-fiscale': makeFiscalCode({
        givenName: 'Anna',
        familyName: 'Conti',
        birthDay: '2020-02-03',
        sex: 'F',
        place: 'L781',
        omocodia: 0,
      }),
    },
    scuola: { scuola: municipality.school.id, dieta: 'no' },
    contatti: { email: 'laura@example.it' },
    ...DECLARED,
  }
  await send(family, formId, typed)
  await keys(NEW, OLD)
  const again = await fill(family, formId, typed)
  expect(codeOf(await sendDraft(family.holderViewer, again))).toBe('forms:already-sent')
  await rekeyed(NEW, OLD)
  await keys(NEW)
  expect(codeOf(await sendDraft(family.holderViewer, again))).toBe('forms:already-sent')
})
