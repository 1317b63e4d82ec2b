import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asStaff } from '#db/client.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type Viewer } from '#lib/access/viewer.ts'
import { makeFiscalCode } from '#lib/identity/fiscal-code.ts'
import { eraseMistake, previewErasure } from '#lib/people/office/erasure.commands.ts'
import { erasureOffer } from '#lib/people/office/erasure.queries.ts'
import type { AskedErasure } from '#lib/people/office/erasure.ts'
import { previewRegistration, register } from '#lib/people/office/registration.commands.ts'
import { registrationInput } from '#lib/people/office/registration.input.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMember,
  aMunicipality,
  anAbsence,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { code, done } from '#tests/support/forms.ts'
import { aPaidTopUp } from '#tests/support/money.ts'
import { everyRowOf } from '#tests/support/rollover.ts'

const LAURA = makeFiscalCode({ givenName: 'Laura', familyName: 'Conti', birthDay: '1985-05-17', sex: 'F' })

let municipality: TestMunicipality
let manager: Viewer

beforeEach(async () => {
  await setClock('2026-11-23T06:00:00Z')
  municipality = await aMunicipality()
  manager = await aStaffViewer(municipality, 'manager')
})

afterEach(async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ active: false })
    .where('id', '=', municipality.municipalityId)
    .execute()
})

/** A family that the office has just registered, with two pupils, told by mail. */
async function registered(): Promise<string> {
  const pupil = (at: number, givenName: string) => ({
    ...{
      [`pupil${at}-fiscalCode`]: '',
      [`pupil${at}-givenName`]: givenName,
      [`pupil${at}-familyName`]: 'Conti',
    },
    ...{ [`pupil${at}-birthDay`]: '2018-03-02', [`pupil${at}-classId`]: municipality.school.classId },
    [`pupil${at}-services`]: [municipality.serviceId],
  })
  const { asked } = registrationInput.parse({
    ...{ 'holder-fiscalCode': LAURA, 'holder-givenName': 'Laura', 'holder-familyName': 'Conti' },
    ...{ 'holder-email': 'laura@example.it', ...pupil(1, 'Greta'), ...pupil(2, 'Nina') },
  })
  const { seen } = done(await previewRegistration(manager, asked))
  return done(await register(manager, { asked, seen, checked: true })).householdId
}

async function erased(asked: AskedErasure): Promise<string[]> {
  const { seen, lines } = done(await previewErasure(manager, asked))
  done(await eraseMistake(manager, asked, { seen, reason: 'Scritta due volte' }))
  return lines
}

const keptBy = async (asked: AskedErasure): Promise<unknown> => {
  const answer = await previewErasure(manager, asked)
  return answer.ok ? 'nothing' : answer.details
}

const pupilsOf = async (householdId: string): Promise<string[]> => {
  const { owner } = await testDatabase()
  const rows = await owner
    .selectFrom('pupil')
    .select('id')
    .where('household_id', '=', householdId)
    .orderBy('given_name')
    .execute()
  return rows.map(({ id }) => id)
}

describe('a registration by mistake', () => {
  test('goes with all that was written for it, and leaves every other row and a line of the register', async () => {
    const before = await everyRowOf(municipality)
    const householdId = await registered()
    const lines = await erased({ householdId, pupilId: null })
    expect(lines.join('\n')).toMatch(
      /famiglia Conti[\s\S]*Greta Conti e Nina Conti[\s\S]*Laura Conti[\s\S]*Non si annulla/,
    )
    const rest = (all: Record<string, string>) =>
      Object.entries(all).filter(([table]) => table !== 'delivery_batch')
    expect(rest(await everyRowOf(municipality))).toEqual(rest(before))
    const { owner } = await testDatabase()
    const told = await owner
      .selectFrom('audit_event')
      .select(['person_id', 'details'])
      .where('action', '=', 'registry:erased')
      .where('object_id', '=', householdId)
      .execute()
    expect(told).toEqual([
      {
        person_id: manager.personId,
        details: { isWhole: true, pupils: 2, people: 1, reason: 'Scritta due volte' },
      },
    ])
  })

  test('can be one pupil, and the family stays', async () => {
    const householdId = await registered()
    const [greta = '', nina = ''] = await pupilsOf(householdId)
    await erased({ householdId, pupilId: greta })
    expect(await pupilsOf(householdId)).toEqual([nina])
    expect(code(await previewErasure(manager, { householdId, pupilId: greta }))).toBe('request:not-found')
  })

  test('keeps a person who pays for another family or works in the office', async () => {
    const householdId = await registered()
    const other = await aHousehold(municipality)
    const { owner } = await testDatabase()
    const { person_id } = await owner
      .selectFrom('household_member')
      .select('person_id')
      .where('household_id', '=', householdId)
      .executeTakeFirstOrThrow()
    await aMember(municipality, other.householdId, { ...other.holder, personId: person_id }, 'delegate')
    const lines = await erased({ householdId, pupilId: null })
    expect(lines.join('\n')).toContain('Laura Conti resta nell’anagrafe')
    await owner.selectFrom('person').select('id').where('id', '=', person_id).executeTakeFirstOrThrow()
  })
})

