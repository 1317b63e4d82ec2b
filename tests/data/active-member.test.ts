import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { countAudience } from '#lib/communications/audience.queries.ts'
import { saveCommunication } from '#lib/communications/office/communication.commands.ts'
import { remindable } from '#lib/communications/office/recipient.queries.ts'
import { createFeed } from '#lib/feeds/feed.commands.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { adultsOfPupils } from '#lib/notifications/notification.commands.ts'
import { inviteDelegate, leaveDelegation } from '#lib/people/delegate.commands.ts'
import { delegationPages } from '#lib/people/delegate.queries.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { householdList } from '#lib/people/office/household-list.queries.ts'
import { aCommunication, aDraft } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import {
  aDelegate,
  aHousehold,
  aMember,
  aMunicipality,
  aPerson,
  aPupil,
  aStaffViewer,
  type Household,
  type Parent,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'
import { signedIn, viewerNow } from '#tests/support/people.ts'

const TODAY = '2026-11-24'

let municipality: TestMunicipality
let office: Viewer
let family: Household
let greta: string

beforeEach(async () => {
  await testDatabase()
  await setClock(`${TODAY}T12:00:00+01:00`)
  municipality = await aMunicipality()
  office = await aStaffViewer(municipality, 'manager')
  family = await aHousehold(municipality)
  greta = await aPupil(municipality, family.householdId, { name: 'Greta' })
})

type State = 'counts today' | 'starts tomorrow' | 'has ended this morning' | 'was over yesterday'

/** The states in which a role does not count: the SQL of each room knew one, two or all three of them. */
const NOT_NOW: State[] = ['starts tomorrow', 'has ended this morning', 'was over yesterday']

/** Moves the open role of a person in the family to a state. */
async function put(person: Pick<Parent, 'personId'>, state: State): Promise<void> {
  const { owner } = await testDatabase()
  const change = {
    'counts today': {},
    'starts tomorrow': { valid_from: '2026-11-25' },
    'has ended this morning': { ended_at: `${TODAY}T08:00:00+01:00` },
    'was over yesterday': { valid_to: '2026-11-23' },
  }[state]
  await owner
    .updateTable('household_member')
    .set({ valid_from: '2026-09-01', ...change })
    .where('person_id', '=', person.personId)
    .where('household_id', '=', family.householdId)
    .execute()
}

async function aDelegateWho(state: State): Promise<{ person: Parent; viewer: Viewer }> {
  const person = await aPerson(municipality, { givenName: 'Marco', familyName: 'Vigna' })
  await aMember(municipality, family.householdId, person, 'delegate')
  await put(person, state)
  const memberships = [{ householdId: family.householdId, role: 'delegate' as const }]
  return { person, viewer: viewerOf(municipality, person, { memberships }) }
}

/** What the rooms answer about one adult of the family. */
const QUESTIONS: Record<string, (who: { person: Parent; viewer: Viewer }) => Promise<boolean>> = {
  'is found by surname at the office': async () =>
    (await householdList(office, { cerca: 'Vigna' }))?.page.total === 1,
  'is listed on the household’s page at the office': async () =>
    (await householdForOffice(office, family.householdId))?.roles.some(
      ({ name }) => name === 'Marco Vigna',
    ) ?? false,
  'is listed to the holder': async () =>
    (await delegationPages(family.holderViewer))?.[0]?.delegates.some(({ name }) => name === 'Marco Vigna') ??
    false,
  'is told about the child': async ({ person }) =>
    (
      await asSystem(municipality.municipalityId, (trx) =>
        adultsOfPupils(trx, municipality.municipalityId, [greta]),
      )
    ).includes(person.personId),
  'is reached by a communication': async () =>
    (
      await asSystem(municipality.municipalityId, (trx) =>
        countAudience(trx, municipality.municipalityId, aDraft()),
      )
    ).persons === 2,
  'brings the household into an audience by fiscal code': async ({ person }) =>
    (
      await saveCommunication(
        office,
        aDraft({ audience: { to: 'households', ids: [], inDebt: false }, fiscalCodes: [person.fiscalCode] }),
      )
    ).ok,
  'gets a calendar of the child': async ({ viewer }) =>
    (await createFeed(viewer, { pupilId: greta, alarmMinutes: null })).ok,
  'is a delegate already, and cannot be invited': async ({ person }) => {
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ fiscal_code_hash: hashFiscalCode(person.fiscalCode, TEST_ENVIRONMENT.FISCAL_CODE_KEY) })
      .where('id', '=', person.personId)
      .execute()
    const request = { fiscalCode: person.fiscalCode, email: 'marco@example.it', pupils: [greta], until: null }
    const invited = await inviteDelegate(
      family.holderViewer,
      { householdId: family.householdId, ...request },
      municipality.slug,
    )
    return !invited.ok && invited.code === 'delegates:already'
  },
  'has a role after signing in': async ({ person }) =>
    (await viewerNow(municipality, await signedIn(person.citizenId))).memberships.length === 1,
}

