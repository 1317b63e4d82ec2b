import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { audienceIn } from '#lib/communications/audience.queries.ts'
import type { About, Audience } from '#lib/communications/communication.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  type Household,
  type School,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let far: School
let near: Household
let neighbours: Household
let left: Household
/** Person → who that is in this file. */
const people = new Map<string, string>()

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T12:00:00+01:00')
  municipality = await aMunicipality()
  far = await aSchool(municipality)

  near = await aFamily('near')
  await aPupil(municipality, near.householdId)
  const sibling = await aPupil(municipality, near.householdId, { school: far })
  await aDelegateOfOne(near, 'near: delegate of the sibling', sibling)
  await owe(near, -1_620)

  neighbours = await aFamily('neighbours')
  await aPupil(municipality, neighbours.householdId)

  left = await aFamily('left')
  await aPupil(municipality, left.householdId, { to: '2026-10-31' })
  await owe(left, -540)
})

/** A household with its holder and a delegate of all its pupils. */
async function aFamily(name: string): Promise<Household> {
  const household = await aHousehold(municipality)
  const delegate = await aDelegate(municipality, household.householdId)
  people.set(household.holder.personId, `${name}: holder`)
  people.set(delegate.personId, `${name}: delegate`)
  return household
}

async function aDelegateOfOne({ householdId }: Household, name: string, pupilId: string): Promise<void> {
  const { owner } = await testDatabase()
  const { personId } = await aDelegate(municipality, householdId)
  people.set(personId, name)
  const { id } = await owner
    .updateTable('household_member')
    .set({ all_pupils: false })
    .where('person_id', '=', personId)
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('delegate_pupil')
    .values({ municipality_id: municipality.municipalityId, household_member_id: id, pupil_id: pupilId })
    .execute()
}

const owe = ({ accountId }: Household, amountCents: number) =>
  asSystem(municipality.municipalityId, async (trx) => {
    const opening = await systemAccount(trx, municipality.municipalityId, {
      kind: 'opening',
      serviceId: municipality.serviceId,
    })
    await postJournal(trx, municipality.municipalityId, {
      kind: 'opening',
      idempotencyKey: randomUUID(),
      description: '',
      lines: [
        { accountId, amountCents },
        { accountId: opening, amountCents: -amountCents },
      ],
    })
  })

async function reached(about: About, audience: Audience): Promise<string[]> {
  const { rows } = await asSystem(municipality.municipalityId, (trx) =>
    sql<{ id: string }>`
      with ${audienceIn(municipality.municipalityId, { about, audience })} select person_id as id from reached`.execute(
      trx,
    ),
  )
  return rows.map(({ id }) => people.get(id) ?? id).sort()
}

const NEAR = ['near: delegate', 'near: delegate of the sibling', 'near: holder']
const NEIGHBOURS = ['neighbours: delegate', 'neighbours: holder']
const HOLDERS = ['near: holder', 'neighbours: holder']

/** Whom an audience means, who hears of the service, and who hears of money. */
const AUDIENCES: readonly [string, () => Omit<Audience, 'inDebt'>, string[], string[]][] = [
  ['everybody', () => ({ to: 'everybody', ids: [] }), [...NEAR, ...NEIGHBOURS], HOLDERS],
  ['a service', () => ({ to: 'services', ids: [municipality.serviceId] }), [...NEAR, ...NEIGHBOURS], HOLDERS],
  ['another service', () => ({ to: 'services', ids: [randomUUID()] }), [], []],
  ['the school of the sibling', () => ({ to: 'schools', ids: [far.id] }), NEAR, ['near: holder']],
  [
    'the other school, where a delegate has no pupil',
    () => ({ to: 'schools', ids: [municipality.school.id] }),
    ['near: delegate', 'near: holder', ...NEIGHBOURS],
    HOLDERS,
  ],
  ['the class of the sibling', () => ({ to: 'classes', ids: [far.classId] }), NEAR, ['near: holder']],
  [
    'the other class, where a delegate has no pupil',
    () => ({ to: 'classes', ids: [municipality.school.classId] }),
    ['near: delegate', 'near: holder', ...NEIGHBOURS],
    HOLDERS,
  ],
  [
    'a household chosen by itself',
    () => ({ to: 'households', ids: [near.householdId] }),
    NEAR,
    ['near: holder'],
  ],
  [
    'a household that has left the service',
    () => ({ to: 'households', ids: [left.householdId] }),
    ['left: delegate', 'left: holder'],
    ['left: holder'],
  ],
]

/** Whom the same audiences mean when only households in debt are meant: money, so the holders alone. */
const IN_DEBT: readonly [string, () => Omit<Audience, 'inDebt'>, string[]][] = [
  ['everybody, with who has left', () => ({ to: 'everybody', ids: [] }), ['left: holder', 'near: holder']],
  ['a service', () => ({ to: 'services', ids: [municipality.serviceId] }), ['near: holder']],
  ['a school', () => ({ to: 'schools', ids: [municipality.school.id] }), ['near: holder']],
  ['a class', () => ({ to: 'classes', ids: [far.classId] }), ['near: holder']],
  ['a household in debt', () => ({ to: 'households', ids: [left.householdId] }), ['left: holder']],
  ['a household in credit', () => ({ to: 'households', ids: [neighbours.householdId] }), []],
]

describe('an audience reaches', () => {
  test.each(AUDIENCES)('%s', async (_name, audience, service, money) => {
    expect(await reached('service', { ...audience(), inDebt: false })).toEqual([...service].sort())
    expect(await reached('money', { ...audience(), inDebt: false })).toEqual([...money].sort())
  })

  test.each(IN_DEBT)('%s, those in debt only', async (_name, audience, holders) => {
    expect(await reached('money', { ...audience(), inDebt: true })).toEqual(holders)
  })
})
