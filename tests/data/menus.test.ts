import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asPublic, asStaff } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { closeDueDays } from '#lib/kitchen/close.commands.ts'
import { recordLeftovers } from '#lib/kitchen/leftover.commands.ts'
import { readLeftovers } from '#lib/kitchen/leftover.queries.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import type { Allergen } from '#lib/menus/allergen.ts'
import { dayMenu, dishEatenBy } from '#lib/menus/day-menu.ts'
import { familyMenus, readBook } from '#lib/menus/menu.queries.ts'
import { archiveDish, type DishFields, saveDish } from '#lib/menus/office/dish.commands.ts'
import {
  createMenu,
  importSheet,
  publishMenu,
  saveCopiedWeek,
  saveMenuSettings,
  saveReplacements,
  saveWeek,
  withdrawMenu,
} from '#lib/menus/office/menu.commands.ts'
import {
  officeDish,
  officeDishes,
  officeMenu,
  officeMenus,
  officeOpinions,
} from '#lib/menus/office/menu.queries.ts'
import { announceChange, withdrawChange } from '#lib/menus/office/menu-change.commands.ts'
import { announcedChanges, previewChange } from '#lib/menus/office/menu-change.queries.ts'
import { purgeRatings, rateMeal } from '#lib/menus/rating.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { familyInEverySubject, inEverySubject } from '#tests/support/subjects.ts'

const DAY = '2026-11-24'
const MORNING = '2026-11-24T08:00:00+01:00'
const AFTERNOON = '2026-11-24T15:00:00+01:00'

let municipality: TestMunicipality
let operator: Viewer
let family: Household

beforeAll(async () => {
  await testDatabase()
})

beforeEach(async () => {
  await setClock(MORNING)
  municipality = await aMunicipality()
  operator = await aStaffViewer(municipality, 'operator')
  family = await aHousehold(municipality)
})

const value = <T>(result: { ok: true; value: T } | { ok: false; code: string }): T => {
  if (!result.ok) throw new Error(`refused: ${result.code}`)
  return result.value
}
const code = (result: { ok: boolean; code?: string }) => (result.ok ? 'done' : result.code)

const aDish = async (name: string, given: Partial<DishFields> = {}): Promise<string> =>
  value(
    await saveDish(operator, null, {
      name,
      course: 'primo',
      ingredients: '',
      allergens: [],
      unsuitedDiets: [],
      ...given,
    }),
  ).id

type Kitchen = { menuId: string; version: number; pasta: string; rice: string; apple: string }

/** A menu of one week with pasta and an apple every day, rice pasta for D03: complete, and not yet published. */
async function aDraft(): Promise<Kitchen> {
  const pasta = await aDish('Pasta al pomodoro', { allergens: ['gluten'], unsuitedDiets: ['D03'] })
  const rice = await aDish('Pasta di riso')
  const apple = await aDish('Mela', { course: 'frutta' })
  const { id } = value(
    await createMenu(operator, {
      name: 'Autunno e inverno',
      startsOn: '2026-09-14',
      endsOn: '2027-03-26',
      weeks: 1,
      firstWeek: 1,
      schoolIds: [municipality.school.id],
    }),
  )
  const days = Object.fromEntries([1, 2, 3, 4, 5].map((weekday) => [weekday, [pasta, apple]]))
  const week = value(await saveWeek(operator, id, 1, { week: 1, days }))
  const { version } = value(await saveReplacements(operator, id, week.version, { [pasta]: { D03: rice } }))
  return { menuId: id, version, pasta, rice, apple }
}

async function aMenu(): Promise<Kitchen> {
  const kitchen = await aDraft()
  value(await publishMenu(operator, kitchen.menuId, kitchen.version))
  return kitchen
}

/** The book as any reader reads it, without the second of cache. */
const publicBook = () =>
  asPublic(municipality.municipalityId, (trx) => readBook(trx, municipality.municipalityId))
const onTheTable = async (day = DAY) => {
  const menu = dayMenu(await publicBook(), municipality.school.id, day)
  return menu.kind === 'served' ? menu.lines.map((line) => line.dish.name) : menu.kind
}

