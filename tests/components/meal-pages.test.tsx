import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { renderToString } from 'react-dom/server'
import { describe, expect, test, vi } from 'vitest'
import { ClientWords } from '#components/language/client-words.tsx'
import { BatchPreview } from '#components/meals/batch-preview.tsx'
import { DayHistory } from '#components/meals/day-history.tsx'
import { DeadlineNote } from '#components/meals/deadline-note.tsx'
import { FamilyMonth } from '#components/meals/family-month.tsx'
import { MealList } from '#components/meals/meal-list.tsx'
import { MealReceipt, type ReceiptView } from '#components/meals/meal-receipt.tsx'
import { TodayCard, type TodayChild } from '#components/meals/today-card.tsx'
import TodayPart from '#components/meals/today-part.tsx'
import { TodayFields } from '#components/meals/today-parts.tsx'
import { PhoneLink } from '#components/ui/phone-link.tsx'
import { instantInRome } from '#lib/kernel/day.ts'
import { type DayState, previewOf } from '#lib/meals/cutoff.ts'
import type { StateKind } from '#lib/meals/meal-state.ts'
import type { Cell } from '#lib/meals/month-view.ts'
import { todayInService } from '#lib/meals/today.words.ts'
import { catalogueOf } from '#lib/words/catalogues.adapter.ts'
import { italian } from '#lib/words/language.ts'

const TUESDAY = '2026-11-24'
const WEDNESDAY = '2026-11-25'
const GRETA = { id: 'greta', givenName: 'Greta', familyName: 'Albertini' }
const SOFIA = { id: 'sofia', givenName: 'Sofia', familyName: 'Albertini' }
const API = '/api/mozzecane/prenotazioni'
const EIGHT = instantInRome(TUESDAY, '08:00')

const stateOf = (day: string, kind: StateKind): DayState => ({
  day,
  kind,
  cutoffAt: instantInRome(day, '09:30'),
  why: kind === 'closed' ? 'Sciopero' : null,
})
const cell = (day: string, kind: StateKind): Cell => [day, kind, instantInRome(day, '09:30').getTime()]

