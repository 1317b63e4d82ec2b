import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { AdultMergeForm, AdultPairTable, UndoAdultMergeForm } from '#components/office/person-merge.tsx'
import type { PreviewAction } from '#components/office/preview-form.tsx'
import type { AdultPairFacts, AdultSide } from '#lib/people/office/person-merge.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'

const ONE: AdultSide = {
  ...{
    id: 'p1',
    givenName: 'Laura',
    familyName: 'Conti',
    birthDay: '1985-05-17',
    fiscalCode: 'CNTLRA85E57L781Y',
  },
  ...{
    email: 'laura@example.it',
    phone: null,
    isStaff: false,
    hasEntered: true,
    payments: 3,
    waiting: 0,
    documents: 2,
  },
  roles: [
    { id: 'm1', householdId: 'h1', householdName: 'Conti', role: 'holder', pupilIds: null, to: null },
    { id: 'm2', householdId: 'h2', householdName: 'Neri', role: 'delegate', pupilIds: ['c'], to: null },
  ],
}
const OTHER: AdultSide = {
  ...ONE,
  ...{ id: 'p2', birthDay: null, fiscalCode: '12345678901', hasEntered: false, waiting: 1, roles: [] },
}
const FACTS: AdultPairFacts = { one: ONE, other: OTHER, today: '2026-11-24' }
const HIDDEN = { municipalitySlug: 'mozzecane', oneId: 'p1', otherId: 'p2' }

function keeping() {
  const sent: FormData[] = []
  const action: PreviewAction = async (_, form) => {
    sent.push(form)
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    return { ok: true, value: { lines: ['Resta Laura.'], seen: { seen: 'abc' }, typed }, typed: {} }
  }
  return { sent, action }
}

describe('two adults side by side', () => {
  test('say what each has and who went, and lead to their families', () => {
    render(<AdultPairTable families="/f" facts={FACTS} goneId="p2" />)
    const cells = (name: RegExp) =>
      within(screen.getByRole('row', { name }))
        .getAllByRole('cell')
        .map(({ textContent }) => textContent)
    expect(cells(/È già entrato/)).toEqual(['sì', 'no'])
    expect(cells(/Famiglie/)).toEqual(['Conti: pagaNeri: delegato di alcuni alunni', 'nessuna'])
    expect(cells(/Domande/)).toEqual(['2', '2, e una aspetta'])
    expect(screen.getByRole('link', { name: 'Neri' })).toHaveAttribute('href', '/f/h2')
    expect(screen.getByRole('columnheader', { name: /Il secondo/ })).toHaveTextContent('unito all’altro')
  })

  test('are merged by two presses, and what was typed before SPID is still there', async () => {
    const { sent, action } = keeping()
    const initial = { ...UNTOUCHED, typed: { reason: 'Due volte', otherCode: 'opens' } }
    render(<AdultMergeForm hidden={HIDDEN} facts={FACTS} initial={initial} action={action} />)
    await userEvent.selectOptions(screen.getByLabelText('Codice con cui entra'), 'il secondo: 12345678901')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    expect(await screen.findByText('Resta Laura.')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Conferma: sono la stessa persona' }))
    expect(
      sent.map((form) =>
        ['intent', 'keep', 'code', 'otherCode', 'checked', 'seen', 'reason'].map((name) => form.get(name)),
      ),
    ).toEqual([
      ['preview', 'one', 'other', 'opens', 'no', null, 'Due volte'],
      ['confirm', 'one', 'other', 'opens', 'no', 'abc', 'Due volte'],
    ])
  })

  test('are two again by two presses', async () => {
    const { sent, action } = keeping()
    const merge = {
      ...{ id: 'm1', keptId: 'p1', goneId: 'p2', fingerprint: 'f' },
      ...{ doneAt: new Date('2026-11-24T08:00:00Z'), doneBy: 'Elena Marchi', doneById: 'x' },
    }
    render(
      <UndoAdultMergeForm
        hidden={{ ...HIDDEN, mergeId: 'm1' }}
        merge={merge}
        initial={UNTOUCHED}
        action={action}
      />,
    )
    await userEvent.type(screen.getByLabelText('Motivo'), 'Erano due')
    await userEvent.click(screen.getByRole('button', { name: 'Vedi che cosa succederà' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Conferma: sono due persone' }))
    expect(sent.map((form) => [form.get('mergeId'), form.get('seen')])).toEqual([
      ['m1', null],
      ['m1', 'abc'],
    ])
  })
})
