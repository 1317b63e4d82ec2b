import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import type { PreviewAction } from '#components/office/preview-form.tsx'
import { RegistrationForm } from '#components/office/registration-form.tsx'
import {
  ArrivalFacts,
  ArrivalsTable,
  DepartureFacts,
  DeparturesTable,
  FamiliesHere,
  WithdrawForm,
} from '#components/office/transfers.tsx'
import type { Arrival } from '#lib/people/office/arrival.ts'
import type { Departure } from '#lib/people/office/transfer.ts'

const ADULT = {
  ...{ fiscalCode: 'CNTLRA85E57H501Y', givenName: 'Laura', familyName: 'Conti', birthDay: null },
  ...{ email: 'laura@example.it', phone: null },
}
const ARRIVAL: Arrival = {
  ...{ id: 't1', townId: 'm2', townName: 'Povegliano', last: '2026-11-27', state: 'waiting' },
  arrivedAt: new Date('2026-11-24T08:00:00Z'),
  content: {
    ...{ householdName: 'Conti', holder: ADULT, delegate: null },
    pupils: [
      {
        ...{ fiscalCode: null, givenName: 'Greta', familyName: 'Conti', birthDay: '2018-03-02' },
        ...{ where: '3A · Manzoni', services: ['Refezione'] },
        diet: { name: 'Senza glutine', severe: true, to: '2027-06-05' },
      },
    ],
  },
  ...{
    decidedAt: null,
    decidedBy: null,
    decidedById: null,
    householdId: null,
    fingerprint: null,
    reason: null,
  },
}
const DEPARTURE: Departure = {
  ...{ id: 't1', householdId: 'h1', householdName: 'Conti', pupils: ['Greta Conti'], townName: 'Mozzecane' },
  ...{ last: '2026-11-27', withDiets: false, reason: 'Cambia casa', state: 'refused' },
  ...{ sentAt: new Date('2026-11-24T08:00:00Z'), sentBy: 'Paola Riva' },
  ...{ answeredAt: new Date('2026-11-25T08:00:00Z'), answer: 'Non risiede qui', mayRestore: true },
}

describe('what arrives from another municipality', () => {
  test('is named with its pupils and leads to its page', () => {
    render(<ArrivalsTable arrivals={[ARRIVAL]} here="/t" />)
    expect(screen.getByRole('link', { name: 'Greta Conti' })).toHaveAttribute('href', '/t/t1')
    expect(screen.getByRole('cell', { name: 'Da decidere' })).toBeVisible()
  })

  test('says who comes, and that the diet is to be decided here', () => {
    render(<ArrivalFacts arrival={ARRIVAL} families="/f" />)
    const facts = screen.getByRole('region', { name: 'Che cosa è stato mandato' })
    expect(facts).toHaveTextContent(
      /Greta Conti, senza codice fiscale, 02\/03\/2018, 3A · Manzoni, Refezione/,
    )
    expect(facts).toHaveTextContent(
      /con rischio di reazione grave\. Qui resta da definire: chiedi il certificato/,
    )
  })

  test('fills the form of a registration, which sends the transfer along', () => {
    render(
      <RegistrationForm
        municipalitySlug="mozzecane"
        householdId={null}
        transfer={{
          id: 't1',
          sent: { 'holder-familyName': 'Conti', 'pupil1-givenName': 'Greta', 'pupil1-diet': 'si' },
        }}
        offer={{ classes: [], services: [{ id: 'v', name: 'Refezione' }], bands: [] }}
        action={async () => ({ ok: null, typed: {} })}
      />,
    )
    expect(screen.getByRole('group', { name: 'Alunno' })).toBeVisible()
    const pupil = within(screen.getByRole('group', { name: 'Alunno' }))
    expect(pupil.getByRole('textbox', { name: 'Nome' })).toHaveValue('Greta')
    expect(pupil.getByRole('checkbox', { name: /Chiede una dieta/ })).toBeChecked()
    expect(document.querySelector('input[name="transferId"]')).toHaveValue('t1')
  })

  test('names the families of here, and leads to registering in one of them', () => {
    const family = { id: 'h2', name: 'Conti', why: 'Greta Conti c’è già, con lo stesso codice fiscale' }
    const { rerender } = render(
      <FamiliesHere here={[family]} families="/f" address="/t/t1" chosen={undefined} />,
    )
    expect(screen.getByRole('link', { name: 'registra in questa famiglia' })).toHaveAttribute(
      'href',
      '/t/t1?famiglia=h2',
    )
    rerender(<FamiliesHere here={[family]} families="/f" address="/t/t1" chosen={family} />)
    expect(screen.getByRole('link', { name: 'Registra una famiglia nuova' })).toHaveAttribute('href', '/t/t1')
  })
})

describe('what went to another municipality', () => {
  test('says the answer and why, in the list and on its page', () => {
    render(
      <>
        <DeparturesTable departures={[DEPARTURE]} here="/t" />
        <DepartureFacts departure={DEPARTURE} families="/f" />
      </>,
    )
    expect(screen.getByRole('cell', { name: 'Non accolto' })).toBeVisible()
    expect(screen.getByRole('region', { name: 'Che cosa è stato mandato' })).toHaveTextContent(
      /Non risiede qui/,
    )
  })

  test('is taken back with its enrolments only while these can come back', async () => {
    const sent: FormData[] = []
    const action: PreviewAction = async (_, form) => {
      sent.push(form)
      return { ok: true, value: { lines: ['Tornano.'], seen: { seen: 'abc' }, typed: {} }, typed: {} }
    }
    const { rerender } = render(<WithdrawForm departure={DEPARTURE} hidden={{}} action={action} />)
    await userEvent.type(screen.getByRole('textbox', { name: /Motivo/ }), 'Resta')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    await screen.findByText('Tornano.')
    expect(Object.fromEntries(sent[0] as FormData)).toMatchObject({
      id: 't1',
      restore: 'si',
      reason: 'Resta',
    })
    rerender(<WithdrawForm departure={{ ...DEPARTURE, mayRestore: false }} hidden={{}} action={action} />)
    expect(screen.queryByRole('option', { name: 'Tornano iscritti com’erano' })).toBeNull()
    rerender(<WithdrawForm departure={{ ...DEPARTURE, state: 'accepted' }} hidden={{}} action={action} />)
    expect(screen.queryByRole('button')).toBeNull()
  })
})
