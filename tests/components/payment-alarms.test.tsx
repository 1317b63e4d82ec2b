import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { OpenAlarm, SettledAlarms } from '#components/office/payment-alarms.tsx'
import { PaymentsToSettleNotice } from '#components/office/payments-to-settle-notice.tsx'
import { WaitingInvoices } from '#components/office/waiting-invoices.tsx'
import type { PaymentAlarm } from '#lib/payments/office/payment-alarm.ts'
import type { FormState } from '#lib/web/form-state.ts'

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replace(/\u00a0/g, ' ')

const alarm: PaymentAlarm = {
  id: 'a1',
  finding: 'surplus',
  cents: 10_800,
  raisedAt: new Date('2026-11-24T10:05:00Z'),
  settledAt: null,
  settledBy: null,
  note: null,
  payerName: 'Laura Conti',
  householdId: 'h1',
  householdName: 'Albertini',
  topUpId: 't1',
  orderId: 'R7K2M9Q4X2A8B3C5D6',
  amountCents: 10_800,
  method: 'card',
  state: 'paid',
  startedAt: new Date('2026-11-24T10:00:00Z'),
  invoiceNumber: '2026/MZC/000123',
}

type State = FormState<null>
const answering = (answer: State) => vi.fn(async (): Promise<State> => answer)

test('the office reads of a payment who paid, what happened, when, how much and what to do', () => {
  const action = answering({ ok: true, typed: {} })
  const { container } = render(<OpenAlarm municipalitySlug="mozzecane" alarm={alarm} action={action} />)
  expect(textOf(container)).toMatch(
    /Preso due volte.*Da sistemare.*Restituisci la somma.*Laura Conti.*108,00 €, carta, accreditata.*Preso in più108,00 €.*24\/11\/2026 alle 11:05.*R7K2M9Q4X2A8B3C5D6.*2026\/MZC\/000123/,
  )
  expect(screen.getByRole('link', { name: 'Albertini' })).toHaveAttribute(
    'href',
    '/admin/mozzecane/famiglie/h1',
  )
})

test('the office is told that the payer reads the note, and where it is missing', async () => {
  const action = answering({
    ok: false,
    typed: { note: '' },
    error: { message: 'Controlla', fields: { note: 'Scrivi che cosa hai fatto' } },
  })
  render(<OpenAlarm municipalitySlug="mozzecane" alarm={alarm} action={action} />)
  const field = screen.getByLabelText('Che cosa hai fatto')
  expect(field).toHaveAccessibleDescription(/Lo legge chi ha pagato/)
  await userEvent.click(screen.getByRole('button', { name: 'Segna come sistemato' }))
  const link = await screen.findByRole('link', { name: 'Scrivi che cosa hai fatto' })
  expect(link).toHaveAttribute('href', `#${field.id}`)
})

test('a note that the payer does not read is said to stay in the office', () => {
  const action = answering({ ok: true, typed: {} })
  const forged = { ...alarm, finding: 'forged-notifications', cents: null } as const
  render(<OpenAlarm municipalitySlug="mozzecane" alarm={forged} action={action} />)
  expect(screen.getByLabelText('Che cosa hai fatto')).toHaveAccessibleDescription('Resta in ufficio.')
})

test('what was settled says by whom, or that the provider answered clearly', () => {
  const settledAt = new Date('2026-11-24T11:00:00Z')
  const { container } = render(
    <SettledAlarms
      alarms={[
        { ...alarm, settledAt, settledBy: 'Davide Rossetti', note: 'Restituiti.' },
        { ...alarm, id: 'a2', finding: 'unknown-answer', cents: null, settledAt },
      ]}
    />,
  )
  expect(textOf(container)).toContain('Davide RossettiRestituiti.')
  expect(textOf(container)).toContain('con una risposta chiara del gestore dei pagamenti')
})

test('an invoice that waits says what it lacks and, after twelve days, for how long', () => {
  const invoice = {
    id: 'i1',
    number: '2026/MZC/000123',
    issuedOn: '2026-11-24',
    days: 16,
    totalCents: 10_800,
    gaps: ['customer_address' as const],
    holderName: 'Laura Conti',
    holderId: 'p1',
    householdId: 'h1',
    householdName: 'Albertini',
  }
  const { container, rerender } = render(
    <WaitingInvoices municipalitySlug="mozzecane" invoices={[invoice]} />,
  )
  expect(textOf(container)).toMatch(/000123.*da 16 giorni.*Laura Conti.*108,00 €.*l’indirizzo/)
  rerender(<WaitingInvoices municipalitySlug="mozzecane" invoices={[{ ...invoice, days: 12 }]} />)
  expect(textOf(container)).not.toContain('da 12 giorni')
})

test('the counts say that payments wait, and nothing when none does', () => {
  const { container, rerender } = render(<PaymentsToSettleNotice path="/admin/m/pagamenti" count={2} />)
  expect(textOf(container)).toContain('2 pagamenti sono da sistemare')
  rerender(<PaymentsToSettleNotice path="/admin/m/pagamenti" count={0} />)
  expect(container).toBeEmptyDOMElement()
})
