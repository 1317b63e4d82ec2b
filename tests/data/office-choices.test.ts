import { beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '#lib/access/viewer.ts'
import { audienceChoices, chosenHouseholds } from '#lib/communications/audience.queries.ts'
import { schoolsToAsk } from '#lib/questionnaires/office/questionnaire.queries.ts'
import { securityContacts } from '#lib/school/municipality.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aSchool,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'

let municipality: TestMunicipality
let manager: Viewer

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  await aSchool(municipality, 'Zanella')
  await aSchool(await aMunicipality(), 'Elsewhere')
  manager = await aStaffViewer(municipality, 'manager')
})

describe('what the office chooses from', () => {
  test('is, for a communication, the services and the schools with the classes of this year', async () => {
    const choices = await audienceChoices(manager)
    expect(choices?.services).toEqual([{ id: municipality.serviceId, name: 'Refezione Scolastica' }])
    expect(choices?.schools).toHaveLength(2)
    expect(choices?.schools.at(-1)).toMatchObject({ name: 'Zanella', classes: [{ name: '3A' }] })
    expect(await audienceChoices({ ...manager, staffRoles: [] })).toBeNull()
  })

  test('shows the families that were chosen one by one, each with its holder if it has one', async () => {
    const { owner } = await testDatabase()
    const { householdId } = await aHousehold(municipality)
    const empty = await owner
      .insertInto('household')
      .values({ municipality_id: municipality.municipalityId, name: 'Senza' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const chosen = { to: 'households' as const, ids: [householdId, empty.id, 'nonsense'] }
    expect(await chosenHouseholds(manager, chosen)).toMatchObject([
      { id: householdId, name: 'Conti', holder: expect.any(String) },
      { id: empty.id, name: 'Senza', holder: null },
    ])
    expect(await chosenHouseholds({ ...manager, staffRoles: [] }, chosen)).toEqual([])
  })

  test('is, for a questionnaire, the schools with the classes of this year', async () => {
    const schools = await schoolsToAsk(manager)
    expect(schools.at(-1)).toMatchObject({ name: 'Zanella', classes: [{ name: '3A' }] })
    expect(await schoolsToAsk({ ...manager, staffRoles: [] })).toEqual([])
  })
})

test('a weakness is told to the contact of each municipality, for half a year', async () => {
  const { contacts, expires } = await securityContacts()
  expect(contacts).toEqual(['mailto:comune@example.it'])
  expect(expires).toEqual(new Date('2027-05-23T07:00:00Z'))
})