describe('the card of a child on *Oggi*', () => {
  const card = (today: Cell, at = EIGHT) => {
    const child: TodayChild = {
      id: 'greta',
      givenName: 'Greta',
      place: '3A',
      today,
      next: [cell(WEDNESDAY, 'absent')],
    }
    return (
      <TodayCard
        child={child}
        at={at.getTime()}
        api={API}
        fields={<TodayFields pupilId="greta" formKey="key" />}
        phone={<PhoneLink key="phone" number="045 555 0101" />}
      >
        {null}
      </TodayCard>
    )
  }

  test('says what today is, until when it can change, and has one big button', () => {
    render(card(cell(TUESDAY, 'present')))
    const region = screen.getByRole('region', { name: 'Greta' })
    expect(region).toHaveTextContent('Oggi Greta mangia a mensa.')
    expect(region).toHaveTextContent('Puoi cambiare fino alle 9:30: mancano 1 ora e 30 minuti.')
    expect(within(region).getByRole('button', { name: 'Segna assente oggi' })).toBeVisible()
    expect(within(region).getByRole('button', { name: 'Ripristina mercoledì 25 novembre' })).toBeVisible()
  })

  test.each<[StateKind, RegExp]>([
    ['absent', /è assente: il pasto è disdetto/],
    ['presentLate', /Non più modificabile: il termine era alle 9:30/],
    ['closed', /Oggi la mensa è chiusa: Sciopero\./],
    ['unplanned', /per Greta la mensa non è prevista/],
  ])('%s has its own words', (kind, words) => {
    render(card(kind === 'closed' ? [TUESDAY, kind, 0, 'Sciopero'] : cell(TUESDAY, kind)))
    expect(screen.getByRole('region')).toHaveTextContent(words)
  })

  test('of one service among several says which, and sends the child in it', () => {
    const inService = todayInService({ service: 'Merenda', name: 'Greta' }, italian)
    const child: TodayChild = {
      ...{
        id: 'greta',
        givenName: 'Greta · Merenda',
        place: '3A',
        today: cell(TUESDAY, 'present'),
        next: [],
      },
      inService,
    }
    render(
      <TodayCard
        child={child}
        at={EIGHT.getTime()}
        api={API}
        fields={<TodayFields pupilId="greta" formKey="key" />}
        phone={<PhoneLink key="phone" number="045 555 0101" />}
      >
        {null}
      </TodayCard>,
    )
    const region = screen.getByRole('region', { name: 'Greta · Merenda' })
    expect(region).toHaveTextContent('Merenda: oggi Greta c’è.')
    expect(region).not.toHaveTextContent('mensa.')
    expect(inService.absentLate).toBe('Merenda: oggi Greta è assente.')
    expect(inService.closed).toBe('Merenda: oggi è chiuso.')
  })

  test('a person who is late calls the office from there', () => {
    render(card(cell(TUESDAY, 'presentLate')))
    expect(screen.getByRole('link', { name: '045 555 0101' })).toHaveAttribute('href', 'tel:0455550101')
  })

  test('its form works by itself: child, day, action and the key that makes it happen once', () => {
    const page = document.createElement('div')
    page.innerHTML = renderToString(card(cell(TUESDAY, 'present')))
    const form = page.querySelector('form') as HTMLFormElement
    expect([form.getAttribute('action'), form.method]).toEqual([API, 'post'])
    const fields = Object.fromEntries(new FormData(form, form.querySelector('button')))
    expect(fields).toEqual({ figlio: 'greta', chiave: 'key', pagina: 'oggi', cambia: `disdici ${TUESDAY}` })
  })

  test('a press changes it immediately, and it stays changed until the server draws it again', async () => {
    const answer = {
      ok: true,
      receiptId: 'r1',
      receiptNumber: 'M-1',
      receiptPath: '/r1',
      at: EIGHT.getTime() + 1,
      message: '',
      notChanged: [],
      changed: [{ pupilId: 'greta', day: TUESDAY, kind: 'absent' }],
    }
    const fetched = vi.fn(async () => Response.json(answer))
    vi.stubGlobal('fetch', fetched)
    const { rerender } = render(card(cell(TUESDAY, 'present')))
    await userEvent.click(screen.getByRole('button', { name: 'Segna assente oggi' }))
    await screen.findByText('Greta: assente martedì 24 novembre')
    expect(fetched).toHaveBeenCalledTimes(1)
    expect(screen.getByRole('button', { name: 'Ripristina il pasto di oggi' })).toBeVisible()
    // A newer picture of the server wins: the other parent may have restored it.
    rerender(card(cell(TUESDAY, 'present'), new Date(EIGHT.getTime() + 60_000)))
    expect(screen.getByRole('button', { name: 'Segna assente oggi' })).toBeVisible()
  })

  test('a refusal puts the state back and says why', async () => {
    vi.stubGlobal('fetch', async () =>
      Response.json(
        { ok: false, code: 'meals:too-late', message: 'Il termine era alle 9:30.' },
        { status: 409 },
      ),
    )
    render(card(cell(TUESDAY, 'present')))
    await userEvent.click(screen.getByRole('button', { name: 'Segna assente oggi' }))
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Il termine era alle 9:30.'))
    expect(screen.getByRole('button', { name: 'Segna assente oggi' })).toBeVisible()
  })
})

describe('the preview', () => {
  test('lists what changes per child, what does not and why, and sends everything that was asked', () => {
    const preview = previewOf('cancel', [
      { pupilId: 'greta', state: stateOf(TUESDAY, 'presentLate') },
      { pupilId: 'greta', state: stateOf(WEDNESDAY, 'present') },
      { pupilId: 'sofia', state: stateOf(TUESDAY, 'unplanned') },
      { pupilId: 'sofia', state: stateOf(WEDNESDAY, 'present') },
    ])
    const { container } = render(
      <BatchPreview
        preview={preview}
        childrenOf={[GRETA, SOFIA]}
        days={[TUESDAY, WEDNESDAY]}
        api={API}
        formKey="key"
        backPath="/"
      />,
    )
    expect(screen.getByRole('heading', { name: /2 pasti da disdire/ })).toBeVisible()
    expect(screen.getByRole('region', { name: 'Cosa resta com’è' })).toHaveTextContent(
      'martedì 24 novembre: non più modificabile: il termine era alle 9:30',
    )
    const form = container.querySelector('form') as HTMLFormElement
    const data = new FormData(form)
    expect([data.getAll('figlio'), data.getAll('giorno'), data.get('azione'), data.get('chiave')]).toEqual([
      ['greta', 'sofia'],
      [TUESDAY, WEDNESDAY],
      'disdici',
      'key',
    ])
  })

  test('offers nothing to confirm when nothing changes', () => {
    const preview = previewOf('cancel', [{ pupilId: 'greta', state: stateOf(TUESDAY, 'absent') }])
    render(
      <BatchPreview
        preview={preview}
        childrenOf={[GRETA]}
        days={[TUESDAY]}
        api={API}
        formKey="k"
        backPath="/"
      />,
    )
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
    expect(screen.getByText('martedì 24 novembre: già assente')).toBeVisible()
  })
})

