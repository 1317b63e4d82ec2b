import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  type AskedAdultMerge,
  mergeAdults,
  previewAdultMerge,
  previewAdultSplit,
  undoAdultMerge,
} from '#lib/people/office/person-merge.commands.ts'
import { adultPairForOffice } from '#lib/people/office/person-merge.queries.ts'
import { doublesForOffice } from '#lib/people/office/pupil-merge.queries.ts'
import { tellApart } from '#lib/people/office/told-apart.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  ledgerFaults,
  type Parent,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, code, done, healthDiet, send } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { everyRowOf } from '#tests/support/rollover.ts'

const MONDAY = '2026-11-23'

let municipality: TestMunicipality
let family: Household
let manager: Viewer

async function aTown(): Promise<void> {
  await setClock(`${MONDAY}T06:00:00Z`)
  municipality = await aMunicipality()
  family = await aHousehold(municipality)
  manager = await aStaffViewer(municipality, 'manager')
  await aServiceDay(municipality, MONDAY)
}

async function letGo(): Promise<void> {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
}
beforeEach(aTown)
afterEach(letGo)

/** The same adult a second time, from a list: no person has entered with the code. */
async function again(given: Partial<{ email: string; hasEntered: boolean }> = {}): Promise<Parent> {
  const person = await aPerson(municipality, given.email ? { email: given.email } : {})
  const { owner } = await testDatabase()
  if (!given.hasEntered) await owner.deleteFrom('citizen').where('id', '=', person.citizenId).execute()
  return person
}

const asked = (one: Parent, other: Parent, given: Partial<AskedAdultMerge> = {}): AskedAdultMerge => ({
  ...{ oneId: one.personId, otherId: other.personId, keep: 'one', name: 'one', code: 'one' },
  ...{ otherCode: 'closes', checked: false, ...given },
})

async function merge(whole: AskedAdultMerge, viewer = manager) {
  const preview = await previewAdultMerge(viewer, whole)
  if (!preview.ok) return preview
  return mergeAdults(viewer, whole, { seen: preview.value.seen, reason: 'Due volte nell’elenco' })
}

async function undo(one: Parent, other: Parent, viewer = manager) {
  const mergeId = (await adultPairForOffice(viewer, one.personId, other.personId))?.merge?.id ?? ''
  const whole = { oneId: one.personId, otherId: other.personId, mergeId }
  const preview = await previewAdultSplit(viewer, whole)
  if (!preview.ok) return preview
  return undoAdultMerge(viewer, whole, { seen: preview.value.seen, reason: 'Erano due' })
}

async function rolesOf({ personId }: Parent) {
  const { owner } = await testDatabase()
  const { rows } = await sql<{
    roles: { householdId: string; role: string; pupilIds?: string[]; since?: string }[]
  }>`
    select memberships_of(${municipality.municipalityId}::uuid, ${personId}::uuid) as roles`.execute(owner)
  return rows[0]?.roles ?? []
}

/** The person to whom a code opens. */
async function openedBy(fiscalCode: string): Promise<string | null> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ id: string }>`select k.person_id as id from person_code k
    where k.municipality_id = ${municipality.municipalityId} and k.fiscal_code = ${fiscalCode}`.execute(owner)
  return rows[0]?.id ?? null
}

/** Everything but who was told what, and what ends for good: addresses of the calendar, devices. */
async function rowsThatStay(): Promise<Record<string, string>> {
  const all = await everyRowOf(municipality)
  return Object.fromEntries(
    Object.entries(all).filter(
      ([table]) => !/^(notification$|outbox|delivery_batch|remembered_device)/.test(table),
    ),
  )
}

describe('adults who may be in the registry twice', () => {
  test('are those of one name with the same telephone, e-mail or birth day; not those told apart or merged', async () => {
    const twin = await again()
    const stranger = await again({ email: 'altra@example.it' })
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ fiscal_code: 'CNTLRA60A41L781X', birth_date: '1960-01-01' })
      .where('id', '=', stranger.personId)
      .execute()
    await owner
      .updateTable('person')
      .set({ fiscal_code: 'CNTLRA85E57L781Y', birth_date: '1985-05-17' })
      .where('id', '=', family.holder.personId)
      .execute()
    await owner
      .updateTable('person')
      .set({ fiscal_code: 'CNTLRA70A41L781Z' })
      .where('id', '=', twin.personId)
      .execute()
    const pairs = async () =>
      (await doublesForOffice(manager))?.adults.map(({ one, other }) => [one.id, other.id]) ?? []
    const pair = [family.holder.personId, twin.personId].toSorted()
    expect(await pairs()).toEqual([pair])
    const [oneId, otherId] = pair as [string, string]
    done(await tellApart(manager, { kind: 'person', oneId, otherId, reason: '' }))
    expect(await pairs()).toEqual([])
    expect((await doublesForOffice(manager))?.apart).toMatchObject([{ kind: 'person' }])
    await owner.updateTable('person').set({ family_name: 'Contì' }).where('id', '=', twin.personId).execute()
    expect(await pairs()).toEqual([pair])
  })
})

