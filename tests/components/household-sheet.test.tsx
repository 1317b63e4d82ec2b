import { render, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { HouseholdSheet } from '#components/family/household-sheet.tsx'
import type { Household, HouseholdPupil } from '#lib/people/household.ts'

const household: Household = {
  id: 'h',
  name: 'Albertini',
  ownRole: 'holder',
  members: [
    {
      personId: 'laura',
      name: 'Laura Conti',
      role: 'holder',
      since: '2026-09-01',
      isViewer: true,
      personal: { fiscalCode: 'CNTLRA86D52F205X', email: 'laura@example.it', phone: null, address: null },
    },
    {
      personId: 'marco',
      name: 'Marco Albertini',
      role: 'delegate',
      since: '2026-09-01',
      isViewer: false,
      personal: null,
    },
  ],
  pupils: [
    {
      id: 'greta',
      name: 'Greta Albertini',
      givenName: 'Greta',
      prices: [],
      birthDay: '2018-03-02',
      enrolments: [
        {
          serviceName: 'Refezione Scolastica',
          schoolName: 'Scuola primaria Collodi',
          className: '3A',
          yearName: '2026/2027',
          dietCode: 'D03',
          dietName: 'Senza glutine',
          severe: false,
          asked: false,
          weekdays: [1, 3],
          from: '2026-09-14',
          to: '2027-06-05',
          state: 'current',
        },
      ],
    },
  ],
}

describe('Utenti / Servizi', () => {
  test('each pupil is a region with school, class, service and diet, and a way to the calendar', () => {
    render(<HouseholdSheet households={[household]} municipalitySlug="mozzecane" />)
    const greta = screen.getByRole('region', { name: 'Greta Albertini' })
    expect(greta).toHaveTextContent('Senza glutine (codice D03)')
    expect(greta).toHaveTextContent('GiorniLunedì e mercoledì')
    expect(greta).toHaveTextContent('Iscrizione attiva')
    expect(
      within(greta)
        .getByRole('link', { name: /calendario/i })
        .getAttribute('href'),
    ).toBe('/mozzecane/prenotazioni?figlio=greta')
  })

  const withPrices = (prices: HouseholdPupil['prices']): Household => ({
    ...household,
    pupils: household.pupils.map((pupil) => ({ ...pupil, prices })),
  })

  test('a person who pays reads what the child’s meal costs, in which band, since when and what comes after', () => {
    const price = {
      now: { from: '2026-12-01', cents: 320, bandCode: 'B' },
      next: { from: '2027-09-01', cents: 560, bandCode: null },
    }
    render(
      <HouseholdSheet
        households={[withPrices([{ serviceName: 'Refezione Scolastica', price }])]}
        municipalitySlug="mozzecane"
      />,
    )
    const text = (screen.getByRole('region', { name: 'Greta Albertini' }).textContent ?? '').replace(
      /\u00a0/g,
      ' ',
    )
    expect(text).toContain('Prezzo del pasto di Greta3,20 € (fascia B) dal 1 dicembre 2026')
    expect(text).toContain('Dal 1 settembre 2027: 5,60 €')
  })

  test('a meal that costs nothing is called free', () => {
    const price = { now: { from: '2026-11-08', cents: 0, bandCode: 'A' }, next: null }
    render(
      <HouseholdSheet
        households={[withPrices([{ serviceName: 'Refezione', price }])]}
        municipalitySlug="mozzecane"
      />,
    )
    expect(screen.getByText(/gratuito \(fascia A\) dall’8 novembre 2026/)).toBeVisible()
  })

  test('a person who does not pay reads no price', () => {
    render(<HouseholdSheet households={[household]} municipalitySlug="mozzecane" />)
    expect(screen.queryByText(/Prezzo del pasto/)).not.toBeInTheDocument()
  })

  test('without its meaning only the diet’s code is written', () => {
    const [pupil] = household.pupils
    const [enrolment] = pupil?.enrolments ?? []
    if (!pupil || !enrolment) throw new Error('the example has a pupil')
    const seen = { ...household, pupils: [{ ...pupil, enrolments: [{ ...enrolment, dietName: null }] }] }
    render(<HouseholdSheet households={[seen]} municipalitySlug="mozzecane" />)
    expect(screen.getByRole('region', { name: 'Greta Albertini' })).toHaveTextContent('codice D03')
    expect(screen.queryByText(/glutine/)).not.toBeInTheDocument()
  })

  test('what each parent may and may not do is said in words', () => {
    render(<HouseholdSheet households={[household]} municipalitySlug="mozzecane" />)
    const powers = (name: string) =>
      within(screen.getByRole('list', { name: `Che cosa può fare ${name}` }))
        .getAllByRole('listitem')
        .map((item) => item.textContent)
    expect(powers('Marco Albertini')).toContain('Non può vedere saldo e movimenti')
    expect(powers('Laura Conti')).toContain('Può ricaricare e ricevere le fatture')
  })

  test('a person without pupils reads what to do', () => {
    render(<HouseholdSheet households={[]} municipalitySlug="mozzecane" />)
    expect(screen.getByRole('heading', { name: 'Nessun alunno collegato' })).toBeVisible()
  })
})
