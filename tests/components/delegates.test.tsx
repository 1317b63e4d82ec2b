import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { DelegationSheet } from '#components/delegates/delegation-sheet.tsx'
import { InvitationAnswer } from '#components/delegates/invitation-answer.tsx'
import type { DelegationPage } from '#lib/people/delegate.ts'

const page: DelegationPage = {
  householdId: 'h',
  householdName: 'Albertini',
  today: '2026-11-24',
  pupils: [
    { id: 'greta', name: 'Greta' },
    { id: 'sofia', name: 'Sofia' },
  ],
  delegates: [
    {
      memberId: 'm',
      personId: 'p',
      name: 'Marco Albertini',
      since: '2026-11-01',
      until: '2027-06-05',
      pupilNames: ['Greta'],
    },
  ],
  invitations: [
    {
      id: 'i',
      email: 'nonna@example.it',
      pupilNames: ['Greta', 'Sofia'],
      until: null,
      createdAt: new Date('2026-11-23T08:00:00Z'),
      expiresAt: new Date('2026-12-07T08:00:00Z'),
      state: 'open',
    },
  ],
  deeds: [
    {
      id: 'r',
      at: new Date('2026-11-24T07:05:00Z'),
      by: 'Marco Albertini',
      action: 'cancel',
      meals: 1,
      pupilNames: ['Greta'],
      receiptNumber: 'M-20261124-AAAA-BBBB',
    },
  ],
}

function show(changes: Partial<DelegationPage> = {}, actions = {}) {
  const none = vi.fn(async () => ({ ok: true as const, value: null, typed: {} }))
  const all = {
    invite: vi.fn(async () => ({ ok: true as const, value: { email: 'x@example.it' }, typed: {} })),
    revoke: none,
    withdraw: none,
    ...actions,
  }
  render(
    <DelegationSheet
      page={{ ...page, ...changes }}
      municipalitySlug="mozzecane"
      named={false}
      initial={{ ok: null, typed: {} }}
      actions={all}
    />,
  )
  return all
}

describe('Deleghe', () => {
  test('a delegate is a region with children, days and a way to revoke', () => {
    show()
    const marco = screen.getByRole('region', { name: 'Marco Albertini' })
    expect(marco).toHaveTextContent('Greta')
    expect(marco).toHaveTextContent('dal 01/11/2026 fino al 05/06/2027 compreso')
    expect(within(marco).getByText('Revoca la delega di Marco Albertini')).toBeVisible()
  })

  test('revoking says what happens, then does it and says so', async () => {
    const { revoke } = show()
    const user = userEvent.setup()
    await user.click(screen.getByText('Revoca la delega di Marco Albertini'))
    await user.click(screen.getByRole('button', { name: 'Revoca adesso' }))
    expect(await screen.findByRole('status')).toBeVisible()
    const [, form] = revoke.mock.calls[0] as unknown as [unknown, FormData]
    expect(Object.fromEntries(form)).toMatchObject({ municipalitySlug: 'mozzecane', memberId: 'm' })
  })

  test('the rights are a list, each with its word', () => {
    show()
    const rights = screen.getByRole('list', { name: 'Che cosa può fare un delegato' })
    expect(within(rights).getAllByText(/^Non può /).length).toBeGreaterThan(3)
    expect(rights).toHaveTextContent('Non può vedere saldo, movimenti, ricariche e fatture')
  })

  test('every field of the invitation has a name; the children are all chosen at first', () => {
    show()
    expect(screen.getByRole('textbox', { name: 'Codice fiscale della persona' })).toBeVisible()
    expect(screen.getByRole('textbox', { name: 'La sua e-mail' })).toBeVisible()
    const children = screen.getByRole('group', { name: 'Per quali bambini?' })
    for (const box of within(children).getAllByRole('checkbox')) {
      expect(box).toBeChecked()
    }
  })

  test('what was typed before SPID was asked again is still there, children included', () => {
    const typed = { fiscalCode: 'LBRMRC', email: 'm@example.it', 'pupils[]': 'sofia', until: '2026-12-31' }
    render(
      <DelegationSheet
        page={page}
        municipalitySlug="mozzecane"
        named={false}
        initial={{ ok: null, typed }}
        actions={{ invite: vi.fn(), revoke: vi.fn(), withdraw: vi.fn() }}
      />,
    )
    expect(screen.getByRole('textbox', { name: 'La sua e-mail' })).toHaveValue('m@example.it')
    expect(screen.getByRole('checkbox', { name: 'Greta' })).not.toBeChecked()
    expect(screen.getByRole('checkbox', { name: 'Sofia' })).toBeChecked()
  })

  test('who did what is a table whose rows are named by the person', () => {
    show()
    const table = screen.getByRole('table', { name: 'Ultime disdette e ripristini' })
    expect(within(table).getByRole('rowheader', { name: 'Marco Albertini' })).toBeVisible()
    expect(table).toHaveTextContent('Disdetto 1 pasto di Greta')
  })

  test('without delegates the page says what a delegation is for', () => {
    show({ delegates: [], invitations: [], deeds: [] })
    expect(screen.getByText(/Con una delega anche l’altro genitore può disdire/)).toBeVisible()
  })
})

test('an invitation is answered with one of two buttons, and the answer is said aloud', async () => {
  const action = vi.fn(async () => ({ ok: true as const, value: { accepted: true }, typed: {} }))
  render(<InvitationAnswer municipalitySlug="mozzecane" token="t" action={action} />)
  await userEvent.setup().click(screen.getByRole('button', { name: 'Accetta la delega' }))
  expect(await screen.findByRole('status')).toHaveTextContent('Delega accettata')
  const [, form] = action.mock.calls[0] as unknown as [unknown, FormData]
  expect(Object.fromEntries(form)).toMatchObject({ answer: 'accetto', token: 't' })
})
