import { describe, expect, test } from 'vitest'
import { readCsv, sheetText } from '#lib/kernel/csv.ts'
import { addDays, type Day, weekdayOf } from '#lib/kernel/day.ts'
import { ALLERGEN_CODES, allergenFrom, allergenNames, inAnnexOrder } from '#lib/menus/allergen.ts'
import { type DayMenu, dayMenu, dishEatenBy, type MenuBook, type PublishedMenu } from '#lib/menus/day-menu.ts'
import type { Dish } from '#lib/menus/dish.ts'
import { checkMenu } from '#lib/menus/menu-check.ts'
import { readSheet, rotationFrom, weekdayFrom } from '#lib/menus/menu-sheet.ts'
import { dishQuery, readDishFilter } from '#lib/menus/office/dish.address.ts'
import { judgeRating, shareOf } from '#lib/menus/rating.ts'
import {
  copyWeek,
  type MenuPlan,
  menusOverlap,
  mondayOf,
  plannedDishes,
  rotationWeek,
  withoutWeeksAfter,
} from '#lib/menus/rotation.ts'
import { withSlugs } from '#lib/menus/slugs.ts'
import fc from '#tests/support/random.ts'

const SCHOOL = 'school'

const plan = (given: Partial<MenuPlan> = {}): MenuPlan => ({
  name: 'Autunno e inverno',
  startsOn: '2026-09-14',
  endsOn: '2027-03-26',
  weeks: 4,
  firstWeek: 1,
  schoolIds: [SCHOOL],
  rotation: {},
  replacements: {},
  ...given,
})

const dish = (id: string, given: Partial<Dish> = {}): Dish => ({
  id,
  name: id,
  course: 'primo',
  ingredients: '',
  allergens: [],
  unsuitedDiets: [],
  ...given,
})

const anyDay = fc.integer({ min: 0, max: 365 * 12 }).map((days): Day => addDays('2020-01-01', days))

describe('the week of the rotation', () => {
  test('is the first one in the calendar week in which the menu begins, also when that is a Thursday', () => {
    const from = plan({ startsOn: '2026-09-17' })
    expect(rotationWeek(from, '2026-09-17')).toBe(1)
    expect(rotationWeek(from, '2026-09-18')).toBe(1)
    expect(rotationWeek(from, '2026-09-21')).toBe(2)
  })

  test('comes round after the last one', () => {
    expect(rotationWeek(plan(), '2026-10-09')).toBe(4)
    expect(rotationWeek(plan(), '2026-10-12')).toBe(1)
  })

  test('begins where the office says', () => {
    expect(rotationWeek(plan({ firstWeek: 3 }), '2026-09-14')).toBe(3)
    expect(rotationWeek(plan({ firstWeek: 3 }), '2026-09-28')).toBe(1)
  })

  test('is none outside the validity: both ends belong to it', () => {
    expect(rotationWeek(plan(), '2026-09-13')).toBeNull()
    expect(rotationWeek(plan(), '2026-09-14')).toBe(1)
    expect(rotationWeek(plan(), '2027-03-26')).not.toBeNull()
    expect(rotationWeek(plan(), '2027-03-27')).toBeNull()
  })

  test('over years, clock changes and year ends: one week is one step, and all days of a week share it', () => {
    const property = fc.property(
      anyDay,
      fc.integer({ min: 1, max: 12 }),
      fc.nat({ max: 11 }),
      fc.nat({ max: 3_000 }),
      (startsOn, weeks, first, later) => {
        const menu = plan({
          startsOn,
          endsOn: addDays(startsOn, 4_000),
          weeks,
          firstWeek: (first % weeks) + 1,
        })
        const day = addDays(startsOn, later)
        const now = rotationWeek(menu, day) as number
        const next = rotationWeek(menu, addDays(day, 7)) as number
        expect(now).toBeGreaterThanOrEqual(1)
        expect(now).toBeLessThanOrEqual(weeks)
        expect(next).toBe((now % weeks) + 1)
        if (mondayOf(day) >= startsOn) expect(rotationWeek(menu, mondayOf(day))).toBe(now)
        expect(rotationWeek(menu, startsOn)).toBe(menu.firstWeek)
        expect(rotationWeek(menu, addDays(day, 7 * weeks))).toBe(now)
      },
    )
    fc.assert(property)
  })

  test('a Monday is a Monday, in the same week', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const monday = mondayOf(day)
        expect(weekdayOf(monday)).toBe(1)
        expect(monday <= day && day < addDays(monday, 7)).toBe(true)
      }),
    )
  })

  test('no closure shifts it: the week after Christmas is the one the calendar says', () => {
    const book = aBook({ closures: [{ schoolId: null, day: '2026-12-24', reason: 'Vacanze di Natale' }] })
    const [menu] = book.menus as [PublishedMenu]
    expect(rotationWeek(menu, '2026-12-21')).toBe(3)
    expect(rotationWeek(menu, '2027-01-11')).toBe(2)
  })
})