describe('a receipt', () => {
  const receipt = (change: Partial<ReceiptView> = {}): ReceiptView => ({
    number: 'M-20261124-AAAA-BBBB',
    action: 'cancel',
    arrivedAt: new Date('2026-11-24T08:29:59.999Z'),
    author: 'Marco Albertini',
    contact: null,
    note: null,
    children: [GRETA, SOFIA],
    meals: [{ pupilId: 'greta', day: TUESDAY, state: stateOf(TUESDAY, 'absent') }],
    notChanged: [],
    ...change,
  })
  const show = (change?: Partial<ReceiptView>) =>
    render(<MealReceipt receipt={receipt(change)} api={API} formKey="key" calendarPath="/" />)

  test('has number, the server’s time to the second, and author', () => {
    const { container } = show()
    expect(container).toHaveTextContent('M-20261124-AAAA-BBBB')
    expect(container).toHaveTextContent('24/11/2026 alle 09:29:59 (ora del server)')
    expect(container).toHaveTextContent('Marco Albertini')
    expect(container).toHaveTextContent('quadernino degli avvisi')
  })

  test('undoes exactly what it did: children with different days get a form each', () => {
    const { container } = show({
      meals: [
        { pupilId: 'greta', day: TUESDAY, state: stateOf(TUESDAY, 'absent') },
        { pupilId: 'sofia', day: WEDNESDAY, state: stateOf(WEDNESDAY, 'absent') },
      ],
    })
    const forms = [...container.querySelectorAll('form')].map((form) => [...new FormData(form).entries()])
    expect(forms.map((entries) => entries.slice(0, 3))).toEqual([
      [
        ['figlio', 'greta'],
        ['giorno', TUESDAY],
        ['azione', 'ripristina'],
      ],
      [
        ['figlio', 'sofia'],
        ['giorno', WEDNESDAY],
        ['azione', 'ripristina'],
      ],
    ])
    expect(screen.getByRole('button', { name: 'Annulla questa disdetta per Greta' })).toBeVisible()
  })

  test('after the cutoff there is no way back, and a later change is told', () => {
    show({
      meals: [
        { pupilId: 'greta', day: TUESDAY, state: stateOf(TUESDAY, 'absentLate') },
        { pupilId: 'greta', day: WEDNESDAY, state: stateOf(WEDNESDAY, 'present') },
      ],
    })
    expect(screen.queryByRole('button', { name: /Annulla/ })).not.toBeInTheDocument()
    expect(screen.getByText('mercoledì 25 novembre: ora risulta presente')).toBeVisible()
  })
})

