import { describe, expect, test } from 'vitest'
import { countMail } from '#lib/kitchen/count-mail.words.ts'
import { type FrozenCount, seenByKitchen, seenMark } from '#lib/kitchen/count-seen.ts'
import { kitchenSeenInWords } from '#lib/kitchen/count-seen.words.ts'
import { countSheetCsv } from '#lib/kitchen/count-sheet.csv.ts'
import {
  type CountSheet,
  mealsDifferences,
  type SheetCount,
  type SheetLine,
  sheetDifferences,
} from '#lib/kitchen/count-sheet.ts'
import fc from '#tests/support/random.ts'

const line = (
  className: string,
  dietCode: string,
  meals: number,
  more: Partial<SheetLine> = {},
): SheetLine => ({
  ...{ className, dietCode, meals, absent: 0, severe: 0, asked: 0 },
  ...more,
})
const LINES = [
  line('1A', 'STD', 18, { absent: 2 }),
  line('1A', 'D01', 1, { severe: 1 }),
  line('2B', 'STD', 21),
]

const count = (given: Partial<SheetCount> = {}): SheetCount => ({
  ...{ schoolId: 's', schoolName: 'Collodi', serviceName: 'Mensa', version: 1, reason: '' },
  ...{ frozenAt: new Date('2026-12-01T08:30:03Z'), lines: LINES, before: null, usual: null },
  ...given,
})
const sheet = (number: number, ...counts: SheetCount[]): CountSheet => ({
  ...{ kitchenName: 'Centro cottura', municipality: 'Mozzecane', day: '2026-12-01', number, counts },
  writtenAt: new Date('2026-12-01T08:30:05Z'),
})

describe('what is other in a sheet', () => {
  test('is by class and diet what the newer version of a count changed, with its reason', () => {
    const again = count({
      ...{ version: 2, reason: 'Rientro della 2B', lines: [line('1A', 'STD', 17), line('1A', 'D01', 1)] },
      before: { version: 1, lines: LINES },
    })
    expect(sheetDifferences(sheet(2, again))).toEqual([
      {
        ...{ kind: 'changed', schoolName: 'Collodi', serviceName: 'Mensa', reason: 'Rientro della 2B' },
        ...{ from: 40, to: 18, usualDay: null },
        lines: [
          { className: '1A', dietCode: 'STD', from: 18, to: 17 },
          { className: '2B', dietCode: 'STD', from: 21, to: 0 },
        ],
      },
    ])
  })

  test('is nothing of a school whose count is still the one of the sheet before', () => {
    expect(sheetDifferences(sheet(2, count({ before: { version: 1, lines: LINES } })))).toEqual([])
  })

  test('is a school that came with this sheet', () => {
    expect(sheetDifferences(sheet(2, count()))).toMatchObject([{ kind: 'added', to: 40, lines: [] }])
  })

  test('is in the first sheet by diet what is other than on the same weekday before, whatever the classes', () => {
    const usual = { day: '2026-11-24', lines: [line('1A', 'STD', 20), line('2B', 'STD', 19)] }
    expect(sheetDifferences(sheet(1, count({ usual })))).toMatchObject([
      {
        kind: 'usual',
        from: 39,
        to: 40,
        usualDay: '2026-11-24',
        lines: [{ dietCode: 'D01', from: 0, to: 1 }],
      },
    ])
    expect(sheetDifferences(sheet(1, count()))).toEqual([])
  })

  test('turns what was into what is, for any two readings', () => {
    const reading = fc.array(
      fc.record({
        className: fc.constantFrom('1A', '2A', '10A'),
        dietCode: fc.constantFrom('STD', 'D01', 'D02'),
        meals: fc.nat(30),
      }),
    )
    const sums = (lines: readonly { className?: string; dietCode: string; meals: number }[]) => {
      const all = new Map<string, number>()
      for (const { className, dietCode, meals } of lines)
        all.set(`${className} ${dietCode}`, (all.get(`${className} ${dietCode}`) ?? 0) + meals)
      return Object.fromEntries([...all].filter(([, meals]) => meals > 0))
    }
    fc.assert(
      fc.property(reading, reading, (before, after) => {
        const moved = new Map(Object.entries(sums(before)))
        for (const { className, dietCode, from, to } of mealsDifferences(before, after)) {
          expect(moved.get(`${className} ${dietCode}`) ?? 0).toBe(from)
          moved.set(`${className} ${dietCode}`, to)
        }
        expect(Object.fromEntries([...moved].filter(([, meals]) => meals > 0))).toEqual(sums(after))
      }),
    )
  })
})

