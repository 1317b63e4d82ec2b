import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { staffSections } from '#components/shell/staff-sections.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type StaffRole, type Viewer } from '#lib/access/viewer.ts'
import { yearSwitch } from '#lib/desk/frame.ts'
import { namedPagesFor, placeGroupsFor, placeOf, placesFor } from '#lib/desk/place.ts'
import { WAITING_KINDS, waitingKindsFor, waitingRule } from '#lib/desk/waiting-work.ts'

const office = (role: StaffRole): Viewer => ({
  ...{ municipalityId: 'm', personId: 'p', citizenId: 'c', sessionId: 's', name: 'Elena', memberships: [] },
  staffRoles: [role],
})
const ROLES = [...OFFICE_ROLES, ...PARTIAL_ROLES]

describe('the navigation of the office', () => {
  test.each([
    [
      'manager',
      [
        'Oggi',
        'Persone',
        'Calendario',
        'Cucina',
        'Denaro',
        'Parlare con le famiglie',
        'Sito',
        'Impostazioni',
      ],
    ],
    [
      'operator',
      ['Oggi', 'Persone', 'Calendario', 'Cucina', 'Denaro', 'Parlare con le famiglie', 'Impostazioni'],
    ],
    ['accountant', ['Oggi', 'Persone', 'Denaro', 'Parlare con le famiglie', 'Impostazioni']],
    ['editor', ['Oggi', 'Denaro', 'Parlare con le famiglie', 'Sito', 'Impostazioni']],
    ['reader', ['Denaro']],
    ['kitchen', ['Oggi']],
    ['school_office', ['Oggi', 'Persone']],
    ['teacher', ['Oggi']],
  ] as const)('shows the %s only groups with a page of theirs', (role, groups) => {
    expect(placeGroupsFor(office(role)).map(({ label }) => label)).toEqual(groups)
  })

  test.each(ROLES)('holds each place of the %s in one group', (role) => {
    const grouped = placeGroupsFor(office(role)).flatMap(({ places }) => places)
    expect(grouped.map(({ key }) => key).toSorted()).toEqual(
      placesFor(office(role))
        .map(({ key }) => key)
        .toSorted(),
    )
  })

  test('names pages that are there, each with a drawing of its own', () => {
    for (const { path } of namedPagesFor(office('manager')))
      expect(existsSync(`app/admin/[comune]/${path}/page.tsx`), path).toBe(true)
    for (const role of ROLES)
      for (const { icon } of staffSections('x', office(role))) expect(icon).toBeTruthy()
  })

  test('knows the place of a page below it, and none for a role that may not open it', () => {
    expect(placeOf(office('manager'), 'famiglie/nuova')?.label).toBe('Famiglie')
    expect(placeOf(office('accountant'), 'impostazioni/gestore')?.label).toBe('Dati del gestore')
    expect(placeOf(office('manager'), 'famiglie-altre')).toBeNull()
    expect(placeOf(office('kitchen'), 'famiglie')).toBeNull()
  })
})

test('every kind of work waits at a place that those may open who are told of it', () => {
  for (const kind of WAITING_KINDS)
    for (const role of ROLES) {
      const viewer = office(role)
      if (!waitingKindsFor(viewer).includes(kind)) continue
      expect(
        placesFor(viewer).map(({ key }) => key),
        `${kind} for ${role}`,
      ).toContain(waitingRule(kind).place)
    }
})

describe('the school year in sight', () => {
  const BASE = '/admin/paese'
  const YEARS = [
    { name: '2025/2026', isCurrent: false, isOver: true },
    { name: '2026/2027', isCurrent: true, isOver: false },
    { name: '2027/2028', isCurrent: false, isOver: false },
  ]
  const shown = (role: StaffRole, tail: string, years = YEARS) =>
    yearSwitch(office(role), years, `${BASE}${tail}`, BASE)
  const hrefs = (role: StaffRole, tail: string) =>
    shown(role, tail)?.choices.map(({ name, href }) => [name, href.slice(BASE.length)])

  test('is the one that the page is asked for, and otherwise the one that comes by itself', () => {
    const inSight = (tail: string) => shown('manager', tail)?.inSight
    expect(inSight('/alunni?anno=2027%2F2028')).toBe('2027/2028')
    expect(inSight('/alunni?anno=2025%2F2026')).toBe('2025/2026')
    expect(inSight('/alunni?anno=1999%2F2000')).toBe('2026/2027')
    expect(inSight('/famiglie/classi')).toBe('2026/2027')
    expect(inSight('/famiglie/classi?anno=2025%2F2026')).toBe('2026/2027')
    expect(inSight('/moduli/posti')).toBe('2027/2028')
    expect(inSight('/comunicazioni?anno=2027%2F2028')).toBe('2026/2027')
    expect(shown('manager', '/alunni', [])).toBeNull()
  })

  test('leads to the same page of each other year, with what holds in every year', () => {
    expect(hrefs('manager', '/alunni?scuola=s&stato=finito&pagina=3&anno=2025%2F2026')).toEqual([
      ['2025/2026', '/alunni?scuola=s&anno=2025%2F2026&stato='],
      ['2026/2027', '/alunni?scuola=s&anno=2026%2F2027'],
      ['2027/2028', '/alunni?scuola=s&anno=2027%2F2028&stato='],
    ])
    expect(hrefs('operator', '/famiglie/classi?classe=c&servizio=s&anno=2026%2F2027')).toEqual([
      ['2026/2027', '/famiglie/classi?anno=2026%2F2027'],
      ['2027/2028', '/famiglie/classi?anno=2027%2F2028'],
    ])
    expect(hrefs('manager', '/moduli/posti?fatto=posti')?.map(([name]) => name)).toEqual(
      YEARS.map(({ name }) => name),
    )
    expect(shown('manager', '/alunni')?.of).toBe('page')
  })

  test('leads to the classes from a page without a year, for who may read them', () => {
    expect(shown('operator', '/invii')).toMatchObject({ of: 'classes', inSight: '2026/2027' })
    expect(hrefs('operator', '/invii?anno=2')).toEqual([
      ['2026/2027', '/famiglie/classi?anno=2026%2F2027'],
      ['2027/2028', '/famiglie/classi?anno=2027%2F2028'],
    ])
    expect(hrefs('kitchen', '/conteggi')).toEqual([])
  })

  test('is no year that the viewer may not read', () => {
    expect(hrefs('school_office', '/alunni')?.map(([name]) => name)).toEqual(['2026/2027', '2027/2028'])
    expect(shown('school_office', '/alunni?anno=2025%2F2026')?.inSight).toBe('2026/2027')
    expect(shown('kitchen', '/famiglie/classi?anno=2027%2F2028')).toMatchObject({
      inSight: '2026/2027',
      choices: [],
    })
  })
})
