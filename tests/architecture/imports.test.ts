import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Module, readModule, readModules } from '#tests/support/imports.ts'
import { COMPUTING, DOMAIN_WORDS, FOLDERS, KERNEL, KINDS } from '#tests/support/rooms.ts'

const MODULES = readModules('{app,bench,bridge,browser,components,db,lib,scripts,simulators}/**/*.{ts,tsx}')
const under = (folder: string): Module[] => MODULES.filter(({ file }) => file.startsWith(folder))
const LIB = under('lib/')
const bridgeFiles = () => under('bridge/')

/** Circles that are left, each by the arrow whose removal opens it. The list only shrinks, and ends empty. */
const CIRCLES: readonly string[] = []

const isAny = (file: string, prefixes: readonly string[]) =>
  prefixes.some((prefix) => file.startsWith(prefix))

/** `lib/payments/office/top-up.commands.ts` → `commands`. */
const kindOf = (file: string): string =>
  path
    .basename(file)
    .replace(/\.tsx?$/, '')
    .split('.')
    .slice(1)
    .join('.')

const isPure = (file: string): boolean => KINDS[kindOf(file)]?.isPure === true
const roomOf = (file: string): string => file.split('/')[1] as string
const isPackage = (written: string, names: readonly string[]) =>
  names.some((name) => written === name || written.startsWith(`${name}/`))

/** Own files that a module may not import: `file → imported`. */
const ownImports = (modules: readonly Module[], isWrong: (to: string, from: string) => boolean): string[] =>
  modules.flatMap(({ file, imports }) =>
    imports.filter(({ to, isOwn }) => isOwn && isWrong(to, file)).map(({ to }) => `${file} → ${to}`),
  )

const packages = (modules: readonly Module[], isWrong: (name: string, from: string) => boolean): string[] =>
  modules.flatMap(({ file, imports }) =>
    imports.filter(({ to, isOwn }) => !isOwn && isWrong(to, file)).map(({ to }) => `${file} → ${to}`),
  )

const impure = (modules: readonly Module[]): string[] => {
  const rules = modules.filter(({ file }) => isPure(file))
  return [
    ...ownImports(rules, (to) => !to.startsWith('lib/') || !(isPure(to) || to.endsWith('.client.ts'))),
    ...packages(
      rules,
      (name, file) =>
        !file.startsWith(KERNEL) &&
        !isPackage(name, [...COMPUTING, ...(KINDS[kindOf(file)]?.packages ?? [])]),
    ),
  ]
}

/** Packages that open a door: only the kinds that name one may import it. */
const DOORS = ['kysely', 'pg', 'next', 'next-auth', 'react', 'server-only', 'pdfkit']
const HAS_DATABASE = ['queries', 'commands']

