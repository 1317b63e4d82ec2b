import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { asStaff, inScope } from '#db/client.ts'
import { PARTIAL_ROLES, type Viewer } from '#lib/access/viewer.ts'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { officeFigures } from '#lib/figures/figures.queries.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { countsFingerprint, countsOfDay } from '#lib/kitchen/count.queries.ts'
import { insertKitchen } from '#lib/kitchen/office/kitchen.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { ownClasses } from '#lib/meals/office/class-list.queries.ts'
import { officesOf } from '#lib/session/own-municipality.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffRole,
  aStaffViewer,
  type Household,
  type School,
  type TestMunicipality,
  viewerOf,
} from '#tests/support/factories.ts'
import { aTopUp, markPaid } from '#tests/support/money.ts'

/** Roles with a part: each sees its own part through the application, and no more than that in the database either. */
const TODAY = '2026-11-24'

let municipality: TestMunicipality
let other: School
let household: Household
let greta: string

beforeEach(async () => {
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  other = await aSchool(municipality)
  household = await aHousehold(municipality)
  greta = await aPupil(municipality, household.householdId, { name: 'Greta', diet: 'D03' })
  await aPupil(municipality, household.householdId, { name: 'Sofia' })
  await aPupil(municipality, household.householdId, { name: 'Luca', school: other })
  await aServiceDay(municipality, TODAY)
  await aServiceDay(municipality, TODAY, { school: other })
})

const cancelGreta = () =>
  changeMeals(household.holderViewer, {
    action: 'cancel',
    pupilIds: [greta],
    days: [TODAY],
    idempotencyKey: crypto.randomUUID(),
    channel: 'web',
  })

/** Every table with row-level security, with the rows that a transaction of this scope sees in it. */
async function rowsSeen(viewer: Viewer, audience: 'staff' | 'public'): Promise<Record<string, number>> {
  const { owner } = await testDatabase()
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity
      and has_table_privilege('refettorio_web', c.oid, 'select')
    order by 1`.execute(owner)
  const { municipalityId, personId } = viewer
  return inScope({ municipalityId, audience, personId }, async (trx) => {
    const seen: Record<string, number> = {}
    for (const { name } of tables) {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)}`.execute(
        trx,
      )
      seen[name] = rows[0]?.n ?? 0
    }
    return seen
  })
}

const linesOf = async (viewer: Viewer) =>
  (await countsOfDay(viewer, null))?.schools.map(({ schoolId, state, lines }) => [
    schoolId === municipality.school.id ? 'own' : 'other',
    state,
    lines.map(({ dietCode, meals, absent }) => `${dietCode} ${meals} ${absent}`),
  ])

describe('a kitchen', () => {
  test('counts the meals of its schools by class and diet code, before and after the close, without a name', async () => {
    const cook = await aStaffViewer(municipality, 'kitchen')
    expect(await linesOf(cook)).toEqual([['own', 'provisional', ['D03 1 0', 'STD 1 0']]])
    const before = await countsFingerprint(cook, TODAY)
    expect((await cancelGreta()).ok).toBe(true)
    expect(await linesOf(cook)).toEqual([['own', 'provisional', ['D03 0 1', 'STD 1 0']]])
    expect(await countsFingerprint(cook, TODAY)).not.toBe(before)
    await setClock('2026-11-24T09:31:00+01:00')
    await closeDueDays()
    expect(await linesOf(cook)).toEqual([['own', 'definitive', ['D03 0 1', 'STD 1 0']]])
    expect(JSON.stringify(await countsOfDay(cook, null))).not.toMatch(/Greta|Sofia|Albertini|Conti/)
    expect((await countsOfDay(cook, null))?.schools[0]?.charge).toBeNull()
  })

  test('without a school cooks for all of them, and counts the same as the office', async () => {
    const cook = await aStaffViewer(municipality, 'kitchen', {})
    const office = await aStaffViewer(municipality, 'manager')
    expect(await linesOf(cook)).toHaveLength(2)
    expect(await linesOf(cook)).toEqual(await linesOf(office))
  })

  test('sees no class and no figures', async () => {
    const cook = await aStaffViewer(municipality, 'kitchen')
    expect(await ownClasses(cook)).toBeNull()
    expect(await officeFigures(cook)).toBeNull()
  })
})

