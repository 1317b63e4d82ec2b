import { describe, expect, test } from 'vitest'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { namedPagesFor } from '#lib/desk/place.ts'
import { pagesNamed, readSearch } from '#lib/desk/search.ts'

const TODAY = '2026-11-24'
const NONE = {
  ...{
    words: null,
    fiscalCode: null,
    digits: null,
    day: null,
    numbered: null,
    invoice: null,
    receipt: null,
    payment: { code: null, amountCents: null },
  },
}

const ordered = (code: string) => ({ payment: { code, amountCents: null } })

const office = (role: StaffRole): Viewer => ({
  ...{ municipalityId: 'm', personId: 'p', citizenId: 'c', sessionId: 's', name: 'Elena', memberships: [] },
  staffRoles: [role],
})

describe('what is typed into the search of the office', () => {
  test.each([
    ['  Rossi   Mario ', { words: 'Rossi Mario' }],
    ['3A', { words: '3A' }],
    [
      'rssmra80a01h501u',
      {
        words: 'rssmra80a01h501u',
        fiscalCode: 'RSSMRA80A01H501U',
        receipt: 'RSSMRA80A01H501U',
        ...ordered('rssmra80a01h501u'),
      },
    ],
    ['333 123 4567', { digits: '3331234567', receipt: '3331234567' }],
    ['+39 333 1234567', { digits: '3331234567' }],
    ['0039 333.1234567', { digits: '3331234567', receipt: null }],
    ['34567', { digits: '34567', payment: { code: '34567', amountCents: 3_456_700 } }],
    ['€ 37,80', { payment: { code: null, amountCents: 3_780 } }],
    ['giovedì 3 dicembre', { words: 'giovedì 3 dicembre', day: '2026-12-03' }],
    ['12/2026', { digits: '122026', numbered: { number: 12, year: 2026 } }],
    ['n. 4 / 2026', { words: 'n. 4 / 2026', numbered: { number: 4, year: 2026 } }],
    ['2026/web/000012', { words: '2026/web/000012', invoice: { year: 2026, series: 'WEB', number: 12 } }],
  ])('“%s” may mean this and no more', (typed, meant) => {
    expect(readSearch(typed, TODAY)).toEqual({ ...NONE, ...meant })
  })

  test('is nothing when it is too short or no text, and is cut when it is too long', () => {
    for (const nothing of ['', ' a ', null, undefined, ['rossi', 'verdi']])
      expect(readSearch(nothing, TODAY)).toBeNull()
    expect(readSearch('a'.repeat(500), TODAY)?.words).toHaveLength(80)
  })
})

describe('a page is found by its name', () => {
  const labels = (role: StaffRole, words: string) =>
    pagesNamed(namedPagesFor(office(role)), words).map(({ label }) => label)

  test('by any part of any word, without accents and capitals, and by what else it is called', () => {
    expect(labels('manager', 'MENU')).toContain('Menù')
    expect(labels('manager', 'famig nuova')).toEqual(['Nuova famiglia'])
    expect(labels('manager', 'sciopero')).toEqual([])
    expect(labels('manager', 'scioper')).toEqual(['Giorno senza mensa'])
    expect(labels('manager', '?!')).toEqual([])
  })

  test('only by who may open it', () => {
    expect(labels('manager', 'anni scolastici')).toEqual(['Anni scolastici'])
    expect(labels('operator', 'anni scolastici')).toEqual([])
    expect(labels('accountant', 'nuova famiglia')).toEqual([])
    for (const role of ['reader', 'kitchen', 'teacher'] as const)
      expect(namedPagesFor(office(role)), role).toHaveLength(1)
  })
})
