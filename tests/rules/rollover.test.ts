import { describe, expect, test } from 'vitest'
import { classTitle, comparableClass, gradeOf, stepOf } from '#lib/school/class-name.ts'
import { readRolloverFilter, rolloverQuery } from '#lib/school/office/rollover.address.ts'
import { rolloverClassesInput } from '#lib/school/office/rollover.input.ts'
import { OUTCOMES, proposeClasses } from '#lib/school/office/rollover.ts'
import { rolloverInWords } from '#lib/school/office/rollover.words.ts'
import fc from '#tests/support/random.ts'

describe('the name of a class says where it goes', () => {
  test.each([
    ['primaria', '1A', { goes: 'up', name: '2A' }],
    ['primaria', '4 B', { goes: 'up', name: '5 B' }],
    ['primaria', '3ª C', { goes: 'up', name: '4ª C' }],
    ['primaria', '3', { goes: 'up', name: '4' }],
    ['primaria', '5A', { goes: 'out' }],
    ['secondaria', '2F', { goes: 'up', name: '3F' }],
    ['secondaria', '3A', { goes: 'out' }],
    ['secondaria', '4A', { goes: 'unknown' }],
    ['primaria', 'IIIA', { goes: 'up', name: 'IVA' }],
    ['primaria', 'IV B', { goes: 'up', name: 'V B' }],
    ['secondaria', 'III', { goes: 'out' }],
    ['primaria', 'Verdi', { goes: 'unknown' }],
    ['primaria', 'Girasoli', { goes: 'unknown' }],
    ['primaria', '12A', { goes: 'unknown' }],
    ['infanzia', 'Api', { goes: 'same', name: 'Api' }],
    ['infanzia', '3 anni', { goes: 'same', name: '3 anni' }],
  ] as const)('%s %s', (kind, name, step) => {
    expect(stepOf({ kind, name })).toEqual(step)
  })
})

test.each([
  ['2 a', '2A'],
  ['2ª A', '2A'],
  ['iv^b', 'IV B'],
  ['Età', 'età'],
])('%s and %s are one class', (one, other) => {
  expect(comparableClass(one)).toBe(comparableClass(other))
})

test('names that differ in a letter are two classes', () => {
  expect(comparableClass('Età')).not.toBe(comparableClass('Et'))
})

const section = fc.constantFrom('', 'A', 'B', ' C', 'ª D', '^E')
const kind = fc.constantFrom('primaria' as const, 'secondaria' as const)

test('a class goes up by one grade in its own section and school, or leaves, whatever its name looks like', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), section, kind, (grade, tail, of) => {
      const last = of === 'primaria' ? 5 : 3
      const step = stepOf({ name: `${grade}${tail}`, kind: of })
      if (grade > last) expect(step).toEqual({ goes: 'unknown' })
      else if (grade === last) expect(step).toEqual({ goes: 'out' })
      else {
        expect(step).toMatchObject({ goes: 'up' })
        expect(gradeOf('name' in step ? step.name : '')).toMatchObject({
          grade: grade + 1,
          section: tail.trim() === tail ? tail : tail,
        })
      }
    }),
  )
})

test('a proposal names each class once, in its own school, and never a class that is not there', () => {
  const one = fc.record({
    name: fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 5 }), section).map(([grade, tail]) => `${grade}${tail}`),
      fc.string({ maxLength: 12 }),
    ),
    schoolId: fc.constantFrom('s1', 's2'),
    kind: fc.constantFrom('infanzia' as const, 'primaria' as const, 'secondaria' as const),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), fc.array(one, { maxLength: 12 }), (old, next) => {
      const classes = old.map((given, n) => ({ ...given, id: `old${n}` }))
      const targets = next.map((given, n) => ({ ...given, id: `new${n}` }))
      const proposed = proposeClasses(classes, targets)
      expect(proposed.map(({ classId }) => classId)).toEqual(classes.map(({ id }) => id))
      for (const [n, { toClassId, leaves, missing }] of proposed.entries()) {
        const target = targets.find(({ id }) => id === toClassId)
        expect([toClassId !== null, leaves, missing !== null].filter(Boolean).length).toBeLessThanOrEqual(1)
        if (toClassId !== null) expect(target?.schoolId).toBe(classes[n]?.schoolId)
      }
    }),
  )
})

test('the address of a list reads back as it was written, and nonsense counts as not said', () => {
  for (const outcome of [null, ...OUTCOMES]) {
    const filter = { outcome, classId: '01890000-0000-7000-8000-000000000000', page: 3 }
    expect(readRolloverFilter(Object.fromEntries(new URLSearchParams(rolloverQuery(filter))))).toEqual(filter)
  }
  expect(readRolloverFilter({ esito: 'niente', classe: 'x', pagina: '-1' })).toEqual({
    outcome: null,
    classId: null,
    page: 1,
  })
  expect(rolloverQuery({})).toBe('')
})

test('a form of classes is read in pairs, and refused where a pair is not one', () => {
  const [a, b] = ['01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002']
  const read = rolloverClassesInput.safeParse({ rolloverId: a, to: [`${a}:${b}`, `${a}:esce`, `${a}:`] })
  expect(read.data?.to).toEqual([
    { classId: a, toClassId: b, leaves: false },
    { classId: a, toClassId: null, leaves: true },
    { classId: a, toClassId: null, leaves: false },
  ])
  for (const wrong of ['', 'x', `${a}:x`, `:${a}`, `x:${a}`])
    expect(rolloverClassesInput.safeParse({ rolloverId: a, to: [wrong] }).success).toBe(false)
})

test('the preview says what happens in words, and nothing of what does not', () => {
  const none = { households: 0, cents: 0 }
  const quiet = { dietsLapsing: 0, faresEnding: 0, shortened: 0, refunds: none, debts: none }
  const years = { from: '2026/2027', to: '2027/2028' }
  const counts = [
    { outcome: 'moves', why: 'class', pupils: 2 },
    { outcome: 'leaves', why: 'age', pupils: 1 },
  ] as const
  expect(rolloverInWords(years, { ...quiet, counts })).toHaveLength(4)
  const all = rolloverInWords(years, {
    ...{
      counts: [
        ...counts,
        { outcome: 'apart', why: 'no-class', pupils: 3 },
        { outcome: 'already', why: 'enrolled', pupils: 1 },
      ],
    },
    ...{ dietsLapsing: 1, faresEnding: 2, shortened: 1 },
    ...{ refunds: { households: 1, cents: 5400 }, debts: { households: 2, cents: -1000 } },
  })
  expect(all).toContain(
    '3 alunni restano da decidere: per loro non cambia niente, e l’anno nuovo comincia senza di loro.',
  )
  expect(all.join(' ').replaceAll('\u00a0', ' ')).toContain(
    '2 famiglie escono con un debito: 10,00 € da pagare.',
  )
})

test('a class is called by its name, and says that it is one where the name does not', () => {
  expect(['3A', 'Sezione Gialla', 'classe 2 B', 'Sezionea'].map(classTitle)).toEqual([
    'Classe 3A',
    'Sezione Gialla',
    'classe 2 B',
    'Classe Sezionea',
  ])
})