describe('the dishes of a rotation', () => {
  const rotation = { '1-1': ['a', 'b'], '1-2': ['c'], '2-1': ['d'] }

  test('are those of the week and weekday', () => {
    expect(plannedDishes(plan({ rotation }), '2026-09-14')).toEqual(['a', 'b'])
    expect(plannedDishes(plan({ rotation }), '2026-09-21')).toEqual(['d'])
    expect(plannedDishes(plan({ rotation }), '2026-09-16')).toEqual([])
  })

  test('copying a week replaces the other whole', () => {
    expect(copyWeek(rotation, 1, 2)).toEqual({ ...rotation, '2-1': ['a', 'b'], '2-2': ['c'] })
    expect(copyWeek(rotation, 3, 1)).toEqual({ '2-1': ['d'] })
  })

  test('a shorter rotation forgets the weeks beyond', () => {
    expect(withoutWeeksAfter({ ...rotation, '10-1': ['z'] }, 1)).toEqual({ '1-1': ['a', 'b'], '1-2': ['c'] })
    expect(withoutWeeksAfter({ ...rotation, '10-1': ['z'] }, 10)).toEqual({ ...rotation, '10-1': ['z'] })
  })

  test('two menus clash only for a school and a day that both have', () => {
    const autumn = plan({ startsOn: '2026-09-14', endsOn: '2026-12-18' })
    expect(menusOverlap(autumn, plan({ startsOn: '2026-12-18', endsOn: '2027-06-04' }))).toBe(true)
    expect(menusOverlap(autumn, plan({ startsOn: '2026-12-19', endsOn: '2027-06-04' }))).toBe(false)
    expect(menusOverlap(autumn, plan({ schoolIds: ['another'] }))).toBe(false)
  })
})

const PASTA = dish('pasta', { name: 'Pasta al pomodoro', allergens: ['gluten'], unsuitedDiets: ['D01'] })
const RICE_PASTA = dish('riso', { name: 'Pasta di riso al pomodoro' })
const LASAGNE = dish('lasagne', { allergens: ['gluten', 'eggs', 'milk'], unsuitedDiets: ['D01', 'D02'] })
const POLENTA = dish('polenta')
const APPLE = dish('mela', { course: 'frutta' })

function aBook(given: Partial<MenuBook> = {}, menu: Partial<MenuPlan> = {}): MenuBook {
  return {
    schoolWeeks: [{ schoolId: SCHOOL, weekdays: [1, 2, 3, 4, 5], from: '2026-09-14', to: '2027-06-04' }],
    closures: [],
    changes: [],
    dishes: new Map([PASTA, RICE_PASTA, LASAGNE, POLENTA, APPLE].map((one) => [one.id, one])),
    menus: [
      {
        ...plan({
          rotation: { '1-1': ['mela', 'pasta'], '1-2': ['polenta'] },
          replacements: { pasta: { D01: 'riso' } },
          ...menu,
        }),
        id: 'menu',
        publishedAt: new Date('2026-09-01T08:00:00Z'),
      },
    ],
    ...given,
  }
}