describe('two adults of one person', () => {
  test('who pays for two families is one who pays for both, and sees what the other saw', async () => {
    const other = await aHousehold(municipality, { name: 'Bassani' })
    await testDatabase().then(({ owner }) =>
      owner.deleteFrom('citizen').where('id', '=', other.holder.citizenId).execute(),
    )
    done(await merge(asked(family.holder, other.holder)))
    expect(await rolesOf(family.holder)).toEqual(
      [family, other]
        .map(({ householdId }) => ({ householdId, role: 'holder' }))
        .toSorted((a, b) => a.householdId.localeCompare(b.householdId)),
    )
    expect(await rolesOf(other.holder)).toEqual([])
    expect((await doublesForOffice(manager))?.mergedAdults).toMatchObject([
      { keptId: family.holder.personId, goneId: other.holder.personId },
    ])
  })

  test('a delegate of some pupils has those of both; the holder of a family is no delegate of it', async () => {
    const { owner } = await testDatabase()
    const [greta, pia] = [
      await aPupil(municipality, family.householdId),
      await aPupil(municipality, family.householdId, { name: 'Pia' }),
    ]
    const [one, two] = [await again(), await again()]
    for (const [person, pupil] of [
      [one, greta],
      [two, pia],
    ] as const) {
      await aMember(municipality, family.householdId, person, 'delegate')
      const member = await owner
        .updateTable('household_member')
        .set({ all_pupils: false })
        .where('person_id', '=', person.personId)
        .returning('id')
        .executeTakeFirstOrThrow()
      await owner
        .insertInto('delegate_pupil')
        .values({
          municipality_id: municipality.municipalityId,
          household_member_id: member.id,
          pupil_id: pupil,
        })
        .execute()
    }
    done(await merge(asked(one, two)))
    expect(await rolesOf(one)).toMatchObject([{ role: 'delegate', pupilIds: [greta, pia].toSorted() }])
    done(await merge(asked(family.holder, one)))
    expect(await rolesOf(family.holder)).toEqual([{ householdId: family.householdId, role: 'holder' }])
    expect(await rolesOf(one)).toEqual([])
  })

  test('the chosen code opens; the other opens nothing, or the same, and a list finds who stays by both', async () => {
    const { owner } = await testDatabase()
    const twin = await again()
    done(await merge(asked(family.holder, twin, { code: 'other' })))
    expect(await openedBy(twin.fiscalCode)).toBe(family.holder.personId)
    expect(await openedBy(family.holder.fiscalCode)).toBe(twin.personId)
    expect(await rolesOf(twin)).toEqual([])
    const found = await sql<{ id: string }>`
      select kept_person(${municipality.municipalityId}::uuid, ${twin.personId}::uuid) as id`.execute(owner)
    expect(found.rows[0]?.id).toBe(family.holder.personId)
    done(await undo(family.holder, twin))
    done(await merge(asked(family.holder, twin, { otherCode: 'opens' })))
    expect([await openedBy(twin.fiscalCode), await openedBy(family.holder.fiscalCode)]).toEqual([
      family.holder.personId,
      family.holder.personId,
    ])
  })

  test('what was open under the codes of the one that goes ends: sessions, calendars, devices; both are told, and who pays', async () => {
    const { owner } = await testDatabase()
    const pupil = await aPupil(municipality, family.householdId)
    const [one, two] = [await again(), await again({ hasEntered: true, email: 'due@example.it' })]
    await aMember(municipality, family.householdId, two, 'delegate')
    const member = await owner
      .selectFrom('household_member')
      .select('id')
      .where('person_id', '=', two.personId)
      .executeTakeFirstOrThrow()
    await owner
      .insertInto('calendar_feed')
      .values({
        ...{ municipality_id: municipality.municipalityId, household_member_id: member.id },
        ...{ person_id: two.personId, pupil_id: pupil, token_hash: Buffer.alloc(32, 7) },
      })
      .execute()
    await owner
      .insertInto('session')
      .values({
        ...{ token_hash: Buffer.alloc(32, 8), citizen_id: two.citizenId, method: 'spid', level: 2 },
        ...{ authenticated_at: new Date(`${MONDAY}T05:00:00Z`), expires_at: new Date(`${MONDAY}T15:00:00Z`) },
      })
      .execute()
    done(await merge(asked(one, two)))
    const feed = await owner
      .selectFrom('calendar_feed')
      .select('revoked_at')
      .where('person_id', '=', two.personId)
      .executeTakeFirstOrThrow()
    const session = await owner
      .selectFrom('session')
      .select('end_reason')
      .where('citizen_id', '=', two.citizenId)
      .executeTakeFirstOrThrow()
    expect([feed.revoked_at, session.end_reason]).toEqual([expect.any(Date), 'revoked'])
    const told = await owner
      .selectFrom('notification')
      .select('person_id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('event', '=', 'registry:corrected')
      .execute()
    expect(told.map(({ person_id }) => person_id).toSorted()).toEqual(
      [one.personId, two.personId, family.holder.personId].toSorted(),
    )
  })
})

describe('a merge of adults is refused', () => {
  test('where names or birth days are not those of one person', async () => {
    const { owner } = await testDatabase()
    const marco = await aPerson(municipality, { givenName: 'Marco' })
    expect(code(await merge(asked(family.holder, marco, { checked: true })))).toBe('adults:not-alike')
    const twin = await again()
    for (const [{ personId }, day] of [
      [family.holder, '1985-05-17'],
      [twin, '1985-05-18'],
    ] as const)
      await owner.updateTable('person').set({ birth_date: day }).where('id', '=', personId).execute()
    expect(code(await merge(asked(family.holder, twin)))).toBe('adults:not-alike')
  })

  test('where both have entered as themselves, until a document was seen', async () => {
    const twin = await again({ hasEntered: true })
    expect(await merge(asked(family.holder, twin))).toMatchObject({
      ok: false,
      fields: { checked: 'adults:check-document' },
    })
    done(await merge(asked(family.holder, twin, { checked: true })))
  })

  test('for who has paid, unless they stay, for a colleague, and while a request waits', async () => {
    const twin = await again()
    await aPaidTopUp(municipality, family, 10)
    expect(code(await merge(asked(family.holder, twin, { keep: 'other' })))).toBe('adults:paid')
    const colleague = await aStaffViewer(municipality, 'operator')
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ given_name: 'Laura', family_name: 'Conti' })
      .where('id', '=', colleague.personId)
      .execute()
    const asParent = { ...twin, personId: colleague.personId }
    expect(code(await merge(asked(twin, asParent, { checked: true })))).toBe('adults:colleague')
    const greta = await aPupil(municipality, family.householdId)
    await send(family, await aForm(manager, 'diet'), healthDiet(greta))
    expect(code(await merge(asked(family.holder, twin)))).toBe('adults:requests')
  })

  test('for who is not the manager, of another town, or asks for one twice; the table is the office’s alone', async () => {
    const twin = await again()
    const whole = asked(family.holder, twin)
    const { seen } = done(await previewAdultMerge(manager, whole))
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const clerk = await aStaffViewer(municipality, 'operator')
    for (const viewer of [elsewhere, clerk, family.holderViewer]) {
      expect(code(await merge(whole, viewer))).toBe('request:not-found')
      expect(code(await mergeAdults(viewer, whole, { seen, reason: 'Prova' }))).toBe('request:not-found')
    }
    expect(code(await merge(asked(twin, twin)))).toBe('request:not-found')
    expect(await adultPairForOffice(clerk, whole.oneId, whole.otherId)).toMatchObject({ mayMerge: false })
    expect(await adultPairForOffice(elsewhere, whole.oneId, whole.otherId)).toBeNull()
    done(await merge(whole))
    const rows = (trx: Parameters<Parameters<typeof asStaff>[1]>[0]) =>
      trx.selectFrom('person_merge').select('id').execute()
    expect(await asStaff(elsewhere, rows)).toEqual([])
    expect(await asFamily(family.holderViewer, rows)).toEqual([])
    await expect(
      asFamily(family.holderViewer, (trx) =>
        sql`select merge_persons(${municipality.municipalityId}::uuid, ${family.holder.personId}::uuid, ${twin.personId}::uuid, 'A', 'B',
          null, false, true)`.execute(trx),
      ),
    ).rejects.toThrow('only the office')
  })

  test('when something changed since the preview; of two colleagues the second is told, and the same press twice is one', async () => {
    const twin = await again()
    const whole = asked(family.holder, twin)
    const { seen } = done(await previewAdultMerge(manager, whole))
    await aMember(municipality, (await aHousehold(municipality)).householdId, twin, 'delegate')
    expect(code(await mergeAdults(manager, whole, { seen, reason: 'Prova' }))).toBe('adults:preview-changed')
    const now = done(await previewAdultMerge(manager, whole)).seen
    const colleague = await aStaffViewer(municipality, 'manager')
    const both = await Promise.all(
      [manager, colleague].map((viewer) => mergeAdults(viewer, whole, { seen: now, reason: 'Prova' })),
    )
    expect(both.map(code).toSorted()).toEqual(['accepted', 'adults:done'])
    const winner = both[0]?.ok ? manager : colleague
    done(await mergeAdults(winner, whole, { seen: now, reason: 'Prova' }))
    expect(await rolesOf(family.holder)).toHaveLength(2)
  })
})