describe('a cook of one kitchen', () => {
  const TOMORROW = '2026-11-25'
  const IN_TWO_DAYS = '2026-11-26'
  const schoolsOn = async (viewer: Viewer, day: string) =>
    (await countsOfDay(viewer, day))?.schools.map(({ schoolId }) =>
      schoolId === municipality.school.id ? 'own' : 'other',
    )
  let centre: string
  let inner: string

  beforeEach(async () => {
    const manager = await aStaffViewer(municipality, 'manager')
    const kitchen = (name: string) =>
      asStaff(manager, (trx) =>
        insertKitchen(trx, municipality.municipalityId, { name, emails: [], phone: '' }, null),
      )
    centre = await kitchen('Centro cottura')
    inner = await kitchen('Cucina interna')
    for (const day of [TOMORROW, IN_TWO_DAYS])
      for (const school of [municipality.school, other]) await aServiceDay(municipality, day, { school })
    const { owner } = await testDatabase()
    const serves = (school_id: string, kitchen_id: string, valid_from: string) => ({
      ...{ municipality_id: municipality.municipalityId, school_id, kitchen_id, valid_from },
    })
    await owner
      .insertInto('kitchen_school')
      .values([
        serves(municipality.school.id, centre, '2026-09-01'),
        serves(other.id, centre, '2026-09-01'),
        serves(other.id, inner, TOMORROW),
        serves(other.id, centre, IN_TWO_DAYS),
      ])
      .execute()
  })

  test('counts the schools that it serves on the asked day, from the day of a hand-over and until the day before', async () => {
    const [a, b] = [
      await aStaffViewer(municipality, 'kitchen', { kitchenId: centre }),
      await aStaffViewer(municipality, 'kitchen', { kitchenId: inner }),
    ]
    const seen = async (viewer: Viewer) => [
      await schoolsOn(viewer, TODAY),
      await schoolsOn(viewer, TOMORROW),
      await schoolsOn(viewer, IN_TWO_DAYS),
    ]
    const all = expect.arrayContaining(['own', 'other'])
    expect(await seen(a)).toEqual([all, ['own'], all])
    expect(await seen(b)).toEqual([[], ['other'], []])
    // The next day the past is read as it was served.
    await setClock('2026-11-26T08:00:00+01:00')
    expect(await seen(b)).toEqual([[], ['other'], []])
  })

  test('sees no line of another kitchen’s schools in the database either, and hears of no change there', async () => {
    const cook = await aStaffViewer(municipality, 'kitchen', { kitchenId: inner })
    const linesOn = (day: string) =>
      asStaff(cook, async (trx) => {
        const { rows } = await sql<{ n: number }>`
          select count(*)::int as n from count_lines(${day}::date)`.execute(trx)
        return rows[0]?.n
      })
    expect([await linesOn(TODAY), await linesOn(TOMORROW)]).toEqual([0, 1])
    const before = await countsFingerprint(cook, TODAY)
    expect((await cancelGreta()).ok).toBe(true)
    expect(await countsFingerprint(cook, TODAY)).toBe(before)
  })

  test('may have a role of a school beside it, and then counts both', async () => {
    const cook = await aStaffViewer(municipality, 'kitchen', { kitchenId: inner })
    await aStaffRole(municipality, cook, 'kitchen', { schoolId: municipality.school.id })
    expect(await schoolsOn(cook, TODAY)).toEqual(['own'])
    expect((await schoolsOn(cook, TOMORROW))?.toSorted()).toEqual(['other', 'own'])
  })

  test('has either a kitchen or a school in one role', async () => {
    await expect(
      aStaffViewer(municipality, 'kitchen', { kitchenId: inner, schoolId: municipality.school.id }),
    ).rejects.toThrow(/staff_member_place_check/)
    await expect(aStaffViewer(municipality, 'operator', { kitchenId: inner })).rejects.toThrow(
      /staff_member_place_check/,
    )
  })
})