describe('a menu', () => {
  test('is seen by no reader outside before it is published, and by everybody after', async () => {
    const { menuId, version } = await aDraft()
    expect(await onTheTable()).toBe('unpublished')
    value(await publishMenu(operator, menuId, version))
    expect(await onTheTable()).toEqual(['Pasta al pomodoro', 'Mela'])
    value(await withdrawMenu(operator, menuId))
    expect(await onTheTable()).toBe('unpublished')
    expect(code(await withdrawMenu(operator, menuId))).toBe('menus:not-public')
  })

  test('shows its published version while a newer one is written, and keeps every version', async () => {
    const { menuId, version, apple } = await aMenu()
    value(await saveWeek(operator, menuId, version, { week: 1, days: { 2: [apple] } }))
    expect(await onTheTable()).toEqual(['Pasta al pomodoro', 'Mela'])
    expect((await officeMenus(operator))?.[0]).toMatchObject({ state: 'published', pending: true })
    expect((await officeMenu(operator, menuId))?.versions.map((row) => row.number)).toEqual([4, 3, 2, 1])
    value(await publishMenu(operator, menuId, version + 1))
    expect(await onTheTable()).toEqual(['Mela'])
    const { owner } = await testDatabase()
    await expect(
      owner.updateTable('menu_version').set({ name: 'x' }).where('menu_id', '=', menuId).execute(),
    ).rejects.toThrow('append-only')
  })

  test('two people who save at the same moment: one version is written, the other person is told who was first', async () => {
    const { menuId, version, apple } = await aDraft()
    const save = () => saveWeek(operator, menuId, version, { week: 1, days: { 1: [apple] } })
    const results = await Promise.all([save(), save()])
    expect(results.map(code).sort()).toEqual(['done', 'menus:changed-meanwhile'])
  })

  test('two people at one menu: the second hears that the first has saved', async () => {
    const { menuId, version, apple } = await aDraft()
    value(await saveWeek(operator, menuId, version, { week: 1, days: { 1: [apple] } }))
    expect(await saveWeek(operator, menuId, version, { week: 1, days: { 2: [apple] } })).toMatchObject({
      code: 'menus:changed-meanwhile',
      savedNow: { at: { version: version + 1 }, fields: { 'g-1[]': apple } },
    })
    expect(code(await publishMenu(operator, menuId, version))).toBe('menus:changed-meanwhile')
  })

  test('is not published while something is missing, nor twice, nor over another of the same school', async () => {
    const { menuId, version, pasta } = await aDraft()
    const gap = value(await saveWeek(operator, menuId, version, { week: 1, days: { 3: [] } }))
    expect(code(await publishMenu(operator, menuId, gap.version))).toBe('menus:not-ready')
    const whole = value(await saveWeek(operator, menuId, gap.version, { week: 1, days: { 3: [pasta] } }))
    value(await publishMenu(operator, menuId, whole.version))
    expect(code(await publishMenu(operator, menuId, whole.version))).toBe('menus:nothing-new')
    const other = value(
      await createMenu(operator, {
        name: 'Un altro',
        startsOn: '2027-03-26',
        endsOn: '2027-06-04',
        weeks: 1,
        firstWeek: 1,
        schoolIds: [municipality.school.id],
      }),
    )
    const copied = { 1: [pasta], 2: [pasta], 3: [pasta], 4: [pasta], 5: [pasta] }
    const filled = value(await saveWeek(operator, other.id, 1, { week: 1, days: copied }))
    const ready = value(
      await saveReplacements(operator, other.id, filled.version, { [pasta]: { D03: null } }),
    )
    expect(code(await publishMenu(operator, other.id, ready.version))).toBe('menus:overlap')
  })

  test('weeks are copied whole', async () => {
    const { menuId } = await aDraft()
    const menu = await officeMenu(operator, menuId)
    expect(code(await saveCopiedWeek(operator, menuId, menu?.number ?? 0, { from: 1, to: 2 }))).toBe(
      'request:not-found',
    )
  })

  test('a corrected allergen reaches the families immediately, and the register keeps what it was', async () => {
    const { apple } = await aMenu()
    value(
      await saveDish(
        operator,
        { id: apple, revision: 1 },
        {
          name: 'Mela',
          course: 'frutta',
          ingredients: '',
          allergens: ['sulphites'],
          unsuitedDiets: [],
        },
      ),
    )
    expect((await publicBook()).dishes.get(apple)?.allergens).toEqual(['sulphites'])
    const { owner } = await testDatabase()
    const { details } = await owner
      .selectFrom('audit_event')
      .select('details')
      .where('action', '=', 'menus.dish-saved')
      .where('object_id', '=', apple)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(details).toMatchObject({ before: '', allergens: 'sulphites' })
  })

  test('two people at one dish: the second undoes nothing, and sees what the first declared', async () => {
    const apple = await aDish('Mela', { course: 'frutta', allergens: ['sulphites'] })
    const fields = { name: 'Mela', course: 'frutta', ingredients: '', unsuitedDiets: [] } as const
    const at = { id: apple, revision: 1 }
    const first = { ...fields, unsuitedDiets: [], allergens: ['nuts', 'sulphites'] as Allergen[] }
    value(await saveDish(operator, at, first))
    const manager = await aStaffViewer(municipality, 'manager')
    const late = await saveDish(manager, at, {
      ...fields,
      unsuitedDiets: [],
      name: 'Mela verde',
      allergens: ['sulphites'],
    })
    expect(late).toMatchObject({
      code: 'menus:dish-changed-meanwhile',
      savedNow: { who: 'Ufficio Conti', at: { revision: 2 }, fields: { 'allergens[]': 'nuts,sulphites' } },
    })
    expect(await officeDish(manager, apple)).toMatchObject({ name: 'Mela', allergens: ['nuts', 'sulphites'] })
    value(await saveDish(manager, { id: apple, revision: 2 }, { ...first, name: 'Mela verde' }))
    expect(await officeDish(manager, apple)).toMatchObject({ name: 'Mela verde', revision: 3 })
  })

  test('a dish has one name, whatever the letters, and stays while a published menu serves it', async () => {
    const { pasta, rice } = await aMenu()
    const again = await saveDish(operator, null, {
      name: 'PASTA  al pomodoro',
      course: 'primo',
      ingredients: '',
      allergens: null,
      unsuitedDiets: [],
    })
    expect(code(again)).toBe('menus:dish-exists')
    expect(code(await archiveDish(operator, pasta))).toBe('menus:dish-in-use')
    expect(code(await archiveDish(operator, rice))).toBe('menus:dish-in-use')
    const loose = await aDish('Orzo')
    value(await archiveDish(operator, loose))
    expect((await officeDishes(operator, { text: 'orz', course: '', undeclared: false }))?.length).toBe(0)
  })

  test('a sheet fills it, all or nothing', async () => {
    const { menuId, version } = await aDraft()
    const head = 'settimana;giorno;portata;piatto;allergeni'
    const wrong = await importSheet(
      operator,
      menuId,
      version,
      `${head}\n1;lunedì;primo;Orzo;\n9;lunedì;primo;Riso;`,
    )
    expect(code(wrong)).toBe('menus:sheet-wrong')
    expect((await officeDishes(operator, { text: 'Orzo', course: '', undeclared: false }))?.length).toBe(0)
    const done = value(
      await importSheet(operator, menuId, version, `${head}\n1;lunedì;primo;Orzo;\n1;lunedì;frutta;mela;`),
    )
    expect(done).toMatchObject({ lines: 2, newDishes: 1 })
    const menu = await officeMenu(operator, menuId)
    expect(menu?.plan.rotation['1-1']).toHaveLength(2)
    expect(menu?.plan.rotation['1-2']).toHaveLength(2)
    expect(menu?.findings.map((finding) => finding.kind)).toEqual(['no-allergens'])
  })

  test('belongs to operators and managers; accountant, editor and parents find nothing', async () => {
    const { menuId, version, apple } = await aDraft()
    const accountant = await aStaffViewer(municipality, 'accountant')
    const editor = await aStaffViewer(municipality, 'editor')
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    for (const stranger of [accountant, editor, family.holderViewer, elsewhere]) {
      expect(await officeMenu(stranger, menuId)).toBeNull()
      expect(code(await publishMenu(stranger, menuId, version))).toBe('request:not-found')
      expect(code(await saveWeek(stranger, menuId, version, { week: 1, days: { 1: [apple] } }))).toBe(
        'request:not-found',
      )
    }
  })
})

