import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ReopeningTable } from '#components/office/reopening-table.tsx'
import type { ReopeningEffect } from '#lib/school/closure.ts'

const NOW = new Date('2026-11-24T11:00:00Z')

const school = (schoolName: string, changes: Partial<ReopeningEffect>): ReopeningEffect => ({
  closureId: schoolName,
  serviceDayId: schoolName,
  schoolName,
  cutoffAt: new Date('2026-11-24T08:30:00Z'),
  isCounted: false,
  wasTakenUp: false,
  pupils: 20,
  absent: 2,
  counted: 0,
  givenBackCents: 0,
  ...changes,
})

test('O5 the preview of an undoing says school by school what becomes of the day, and why', () => {
  const counted = { isCounted: true, counted: 18 }
  const effects = [
    school('Girotondo', { cutoffAt: new Date('2026-11-25T08:30:00Z') }),
    school('Capoluogo', { ...counted, givenBackCents: 9_720 }),
    school('Aquilone', counted),
    school('Rodari', {}),
    school('Collodi', { ...counted, wasTakenUp: true }),
    school('Manzoni', { ...counted, cutoffAt: new Date('2026-11-10T08:30:00Z') }),
  ]
  render(<ReopeningTable effects={effects} now={NOW} />)
  const rows = screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent?.replaceAll('\u00a0', ' '))
  expect(rows).toEqual([
    'GirotondoRiapre. Si può disdire fino al 25/11/2026 alle 9:30.182',
    'CapoluogoRiprende: i pasti contati valgono ancora, e 97,20 € sono di nuovo addebitati.182',
    'AquiloneRiprende: i pasti contati valgono ancora, e si addebitano come sempre.182',
    'RodariResta sospesa: il termine per disdire è passato, e le famiglie sapevano che la mensa non c’era.02',
    'CollodiResta sospesa: i pasti sono già stati restituiti e addebitati di nuovo una volta.02',
    'ManzoniResta sospesa: dopo 14 giorni i pasti non si addebitano di nuovo.02',
  ])
})