describe.each(Object.entries(QUESTIONS))('a delegate %s', (_, ask) => {
  test('while the role counts', async () => {
    expect(await ask(await aDelegateWho('counts today'))).toBe(true)
  })

  test.each(NOT_NOW)('not when the role %s', async (state) => {
    expect(await ask(await aDelegateWho(state))).toBe(false)
  })
})

describe('a communication', () => {
  test.each(NOT_NOW)('reminds no delegate whose role %s', async (state) => {
    const { person } = await aDelegateWho('counts today')
    const { id } = await aCommunication(municipality)
    const left = () =>
      asSystem(municipality.municipalityId, (trx) =>
        remindable(trx, municipality.municipalityId, id, 'unread'),
      )
    expect(await left()).toContain(person.personId)
    await put(person, state)
    expect(await left()).toEqual([family.holder.personId])
  })
})

describe('a holder', () => {
  const told = async ({ personId }: Parent): Promise<number> => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from notification where person_id = ${personId} and event = 'delegation:ended'`.execute(
      owner,
    )
    return rows[0]?.n ?? 0
  }

  test.each(NOT_NOW)('whose role %s does not hear that a delegate left', async (state) => {
    await put(family.holder, state)
    const holder = await aPerson(municipality, { givenName: 'Anna' })
    if (state === 'starts tomorrow') {
      await aMember(municipality, family.householdId, holder, 'holder', { to: TODAY })
    } else {
      await aMember(municipality, family.householdId, holder, 'holder')
    }
    const delegate = await aDelegate(municipality, family.householdId)
    const { owner } = await testDatabase()
    const { id } = await owner
      .selectFrom('household_member')
      .select('id')
      .where('person_id', '=', delegate.personId)
      .executeTakeFirstOrThrow()
    expect(await leaveDelegation(delegate, id)).toEqual({ ok: true, value: null })
    expect(await told(holder)).toBe(1)
    expect(await told(family.holder)).toBe(0)
  })

  test.each(NOT_NOW)('whose role %s cannot top up: the database refuses it', async (state) => {
    await put(family.holder, state)
    const { owner } = await testDatabase()
    const topUp = owner
      .insertInto('top_up')
      .values({
        municipality_id: municipality.municipalityId,
        household_id: family.householdId,
        account_id: family.accountId,
        payer_id: family.holder.personId,
        client_key: '019ac000-0000-7000-8000-000000000001',
        meals: 10,
        unit_cents: 540,
        method: 'card',
        provider: 'nexi',
        order_id: 'PROVA1',
        notification_key: 'key',
      })
      .execute()
    await expect(topUp).rejects.toThrow('only the holder pays')
  })
})

describe('an adult of a pupil', () => {
  test('is a delegate of this pupil, and not one of another', async () => {
    const luca = await aPupil(municipality, family.householdId, { name: 'Luca' })
    const { person } = await aDelegateWho('counts today')
    const { owner } = await testDatabase()
    const { id } = await owner
      .updateTable('household_member')
      .set({ all_pupils: false })
      .where('person_id', '=', person.personId)
      .returning('id')
      .executeTakeFirstOrThrow()
    const row = { municipality_id: municipality.municipalityId, household_member_id: id, pupil_id: luca }
    await owner.insertInto('delegate_pupil').values(row).execute()
    const adults = (pupil: string) =>
      owner.selectFrom('adult_of_pupil').select('person_id').where('pupil_id', '=', pupil).execute()
    expect(await adults(luca)).toContainEqual({ person_id: person.personId })
    expect(await adults(greta)).toEqual([{ person_id: family.holder.personId }])
  })

  test('without pupils of the own has none, and not all of them', async () => {
    const { person, viewer } = await aDelegateWho('counts today')
    const { owner } = await testDatabase()
    await owner
      .updateTable('household_member')
      .set({ all_pupils: false })
      .where('person_id', '=', person.personId)
      .execute()
    expect(await QUESTIONS['is told about the child']?.({ person, viewer })).toBe(false)
    const { memberships } = await viewerNow(municipality, await signedIn(person.citizenId))
    expect(memberships).toEqual([{ householdId: family.householdId, role: 'delegate', pupilIds: [] }])
  })

  test('has no list of pupils beside all of them', async () => {
    const { person } = await aDelegateWho('counts today')
    const { owner } = await testDatabase()
    const { id } = await owner
      .selectFrom('household_member')
      .select('id')
      .where('person_id', '=', person.personId)
      .executeTakeFirstOrThrow()
    const row = { municipality_id: municipality.municipalityId, household_member_id: id, pupil_id: greta }
    await expect(owner.insertInto('delegate_pupil').values(row).execute()).rejects.toThrow(/no list of them/)
  })
})