describe('a change of one day', () => {
  const told = async () => {
    const { owner } = await testDatabase()
    return owner
      .selectFrom('notification')
      .select(['person_id', 'title', 'body'])
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
  }
  const asked = (kitchen: Kitchen, newDishId: string, day = DAY) => ({
    day,
    schoolIds: [municipality.school.id],
    dishId: kitchen.pasta,
    newDishId,
    reason: 'Il fornitore non ha consegnato',
    replacements: {},
  })

  test('shows whom it reaches, and is on the table immediately; withdrawn, the planned dish is back', async () => {
    const kitchen = await aMenu()
    await aPupil(municipality, family.householdId)
    const soup = await aDish('Minestra')
    const preview = await previewChange(operator, asked(kitchen, soup))
    expect(preview?.effects).toMatchObject([{ not: null, pupils: 1, families: 1 }])
    expect(value(await announceChange(operator, asked(kitchen, soup)))).toEqual({ schools: 1, pupils: 1 })
    expect(await onTheTable()).toEqual(['Minestra', 'Mela'])
    expect(await announcedChanges(operator)).toMatchObject([
      {
        day: DAY,
        oldDish: 'Pasta al pomodoro',
        newDish: 'Minestra',
        reason: 'Il fornitore non ha consegnato',
      },
    ])
    expect(await told()).toEqual([
      {
        person_id: family.holder.personId,
        title: 'Menù cambiato martedì 24 novembre',
        body: 'Minestra al posto di Pasta al pomodoro. Il fornitore non ha consegnato.',
      },
    ])
    expect(code(await announceChange(operator, asked(kitchen, soup)))).toBe('menus:not-on-that-day')
    const { owner } = await testDatabase()
    const change = await owner
      .selectFrom('menu_change')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
    value(await withdrawChange(operator, change.id))
    expect(await onTheTable()).toEqual(['Pasta al pomodoro', 'Mela'])
  })

  test('waits for the allergens of the new dish, and for what the diets eat instead', async () => {
    const kitchen = await aMenu()
    const unknown = await aDish('Ravioli', { allergens: null })
    expect(code(await announceChange(operator, asked(kitchen, unknown)))).toBe('menus:needs-allergens')
    const bread = await aDish('Gnocchi', { allergens: ['gluten'], unsuitedDiets: ['D03'] })
    const preview = await previewChange(operator, asked(kitchen, bread))
    expect(preview?.diets).toMatchObject([
      { code: 'D03', instead: { kind: 'dish', dish: { id: kitchen.rice } } },
    ])
    const wrong = { ...asked(kitchen, bread), replacements: { D03: bread } }
    expect(code(await announceChange(operator, wrong))).toBe('menus:needs-replacement')
    value(await announceChange(operator, { ...asked(kitchen, bread), replacements: { D03: kitchen.apple } }))
    const lines = dayMenu(await publicBook(), municipality.school.id, DAY, 'D03')
    expect(lines.kind === 'served' && lines.lines.map((line) => dishEatenBy(line)?.name)).toEqual([
      'Mela',
      'Mela',
    ])
  })

  test('is refused for a day that is over, and for a dish that is not on that day', async () => {
    const kitchen = await aMenu()
    const soup = await aDish('Minestra')
    expect(code(await announceChange(operator, asked(kitchen, soup, '2026-11-23')))).toBe('menus:day-passed')
    expect(code(await announceChange(operator, asked(kitchen, soup, '2026-11-28')))).toBe(
      'menus:not-on-that-day',
    )
    expect(code(await announceChange(operator, asked(kitchen, kitchen.pasta)))).toBe('menus:same-dish')
  })
})