const onMonday = (book: MenuBook, diet?: string): DayMenu => dayMenu(book, SCHOOL, '2026-09-14', diet)
const linesOf = (menu: DayMenu) => (menu.kind === 'served' ? menu.lines : [])

describe('the menu of a day', () => {
  test('lists the dishes in the order of the table', () => {
    expect(linesOf(onMonday(aBook())).map((line) => line.dish.id)).toEqual(['pasta', 'mela'])
  })

  test('is none where the school has no lunch, before its first day and after its last', () => {
    expect(dayMenu(aBook(), SCHOOL, '2026-09-19').kind).toBe('unplanned')
    expect(dayMenu(aBook(), SCHOOL, '2026-09-11').kind).toBe('unplanned')
    expect(dayMenu(aBook(), SCHOOL, '2027-06-04').kind).toBe('unpublished')
    expect(dayMenu(aBook(), SCHOOL, '2027-06-07').kind).toBe('unplanned')
    expect(dayMenu(aBook(), 'another', '2026-09-14').kind).toBe('unplanned')
  })

  test('says why a school is closed, for that school only', () => {
    const closed = aBook({ closures: [{ schoolId: SCHOOL, day: '2026-09-14', reason: 'Sciopero' }] })
    expect(onMonday(closed)).toEqual({ kind: 'closed', reason: 'Sciopero' })
    const elsewhere = aBook({ closures: [{ schoolId: 'another', day: '2026-09-14', reason: 'Sciopero' }] })
    expect(onMonday(elsewhere).kind).toBe('served')
  })

  test('is unpublished where no menu covers the day, or nothing is planned', () => {
    expect(onMonday(aBook({ menus: [] })).kind).toBe('unpublished')
    expect(dayMenu(aBook(), SCHOOL, '2026-09-16').kind).toBe('unpublished')
  })

  test('of two menus by mistake, the last published speaks', () => {
    const [first] = aBook().menus as [PublishedMenu]
    const second = {
      ...first,
      publishedAt: new Date('2026-10-01T08:00:00Z'),
      rotation: { '1-1': ['polenta'] },
    }
    expect(linesOf(onMonday(aBook({ menus: [second, first] }))).map(({ dish: { id } }) => id)).toEqual([
      'polenta',
    ])
  })
})

describe('for a diet', () => {
  const forDiet = (book: MenuBook, diet: string) =>
    linesOf(onMonday(book, diet)).map((line) => [line.dish.id, line.forDiet.kind, dishEatenBy(line)?.id])

  test('the replacement takes the place of what it does not eat, and the rest stays', () => {
    expect(forDiet(aBook(), 'D01')).toEqual([
      ['pasta', 'instead', 'riso'],
      ['mela', 'same', 'mela'],
    ])
    expect(forDiet(aBook(), 'STD')).toEqual([
      ['pasta', 'same', 'pasta'],
      ['mela', 'same', 'mela'],
    ])
  })

  test('where it is not written what comes instead, the family is told to ask: nothing is guessed', () => {
    expect(forDiet(aBook({}, { replacements: {} }), 'D01')[0]).toEqual(['pasta', 'ask', undefined])
  })

  test('a replacement that is itself not for the diet, or that is gone, is no answer', () => {
    expect(forDiet(aBook({}, { replacements: { pasta: { D01: 'lasagne' } } }), 'D01')[0]?.[1]).toBe('ask')
    expect(forDiet(aBook({}, { replacements: { pasta: { D01: 'nobody' } } }), 'D01')[0]?.[1]).toBe('ask')
  })

  test('the office may say that nothing comes instead', () => {
    expect(forDiet(aBook({}, { replacements: { pasta: { D01: null } } }), 'D01')[0]).toEqual([
      'pasta',
      'without',
      undefined,
    ])
  })

  test('no dish that is marked against it is served, whatever is written', () => {
    const ids = fc.constantFrom('pasta', 'riso', 'lasagne', 'polenta', 'mela')
    const diets = fc.constantFrom('D01', 'D02')
    const property = fc.property(
      fc.uniqueArray(ids),
      fc.dictionary(ids, fc.dictionary(diets, fc.option(ids))),
      fc.option(
        fc.record({ dishId: ids, newDishId: ids, replacements: fc.dictionary(diets, fc.option(ids)) }),
      ),
      diets,
      (planned, replacements, change, diet) => {
        const changes = change
          ? [{ ...change, schoolId: SCHOOL, day: '2026-09-14', reason: 'x', announcedAt: new Date(0) }]
          : []
        const book = aBook({ changes }, { rotation: { '1-1': planned }, replacements })
        for (const line of linesOf(onMonday(book, diet)))
          expect(dishEatenBy(line)?.unsuitedDiets ?? []).not.toContain(diet)
      },
    )
    fc.assert(property)
  })
})