describe('undoing a merge of adults', () => {
  test('is refused with what depends on it: a role that changed, a payment for a family that came with it', async () => {
    const twin = await again()
    const other = await aHousehold(municipality, { name: 'Bassani' })
    const { owner } = await testDatabase()
    await owner
      .updateTable('household_member')
      .set({ person_id: twin.personId })
      .where('household_id', '=', other.householdId)
      .execute()
    done(await merge(asked(family.holder, twin)))
    await aPaidTopUp(municipality, { ...other, holder: family.holder }, 10)
    expect(await undo(family.holder, twin)).toMatchObject({
      details: { what: ['chi resta ha pagato per una famiglia che ha avuto con l’unione'] },
    })
    await owner
      .updateTable('household_member')
      .set({ ended_at: new Date(`${MONDAY}T06:00:00Z`) })
      .where('household_id', '=', other.householdId)
      .where('ended_at', 'is', null)
      .execute()
    expect(await undo(family.holder, twin)).toMatchObject({
      code: 'adults:depends',
      details: { what: expect.arrayContaining(['un ruolo in una famiglia è cambiato']) },
    })
  })
})

const aRole = fc.constantFrom<'' | 'holder' | 'delegate' | 'dated'>('', 'holder', 'delegate', 'dated')
const aRandomTown = fc.record({
  /** For each of three families, the role of either. */
  roles: fc.array(fc.tuple(aRole, aRole), { minLength: 3, maxLength: 3 }),
  code: fc.constantFrom('one', 'other'),
  name: fc.constantFrom('one', 'other'),
  otherCode: fc.constantFrom('opens', 'closes'),
  hasContacts: fc.boolean(),
}) as fc.Arbitrary<{
  roles: [string, string][]
  code: 'one' | 'other'
  name: 'one' | 'other'
  otherCode: 'opens' | 'closes'
  hasContacts: boolean
}>

