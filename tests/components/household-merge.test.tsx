import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import {
  HouseholdMergeForm,
  HouseholdPairTable,
  UndoHouseholdMergeForm,
} from '#components/office/household-merge.tsx'
import type { PreviewAction } from '#components/office/preview-form.tsx'
import type { HouseholdFacts, HouseholdSide } from '#lib/people/office/household-merge.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'

const ONE: HouseholdSide = {
  ...{ id: 'h1', name: 'Conti', holder: { personId: 'p', name: 'Laura Conti' }, delegates: [] },
  pupils: [{ id: 'c1', name: 'Greta Albertini', birthDay: '2018-03-02', serviceIds: ['s'] }],
  accounts: [{ serviceId: 's', serviceName: 'Refezione', balanceCents: 5_400 }],
  ...{ openTopUps: 0, waiting: 0, invitations: 0, charging: 0, refunds: 0, divided: 0 },
}
const OTHER: HouseholdSide = { ...ONE, id: 'h2', name: 'Bassani', waiting: 1, pupils: [], accounts: [] }
const FACTS: HouseholdFacts = { one: ONE, other: OTHER, services: [] }
const HIDDEN = { municipalitySlug: 'mozzecane', oneId: 'h1', otherId: 'h2' }

function keeping() {
  const sent: FormData[] = []
  const action: PreviewAction = async (_, form) => {
    sent.push(form)
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    return { ok: true, value: { lines: ['Greta passa.'], seen: { seen: 'abc' }, typed }, typed: {} }
  }
  return { sent, action }
}

describe('two households side by side', () => {
  test('say what each has and which went, and lead to both', () => {
    render(<HouseholdPairTable families="/f" facts={FACTS} goneId="h2" />)
    const cells = (name: RegExp) =>
      within(screen.getByRole('row', { name }))
        .getAllByRole('cell')
        .map(({ textContent }) => textContent)
    expect(cells(/Chi paga/)).toEqual(['Laura Conti', 'Laura Conti'])
    expect(cells(/In corso/)).toEqual(['niente', 'una domanda o un trasferimento'])
    expect(screen.getByRole('link', { name: 'Bassani' })).toHaveAttribute('href', '/f/h2')
    expect(screen.getByRole('columnheader', { name: /La seconda/ })).toHaveTextContent('unita all’altra')
  })

  test('are merged by two presses, and are two again by two', async () => {
    const { sent, action } = keeping()
    const { unmount } = render(
      <HouseholdMergeForm hidden={HIDDEN} facts={FACTS} initial={UNTOUCHED} action={action} />,
    )
    await userEvent.selectOptions(screen.getByLabelText('Quale resta'), 'la seconda: Bassani, alunni: 0')
    await userEvent.type(screen.getByLabelText('Motivo'), 'Fratelli')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Conferma: sono la stessa famiglia' }))
    unmount()
    const merge = {
      ...{ id: 'm1', keptId: 'h1', goneId: 'h2', fingerprint: 'f' },
      ...{ doneAt: new Date('2026-11-24T08:00:00Z'), doneBy: 'Elena Marchi', doneById: 'x' },
    }
    render(
      <UndoHouseholdMergeForm
        hidden={{ ...HIDDEN, mergeId: 'm1' }}
        merge={merge}
        initial={UNTOUCHED}
        action={action}
      />,
    )
    await userEvent.type(screen.getByLabelText('Motivo'), 'Erano due')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Conferma: sono due famiglie' }))
    expect(sent.map((form) => ['intent', 'keep', 'mergeId', 'seen'].map((name) => form.get(name)))).toEqual([
      ['preview', 'other', null, null],
      ['confirm', 'other', null, 'abc'],
      ['preview', null, 'm1', null],
      ['confirm', null, 'm1', 'abc'],
    ])
  })
})
