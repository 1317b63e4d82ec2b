import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { TopUpChooser } from '#components/family/top-up-chooser.tsx'
import { type OutcomeProps, TopUpOutcome } from '#components/family/top-up-outcome.tsx'
import { TopUpRecap } from '#components/family/top-up-recap.tsx'
import { topUpRefusalInWords } from '#lib/payments/top-up.refusals.ts'
import { readPurchase, TOP_UP_STATES } from '#lib/payments/top-up.ts'
import type { FormState } from '#lib/web/form-state.ts'

/** What a person reads: no-break spaces are spaces to the eye. */
const textOf = (element: Element): string => (element.textContent ?? '').replace(/\u00a0/g, ' ')

const HERE = '/mozzecane/pagamenti/ricarica'

describe('Choosing how much to top up', () => {
  const show = (changes: Partial<Parameters<typeof TopUpChooser>[0]> = {}) => {
    const { container } = render(
      <TopUpChooser
        here={HERE}
        accountId="conto-1"
        unitCents={540}
        typed={{ meals: '', amount: '', method: null }}
        error={null}
        {...changes}
      />,
    )
    return {
      form: container.querySelector('form') as HTMLFormElement,
      meals: screen.getByLabelText('Numero di pasti') as HTMLInputElement,
      amount: screen.getByLabelText('Importo') as HTMLInputElement,
      live: () => textOf(screen.getByRole('status')),
    }
  }

  test('an amount is told immediately as meals × price', async () => {
    const { amount, live } = show()
    expect(live()).toContain('Un pasto costa 5,40 €')
    await userEvent.type(amount, '54,00')
    expect(live()).toBe('10 pasti × 5,40 € = 54,00 €')
  })

  test('an amount that is no multiple is told with its two neighbours', async () => {
    const { amount, live } = show()
    await userEvent.type(amount, '50')
    expect(live()).toContain('I più vicini sono 48,60 € e 54,00 €')
  })

  test('writing meals empties the amount, and the other way round: there is one question, not two', async () => {
    const { meals, amount, live } = show()
    await userEvent.type(amount, '54')
    await userEvent.type(meals, '1')
    expect(amount).toHaveValue('')
    expect(live()).toBe('1 pasto × 5,40 € = 5,40 €')
    await userEvent.type(amount, '54')
    expect(meals).toHaveValue('')
  })

  test('a ready quantity fills the field, and the method can still be chosen', async () => {
    const { meals, amount, live } = show({ typed: { meals: '', amount: '3', method: null } })
    await userEvent.click(screen.getByRole('button', { name: /^20 pasti/ }))
    expect(meals).toHaveValue('20')
    expect(amount).toHaveValue('')
    expect(live()).toBe('20 pasti × 5,40 € = 108,00 €')
  })

  test('it is an ordinary form: an address with account, meals, amount and method, for those without JavaScript', () => {
    const { form } = show({ typed: { meals: '20', amount: '', method: 'mybank' } })
    expect(form).toHaveAttribute('action', HERE)
    expect(form.method).toBe('get')
    expect(Object.fromEntries(new FormData(form))).toEqual({
      conto: 'conto-1',
      pasti: '20',
      importo: '',
      metodo: 'mybank',
    })
  })

  test('card is what most people use, so it is chosen already', () => {
    show()
    expect(screen.getByLabelText('Carta VISA o MASTERCARD')).toBeChecked()
  })

  test('a refused amount keeps what was typed, says why beside the field, and offers the two nearest', () => {
    const refusal = readPurchase({ amount: '50' }, 540)
    if (refusal.ok) throw new Error('50 is no multiple of 5,40')
    const message = topUpRefusalInWords(refusal)
    const { amount } = show({
      typed: { meals: '', amount: '50', method: 'card' },
      error: { field: 'importo', message, refusal },
    })
    expect(amount).toHaveValue('50')
    expect(amount).toHaveAttribute('aria-invalid', 'true')
    expect(screen.getByRole('alert')).toHaveFocus()
    const near = screen
      .getAllByRole('button')
      .filter((button) => (button as HTMLButtonElement).name === 'rapida')
    expect(near.map(textOf)).toEqual(['9 pasti 48,60 €', '10 pasti 54,00 €'])
    expect(near.map((button) => (button as HTMLButtonElement).value)).toEqual(['9', '10'])
  })
})

