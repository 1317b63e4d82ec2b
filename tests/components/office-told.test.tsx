import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { NoticesForm } from '#components/office/desk/notices-form.tsx'
import { WorkList } from '#components/office/desk/work-list.tsx'
import { RegisterTable } from '#components/office/register-table.tsx'
import type { DeskLine, WorkTake } from '#lib/desk/work-take.ts'
import type { RegisterLine } from '#lib/privacy/office/register.ts'

const NOW = new Date('2026-11-24T10:00:00Z')
const EARLIER = new Date('2026-11-24T09:50:00Z')
const TAKE: WorkTake = {
  ...{ id: 'take', kind: 'requests', takenById: 'anna', takenBy: 'Anna Neri', takenAt: EARLIER },
  ...{ endedAt: null, endedBy: null, isDone: false },
}
const line = (given: Partial<DeskLine>): DeskLine => ({
  ...{ kind: 'requests', count: 3, oldest: new Date('2026-11-24T07:00:00Z'), take: null },
  ...given,
})

/** An action that keeps what was sent, and refuses it with words. */
function refusing(message: string, fields: Record<string, string> = {}) {
  const sent: Record<string, unknown>[] = []
  const action = async (_: unknown, form: FormData) => {
    sent.push(Object.fromEntries(form))
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    return { ok: false as const, error: { message, fields }, typed }
  }
  return { sent, action }
}

const listed = (lines: DeskLine[], personId = 'olga', action = refusing('').action) =>
  render(
    <WorkList
      municipalitySlug="mozzecane"
      lines={lines}
      now={NOW}
      personId={personId}
      take={action}
      finish={action}
    />,
  )

describe('the list of what waits', () => {
  test('leads to each place, says how long it waits, and marks what is urgent', () => {
    listed([line({ kind: 'severe-diets', count: 1 }), line({})])
    const [urgent, requests] = screen.getAllByRole('listitem')
    expect(within(urgent as HTMLElement).getByText('Urgente')).toBeInTheDocument()
    expect(within(requests as HTMLElement).queryByText('Urgente')).toBeNull()
    expect(screen.getByRole('link', { name: '3 domande da decidere' })).toHaveAttribute(
      'href',
      '/admin/mozzecane/moduli',
    )
    expect(within(requests as HTMLElement).getByText('Aspetta da 3 ore')).toBeInTheDocument()
  })

  test('offers to take what is free, to take over what another has, and to end what is in hand', () => {
    const names = () => screen.getAllByRole('button').map((button) => button.textContent)
    const { unmount } = listed([line({})])
    expect(names()).toEqual(['Prendi in carico: Domande da decidere'])
    unmount()
    const other = listed([line({ take: TAKE })])
    expect(screen.getByText('Preso in carico da Anna Neri, da 10 minuti')).toBeInTheDocument()
    expect(names()).toEqual(['Passa a me: Domande da decidere', 'Fatto: Domande da decidere'])
    other.unmount()
    listed([line({ take: TAKE })], 'anna')
    expect(screen.getByText('Ce l’hai tu, da 10 minuti')).toBeInTheDocument()
    expect(names()).toEqual(['Fatto: Domande da decidere'])
  })

  test('says beside its button who was first, and sends the take that was on the screen', async () => {
    const { sent, action } = refusing('Intanto lo ha preso in carico Anna Neri.')
    listed([line({ take: TAKE })], 'olga', action)
    await userEvent.click(screen.getByRole('button', { name: 'Passa a me: Domande da decidere' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Intanto lo ha preso in carico Anna Neri.')
    expect(sent).toEqual([{ municipalitySlug: 'mozzecane', kind: 'requests', seen: 'take' }])
  })

  test('says that nothing waits', () => {
    listed([])
    expect(screen.getByText('Non aspetta niente.')).toBeInTheDocument()
  })
})

describe('the form of the notices', () => {
  const drawn = (action = refusing('').action, urgent = ['Giornate di mensa non chiuse']) =>
    render(
      <NoticesForm
        municipalitySlug="mozzecane"
        notices={{ email: '', digestHour: 8, isUrgent: true }}
        address="anna@comune.example"
        urgent={urgent}
        action={action}
      />,
    )

  test('keeps what was typed where it is refused', async () => {
    const { sent, action } = refusing('Almeno un responsabile deve ricevere gli avvisi urgenti.')
    drawn(action)
    await userEvent.click(screen.getByRole('checkbox', { name: /Da soli e subito/ }))
    await userEvent.selectOptions(screen.getByLabelText('Riepilogo del giorno'), 'Mai')
    await userEvent.click(screen.getByRole('button', { name: 'Salva' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Almeno un responsabile')
    expect(sent).toEqual([{ municipalitySlug: 'mozzecane', email: '', digest: 'mai' }])
    expect(screen.getByRole('checkbox', { name: /Da soli e subito/ })).not.toBeChecked()
    expect(screen.getByLabelText('Riepilogo del giorno')).toHaveValue('mai')
  })

  test('asks about what is urgent only a colleague to whom something may be', () => {
    drawn(refusing('').action, [])
    expect(screen.queryByRole('checkbox')).toBeNull()
    expect(screen.getByText('Se la lasci vuota scriviamo a anna@comune.example.')).toBeInTheDocument()
  })
})

test('a line of the register says when, what, on whom, who and why', () => {
  const decided: RegisterLine = {
    cursor: { at: '2026-11-24T10:00:00.000000Z', id: '0192f0c0-0000-7000-8000-000000000001' },
    ...{ at: NOW, who: 'Anna Neri', isOffice: true, action: 'diets.decided', outcome: 'done' },
    ...{ objectType: 'household', objectId: 'h', subject: { name: 'famiglia Albertini', householdId: 'h' } },
    details: { before: 'STD', after: 'D03', reason: 'Certificato' },
    names: {},
  }
  const own = { ...decided, cursor: { ...decided.cursor, id: 'b' }, who: 'Laura Conti', isOffice: false }
  render(<RegisterTable here="/admin/mozzecane/registro" lines={[decided, own]} />)
  const [, first, second] = screen.getAllByRole('row')
  expect(first).toHaveTextContent(
    '24/11/2026 alle 11:00Dieta di un alunno decisa dall’ufficiodieta: da dieta comune a D03famiglia AlbertiniAnna NeriCertificato',
  )
  expect(within(first as HTMLElement).getByRole('link')).toHaveAttribute(
    'href',
    '/admin/mozzecane/registro?famiglia=h',
  )
  expect(second).toHaveTextContent('Laura Contifamiglia')
})
