import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asFamily, asStaff } from '#db/client.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type Viewer } from '#lib/access/viewer.ts'
import { closeAndCount } from '#lib/kitchen/close.commands.ts'
import { hatchSchools, hatchSheet } from '#lib/kitchen/hatch.queries.ts'
import { saveKitchenSetting } from '#lib/kitchen/office/kitchen-setting.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { done } from '#tests/support/forms.ts'

const TUESDAY = '2026-11-24'

let municipality: TestMunicipality
let family: Household
let operator: Viewer
let leo: string

beforeEach(async () => {
  await setClock(`${TUESDAY}T07:00:00Z`)
  municipality = await aMunicipality()
  operator = await aStaffViewer(municipality, 'operator')
  const { owner } = await testDatabase()
  const { municipalityId } = municipality
  await owner
    .insertInto('diet')
    .values({ municipality_id: municipalityId, code: 'D01', name: 'Senza latte' })
    .execute()
  family = await aHousehold(municipality)
  await aPupil(municipality, family.householdId, { name: 'Ada' })
  leo = await aPupil(municipality, family.householdId, { name: 'Leo', diet: 'D01' })
  await aPupil(municipality, family.householdId, { name: 'Ivo', diet: 'D03' })
  const rodari = await aSchool(municipality, 'Rodari')
  await aServiceDay(municipality, TUESDAY)
  await aServiceDay(municipality, TUESDAY, { school: rodari })
  await aPupil(municipality, family.householdId, { name: 'Zoe', diet: 'D01', school: rodari })
})

const read = (viewer: Viewer, schoolId = municipality.school.id, day = TUESDAY) =>
  hatchSheet(viewer, { schoolId, day })
const names = async (viewer: Viewer = operator) =>
  (await read(viewer))?.classes.flatMap(({ pupils }) =>
    pupils.map((one) => `${one.givenName} ${one.dietCode}`),
  )

describe('the diets at the hatch', () => {
  test('are those of one school by name; the common plates have none', async () => {
    expect((await names())?.toSorted()).toEqual(['Ivo D03', 'Leo D01'])
    const sheet = await read(operator)
    expect(sheet).toMatchObject({ isProvisional: true, namesOnLabels: false })
    expect(sheet?.diets.map(({ code }) => code)).toEqual(['D01', 'D03'])
    expect(JSON.stringify(sheet)).not.toContain('Ada')
  })

  test('follow what families change until the count, and stay as counted afterwards', async () => {
    done(
      await changeMeals(family.holderViewer, {
        ...{ action: 'cancel', pupilIds: [leo], days: [TUESDAY], channel: 'web' },
        idempotencyKey: crypto.randomUUID(),
      }),
    )
    expect(await names()).toEqual(['Ivo D03'])
    await setClock(`${TUESDAY}T08:30:05Z`)
    await closeAndCount()
    const { owner } = await testDatabase()
    await sql`update enrolment set diet_code = 'STD' where municipality_id = ${municipality.municipalityId} and diet_code = 'D03'`.execute(
      owner,
    )
    expect(await names()).toEqual(['Ivo D03'])
    expect(await read(operator)).toMatchObject({ isProvisional: false })
  })

  test('leave a trace in the register at each reading', async () => {
    await read(operator)
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('audit_event')
      .select(['person_id', 'details'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'diets.hatch-read')
      .execute()
    expect(events).toMatchObject([{ person_id: operator.personId, details: { day: TUESDAY, pupils: 2 } }])
  })

  test('are read by an operator and a manager, and by no other person, not by a statement either', async () => {
    const statement = sql`select given_name from hatch_lines(${municipality.school.id}::uuid, ${TUESDAY}::date)`
    for (const role of [...OFFICE_ROLES, ...PARTIAL_ROLES]) {
      const viewer = await aStaffViewer(municipality, role)
      const may = role === 'operator' || role === 'manager'
      expect((await read(viewer)) !== null, role).toBe(may)
      expect((await hatchSchools(viewer, null)) !== null, role).toBe(may)
      const { rows } = await asStaff(viewer, (trx) => statement.execute(trx))
      expect(rows.length, role).toBe(may ? 2 : 0)
    }
    expect(await read(family.holderViewer)).toBeNull()
    const { rows } = await asFamily(family.holderViewer, (trx) => statement.execute(trx))
    expect(rows).toEqual([])
    const stranger = await aStaffViewer(await aMunicipality(), 'manager')
    expect(await read(stranger)).toBeNull()
  })

  test('of a past day are read by no person', async () => {
    await setClock('2026-11-25T07:00:00Z')
    expect(await read(operator)).toBeNull()
  })

  test('say the first name on labels only where the manager wants it', async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    done(await saveKitchenSetting(manager, { seenMinutes: 30, namesOnLabels: true, revision: 0 }))
    expect(await read(operator)).toMatchObject({ namesOnLabels: true })
  })
})
