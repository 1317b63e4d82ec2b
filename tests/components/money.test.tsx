import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ComponentProps } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { BalanceCard } from '#components/family/balance-card.tsx'
import { InvoiceAddressForm } from '#components/family/invoice-address-form.tsx'
import { InvoiceList } from '#components/family/invoice-list.tsx'
import { StatementFiltersForm } from '#components/family/statement-filters.tsx'
import { StatementTable } from '#components/family/statement-table.tsx'
import { YearChoice, YearSheet } from '#components/family/year-expenses.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import type { YearExpenses } from '#lib/invoices/year-expenses.ts'
import type { Outlook } from '#lib/ledger/balance.ts'
import { NO_FILTERS } from '#lib/ledger/statement.address.ts'
import type { Movement } from '#lib/ledger/statement.ts'
import type { ChildPrice } from '#lib/tariffs/price.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { phrase } from '#lib/words/language.ts'

/** What a person reads: no-break spaces are spaces to the eye. */
const textOf = (element: HTMLElement): string => (element.textContent ?? '').replace(/\u00a0/g, ' ')

const LASTS: Outlook = { coveredDays: 40, lastCoveredDay: '2027-02-12', firstUncoveredDay: '2027-02-15' }

describe('The balance card', () => {
  type Shown = Partial<ComponentProps<typeof BalanceCard>>
  const show = (changes: Shown = {}): HTMLElement => {
    render(
      <BalanceCard
        id="saldo"
        serviceName="Refezione Scolastica"
        balanceCents={88_470}
        asOf={new Date('2026-11-24T15:35:00Z')}
        mealPriceCents={540}
        nextPrice={null}
        prices={[]}
        meals={163}
        state="good"
        outlook={LASTS}
        uncharged={0}
        topUpHref="/mozzecane/pagamenti/ricarica"
        detailsHref="/mozzecane/pagamenti/movimenti"
        {...changes}
      />,
    )
    return screen.getByRole('region', { name: /^Refezione Scolastica/ })
  }

  test('says how many counted meals the balance does not know yet', () => {
    expect(textOf(show({ uncharged: 1 }))).toContain(
      '1 pasto già contato dalla cucina non è ancora tra i movimenti: l’addebito arriva fra poco.',
    )
  })

  test('says nothing of meals to charge when there are none', () => {
    expect(textOf(show())).not.toContain('l’addebito arriva')
  })

  test('says service, amount, hour, meals and the last day covered, as the manual shows it', () => {
    const text = textOf(show())
    expect(text).toContain('884,70 €')
    expect(text).toContain('Saldo aggiornato al 24/11/2026 alle 16:35')
    expect(text).toContain('Sono 163 pasti. Con i pasti previsti basta fino a venerdì 12 febbraio 2027.')
  })

  test('leads to Ricarica and to all the details', () => {
    const card = within(show())
    expect(card.getByRole('link', { name: 'Ricarica' })).toHaveAttribute(
      'href',
      '/mozzecane/pagamenti/ricarica',
    )
    expect(card.getByRole('link', { name: 'Visualizza tutti i dettagli' })).toHaveAttribute(
      'href',
      '/mozzecane/pagamenti/movimenti',
    )
  })

  test('below zero says by how much and how many meals put it right', () => {
    const outlook = { coveredDays: 0, lastCoveredDay: null, firstUncoveredDay: '2026-11-25' }
    const text = textOf(show({ balanceCents: -541, state: 'negative', outlook }))
    expect(text).toContain('Saldo negativo')
    expect(text).toContain('−5,41 €')
    expect(text).toContain('almeno 2 pasti (10,80 €)')
  })

  test('when it ends soon says until when', () => {
    const outlook = { coveredDays: 1, lastCoveredDay: '2026-11-25', firstUncoveredDay: '2026-11-26' }
    const text = textOf(show({ balanceCents: 540, meals: 1, state: 'low', outlook }))
    expect(text).toContain('Sta per finire')
    expect(text).toContain('È 1 pasto. Con i pasti previsti basta fino a mercoledì 25 novembre.')
  })

  test('at zero says which day is not covered', () => {
    const outlook = { coveredDays: 0, lastCoveredDay: null, firstUncoveredDay: '2026-11-25' }
    const text = textOf(show({ balanceCents: 0, state: 'empty', outlook }))
    expect(text).toContain('Saldo esaurito')
    expect(text).toContain('Il saldo non copre i pasti di mercoledì 25 novembre.')
  })

  const child = (cents: number, bandCode: string | null, next: ChildPrice['next'] = null): ChildPrice => ({
    pupilId: 'greta',
    name: 'Greta',
    now: { from: '2026-12-01', cents, bandCode },
    next,
  })

  test('says nothing about prices where everybody pays the full one and no other is decided', () => {
    expect(textOf(show({ prices: [child(540, null)] }))).not.toMatch(/prezzo|costa/)
  })

  test('explains a child that pays less than the step of the top-ups', () => {
    const text = textOf(show({ prices: [child(320, 'B')] }))
    expect(text).toContain('Il pasto di Greta costa 3,20 € (fascia B).')
    expect(text).toContain('La ricarica resta un multiplo del prezzo intero (5,40 €)')
  })

  test('announces the price that comes', () => {
    const nextPrice = { validFrom: '2027-01-07', priceCents: 560 }
    const text = textOf(show({ nextPrice, prices: [child(540, null)] }))
    expect(text).toContain('Dal 7 gennaio 2027 il prezzo intero del pasto è 5,60 €.')
    expect(text).toContain('Una ricarica ordinata prima e pagata dopo non cambia importo.')
  })

  test('says when a band ends', () => {
    const next = { from: '2027-09-01', cents: 560, bandCode: null }
    expect(textOf(show({ prices: [child(320, 'B', next)] }))).toContain(
      'Dal 1 settembre 2027 il pasto di Greta costa 5,60 €.',
    )
  })

  test('where all the meals are free there is nothing to count', () => {
    const text = textOf(show({ prices: [child(0, 'A')], meals: 0, balanceCents: 1_000 }))
    expect(text).toContain('Oggi i pasti dei tuoi figli sono gratuiti')
    expect(text).not.toContain('0 pasti')
  })

  test('with nothing planned promises nothing', () => {
    const outlook = { coveredDays: 0, lastCoveredDay: null, firstUncoveredDay: null }
    expect(textOf(show({ outlook }))).not.toContain('previsti')
  })
})

