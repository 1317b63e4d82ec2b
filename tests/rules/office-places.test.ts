import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { staffSections } from '#components/shell/staff-sections.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type StaffRole, type Viewer } from '#lib/access/viewer.ts'
import { yearInSight } from '#lib/desk/frame.ts'
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
  const years = [
    { name: '2027/2028', isCurrent: false },
    { name: '2026/2027', isCurrent: true },
  ]
  test('is the one that the page is asked for, and otherwise the current one', () => {
    expect(yearInSight(years, '2027/2028')).toBe('2027/2028')
    expect(yearInSight(years, '1999/2000')).toBe('2026/2027')
    expect(yearInSight(years, null)).toBe('2026/2027')
    expect(yearInSight([], '2027/2028')).toBeNull()
  })
})