test(
  'in random towns a merge of adults gives no role that neither had and loses none, and its undoing leaves every row equal',
  async () => {
    const { owner } = await testDatabase()
    await fc.assert(
      fc.asyncProperty(aRandomTown, async ({ roles, hasContacts, ...choice }) => {
        await letGo()
        await aTown()
        const [one, two] = [await again(), await again()]
        if (!hasContacts)
          await owner.updateTable('person').set({ email: null }).where('id', '=', one.personId).execute()
        for (const pair of roles) {
          const { householdId, holder } = await aHousehold(municipality, {
            holder: { givenName: 'Ugo', familyName: 'Neri' },
          })
          if (pair.includes('holder'))
            await owner.deleteFrom('household_member').where('person_id', '=', holder.personId).execute()
          for (const [at, role] of pair.entries()) {
            const person = at === 0 ? one : two
            if (role === 'holder' && at === 1 && pair[0] === 'holder') continue
            if (role === 'holder') await aMember(municipality, householdId, person, 'holder')
            if (role === 'delegate') await aMember(municipality, householdId, person, 'delegate')
            if (role === 'dated')
              await aMember(municipality, householdId, person, 'delegate', { to: '2027-01-31' })
          }
        }
        const had = [...(await rolesOf(one)), ...(await rolesOf(two))]
        const strongest = new Map<string, string>()
        for (const { householdId, role } of had)
          if (strongest.get(householdId) !== 'holder') strongest.set(householdId, role)
        const before = await rowsThatStay()
        done(await merge(asked(one, two, choice)))
        expect(new Map((await rolesOf(one)).map(({ householdId, role }) => [householdId, role]))).toEqual(
          strongest,
        )
        expect(await rolesOf(two)).toEqual([])
        const after = await rowsThatStay()
        for (const table of [
          'entry',
          'journal',
          'account',
          'pupil',
          'enrolment',
          'absence',
          'invoice',
          'top_up',
        ])
          expect(after[table], table).toBe(before[table])
        done(await undo(one, two))
        expect(await rowsThatStay()).toEqual(before)
        expect(await ledgerFaults()).toBe(0)
      }),
      { numRuns: atLength(8) },
    )
  },
  atLength(120_000),
)