describe('a change of one day', () => {
  const change = {
    schoolId: SCHOOL,
    day: '2026-09-14',
    dishId: 'pasta',
    newDishId: 'lasagne',
    replacements: { D02: 'polenta' },
    reason: 'Il forno è guasto',
    announcedAt: new Date('2026-09-13T10:00:00Z'),
  }

  test('shows the new dish, what it was and why', () => {
    const [line] = linesOf(onMonday(aBook({ changes: [change] })))
    expect(line).toMatchObject({
      dish: { id: 'lasagne' },
      changed: { from: { id: 'pasta' }, reason: 'Il forno è guasto' },
    })
  })

  test('its own replacements come first, those of the menu stay behind them', () => {
    const book = aBook({ changes: [change] })
    expect(linesOf(onMonday(book, 'D02'))[0]?.forDiet).toMatchObject({
      kind: 'instead',
      dish: { id: 'polenta' },
    })
    expect(linesOf(onMonday(book, 'D01'))[0]?.forDiet).toMatchObject({
      kind: 'instead',
      dish: { id: 'riso' },
    })
  })

  test('is for that school and that day only', () => {
    expect(linesOf(onMonday(aBook({ changes: [{ ...change, schoolId: 'another' }] })))[0]?.dish.id).toBe(
      'pasta',
    )
    expect(linesOf(onMonday(aBook({ changes: [{ ...change, day: '2026-10-12' }] })))[0]?.changed).toBeNull()
  })
})

describe('a menu is published only when', () => {
  const complete = plan({
    weeks: 1,
    rotation: { '1-1': ['pasta'], '1-2': ['polenta'] },
    replacements: { pasta: { D01: 'riso' } },
  })
  const dishes = (...changed: Dish[]) =>
    new Map([PASTA, RICE_PASTA, LASAGNE, POLENTA, ...changed].map((one) => [one.id, one]))
  const kinds = (given: Partial<MenuPlan>, weekdays = [1, 2], known = dishes()) =>
    checkMenu({ ...complete, ...given }, weekdays, known).map(({ kind }) => kind)

  test('every served day has a dish', () => {
    expect(kinds({})).toEqual([])
    expect(checkMenu(complete, [1, 2, 3], dishes())).toEqual([{ kind: 'empty-day', week: 1, weekday: 3 }])
  })

  test('every dish has its allergens declared, also those that come instead', () => {
    expect(kinds({}, [1, 2], dishes(dish('polenta', { allergens: null })))).toEqual(['no-allergens'])
    expect(kinds({}, [1, 2], dishes(dish('riso', { allergens: null })))).toEqual(['no-allergens'])
  })

  test('every diet that does not eat a dish has something written in its place, or that it goes without', () => {
    expect(kinds({ replacements: {} })).toEqual(['no-replacement'])
    expect(kinds({ replacements: { pasta: { D01: 'lasagne' } } })).toEqual(['unsuited-replacement'])
    expect(kinds({ replacements: { pasta: { D01: null } } })).toEqual([])
  })

  test('no dish in it was taken off the list', () => {
    expect(kinds({ rotation: { '1-1': ['pasta', 'gone'], '1-2': ['polenta'] } })).toEqual(['gone-dish'])
  })
})