describe('The recap', () => {
  const show = (action: (previous: FormState, form: FormData) => Promise<FormState>) =>
    render(
      <TopUpRecap
        municipalitySlug="mozzecane"
        accountId="conto-1"
        serviceName="Refezione Scolastica"
        purchase={{ meals: 20, unitCents: 540, amountCents: 10_800 }}
        method="card"
        balanceCents={-540}
        payerName="Laura Conti"
        clientKey="chiave-1"
        editHref={HERE}
        refreshHref={`${HERE}?pasti=20&metodo=carta`}
        action={action}
      />,
    )

  test('says everything that is about to be paid, and by whom', () => {
    show(vi.fn())
    const recap = textOf(screen.getByRole('region', { name: 'Riepilogo' }))
    for (const fact of [
      'Refezione Scolastica',
      '20 × 5,40 €',
      'Carta VISA o MASTERCARD',
      'Laura Conti',
      '102,60 €',
      '108,00 €',
    ]) {
      expect(recap).toContain(fact)
    }
    expect(textOf(screen.getByRole('button'))).toBe('Paga 108,00 €')
  })

  test('sends what is asked and the price that was read, never an amount to charge', async () => {
    const action = vi.fn(
      async (_previous: FormState, _form: FormData): Promise<FormState> => ({ ok: true, typed: {} }),
    )
    show(action)
    await userEvent.click(screen.getByRole('button'))
    await waitFor(() => expect(action).toHaveBeenCalledOnce())
    expect(Object.fromEntries(action.mock.calls[0]?.[1] as FormData)).toEqual({
      municipalitySlug: 'mozzecane',
      conto: 'conto-1',
      pasti: '20',
      metodo: 'card',
      chiave: 'chiave-1',
      prezzo: '540',
    })
  })

  test('pressing again while the page opens sends nothing more', async () => {
    let open: (state: FormState) => void = () => undefined
    const action = vi.fn(() => new Promise<FormState>((resolve) => (open = resolve)))
    show(action)
    await userEvent.click(screen.getByRole('button'))
    await userEvent.click(screen.getByRole('button'))
    await userEvent.click(screen.getByRole('button'))
    expect(textOf(screen.getByRole('button'))).toBe('Apro la pagina di pagamento…')
    open({ ok: true, typed: {} })
    await waitFor(() => expect(textOf(screen.getByRole('button'))).toBe('Paga 108,00 €'))
    expect(action).toHaveBeenCalledOnce()
  })

  test('a price that changed is told, with the way to read the recap again', async () => {
    const message = topUpRefusalInWords({ code: 'top-up:price-changed', details: { unit: 560 } })
    show(async () => ({ ok: false, error: { message, fields: {} }, typed: {} }))
    await userEvent.click(screen.getByRole('button'))
    await waitFor(() => expect(textOf(screen.getByRole('alert'))).toContain('ora è 5,60 €'))
    expect(screen.getByRole('link', { name: 'Aggiorna il riepilogo' }).getAttribute('href')).toContain(
      'pasti=20',
    )
  })
})