const movement = (changes: Partial<Movement>): Movement => ({
  id: crypto.randomUUID(),
  postedAt: new Date('2026-11-24T08:30:03Z'),
  day: '2026-11-24',
  kind: 'meals',
  amountCents: -540,
  balanceCents: 88_470,
  pupilName: 'Greta Albertini',
  ...changes,
})

describe('The statement', () => {
  test('is a table by month, with child, signed amount and balance of every movement', () => {
    render(
      <StatementTable
        caption="Movimenti"
        movements={[
          movement({}),
          movement({
            day: '2026-10-30',
            kind: 'top_up',
            amountCents: 10_800,
            balanceCents: 89_010,
            pupilName: null,
          }),
        ]}
      />,
    )
    const table = screen.getByRole('table', { name: 'Movimenti' })
    expect(within(table).getAllByRole('rowheader').map(textOf)).toEqual(['novembre 2026', 'ottobre 2026'])
    const rows = within(table).getAllByRole('row').map(textOf)
    expect(rows.find((row) => row.includes('Greta'))).toMatch(
      /mar 24 nov.*Pasto.*Greta Albertini.*−5,40 €.*884,70 €/,
    )
    expect(rows.find((row) => row.includes('Ricarica'))).toMatch(/ven 30 ott.*Ricarica.*\+108,00 €.*890,10 €/)
  })
})