describe('allergens', () => {
  test('are the fourteen of the annex, by name and in its order', () => {
    expect(ALLERGEN_CODES).toHaveLength(14)
    expect(allergenNames(['milk', 'gluten'])).toEqual(['cereali contenenti glutine', 'latte e lattosio'])
    expect(inAnnexOrder(['milk', 'milk', 'sugar'])).toEqual(['milk'])
  })

  test('are understood as offices write them', () => {
    expect(['Glutine', 'uova', '7', ' LATTE ', 'molluschi'].map(allergenFrom)).toEqual([
      'gluten',
      'eggs',
      'milk',
      'milk',
      'molluscs',
    ])
    const none = ['15', '0', '', 'zucchero', 'constructor', '__proto__']
    expect(none.map(allergenFrom)).toEqual(none.map(() => null))
  })
})

describe('a sheet', () => {
  const context = {
    weeks: 2,
    diets: [{ code: 'D01', name: 'Senza glutine' }],
    dishes: [{ ...PASTA, name: 'Pasta al pomodoro' }],
  }
  const sheet = (...lines: string[]) =>
    readSheet(['Settimana;Giorno;Portata;Piatto;Allergeni;Non adatto a', ...lines].join('\r\n'), context)

  test('fills the days and tells which dishes are new', () => {
    const read = sheet(
      '1;lunedì;primo;PASTA al pomodoro;uova;',
      '1;lun;Frutta o dessert;"Mela ""golden"", a pezzi";nessuno;',
      '2;martedi;secondo;Frittata;uova, latte;Senza glutine',
      '2;3;contorno;Carote;;',
    )
    expect(read.problems).toEqual([])
    expect(read.days).toEqual({
      '1-1': ['Pasta al pomodoro', 'Mela "golden", a pezzi'],
      '2-2': ['Frittata'],
      '2-3': ['Carote'],
    })
    expect(read.newDishes).toEqual([
      { name: 'Mela "golden", a pezzi', course: 'frutta', allergens: [], unsuitedDiets: [] },
      { name: 'Frittata', course: 'secondo', allergens: ['eggs', 'milk'], unsuitedDiets: ['D01'] },
      { name: 'Carote', course: 'contorno', allergens: null, unsuitedDiets: [] },
    ])
    expect(rotationFrom(read.days, (name) => name.slice(0, 3))).toEqual({
      '1-1': ['Pas', 'Mel'],
      '2-2': ['Fri'],
      '2-3': ['Car'],
    })
  })

  test('says line by line what is wrong', () => {
    const read = sheet(
      '3;lunedì;primo;Riso;;',
      '1;ieri;zuppa;Riso;;',
      '1;lunedì;primo;;;',
      '1;lunedì;primo;Riso;zucchero;D99',
      '1;lunedì;primo;Orzo;;',
      '1;lunedì;primo;orzo;;',
    )
    expect(read.problems.map(({ line, problem }) => `${line}: ${problem}`)).toEqual([
      '2: la settimana va da 1 a 2',
      '3: il giorno si scrive per intero, per esempio “lunedì”',
      '3: la portata è una di: primo, secondo, piatto unico, contorno, pane, frutta o dessert',
      '4: manca il piatto',
      '5: “zucchero” non è uno dei quattordici allergeni',
      '5: la dieta “D99” non c’è',
      '7: questo piatto c’è già in questo giorno',
    ])
  })

  test('without its columns is not read at all', () => {
    expect(readSheet('a,b\n1,2', context).problems).toEqual([
      { line: 1, problem: 'mancano le colonne: settimana, giorno, portata, piatto' },
    ])
    expect(readSheet('', context).problems).toHaveLength(1)
  })

  test('any text is an answer, never a crash', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readSheet(text, context).lines).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('cells survive the way through a spreadsheet', () => {
    const cell = fc.string().map((text) => text.replace(/\r/g, '').trim())
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const quoted = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(';'))
        // The separator is told by the first line: give it one that says so.
        const read = readCsv(['a;b;c;d;e', ...quoted].join('\r\n'))
        const expected = rows.filter((row) => row.some((value) => value !== ''))
        expect(read.slice(1).map(({ cells }) => cells)).toEqual(expected)
      }),
    )
  })

  test('its letters are UTF-8 or, from an Italian Excel, those of Windows', () => {
    const windows = Uint8Array.from(Buffer.from('1;luned\u00ec;primo;Rag\u00f9', 'latin1'))
    expect(sheetText(windows.buffer)).toBe('1;lunedì;primo;Ragù')
    expect(sheetText(new TextEncoder().encode('lunedì').buffer)).toBe('lunedì')
  })

  test('knows weekdays by name, short name and number', () => {
    expect(['domenica', 'Dom', '7', 'xx', ''].map(weekdayFrom)).toEqual([7, 7, 7, 0, 0])
  })
})