describe('what is not erased, by its name', () => {
  test('is a family with movements, cancellations or counted meals, or a person who has signed in', async () => {
    const family = await aHousehold(municipality)
    const whole = { householdId: family.householdId, pupilId: null }
    expect(await keptBy(whole)).toEqual({ what: ['qualcuno che è già entrato nel portale'] })
    const { owner } = await testDatabase()
    await owner.deleteFrom('citizen').where('id', '=', family.holder.citizenId).execute()
    expect(await keptBy(whole)).toBe('nothing')
    const pupilId = await aPupil(municipality, family.householdId)
    const serviceDayId = await aServiceDay(municipality, '2026-11-25')
    await anAbsence(municipality, family, pupilId, serviceDayId)
    expect(await keptBy({ ...whole, pupilId })).toEqual({ what: ['disdette con ricevuta'] })
    await aPaidTopUp(municipality, family, 1)
    expect(JSON.stringify(await keptBy(whole))).toMatch(/movimenti sul conto.*ricariche.*disdette/)
  })

  test('is a pupil whom a kitchen has counted', async () => {
    const householdId = await registered()
    const [greta = '', nina = ''] = await pupilsOf(householdId)
    const serviceDayId = await aServiceDay(municipality, '2026-11-25')
    const { owner } = await testDatabase()
    await owner
      .insertInto('counted_meals')
      .values({
        ...{ municipality_id: municipality.municipalityId, service_day_id: serviceDayId },
        ...{ school_class_id: municipality.school.classId, diet_code: 'STD', pupil_ids: [greta] },
        prices_cents: [540],
      })
      .execute()
    expect(await keptBy({ householdId, pupilId: greta })).toEqual({
      what: ['un pasto già contato dalla cucina'],
    })
    expect(await keptBy({ householdId, pupilId: nina })).toBe('nothing')
  })

  test('is anything when it changed since the preview', async () => {
    const householdId = await registered()
    const [greta = ''] = await pupilsOf(householdId)
    const asked = { householdId, pupilId: null }
    const { seen } = done(await previewErasure(manager, asked))
    await erased({ householdId, pupilId: greta })
    expect(code(await eraseMistake(manager, asked, { seen, reason: 'Prova' }))).toBe(
      'erasures:preview-changed',
    )
  })

  test('is for a manager of that municipality alone, also for the database', async () => {
    const householdId = await registered()
    const asked = { householdId, pupilId: null }
    const { seen } = done(await previewErasure(manager, asked))
    const others = await Promise.all(
      [...OFFICE_ROLES, ...PARTIAL_ROLES]
        .filter((role) => role !== 'manager')
        .map((role) => aStaffViewer(municipality, role)),
    )
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    for (const viewer of [...others, elsewhere]) {
      expect(code(await previewErasure(viewer, asked))).toBe('request:not-found')
      expect(code(await eraseMistake(viewer, asked, { seen, reason: 'Prova' }))).toBe('request:not-found')
      expect(await erasureOffer(viewer, householdId)).toBeNull()
      await expect(
        asStaff(viewer, (trx) =>
          sql`select erase_mistake(${municipality.municipalityId}::uuid, ${householdId}::uuid, null)`.execute(
            trx,
          ),
        ),
      ).rejects.toThrow(/only/)
    }
    expect(await pupilsOf(householdId)).toHaveLength(2)
  })
})
