import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { ChoicesForm } from '#components/notifications/choices-form.tsx'
import { DeliveryCountsTable } from '#components/notifications/delivery-counts.tsx'
import { InboxList } from '#components/notifications/inbox-list.tsx'
import { PushDevices } from '#components/notifications/push-devices.tsx'
import { SiteHeader } from '#components/shell/site-header.tsx'
import type { DeliveryBatch } from '#lib/outbox/office/delivery-batch.ts'
import type { FormState } from '#lib/web/form-state.ts'

const nothing = async (): Promise<FormState> => ({ ok: true, typed: {} })
const at = new Date('2026-11-24T08:05:00Z')

describe('the inbox', () => {
  const item = {
    id: '1',
    title: 'Pasto disdetto',
    text: 'Marco ha disdetto.',
    at,
    event: 'meals:changed',
  } as const

  test('says in words what is still to read, and each one leads on through the portal', () => {
    const items = [
      { ...item, isRead: false },
      { ...item, id: '2', title: 'Vecchia', isRead: true },
    ]
    render(
      <InboxList
        municipalitySlug="mozzecane"
        inbox={{ items, unread: 1, page: 1, pages: 1 }}
        readAll={nothing}
      />,
    )
    const [fresh, old] = screen.getAllByRole('listitem')
    expect(within(fresh as HTMLElement).getByText('Da leggere')).toBeVisible()
    expect(within(old as HTMLElement).queryByText('Da leggere')).not.toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Pasto disdetto' })).toHaveAttribute(
      'href',
      '/mozzecane/notifiche/1',
    )
    expect(screen.getByRole('button', { name: /Segna tutto come letto/ })).toBeVisible()
  })

  test('without anything unread offers nothing to mark; empty, it says what will come', () => {
    const { rerender } = render(
      <InboxList
        municipalitySlug="mozzecane"
        inbox={{ items: [{ ...item, isRead: true }], unread: 0, page: 1, pages: 1 }}
        readAll={nothing}
      />,
    )
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
    rerender(
      <InboxList
        municipalitySlug="mozzecane"
        inbox={{ items: [], unread: 0, page: 1, pages: 1 }}
        readAll={nothing}
      />,
    )
    expect(screen.getByRole('heading', { name: 'Nessuna notifica' })).toBeVisible()
  })
})

describe('the bell', () => {
  const municipality = { slug: 'mozzecane', name: 'Mozzecane', operatorName: 'Tangram' }
  const reader = { name: 'Laura Conti', family: true, holder: true, staff: false }
  const header = (unread?: number) =>
    render(
      <SiteHeader
        municipality={municipality}
        headerViewer={unread === undefined ? reader : { ...reader, unread }}
        sections={[]}
        path="/"
      />,
    )

  test('tells how many wait, and where they are', () => {
    header(3)
    expect(screen.getByRole('link', { name: 'Notifiche, 3 da leggere' })).toHaveAttribute(
      'href',
      '/mozzecane/notifiche',
    )
  })
  test('is there with nothing to read, and not for a person without an inbox', () => {
    header(0)
    expect(screen.getByRole('link', { name: 'Notifiche, nessuna da leggere' })).toBeVisible()
    cleanup()
    header()
    expect(screen.queryByRole('link', { name: /Notifiche/ })).not.toBeInTheDocument()
  })
})