describe('The filters of the statement', () => {
  const pupils = [{ pupilId: 'a', name: 'Greta Albertini' }]
  const form = (changes: Partial<Parameters<typeof StatementFiltersForm>[0]> = {}) =>
    render(
      <StatementFiltersForm
        filters={NO_FILTERS}
        problems={{}}
        pupils={pupils}
        accountId={null}
        clearHref="/tutti"
        {...changes}
      />,
    )

  test('keep what was chosen and offer to take it away', () => {
    form({ filters: { ...NO_FILTERS, pupilId: 'a', kind: 'pasti', from: '2026-11-01' } })
    expect(screen.getByLabelText('Figlio')).toHaveValue('a')
    expect(screen.getByLabelText('Tipo di movimento')).toHaveValue('pasti')
    expect(screen.getByLabelText('Dal giorno')).toHaveValue('2026-11-01')
    const filters = screen.getByRole('region', { name: 'Filtri' })
    expect(textOf(filters)).toContain('Filtri attivi: Greta Albertini, pasti, dal 01/11/2026')
    expect(screen.getByRole('link', { name: 'Togli i filtri' })).toHaveAttribute('href', '/tutti')
  })

  test('say beside the field what is wrong with a date, and stay open', () => {
    const { container } = form({ problems: { al: phrase('Scrivi una data che esiste.') } })
    const field = screen.getByLabelText('Al giorno')
    expect(field).toHaveAttribute('aria-invalid', 'true')
    const help = document.getElementById(field.getAttribute('aria-describedby') ?? '')
    expect(help).toHaveTextContent('Scrivi una data che esiste.')
    expect(container.querySelector('details')?.open).toBe(true)
  })

  test('stay folded away until they are opened', () => {
    expect(form().container.querySelector('details')?.open).toBe(false)
  })
})

describe('The pages of a list', () => {
  const hrefOf = (page: number) => `/movimenti?pagina=${page}`

  test('lead to the neighbours and say where one is', () => {
    render(<Pagination label="Pagine" page={2} pages={3} hrefOf={hrefOf} />)
    const nav = within(screen.getByRole('navigation', { name: 'Pagine' }))
    expect(nav.getByRole('link', { name: 'Pagina precedente' })).toHaveAttribute(
      'href',
      '/movimenti?pagina=1',
    )
    expect(nav.getByRole('link', { name: 'Pagina successiva' })).toHaveAttribute(
      'href',
      '/movimenti?pagina=3',
    )
    expect(nav.getByText('Pagina 2 di 3')).toHaveAttribute('aria-current', 'page')
  })

  test('are not drawn when there is one', () => {
    render(<Pagination label="Pagine" page={1} pages={1} hrefOf={hrefOf} />)
    expect(screen.queryByRole('navigation')).not.toBeInTheDocument()
  })
})

describe('The invoices', () => {
  const invoice = {
    id: 'i1',
    number: '2026/MZC/000123',
    issuedOn: '2026-11-24',
    serviceName: 'Refezione Scolastica',
    meals: 20,
    totalCents: 10_800,
    gaps: [],
  }

  test('each has its two files, named for screen readers', () => {
    render(<InvoiceList municipalitySlug="mozzecane" invoices={[invoice]} />)
    const pdf = screen.getByRole('link', { name: 'PDF della fattura 2026/MZC/000123' })
    expect(pdf).toHaveAttribute('href', '/api/mozzecane/fatture/i1/pdf')
    expect(screen.getByRole('link', { name: 'Fattura 2026/MZC/000123' })).toHaveAttribute(
      'href',
      '/mozzecane/pagamenti/fatture/i1',
    )
    expect(screen.getByRole('link', { name: /^XML/ })).toHaveAttribute(
      'href',
      '/api/mozzecane/fatture/i1/xml',
    )
    expect(textOf(screen.getByRole('listitem'))).toMatch(/martedì 24 novembre 2026.*20 pasti.*108,00 €/)
  })

  test('one without its address offers no file and says why', () => {
    render(
      <InvoiceList municipalitySlug="mozzecane" invoices={[{ ...invoice, gaps: ['customer_address'] }]} />,
    )
    expect(screen.queryByRole('link')).not.toBeInTheDocument()
    expect(textOf(screen.getByRole('listitem'))).toContain('In preparazioneManca il tuo indirizzo.')
  })
})