describe('around the calendar', () => {
  test('the deadline is this service’s own, and the time left is told when it is near', () => {
    const open = { from: TUESDAY, to: '2027-06-04', nextCutoff: instantInRome(TUESDAY, '09:30') }
    const { container, rerender } = render(
      <DeadlineNote
        now={instantInRome(TUESDAY, '09:05')}
        cutoffRule={{ time: '9:30', daysBefore: 0 }}
        open={open}
      />,
    )
    expect(container).toHaveTextContent('entro le ore 9:30 del giorno stesso')
    expect(container).toHaveTextContent('mancano 25 minuti')
    expect(container).toHaveTextContent('da martedì 24 novembre 2026 a venerdì 4 giugno 2027')
    rerender(<DeadlineNote now={EIGHT} cutoffRule={{ time: '15:00', daysBefore: 1 }} open={null} />)
    expect(container).toHaveTextContent('entro le ore 15:00 del giorno prima')
    expect(container).toHaveTextContent('non ci sono più giorni da cambiare')
  })

  test('children with other deadlines are named before theirs', () => {
    const { container } = render(
      <DeadlineNote who="Greta" now={EIGHT} cutoffRule={{ time: '9:30', daysBefore: 0 }} open={null} />,
    )
    expect(container).toHaveTextContent('Greta: la modifica del pasto può essere fatta entro le ore 9:30')
  })

  describe('the list of a month', () => {
    const list = (states: DayState[], today = TUESDAY) =>
      render(
        <MealList
          states={states}
          today={today}
          municipalitySlug="mozzecane"
          pupilId="greta"
          api={API}
          formKey="k"
        />,
      )
    const days = ['2026-11-19', '2026-11-20'].map((day) => stateOf(day, 'consumed'))

    test('begins with today; the days before are folded up after the others', () => {
      list([...days, stateOf(TUESDAY, 'present'), stateOf(WEDNESDAY, 'absent')])
      const links = screen.getAllByRole('link').map((link) => link.textContent)
      expect(links.slice(0, 2)).toEqual(['martedì 24 novembre', 'mercoledì 25 novembre'])
      const folded = screen.getByText('2 giorni già passati').closest('details') as HTMLElement
      expect(folded).not.toHaveAttribute('open')
      expect(within(folded).getAllByRole('link', { hidden: true })).toHaveLength(2)
    })

    test('shows a month that is over as it was', () => {
      list(days)
      expect(screen.getAllByRole('listitem')).toHaveLength(2)
      expect(screen.queryByText(/già passati/)).not.toBeInTheDocument()
    })
  })

  test('one table has all the children: open days can be ticked, past ones are left out', () => {
    const states = (...list: DayState[]) => new Map(list.map((state) => [state.day, state]))
    render(
      <FamilyMonth
        previewPath="/anteprima"
        pages={[
          {
            child: GRETA,
            today: TUESDAY,
            states: states(
              stateOf('2026-11-23', 'consumed'),
              stateOf(TUESDAY, 'presentLate'),
              stateOf(WEDNESDAY, 'present'),
            ),
          },
          { child: SOFIA, today: TUESDAY, states: states(stateOf(WEDNESDAY, 'absent')) },
        ]}
      />,
    )
    expect(screen.getAllByRole('checkbox').map((box) => box.getAttribute('aria-label'))).toEqual([
      'mercoledì 25 novembre',
    ])
    expect(screen.getByRole('row', { name: /mer 25 Presente Assente/ })).toBeVisible()
    expect(screen.queryByText('lun 23')).not.toBeInTheDocument()
  })

  test('a day that no person changed says so', () => {
    render(<DayHistory lines={[]} />)
    expect(screen.getByRole('heading', { name: 'Nessuna modifica' })).toBeVisible()
  })
})

describe('why a day is closed', () => {
  const closed = stateOf(TUESDAY, 'closed')
  test.each([
    [
      'the card of today',
      <TodayCard
        key="card"
        child={{
          id: 'greta',
          givenName: 'Greta',
          place: '3A',
          today: [TUESDAY, 'closed', 0, 'Sciopero'],
          next: [],
        }}
        at={EIGHT.getTime()}
        api={API}
        fields={<TodayFields pupilId="greta" formKey="key" />}
        phone={<PhoneLink key="phone" number="045 555 0101" />}
      >
        {null}
      </TodayCard>,
    ],
    [
      'the list',
      <MealList
        key="list"
        states={[closed]}
        today={TUESDAY}
        municipalitySlug="mozzecane"
        pupilId="greta"
        api={API}
        formKey="k"
      />,
    ],
    [
      'the preview',
      <BatchPreview
        key="preview"
        preview={previewOf('cancel', [{ pupilId: 'greta', state: closed }])}
        childrenOf={[GRETA]}
        days={[TUESDAY]}
        api={API}
        formKey="key"
        backPath="/"
      />,
    ],
  ])('stays in the Italian of the office in %s, and says so to who reads Arabic', (_where, page) => {
    render(
      <ClientWords language="ar" catalogue={catalogueOf('ar')}>
        {page}
      </ClientWords>,
    )
    expect(screen.getByText('Sciopero')).toHaveAttribute('lang', 'it')
  })
})

describe('the balances on *Oggi*', () => {
  const aside = (balances: { accountId: string; householdName: string | null; balanceCents: number }[]) => (
    <TodayPart
      part="aside"
      municipalitySlug="mozzecane"
      at={EIGHT.getTime()}
      balances={balances}
      schools={[]}
      communication={null}
    />
  )

  test('of a person who pays for two families name each, and *Ricarica* tops up that one', () => {
    render(
      aside([
        { accountId: 'first', householdName: 'Albertini (Greta)', balanceCents: 93_870 },
        { accountId: 'second', householdName: 'Albertini (Leo)', balanceCents: -10_800 },
      ]),
    )
    const owing = screen.getByRole('region', { name: 'Saldo, famiglia Albertini (Leo)' })
    expect(within(owing).getByRole('link', { name: 'Ricarica' })).toHaveAttribute(
      'href',
      '/mozzecane/pagamenti/ricarica?conto=second',
    )
  })

  test('of a person with one family have no name', () => {
    render(aside([{ accountId: 'only', householdName: null, balanceCents: 540 }]))
    expect(screen.getByRole('region', { name: 'Saldo' })).toBeVisible()
  })
})