describe('the choices', () => {
  const line = {
    event: 'balance:low',
    label: 'Saldo',
    explains: 'Quando finisce.',
    email: true,
    push: false,
    isMailFixed: false,
  }
  const groups = [
    {
      title: 'Pagamenti',
      lines: [
        line,
        { ...line, event: 'device:remembered', label: 'Dispositivi ricordati', isMailFixed: true },
      ],
    },
  ]
  const quiet = { isQuiet: true, from: '21:00', to: '07:00' }
  const form = (action: (previous: FormState, form: FormData) => Promise<FormState> = nothing) =>
    render(
      <ChoicesForm
        municipalitySlug="mozzecane"
        action={action}
        groups={groups}
        quiet={quiet}
        threshold={3}
      />,
    )
  const box = (group: RegExp, name: string) =>
    within(screen.getByRole('group', { name: group })).getByRole<HTMLInputElement>('checkbox', { name })

  test('are boxes with the name of their event; what always goes is ticked and fixed', () => {
    form()
    expect(box(/^Saldo/, 'E-mail')).toBeChecked()
    expect(box(/^Saldo/, 'Dispositivi')).not.toBeChecked()
    expect(box(/^Dispositivi ricordati/, 'E-mail')).toMatchObject({ checked: true, disabled: true })
    expect(screen.getByRole('textbox', { name: 'Avvisami quando restano' })).toMatchObject({ value: '3' })
  })

  test('that were wrong come back as they were typed, with what is wrong', async () => {
    const action = vi.fn(async (_: FormState, sent: FormData): Promise<FormState> => {
      const typed = Object.fromEntries([...sent].map(([name, value]) => [name, String(value)]))
      typed['scelte[]'] = sent.getAll('scelte[]').join(',')
      return {
        ok: false,
        typed,
        error: { message: 'Controlla.', fields: { soglia: 'Scrivi un numero da 1 a 20.' } },
      }
    })
    form(action)
    await userEvent.click(box(/^Saldo/, 'Dispositivi'))
    const threshold = screen.getByRole('textbox', { name: 'Avvisami quando restano' })
    await userEvent.clear(threshold)
    await userEvent.type(threshold, '99')
    await userEvent.click(screen.getByRole('button', { name: 'Salva le scelte' }))
    expect((await screen.findAllByText('Scrivi un numero da 1 a 20.')).length).toBeGreaterThan(0)
    expect(action.mock.calls[0]?.[1].getAll('scelte[]')).toEqual(['balance:low.email', 'balance:low.push'])
    expect(screen.getByRole('textbox', { name: 'Avvisami quando restano' })).toMatchObject({ value: '99' })
  })
})

describe('devices that receive', () => {
  const devices = [{ id: '1', name: 'Chrome su Android', since: at, lastSentAt: null, fingerprint: 'aa' }]
  test('are named, and each can be taken away', () => {
    render(
      <PushDevices
        municipalitySlug="mozzecane"
        pushKey={null}
        devices={devices}
        subscribe={nothing}
        remove={nothing}
      />,
    )
    expect(screen.getByRole('button', { name: 'Togli Chrome su Android' })).toBeVisible()
    expect(screen.getByText(/non sono attive/)).toBeVisible()
  })
  test('a browser that cannot receive says so and offers e-mail', async () => {
    render(
      <PushDevices
        municipalitySlug="mozzecane"
        pushKey="k"
        devices={[]}
        subscribe={nothing}
        remove={nothing}
      />,
    )
    expect(await screen.findByText(/Questo browser non riceve notifiche/)).toBeVisible()
  })
})

test('the office reads of each batch how many went where, and only what there is', () => {
  const none = { waiting: 0, sent: 0, refused: 0, inDoubt: 0, givenUp: 0 }
  const batch: DeliveryBatch = {
    id: '1',
    label: 'Giorni senza mensa',
    title: 'Niente mensa giovedì',
    at,
    told: 1200,
    email: { ...none, sent: 1190, refused: 8, inDoubt: 2 },
    push: none,
    sms: none,
    retriable: 8,
  }
  const { container: line } = render(<DeliveryCountsTable batch={batch} />)
  expect(line).toHaveTextContent('Nel portale: 1200')
  expect(line).toHaveTextContent('E-mail: 1200')
  for (const words of ['Spediti: 1190', 'Rifiutati: 8', 'In dubbio: 2']) expect(line).toHaveTextContent(words)
  expect(line).not.toHaveTextContent(/Abbandonati|Dispositivi/)
})
