import { render, screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { OfficeSummary } from '#components/office/desk/office-summary.tsx'
import { PlacesForm } from '#components/office/forms/places-form.tsx'
import type { DayInShort } from '#lib/desk/office-day.ts'
import type { ClassCount } from '#lib/forms/office/places.ts'

const DAY: DayInShort = {
  ...{ day: '2026-11-24', state: 'provisional', schools: 2, meals: 310, absent: 12 },
  ...{ special: 5, undecided: 0, severe: 0, cutoffAt: null },
}
const NOW = new Date('2026-11-24T07:00:00Z')

describe('a municipality on the desk over several', () => {
  test('says its meals and what waits there, each a link into its office', () => {
    render(
      <OfficeSummary
        slug="mozzecane"
        name="Mozzecane"
        days={{ today: '2026-11-24', now: NOW, days: [DAY] }}
        work={[
          { kind: 'open-days', count: 1, oldest: NOW },
          { kind: 'links', count: 2, oldest: NOW },
        ]}
      />,
    )
    expect(screen.getByRole('link', { name: 'Mozzecane' })).toHaveAttribute('href', '/admin/mozzecane')
    expect(screen.getByText('310 pasti')).toBeVisible()
    expect(screen.getByRole('link', { name: '1 giornata di mensa non chiusa' })).toHaveAttribute(
      ...(['href', '/admin/mozzecane/conteggi'] as const),
    )
    expect(screen.getByRole('link', { name: '2 richieste di collegamento da decidere' })).toHaveAttribute(
      'href',
      '/admin/mozzecane/moduli/collegamenti',
    )
    expect(screen.getAllByText('Urgente')).toHaveLength(1)
  })

  test('says that nothing waits, and no numbers to who reads none', () => {
    render(<OfficeSummary slug="vigasio" name="Vigasio" days={null} work={[]} />)
    expect(screen.getByText('Niente da sbrigare.')).toBeVisible()
    expect(screen.queryByText(/past/)).toBeNull()
  })
})

test('the places of a school are typed down one column and saved together', () => {
  const one = (classId: string, places: number | null): ClassCount => ({
    ...{ classId, className: classId, schoolId: 's', schoolName: 'Primaria', places, pupils: 20 },
    services: [{ name: 'Mensa', n: 20 }],
  })
  render(
    <PlacesForm
      hidden={{ municipalitySlug: 'mozzecane', yearId: 'y' }}
      schoolName="Primaria"
      classes={[one('3A', 22), one('3B', null)]}
      action={async (state) => state}
    />,
  )
  expect(screen.getByLabelText('Posti di 3A, Primaria (vuoto: senza limite)')).toHaveValue('22')
  expect(screen.getByLabelText('Posti di 3B, Primaria (vuoto: senza limite)')).toHaveValue('')
  expect(screen.getByText(', liberi 2')).toBeVisible()
  expect(screen.queryByText('Mensa: 20')).toBeNull()
  expect(screen.getAllByRole('button')).toHaveLength(1)
})