const namesOf = async (viewer: Viewer) =>
  (await ownClasses(viewer))?.lists.map(({ className, day, pupils }) => [
    className,
    day,
    pupils.map(({ givenName, isAbsent }) => `${givenName}${isAbsent ? ' assente' : ''}`),
  ])

describe('a teacher', () => {
  test('sees who of the own class eats today, and no diet', async () => {
    const teacher = await aStaffViewer(municipality, 'teacher')
    await cancelGreta()
    expect(await namesOf(teacher)).toEqual([['3A', 'open', ['Greta assente', 'Sofia']]])
    expect(JSON.stringify(await ownClasses(teacher))).not.toMatch(/D03|STD/)
  })

  test('sees no other class, also with one in each of two schools only these two', async () => {
    const teacher = await aStaffViewer(municipality, 'teacher', {
      schoolId: other.id,
      classId: other.classId,
    })
    expect(await namesOf(teacher)).toEqual([['3A', 'open', ['Luca']]])
    await aStaffRole(municipality, teacher, 'teacher')
    expect((await namesOf(teacher))?.flatMap(([, , names]) => names).toSorted()).toEqual([
      'Greta',
      'Luca',
      'Sofia',
    ])
  })

  test('finds nothing from the day after the role', async () => {
    const teacher = await aStaffViewer(municipality, 'teacher')
    const { owner } = await testDatabase()
    await owner
      .updateTable('staff_member')
      .set({ valid_to: '2026-11-23' })
      .where('person_id', '=', teacher.personId)
      .execute()
    expect(await namesOf(teacher)).toEqual([])
  })

  test('leaves a trace of the reading in the register', async () => {
    const teacher = await aStaffViewer(municipality, 'teacher')
    await ownClasses(teacher)
    const { owner } = await testDatabase()
    const events = await owner
      .selectFrom('audit_event')
      .select('action')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('person_id', '=', teacher.personId)
      .execute()
    expect(events).toEqual([{ action: 'classes.list-read' }])
  })

  test('counts no meals and reads no figures', async () => {
    const teacher = await aStaffViewer(municipality, 'teacher')
    expect(await countsOfDay(teacher, null)).toBeNull()
    expect(await countsFingerprint(teacher, TODAY)).toBeNull()
    expect(await officeFigures(teacher)).toBeNull()
  })
})

test('a school office sees the classes of its school and of no other', async () => {
  const office = await aStaffViewer(municipality, 'school_office', { schoolId: other.id })
  expect(await namesOf(office)).toEqual([['3A', 'open', ['Luca']]])
})

test('a reader for the municipality reads the same sums as the office', async () => {
  const topUpId = await aTopUp(municipality, household)
  await inScope({ municipalityId: municipality.municipalityId, audience: 'system' }, (trx) =>
    markPaid(trx, municipality, topUpId),
  )
  const reader = await officeFigures(await aStaffViewer(municipality, 'reader'))
  expect(reader).toEqual(await officeFigures(await aStaffViewer(municipality, 'manager')))
  expect(reader?.enrolled.map(({ pupils }) => pupils).toSorted()).toEqual([1, 2])
  expect(reader?.topUps).toHaveLength(1)
})

