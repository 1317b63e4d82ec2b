import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { BandTable } from '#components/office/tariffs/band-table.tsx'
import { FareHistory } from '#components/office/tariffs/fare-history.tsx'
import { PriceTable } from '#components/office/tariffs/price-table.tsx'
import { priceFields } from '#lib/tariffs/office/tariff.fields.ts'
import type { FareLine, PriceLine } from '#lib/tariffs/office/tariff.ts'
import type { FormState } from '#lib/web/form-state.ts'

const plain = (element: HTMLElement): string => (element.textContent ?? '').replace(/\u00a0/g, ' ')
const nothing = vi.fn(async (state: FormState) => state)

const price = (changes: Partial<PriceLine>): PriceLine => ({
  validFrom: '2026-09-01',
  priceCents: 540,
  state: 'current',
  decidedBy: null,
  decidedAt: new Date('2026-08-01T08:00:00Z'),
  note: '',
  mayCancel: false,
  ...changes,
})

describe('The prices', () => {
  test('each say from when to when, and only one that has not begun can be taken back', () => {
    render(
      <PriceTable
        caption="Prezzi del pasto"
        hidden={{ municipalitySlug: 'mozzecane' }}
        cancel={nothing}
        lines={[
          price({
            validFrom: '2027-01-07',
            priceCents: 560,
            state: 'coming',
            mayCancel: true,
            decidedBy: 'Davide Rossetti',
            note: 'Delibera n. 45',
          }),
          price({}),
          price({ validFrom: '2025-09-01', priceCents: 520, state: 'past' }),
        ]}
      />,
    )
    const rows = screen.getAllByRole('row').slice(1).map(plain)
    expect(rows[0]).toMatch(/^07\/01\/2027in poi5,60 €DecisoDavide Rossetti, 01\/08\/2026Delibera n. 45/)
    expect(rows[1]).toMatch(/^01\/09\/202606\/01\/20275,40 €In vigore/)
    expect(rows[2]).toMatch(/^01\/09\/202531\/08\/20265,20 €Passato/)
    expect(screen.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual([
      'Annulla il prezzo dal 7 gennaio 2027',
    ])
  })
})

describe('The bands', () => {
  test('one that costs nothing says so in words; a closed one says that too', () => {
    render(
      <BandTable
        caption="Fasce"
        path="/admin/mozzecane/tariffe/refezione"
        bands={[
          {
            code: 'ESENTE',
            name: 'Esenzione',
            description: '',
            isOpen: false,
            prices: [],
            currentCents: 0,
            pupils: 1,
            coming: 2,
          },
        ]}
      />,
    )
    const row = screen.getByRole('row', { name: /ESENTE/ })
    expect(plain(row)).toContain('0,00 €Gratuito')
    expect(plain(row)).toContain('1 alunno oggi, 2 più avanti')
    expect(plain(row)).toContain('Chiusa a nuovi alunni')
    expect(within(row).getByRole('link')).toHaveAttribute(
      'href',
      '/admin/mozzecane/tariffe/refezione/fasce/ESENTE',
    )
  })
})

describe('The bands of a pupil', () => {
  const line: FareLine = {
    id: 'f',
    bandCode: 'B',
    bandName: 'Fascia B',
    from: '2026-09-01',
    to: '2026-11-30',
    state: 'current',
    givenBy: 'Davide Rossetti',
    givenAt: new Date('2026-08-20T08:00:00Z'),
    byRequest: true,
    reason: 'ISEE 2026',
    endedBy: 'Elena Marchi',
    endedAt: new Date('2026-11-20T08:00:00Z'),
    endReason: 'Rinuncia',
  }
  test('say who gave them, how, why, and who ended them before', () => {
    render(<FareHistory lines={[line]} />)
    const text = plain(screen.getByRole('listitem'))
    expect(text).toContain('dal 01/09/2026 al 30/11/2026')
    expect(text).toContain('Data da Davide Rossetti il 20/08/2026, con una domanda online: ISEE 2026')
    expect(text).toContain('Finita prima, deciso da Elena Marchi il 20/11/2026: Rinuncia')
  })
  test('are none for a person who always paid the full price', () => {
    render(<FareHistory lines={[]} />)
    expect(screen.getByText('Ha sempre pagato il prezzo intero.')).toBeVisible()
  })
})

describe('A form in two presses', () => {
  const show = (answer: FormState<unknown>) => {
    const sent: FormData[] = []
    render(
      <PreviewForm
        action={async (_: FormState<unknown>, form: FormData) => {
          sent.push(form)
          return answer
        }}
        hidden={{ municipalitySlug: 'mozzecane' }}
        fields={priceFields('2026-11-25')}
        label="Mostra che cosa succederà"
        confirm="Conferma il prezzo"
      />,
    )
    return sent
  }

  test('asks to preview first; the second press sends what was seen, and what was typed is still there', async () => {
    const sent = show({
      ok: true,
      value: {
        lines: ['Tocca 2 alunni.'],
        seen: { revision: 3, fingerprint: 'mark' },
        typed: { price: '5,60', from: '2026-12-01', note: '' },
      },
      typed: {},
    })
    expect(screen.queryByRole('button', { name: 'Conferma il prezzo' })).not.toBeInTheDocument()
    await userEvent.type(screen.getByLabelText('Prezzo'), '5,6')
    await userEvent.click(screen.getByRole('button', { name: 'Mostra che cosa succederà' }))
    await screen.findByText('Tocca 2 alunni.')
    expect(sent[0]?.get('intent')).toBe('preview')
    expect(screen.getByLabelText('Prezzo')).toHaveValue('5,60')
    await userEvent.click(screen.getByRole('button', { name: 'Conferma il prezzo' }))
    expect(sent[1]?.get('intent')).toBe('confirm')
    expect(sent[1]?.get('revision')).toBe('3')
    expect(sent[1]?.get('fingerprint')).toBe('mark')
  })

  test('a refusal stands beside its field and loses nothing', async () => {
    show({
      ok: false,
      error: {
        message: 'Controlla i campi.',
        fields: { price: 'Scrivi il prezzo in euro, per esempio 5,40' },
      },
      typed: { price: 'cinque', from: '2026-12-01' },
    })
    await userEvent.click(screen.getByRole('button', { name: 'Mostra che cosa succederà' }))
    await screen.findByRole('alert')
    expect(screen.getByLabelText('Prezzo')).toHaveAttribute('aria-invalid', 'true')
    expect(screen.getByLabelText('Prezzo')).toHaveValue('cinque')
  })
})