describe('the arrows between the floors', () => {
  test('rules and the other pure kinds import only pure files and packages that compute', () => {
    expect(impure(LIB)).toEqual([])
  })

  test('only queries and commands know the database', () => {
    const others = LIB.filter(({ file }) => !HAS_DATABASE.includes(kindOf(file)))
    expect(ownImports(others, (to) => to.startsWith('db/'))).toEqual([])
  })

  test('each kind imports the packages that open a door only where its line in the table says so', () => {
    const wrong = packages(
      LIB,
      (name, file) =>
        isPackage(name, DOORS) &&
        kindOf(file) !== 'adapter' &&
        !isPackage(name, KINDS[kindOf(file)]?.packages ?? []),
    )
    expect(wrong).toEqual([])
  })

  test('the kernel imports nothing of the product', () => {
    const known = CIRCLES.filter((arrow) => arrow.startsWith('kernel → ')).map(
      (arrow) => arrow.split(' → ')[1],
    )
    const isNew = (to: string) => !to.startsWith(KERNEL) && !known.includes(roomOf(to))
    expect(ownImports(under(KERNEL), isNew)).toEqual([])
  })

  test('lib draws nothing and has no address', () => {
    expect(ownImports(LIB, (to) => isAny(to, ['app/', 'components/']))).toEqual([])
  })

  test('components receive props: they import no database, query, command, adapter or page', () => {
    const wrong = ownImports(
      under('components/'),
      (to) => isAny(to, ['app/', 'db/']) || ['queries', 'commands', 'adapter', 'http'].includes(kindOf(to)),
    )
    expect(wrong).toEqual([])
    expect(packages(under('components/'), (name) => isPackage(name, ['kysely', 'pg']))).toEqual([])
  })

  test('pages and addresses know no database', () => {
    expect(ownImports(under('app/'), (to) => to.startsWith('db/'))).toEqual([])
    expect(packages(under('app/'), (name) => isPackage(name, ['kysely', 'pg']))).toEqual([])
  })

  test('a migration takes nothing from the application: it must mean the same for ever', () => {
    expect(ownImports(under('db/migrations/'), () => true)).toEqual([])
    expect(packages(under('db/migrations/'), (name) => name !== 'kysely')).toEqual([])
  })

  test('the product imports no script, simulator or test', () => {
    const product = MODULES.filter(({ file }) =>
      isAny(file, ['app/', 'bridge/', 'browser/', 'components/', 'db/', 'lib/']),
    )
    expect(ownImports(product, (to) => isAny(to, ['bench/', 'scripts/', 'simulators/', 'tests/']))).toEqual(
      [],
    )
  })

  test('the portal and the bridge are two programs: they share pure files of lib, and neither imports the other', () => {
    const bridge = bridgeFiles()
    expect(bridge.length).toBeGreaterThan(0)
    expect(
      ownImports(bridge, (to) => !to.startsWith('bridge/') && !(to.startsWith('lib/') && isPure(to))),
    ).toEqual([])
    const portal = MODULES.filter(({ file }) =>
      isAny(file, ['app/', 'browser/', 'components/', 'db/', 'lib/']),
    )
    expect(ownImports(portal, (to) => to.startsWith('bridge/'))).toEqual([])
  })

  test('rules of the bridge read no file, and only its adapters know the library of signatures', () => {
    const others = bridgeFiles().filter(({ file }) => kindOf(file) !== 'adapter')
    const isAllowed = (name: string) => isPackage(name, [...COMPUTING, 'node:zlib'])
    expect(packages(others, (name) => !isAllowed(name))).toEqual([])
  })

  test.each([
    ["import { database } from '#db/client.ts'", 'lib/meals/cutoff.ts → db/client.ts'],
    ["import type { DB } from '#db/schema.ts'", 'lib/meals/cutoff.ts → db/schema.ts'],
    ["export * from './meal.queries.ts'", 'lib/meals/cutoff.ts → lib/meals/meal.queries.ts'],
    [
      "import { mine } from '../people/household.queries.ts'",
      'lib/meals/cutoff.ts → lib/people/household.queries.ts',
    ],
    ["import { readFileSync } from 'node:fs'", 'lib/meals/cutoff.ts → node:fs'],
    ["import { headers } from 'next/headers'", 'lib/meals/cutoff.ts → next/headers'],
    ["import 'server-only'", 'lib/meals/cutoff.ts → server-only'],
    ["const late = async () => (await import('pg')).Client", 'lib/meals/cutoff.ts → pg'],
    ["type Rows = import('kysely').Selectable<object>", 'lib/meals/cutoff.ts → kysely'],
  ])('%s in a rule would be noticed', (planted, finding) => {
    expect(impure([readModule('lib/meals/cutoff.ts', planted)])).toEqual([finding])
  })
})

type Arrows = Map<string, Map<string, string>>

/** Room → the rooms that it imports, each with one import that says so. */
function arrowsBetweenRooms(modules: readonly Module[]): Arrows {
  const arrows: Arrows = new Map()
  for (const { file, imports } of modules) {
    const from = roomOf(file)
    const targets = arrows.get(from) ?? new Map<string, string>()
    arrows.set(from, targets)
    for (const { to } of imports)
      if (to.startsWith('lib/') && roomOf(to) !== from) targets.set(roomOf(to), `${file} → ${to}`)
  }
  return arrows
}