describe('The address that invoices need', () => {
  type State = FormState<{ completed: number }>
  const show = (answer: State, needed = true) => {
    const action = vi.fn(async (): Promise<State> => answer)
    render(
      <InvoiceAddressForm
        municipalitySlug="mozzecane"
        needed={needed}
        waiting={1}
        address={{ street: 'Via Po 1', postalCode: '', city: '', province: null, country: 'IT' }}
        countries={[
          { code: 'FR', name: 'Francia' },
          { code: 'IT', name: 'Italia' },
        ]}
        action={action}
      />,
    )
    return action
  }

  test('is not asked when it is known', () => {
    show({ ok: true, typed: {} }, false)
    expect(screen.queryByRole('region')).not.toBeInTheDocument()
  })

  test('keeps what was typed and says what to put right', async () => {
    const typed = { street: 'Via Roma 5', postalCode: '3706' }
    show({
      ok: false,
      typed,
      error: { message: 'Controlla', fields: { postalCode: 'Il CAP ha cinque cifre.' } },
    })
    await userEvent.click(screen.getByRole('button', { name: 'Salva l’indirizzo' }))
    expect(await screen.findByRole('alert')).toBeVisible()
    expect(screen.getByLabelText('Via e numero civico')).toHaveValue('Via Roma 5')
    expect(screen.getByLabelText('CAP')).toHaveAttribute('aria-invalid', 'true')
  })

  test('starts from what is known, in Italy', () => {
    show({ ok: true, typed: {} })
    expect(screen.getByLabelText('Via e numero civico')).toHaveValue('Via Po 1')
    expect(screen.getByLabelText('Paese')).toHaveValue('IT')
  })

  test('once given says that the invoice is ready', async () => {
    show({ ok: true, value: { completed: 1 }, typed: {} })
    await userEvent.click(screen.getByRole('button', { name: 'Salva l’indirizzo' }))
    expect(textOf(await screen.findByRole('status'))).toContain('La fattura che lo aspettava è pronta.')
  })
})

describe('The expenses of a year', () => {
  const expenses: YearExpenses = {
    year: 2026,
    years: [2026],
    isRunning: true,
    payer: { name: 'Laura Conti', fiscalCode: 'CNTLRA85A41E512X' },
    supplier: {
      name: 'Tangram Cooperativa Sociale',
      vatNumber: '01234567897',
      fiscalCode: '01234567897',
      taxRegime: 'RF01',
      address: {
        street: 'Via Roma 1',
        postalCode: '37060',
        city: 'Mozzecane',
        province: 'VR',
        country: 'IT',
      },
    },
    serviceNames: ['Refezione Scolastica'],
    payments: [
      { invoiceId: 'a', number: '2026/MZC/000001', day: '2026-09-20', method: 'card', totalCents: 10_800 },
    ],
    returns: [{ id: 'b', day: '2026-10-02', kind: 'refund', cents: 540 }],
    totalCents: 10_260,
    children: [
      {
        pupilId: 'g',
        name: 'Greta Albertini',
        fiscalCode: 'LBRGRT18C42E512A',
        meals: 3,
        mealsCents: 1_620,
        shareCents: 10_260,
      },
      {
        pupilId: 's',
        name: 'Sofia Albertini',
        fiscalCode: 'LBRSFO19C42E512B',
        meals: 1,
        mealsCents: 0,
        shareCents: null,
      },
    ],
  }

  test('say who paid, whom, and the total; a year that is not over says so', () => {
    render(<YearSheet expenses={expenses} municipality="Mozzecane" />)
    const sheet = textOf(screen.getByRole('region', { name: 'Totale pagato nel 2026' }))
    expect(sheet).toContain('102,60 €')
    expect(sheet).toContain('L’anno non è finito')
    expect(sheet).toContain('CNTLRA85A41E512X')
    expect(sheet).toContain('Tangram Cooperativa Sociale, partita IVA 01234567897')
  })

  test('give each child meals and part, and each payment its day, method and invoice', () => {
    render(<YearSheet expenses={{ ...expenses, isRunning: false }} municipality="Mozzecane" />)
    expect(screen.queryByText(/non è finito/)).not.toBeInTheDocument()
    const rows = screen.getAllByRole('row').map((row) => textOf(row))
    expect(rows).toContain('Greta AlbertiniLBRGRT18C42E512A316,20 €102,60 €')
    expect(rows).toContain('Sofia AlbertiniLBRSFO19C42E512B10,00 €–')
    expect(rows).toContain('20/09/2026Carta VISA o MASTERCARD, fattura 2026/MZC/000001108,00 €')
    expect(rows).toContain('02/10/2026Rimborso−5,40 €')
    expect(rows).toContain('Totale102,60 €')
  })

  test('the years are links, and the one that is read says so', () => {
    render(<YearChoice here="/mozzecane/pagamenti/spese" years={[2027, 2026]} current={2026} />)
    const [next, shown] = screen.getAllByRole('link')
    expect(next).toHaveAttribute('href', '/mozzecane/pagamenti/spese?anno=2027')
    expect([next?.getAttribute('aria-current'), shown?.getAttribute('aria-current')]).toEqual([null, 'page'])
  })
})
