import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import type { OfficeAction } from '#components/office/forms/act-form.tsx'
import { HouseholdMoney } from '#components/office/household-money.tsx'
import { RefundActs, RefundFacts } from '#components/office/refund-case.tsx'
import type { RefundCase } from '#lib/ledger/office/refund-case.ts'

const CASE: RefundCase = {
  ...{ id: 'r1', revision: 2, state: 'taken', householdId: 'h1', householdName: 'Conti' },
  ...{ serviceName: 'Refezione', cause: 'ended', leftOn: '2026-11-23', openedOn: '2026-11-23' },
  ...{ openedAt: new Date('2026-11-23T08:00:00Z'), openedBy: 'Paola Riva', openedCents: 5_400 },
  ...{
    balanceCents: 4_860,
    takenBy: 'Davide Sala',
    takenById: 'p2',
    takenAt: new Date('2026-11-24T08:00:00Z'),
  },
  ...{ decision: null, decidedBy: null, decidedAt: null, decidedCents: null, reason: null, targetName: null },
  ...{ closedAt: null, closedBy: null, closedWhy: null, changedBy: 'Davide Sala' },
}

const TARGET = { accountId: 'a2', householdName: 'Bassani', serviceName: 'Refezione', pupils: ['Pia'] }

function keeping() {
  const sent: FormData[] = []
  const action: OfficeAction = async (_, form) => {
    sent.push(form)
    return { ok: true, value: { lines: ['Resta scritto.'], seen: { seen: 'abc' }, typed: {} }, typed: {} }
  }
  return { sent, action }
}

function draw(
  given: Partial<RefundCase> = {},
  { today = '2026-11-25', isOwn = false, targets = [TARGET] } = {},
) {
  const { sent, action } = keeping()
  const found = { ...CASE, ...given }
  render(
    <>
      <RefundFacts municipalitySlug="mozzecane" found={found} />
      <RefundActs
        municipalitySlug="mozzecane"
        actions={{ take: action, decide: action, comesBack: action }}
        {...{ found, today, isOwn, targets }}
      />
    </>,
  )
  return { sent }
}

describe('a refund to be decided', () => {
  test('says what is on the account now, and who has it in hand', () => {
    draw()
    const facts = screen.getByRole('region', { name: 'Il caso' })
    expect(facts).toHaveTextContent(/Saldo di adesso48,60/)
    expect(facts).toHaveTextContent(/24\/11\/2026 alle 9:00, Davide Sala/)
    expect(within(facts).getByRole('link', { name: 'Conti' })).toHaveAttribute(
      'href',
      '/admin/mozzecane/famiglie/h1',
    )
    expect(screen.getByRole('button', { name: 'Prendi in carico al posto di Davide Sala' })).toBeVisible()
  })

  test('shows what a decision says before it is written, at the revision that was read', async () => {
    const { sent } = draw({}, { isOwn: true })
    await userEvent.selectOptions(screen.getByLabelText('Decisione'), 'Passare a un fratello')
    await userEvent.selectOptions(
      screen.getByLabelText('Su quale conto'),
      'Famiglia Bassani, Refezione (Pia)',
    )
    await userEvent.type(screen.getByLabelText('Motivo'), 'Lo chiede la mamma')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    expect(await screen.findByText('Resta scritto.')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Conferma la decisione' }))
    expect(sent.map((form) => [form.get('intent'), form.get('revision'), form.get('seen')])).toEqual([
      ['preview', '2', null],
      ['confirm', '2', 'abc'],
    ])
    expect(screen.queryByRole('button', { name: /Prendi in carico/ })).toBeNull()
  })

  test('offers no sibling where there is none, and no decision while the pupil still eats', () => {
    draw({}, { targets: [] })
    expect(screen.getByLabelText('Decisione')).not.toHaveTextContent('fratello')
    expect(screen.queryByLabelText('Su quale conto')).toBeNull()
  })

  test('waits for the last day of meals', () => {
    draw({ leftOn: '2026-11-27' })
    expect(screen.queryByLabelText('Decisione')).toBeNull()
    expect(screen.getByText(/Fino al 27 novembre 2026 l’alunno mangia/)).toBeVisible()
  })

  test('offers nothing once it is decided, and says by whom', () => {
    draw({
      ...{ state: 'decided', decision: 'keep', decidedBy: 'Elena Marchi', decidedCents: 4_860 },
      ...{ decidedAt: new Date('2026-11-25T08:00:00Z'), reason: 'Torna a settembre' },
    })
    expect(screen.queryByRole('button')).toBeNull()
    expect(screen.getByRole('region', { name: 'Il caso' })).toHaveTextContent('Tenere per l’anno prossimo')
  })
})

const ADDRESSES = { payments: '/admin/mozzecane/denaro', account: '/admin/mozzecane/famiglie/h1/conto' }

test('the sheet of a family leads who may decide to its case, and tells others that there is one', () => {
  const account = {
    serviceName: 'Refezione',
    balanceCents: 5_400,
    updatedAt: new Date('2026-11-24T08:00:00Z'),
  }
  const money = { accounts: [{ ...account, refundId: 'r1', isRefundDecided: false }], topUps: [] }
  const { rerender } = render(
    <HouseholdMoney money={money} refunds="/admin/mozzecane/rimborsi" addresses={ADDRESSES} />,
  )
  expect(screen.getByRole('link', { name: 'Rimborso da decidere' })).toHaveAttribute(
    'href',
    '/admin/mozzecane/rimborsi/r1',
  )
  rerender(<HouseholdMoney money={money} refunds={null} addresses={ADDRESSES} />)
  expect(screen.getAllByRole('link').map(({ textContent }) => textContent)).toEqual(['Conto e movimenti'])
  expect(screen.getByText('Rimborso da decidere')).toBeVisible()
})