describe('the mail of a sheet', () => {
  test('says the meals by school, class and diet code, and what must not be missed', () => {
    const { subject, text } = countMail(sheet(1, count()))
    expect(subject).toBe('Conteggio di martedì 1 dicembre 2026: 40 pasti')
    expect(text).toContain('Collodi, Mensa: 40 pasti (versione 1, delle 09:30:03)')
    expect(text).toContain('Diete: STD 39, D01 1')
    expect(text).toContain('- 1A: 19 pasti (STD 18, D01 1)')
    expect(text).toContain('ATTENZIONE 1A, D01: 1 alunno rischia una reazione grave')
  })

  test('says first what changed, before any number of a school', () => {
    const lines = [...LINES.slice(0, 2), line('2B', 'STD', 20)]
    const again = count({ version: 2, reason: 'Rientro', lines, before: { version: 1, lines: LINES } })
    const { subject, text } = countMail(sheet(2, again))
    expect(subject).toBe('Conteggio cambiato di martedì 1 dicembre 2026: 39 pasti (foglio 2)')
    expect(text).toContain(
      'Collodi, Mensa: da 40 a 39 pasti (−1). Motivo: Rientro\n- 2B, STD: da 21 a 20 (−1)',
    )
    expect(text.indexOf('da 21 a 20')).toBeLessThan(text.indexOf('- 1A: 19 pasti'))
  })

  test('of a suspended school says that there are no meals', () => {
    const { subject, text } = countMail(
      sheet(2, count({ version: 2, reason: 'Neve', lines: [], before: { version: 1, lines: LINES } })),
    )
    expect(subject).toContain('0 pasti')
    expect(text).toContain('Collodi, Mensa: MENSA SOSPESA, niente pasti')
    expect(text).toContain('MENSA SOSPESA, da 40 a 0 pasti (−40). Motivo: Neve')
    expect(text).not.toContain('1A')
  })
})

test('the file of a sheet keeps what is prepared no more as a line of no meals, and runs no formula', () => {
  const again = count({
    ...{ schoolName: '=Collodi', version: 2, reason: 'Meno uno' },
    lines: LINES.slice(0, 1),
    before: { version: 1, lines: LINES.slice(0, 2) },
  })
  const rows = countSheetCsv(sheet(2, again)).trim().split('\r\n')
  expect(rows).toHaveLength(3)
  expect(rows[1]).toContain("'=Collodi;Mensa;1A;STD;18;18;2;2;09:30:03;Meno uno")
  expect(rows[2]).toContain(';1A;D01;0;1;;2;')
})

describe('what kitchens have seen', () => {
  const frozen = (id: string, given: Partial<FrozenCount> = {}): FrozenCount => ({
    ...{ countId: id, schoolId: id, schoolName: `Scuola ${id}`, serviceName: 'Mensa', kitchenId: 'k' },
    ...{
      kitchenName: 'Centro',
      version: 1,
      frozenAt: new Date(),
      reason: '',
      seenAt: null,
      seenBy: null,
      isOwn: false,
    },
    ...given,
  })
  const seenAt = new Date('2026-12-01T08:34:10Z')

  test('is said by kitchen, first where something was not seen', () => {
    const kitchens = seenByKitchen([
      frozen('a', { kitchenId: 'j', kitchenName: 'Interna', seenAt, seenBy: 'Marco Neri' }),
      frozen('b', { version: 2, reason: 'Neve' }),
      frozen('c', { seenAt, seenBy: 'Marco Neri' }),
    ])
    expect(kitchens.map((kitchen) => `${kitchen.name}: ${kitchenSeenInWords(kitchen)}`)).toEqual([
      'Centro: Non ancora visto: Scuola b, Mensa (versione 2: Neve). Il resto è visto alle 09:34:10 da Marco Neri',
      'Interna: Visto alle 09:34:10 da Marco Neri',
    ])
  })

  test('has one mark for the same versions in any order, and another for any other', () => {
    const [a, b, c] = [frozen('a'), frozen('b'), frozen('c')]
    expect(seenMark([a, b])).toBe(seenMark([b, a]))
    expect(seenMark([a, b])).not.toBe(seenMark([a, c]))
    expect(seenMark([a, b])).not.toBe(seenMark([a]))
  })
})