describe('the database alone', () => {
  test.each(PARTIAL_ROLES)('shows %s no row that the public does not see, but their own', async (role) => {
    const viewer = await aStaffViewer(municipality, role)
    await cancelGreta()
    const partial = await rowsSeen(viewer, 'staff')
    expect(partial).toEqual(await rowsSeen(viewer, 'public'))
    for (const table of [
      'pupil',
      'household',
      'enrolment',
      'absence',
      'account',
      'entry',
      'kitchen_count',
      'outbox',
    ])
      expect(partial[table], table).toBe(0)
    expect((await rowsSeen(await aStaffViewer(municipality, 'operator'), 'staff')).pupil).toBe(3)
  })

  test.each(PARTIAL_ROLES)(
    'gives %s nothing of another part and nothing of another municipality',
    async (role) => {
      const viewer = await aStaffViewer(municipality, role)
      const elsewhere = { ...viewer, municipalityId: (await aMunicipality()).municipalityId }
      const asked = (who: Viewer) =>
        asStaff(who, async (trx) => {
          const { rows: lines } = await sql<{ n: number }>`
          select count(*)::int as n from count_lines(${TODAY}::date)`.execute(trx)
          const { rows: days } = await sql<{ n: number }>`
          select count(*)::int as n from count_days(${TODAY}::date)`.execute(trx)
          const { rows: pupils } = await sql<{
            n: number
          }>`select count(*)::int as n from own_class_list()`.execute(trx)
          const { rows: sums } = await sql<{
            n: number
          }>`select count(*)::int as n from office_figures()`.execute(trx)
          return [lines, days, pupils, sums].map((rows) => rows[0]?.n)
        })
      const own = {
        kitchen: [2, 1, 0, 0],
        teacher: [0, 0, 2, 0],
        school_office: [0, 0, 2, 0],
        reader: [0, 0, 0, 1],
      }
      expect(await asked(viewer)).toEqual(own[role])
      expect(await asked(elsewhere)).toEqual([0, 0, 0, 0])
      const ofPublic = await inScope({ ...viewer, audience: 'public' }, (trx) =>
        sql`select from own_class_list()`.execute(trx),
      )
      expect(ofPublic.rows).toHaveLength(0)
    },
  )

  test('gives a person whose role is for the whole municipality all of it, whatever part they have beside it', async () => {
    const operator = await aStaffViewer(municipality, 'operator')
    await aStaffRole(municipality, operator, 'teacher')
    const both = { ...operator, staffRoles: [...operator.staffRoles, 'teacher' as const] }
    expect(await linesOf(both)).toHaveLength(2)
    expect(await namesOf(both)).toEqual([['3A', 'open', ['Greta', 'Sofia']]])
  })
})

test('a person of two offices has a desk over both, with what waits where their roles open it', async () => {
  const one = await aStaffViewer(municipality, 'manager')
  const second = await aMunicipality()
  const { owner } = await testDatabase()
  const { rows } = await sql<{ id: string }>`
    insert into person (municipality_id, fiscal_code, fiscal_code_hash, given_name, family_name)
    select ${second.municipalityId}, p.fiscal_code, p.fiscal_code_hash, p.given_name, p.family_name
    from person p where p.id = ${one.personId} returning id`.execute(owner)
  const parent = { personId: rows[0]?.id ?? '', citizenId: one.citizenId, fiscalCode: '' }
  expect(await officesOf(one.citizenId)).toHaveLength(1)
  await aStaffRole(second, parent, 'teacher')
  expect((await officesOf(one.citizenId)).map(({ slug }) => slug).toSorted()).toEqual(
    [municipality.slug, second.slug].toSorted(),
  )
  await owner
    .updateTable('enrolment')
    .set({ diet_code: 'DA-DEFINIRE' })
    .where('pupil_id', '=', greta)
    .execute()
  expect(await waitingWork(viewerOf(second, parent, { staffRoles: ['teacher'] }))).toEqual([])
  expect(await waitingWork(one)).toMatchObject([{ kind: 'diets', count: 1 }])
  expect(await waitingWork(await aStaffViewer(municipality, 'accountant'))).toEqual([])
})