/** Rooms that come back to themselves when the arrows are followed; empty when the rooms can be put in one order. */
function circlesIn(arrows: Arrows, without: readonly string[] = []): string[][] {
  const targetsOf = (room: string) =>
    [...(arrows.get(room)?.keys() ?? [])].filter((to) => !without.includes(`${room} → ${to}`))
  const reaches = (from: string): Set<string> => {
    const seen = new Set<string>()
    const waiting = targetsOf(from)
    for (let room = waiting.pop(); room; room = waiting.pop()) {
      if (seen.has(room)) continue
      seen.add(room)
      waiting.push(...targetsOf(room))
    }
    return seen
  }
  const reached = new Map([...arrows.keys()].map((room) => [room, reaches(room)] as const))
  const circles = [...reached].flatMap(([room, rooms]) =>
    rooms.has(room) ? [[...rooms].filter((other) => reached.get(other)?.has(room)).sort()] : [],
  )
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()]
}

describe('the rooms of lib/', () => {
  const arrows = arrowsBetweenRooms(LIB)

  test('form no circle', () => {
    expect(circlesIn(arrows, CIRCLES)).toEqual([])
  })

  test('have each listed circle still, else it goes from the list', () => {
    const opened = CIRCLES.filter(
      (arrow) =>
        circlesIn(
          arrows,
          CIRCLES.filter((other) => other !== arrow),
        ).length === 0,
    )
    expect(opened, 'these close no circle any more: take them out of CIRCLES').toEqual([])
  })

  test('would be caught in a circle', () => {
    const planted = [
      readModule('lib/meals/cutoff.ts', "import { price } from '#lib/tariffs/price.ts'"),
      readModule('lib/tariffs/price.ts', "import type { Meal } from '#lib/school/meal.ts'"),
      readModule('lib/school/meal.ts', "export { cutoff } from '#lib/meals/cutoff.ts'"),
      readModule('lib/kernel/day.ts', ''),
    ]
    expect(circlesIn(arrowsBetweenRooms(planted))).toEqual([['meals', 'school', 'tariffs']])
    expect(circlesIn(arrowsBetweenRooms(planted), ['school → meals'])).toEqual([])
  })

  test('are folders: no file lies loose at the root of lib/', () => {
    expect(LIB.filter(({ file }) => file.split('/').length < 3)).toEqual([])
  })

  test('hold only the kinds of file that are named, in the room or on its office side', () => {
    const unnamed = LIB.map(({ file }) => file).filter((file) => {
      const folders = file.split('/').slice(2, -1)
      return !(kindOf(file) in KINDS) || folders.length > 1 || folders.some((folder) => !(folder in FOLDERS))
    })
    expect(unnamed).toEqual([])
  })

  test('export each name with one meaning', () => {
    const files = new Map<string, string[]>()
    for (const { file, exports } of LIB)
      for (const name of exports) files.set(name, [...(files.get(name) ?? []), file])
    const twice = new Map([...files].filter(([, places]) => places.length > 1))
    expect([...twice].map(([name, places]) => `${name}: ${places.join(', ')}`)).toEqual([])
  })

  test('keep the words of the trade out of the kernel', () => {
    const isDomain = (name: string) =>
      name
        .replace(/([a-z])([A-Z])/g, '$1-$2')
        .toLowerCase()
        .split(/[-_]/)
        .some((word) => DOMAIN_WORDS.includes(word.replace(/s$/, '')))
    const names = under(KERNEL).flatMap(({ file, exports }) => [path.basename(file, '.ts'), ...exports])
    expect(names.filter(isDomain)).toEqual([])
    expect(['mealsOf', 'HOUSEHOLD_KEY', 'school-year', 'dayOf'].filter(isDomain)).toEqual([
      'mealsOf',
      'HOUSEHOLD_KEY',
      'school-year',
    ])
  })
})