describe('how a meal went', () => {
  const served = {
    day: '2026-11-20',
    today: '2026-11-24',
    status: 'closed',
    enrolled: true,
    absent: false,
  } as const
  const answer = (given: Partial<Parameters<typeof judgeRating>[0]>) => {
    const judged = judgeRating({ ...served, ...given })
    return judged.ok ? 'yes' : judged.code
  }

  test('may be said after the kitchen has closed the day, for seven days', () => {
    expect(answer({})).toBe('yes')
    expect(answer({ today: '2026-11-20' })).toBe('yes')
    expect(answer({ today: '2026-11-27' })).toBe('yes')
    expect(answer({ today: '2026-11-28' })).toBe('menus:rating-too-late')
  })

  test('is not said before the meal, nor of a closed day, nor of a child that was away or somewhere else', () => {
    expect(answer({ status: 'open' })).toBe('menus:not-served-yet')
    expect(answer({ day: '2026-11-25' })).toBe('menus:not-served-yet')
    expect(answer({ status: 'suspended' })).toBe('menus:no-meal-to-rate')
    expect(answer({ absent: true })).toBe('menus:was-absent')
    expect(answer({ enrolled: false })).toBe('menus:no-meal-to-rate')
  })

  test('shares are whole per cent, and nothing of nothing is nothing', () => {
    expect(shareOf(1, 3)).toBe(33)
    expect(shareOf(0, 0)).toBe(0)
  })
})

test('names in addresses are plain, and of two alike one gets a number', () => {
  expect(
    withSlugs([
      { name: 'Scuola dell’infanzia Girotondo' },
      { name: 'Città' },
      { name: 'citta' },
      { name: '🍎' },
    ]).map(({ slug }) => slug),
  ).toEqual(['scuola-dell-infanzia-girotondo', 'citta', 'citta-2', 'scuola'])
})

test('the address of a page of dishes keeps what was asked for', () => {
  const filter = readDishFilter({ cerca: 'riso & piselli', portata: 'primo', allergeni: 'mancano' })
  const query = dishQuery(filter, 2)
  expect(query).toBe('cerca=riso+%26+piselli&portata=primo&allergeni=mancano&pagina=2')
  expect(readDishFilter(Object.fromEntries(new URLSearchParams(query)))).toEqual(filter)
  expect(dishQuery(readDishFilter({}), 1)).toBe('')
})
