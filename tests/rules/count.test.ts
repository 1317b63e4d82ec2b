import { describe, expect, test } from 'vitest'
import { csvText } from '#lib/kernel/csv.ts'
import { countsCsv } from '#lib/kitchen/count.csv.ts'
import { type CountLine, type SchoolCount, warningsOf } from '#lib/kitchen/count.ts'
import { countMatrix, countStateOf, nextCutoff } from '#lib/kitchen/count-matrix.ts'
import fc from '#tests/support/random.ts'

const line = (className: string, dietCode: string, meals: number, absent = 0, severe = 0): CountLine => ({
  schoolId: 's',
  serviceId: 'v',
  className,
  dietCode,
  meals,
  absent,
  severe,
  asked: 0,
})

const school = (changes: Partial<SchoolCount> = {}): SchoolCount => ({
  schoolId: 's',
  schoolName: 'Scuola primaria',
  ...{ serviceId: 'v', serviceName: 'Mensa', isCooked: true },
  state: 'provisional',
  cutoffAt: new Date('2026-11-24T08:30:00Z'),
  version: null,
  frozenAt: null,
  kitchenName: null,
  reason: '',
  charge: null,
  lines: [line('1A', 'STD', 20, 1)],
  ...changes,
})

describe('a school’s table', () => {
  test('has its classes in natural order and its diets in the day’s order', () => {
    const matrix = countMatrix(
      [line('10A', 'D03', 1), line('2A', 'STD', 5), line('2A', 'D03', 2)],
      ['STD', 'R01', 'D03'],
    )
    expect(matrix.rows.map((row) => row.className)).toEqual(['2A', '10A'])
    expect(matrix.diets).toEqual(['STD', 'D03'])
    expect(matrix.rows[0]).toMatchObject({ byDiet: { STD: 5, D03: 2 }, meals: 7 })
  })

  test('keeps the column of a diet that only absent pupils follow', () => {
    expect(countMatrix([line('1A', 'D03', 0, 1)], ['D03']).diets).toEqual(['D03'])
  })

  test('always adds up: rows, columns and total are the same meals', () => {
    const lines = fc.array(
      fc.record({
        schoolId: fc.constant('s'),
        serviceId: fc.constant('v'),
        className: fc.constantFrom('1A', '1B', '2A'),
        dietCode: fc.constantFrom('STD', 'D01', 'D03'),
        meals: fc.nat(40),
        absent: fc.nat(10),
        severe: fc.nat(10),
        asked: fc.nat(10),
      }),
    )
    fc.assert(
      fc.property(lines, (all) => {
        const { rows, diets, totals } = countMatrix(all, ['STD', 'D01', 'D03'])
        const meals = all.reduce((sum, one) => sum + one.meals, 0)
        expect(totals.meals).toBe(meals)
        expect(rows.reduce((sum, row) => sum + row.meals, 0)).toBe(meals)
        expect(diets.reduce((sum, diet) => sum + (totals.byDiet[diet] ?? 0), 0)).toBe(meals)
      }),
    )
  })
})

describe('the day as a whole', () => {
  test.each([
    [[], 'none'],
    [['provisional', 'definitive'], 'provisional'],
    [['definitive', 'suspended'], 'definitive'],
    [['suspended', 'suspended'], 'suspended'],
  ] as const)('schools %j → %s', (states, whole) => {
    expect(countStateOf(states.map((state) => ({ state })))).toBe(whole)
  })

  test('the next cutoff is the earliest of the schools that may still change', () => {
    const early = new Date('2026-11-24T08:00:00Z')
    const late = new Date('2026-11-24T08:30:00Z')
    const first = school({ state: 'definitive', cutoffAt: early })
    expect(nextCutoff([first, school({ cutoffAt: late })])).toEqual(late)
    expect(nextCutoff([first])).toBeNull()
    const later = new Date(late.getTime() + 60_000)
    expect(nextCutoff([school({ cutoffAt: later }), school({ cutoffAt: late })])).toEqual(late)
  })
})

test('a diet that nobody has decided and a severe reaction stand out of the numbers; the others do not', () => {
  const lines = [
    line('1A', 'STD', 20),
    line('1A', 'D01', 3, 0, 1),
    line('2B', 'DA-DEFINIRE', 2),
    line('3C', 'DA-DEFINIRE', 0, 1),
  ]
  expect(warningsOf(lines)).toEqual([
    { className: '1A', dietCode: 'D01', undecided: 0, severe: 1, asked: 0 },
    { className: '2B', dietCode: 'DA-DEFINIRE', undecided: 2, severe: 0, asked: 0 },
  ])
})

describe('the spreadsheet', () => {
  const now = new Date('2026-11-24T08:02:13Z')

  test('says day, school, class, diet, numbers, state, version and hour', () => {
    const frozen = school({ state: 'definitive', version: 1, frozenAt: new Date('2026-11-24T08:30:03Z') })
    expect(countsCsv('2026-11-24', now, [frozen]).split('\r\n')[1]).toBe(
      '24/11/2026;Scuola primaria;1A;STD;20;1;definitivo;1;09:30:03;0;0',
    )
  })

  test('a provisional count carries the hour at which it was read', () => {
    expect(countsCsv('2026-11-24', now, [school()])).toContain('provvisorio;;09:02:13')
  })

  test('says of each row how many risk a severe reaction', () => {
    const risky = school({ lines: [line('1A', 'D01', 3, 0, 2)] })
    expect(countsCsv('2026-11-24', now, [risky]).split('\r\n')[1]).toMatch(/;D01;3;0;.*;2;0$/)
  })

  test('a suspended school has one row without meals', () => {
    const suspended = school({ state: 'suspended', reason: 'Sciopero', lines: [] })
    expect(countsCsv('2026-11-24', now, [suspended])).toContain('24/11/2026;Scuola primaria;;;0;;sospeso;;')
  })

  test('a name never becomes a formula', () => {
    const risky = school({ schoolName: '=HYPERLINK("x")', lines: [line('+1', '@D', 1)] })
    expect(countsCsv('2026-11-24', now, [risky])).toContain(`"'=HYPERLINK(""x"")";'+1;'@D`)
    expect(csvText('1A')).toBe('1A')
  })

  test.each(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])(
    'nor does what begins with %j',
    (mark) => {
      expect(csvText(`${mark}1+1`)).toBe(`'${mark}1+1`)
      expect(csvText(`1${mark}1`)).toBe(`1${mark}1`)
    },
  )
})