describe('The end of a top-up, as its payer reads it', () => {
  const BASE: OutcomeProps = {
    municipalitySlug: 'mozzecane',
    state: 'redirected',
    meals: 20,
    unitCents: 540,
    amountCents: 10_800,
    method: 'card',
    orderId: 'R7K2M9Q4X2A8B3C5D6',
    createdAt: new Date('2026-11-24T10:00:00Z'),
    paidAt: null,
    paymentUrl: null,
    wasOpened: true,
    serviceName: 'Refezione Scolastica',
    balanceCents: 10_800,
    invoice: null,
    isBeingChecked: false,
    isUnderReview: false,
    found: null,
    officeNote: null,
    againHref: `${HERE}?pasti=20`,
  }
  const show = (changes: Partial<OutcomeProps>): string => {
    const { container } = render(<TopUpOutcome {...BASE} {...changes} />)
    return textOf(container)
  }

  test.each(['created', 'redirected', 'pending'] as const)(
    '%s: being verified, do not pay again, never "failed"',
    (state) => {
      const text = show({ state })
      expect(text).toContain('Stiamo verificando il pagamento')
      expect(text).toContain('Non pagare di nuovo.')
      expect(text).not.toMatch(/non riuscito|fallito|Ricomincia/)
    },
  )

  test.each(['failed', 'canceled', 'expired'] as const)(
    '%s, but something has happened since: being verified, because a second card may just have worked',
    (state) => {
      const text = show({ state, isBeingChecked: true })
      expect(text).toContain('Stiamo verificando il pagamento')
      expect(text).not.toContain('Ricomincia')
    },
  )

  test('one that is paid shows the amount, the balance, the hour and the invoice', () => {
    const text = show({
      state: 'paid',
      paidAt: new Date('2026-11-24T10:01:00Z'),
      invoice: { id: 'i1', number: '2026/MOZ/000001', isComplete: true },
    })
    expect(text).toContain('Pagamento riuscito')
    expect(text).toContain('24/11/2026 alle 11:01')
    expect(screen.getByRole('link', { name: /2026\/MOZ\/000001/ })).toHaveAttribute(
      'href',
      '/api/mozzecane/fatture/i1/pdf',
    )
    expect(text).not.toContain('Ricomincia')
  })

  test('one that is paid, with an invoice that waits for the address, shows the way to complete it, and no file that is not there', () => {
    show({
      state: 'paid',
      paidAt: new Date('2026-11-24T10:01:00Z'),
      invoice: { id: 'i1', number: '2026/MOZ/000001', isComplete: false },
    })
    const link = screen.getByRole('link', { name: '2026/MOZ/000001, da completare' })
    expect(link).toHaveAttribute('href', '/mozzecane/pagamenti/fatture')
  })

  test.each([
    ['failed', 'Pagamento non riuscito'],
    ['canceled', 'Pagamento annullato'],
    ['expired', 'Pagamento non completato'],
  ] as const)('%s: nothing was credited, and it can be begun again', (state, title) => {
    const text = show({ state })
    expect(text).toContain(title)
    expect(text).toContain('non abbiamo accreditato nulla')
    expect(screen.getByRole('link', { name: 'Ricomincia la ricarica' })).toBeVisible()
  })

  test('the page that never opened is not called a refused payment', () => {
    expect(show({ state: 'failed', wasOpened: false })).toContain('non hai pagato nulla')
  })

  test('one that was taken twice says how much was taken, and who sees it', () => {
    const text = show({ state: 'paid', found: { kind: 'taken-twice', cents: 10_800 } })
    expect(text).toContain('Pagamento riuscito')
    expect(text).toContain('Ti sono stati presi 108,00 € in più')
    expect(text).toContain('L’ufficio lo vede nel suo elenco')
  })

  test('one that was given back says whether it is on the balance', () => {
    const found = { kind: 'given-back', cents: 2_700 } as const
    expect(show({ state: 'paid', found })).toMatch(/restituiti 27,00 €.*ancora sul saldo/)
    cleanup()
    expect(show({ state: 'canceled', found })).toMatch(/restituiti 27,00 €.*Non abbiamo accreditato nulla/)
  })

  test('one that the office settled says what the office did', () => {
    const text = show({ state: 'paid', officeNote: 'Abbiamo restituito 108,00 € sulla carta.' })
    expect(text).toContain('L’ufficio ha sistemato questo pagamentoAbbiamo restituito 108,00 € sulla carta.')
  })

  test('when something does not add up no person is invited to pay again, whatever the state', () => {
    for (const state of TOP_UP_STATES) {
      const text = show({ state, isUnderReview: true })
      expect(text).toContain('Non pagare di nuovo')
      expect(text).not.toContain('Ricomincia')
      cleanup()
    }
  })
})