describe('my child’s menu', () => {
  const menusOf = (viewer: Viewer) => familyMenus(viewer, (today) => [today])

  test('marks what the child’s diet does not eat, and names the diet to the holder only', async () => {
    await aMenu()
    await aPupil(municipality, family.householdId, { name: 'Greta', diet: 'D03' })
    const delegate = await aDelegate(municipality, family.householdId)
    const [greta] = (await menusOf(family.holderViewer))?.children ?? []
    expect(greta).toMatchObject({ givenName: 'Greta', diet: { code: 'D03', name: 'Senza glutine' } })
    const menu = greta?.days[0]?.menu
    expect(menu?.kind === 'served' && menu.lines.map((line) => dishEatenBy(line)?.name)).toEqual([
      'Pasta di riso',
      'Mela',
    ])
    const [seen] = (await menusOf(delegate))?.children ?? []
    expect(seen?.diet).toEqual({ code: 'D03', name: null })
    const { owner } = await testDatabase()
    const reads = await owner
      .selectFrom('audit_event')
      .select('person_id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('action', '=', 'diet.read')
      .execute()
    expect(reads.map((row) => row.person_id)).toEqual([family.holder.personId])
  })

  test('is of no other person', async () => {
    await aMenu()
    await aPupil(municipality, family.householdId, { name: 'Greta', diet: 'D03' })
    const stranger = await aHousehold(municipality)
    expect((await menusOf(stranger.holderViewer))?.children).toEqual([])
    expect(await menusOf(operator)).toBeNull()
  })
})

describe('how it went', () => {
  let kitchen: Kitchen
  let pupilId: string
  let serviceDayId: string

  beforeEach(async () => {
    kitchen = await aMenu()
    pupilId = await aPupil(municipality, family.householdId, { name: 'Greta' })
    serviceDayId = await aServiceDay(municipality, DAY)
  })

  const rate = (viewer: Viewer, given: object = {}) =>
    rateMeal(viewer, { pupilId, serviceDayId, scores: { [kitchen.pasta]: 3 }, comment: '', ...given })

  const served = async () => {
    await setClock(AFTERNOON)
    await closeDueDays()
  }

  test('is said once per child and day, by either parent, and may be changed', async () => {
    expect(code(await rate(family.holderViewer))).toBe('menus:not-served-yet')
    await served()
    value(await rate(family.holderViewer, { comment: 'Buona' }))
    const delegate = await aDelegate(municipality, family.householdId)
    value(await rate(delegate, { scores: { [kitchen.pasta]: 1, [kitchen.apple]: 2 } }))
    const [greta] = (await familyMenus(family.holderViewer, () => []))?.children ?? []
    expect(greta?.toRate).toMatchObject([
      { day: DAY, scores: { [kitchen.pasta]: 1, [kitchen.apple]: 2 }, comment: '' },
    ])
  })

  test('is said only of the dishes on the plate, and not of nothing', async () => {
    await served()
    expect(code(await rate(family.holderViewer, { scores: { [kitchen.rice]: 3 } }))).toBe(
      'menus:unknown-dish',
    )
    expect(code(await rate(family.holderViewer, { scores: {} }))).toBe('menus:nothing-said')
  })

  test('is not said of a child that was away, nor after a week, nor by a stranger', async () => {
    const change = { action: 'cancel', pupilIds: [pupilId], days: [DAY], channel: 'web' } as const
    value(await changeMeals(family.holderViewer, { ...change, idempotencyKey: crypto.randomUUID() }))
    await served()
    expect(code(await rate(family.holderViewer))).toBe('menus:was-absent')
    const stranger = await aHousehold(municipality)
    expect(code(await rate(stranger.holderViewer))).toBe('request:not-found')
    expect(code(await rate(operator))).toBe('request:not-found')
    await setClock('2026-12-02T08:00:00+01:00')
    pupilId = await aPupil(municipality, family.householdId)
    expect(code(await rate(family.holderViewer))).toBe('menus:rating-too-late')
  })

  test('the office sees sums from five answers on, no person’s row, and comments without a name', async () => {
    const pupils = [pupilId]
    for (let i = 0; i < 4; i += 1) pupils.push(await aPupil(municipality, family.householdId))
    await served()
    for (const one of pupils.slice(0, 4))
      value(await rate(family.holderViewer, { pupilId: one, comment: 'Buona' }))
    expect((await officeOpinions(operator))?.schools[0]?.dishes).toEqual([])
    value(await rate(family.holderViewer, { pupilId: pupils[4], scores: { [kitchen.pasta]: 1 } }))
    const opinions = await officeOpinions(operator)
    expect(opinions?.schools[0]?.dishes).toMatchObject([
      { name: 'Pasta al pomodoro', answers: 5, liked: 4, soSo: 0, notEaten: 1 },
    ])
    expect(opinions?.comments[0]).toEqual({
      schoolName: expect.any(String),
      month: '2026-11',
      comment: 'Buona',
    })
    const rows = await asStaff(operator, (trx) => trx.selectFrom('meal_rating').selectAll().execute())
    expect(rows).toEqual([])
  })

  test('families see the average only where the office shows it', async () => {
    const pupils = [pupilId]
    for (let i = 0; i < 4; i += 1) pupils.push(await aPupil(municipality, family.householdId))
    await served()
    for (const one of pupils) value(await rate(family.holderViewer, { pupilId: one }))
    const opinions = async () =>
      (await familyMenus(family.holderViewer, () => []))?.children[0]?.opinions.size
    expect(await opinions()).toBe(0)
    value(await saveMenuSettings(operator, true))
    expect(await opinions()).toBe(1)
  })

  test('is forgotten after 24 months', async () => {
    await served()
    value(await rate(family.holderViewer))
    expect(await purgeRatings()).toBe(0)
    await setClock('2028-11-25T15:00:00+01:00')
    expect(await purgeRatings()).toBeGreaterThan(0)
    const { owner } = await testDatabase()
    expect(await owner.selectFrom('meal_rating_dish').selectAll().execute()).toEqual([])
  })

  test('with the application asleep: a stranger reads and writes no rating', async () => {
    await served()
    value(await rate(family.holderViewer))
    const stranger = {
      municipalityId: municipality.municipalityId,
      personId: (await aHousehold(municipality)).holder.personId,
    }
    for (const table of ['meal_rating', 'meal_rating_dish'] as const) {
      expect(
        await familyInEverySubject(stranger, (trx) => trx.selectFrom(table).selectAll().execute()),
      ).toEqual([])
      expect(
        await inEverySubject({ municipalityId: municipality.municipalityId, audience: 'public' }, (trx) =>
          trx.selectFrom(table).selectAll().execute(),
        ),
      ).toEqual([])
    }
    const forged = familyInEverySubject(stranger, (trx) =>
      sql`insert into meal_rating_dish (municipality_id, pupil_id, service_day_id, dish_id, score)
        values (${municipality.municipalityId}, ${pupilId}, ${serviceDayId}, ${kitchen.apple}, 1)`.execute(
        trx,
      ),
    )
    await expect(forged).rejects.toThrow('row-level security')
  })
})

describe('leftovers', () => {
  const entry = (given: object = {}) => ({
    day: DAY,
    schoolId: municipality.school.id,
    classId: null,
    amounts: [{ course: 'primo' as const, grams: 1250, share: null }],
    ...given,
  })

  test('are written per class or school, and written again they are replaced', async () => {
    await aServiceDay(municipality, DAY)
    value(await recordLeftovers(operator, entry()))
    value(await recordLeftovers(operator, entry({ amounts: [{ course: 'primo', grams: null, share: 20 }] })))
    value(await recordLeftovers(operator, entry({ classId: municipality.school.classId })))
    const page = await readLeftovers(operator, { schoolId: null, from: null, to: null })
    expect(page?.rows.map((row) => [row.className, row.grams, row.share])).toEqual([
      [null, null, 20],
      ['3A', 1250, null],
    ])
  })

  test('are refused for a day without lunch, for a class of another school, and from the accountant', async () => {
    expect(code(await recordLeftovers(operator, entry()))).toBe('leftovers:no-service')
    await aServiceDay(municipality, DAY)
    const elsewhere = (await aMunicipality()).school.classId
    expect(code(await recordLeftovers(operator, entry({ classId: elsewhere })))).toBe('request:not-found')
    const accountant = await aStaffViewer(municipality, 'accountant')
    expect(code(await recordLeftovers(accountant, entry()))).toBe('request:not-found')
    expect(await readLeftovers(accountant, { schoolId: null, from: null, to: null })).toBeNull()
  })
})
