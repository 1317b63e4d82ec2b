import { render, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { InvoiceSheet } from '#components/family/invoice-sheet.tsx'
import { invoiceInWords } from '#lib/invoices/invoice.words.ts'
import { italian } from '#lib/words/language.ts'
import { anInvoice } from '#tests/support/invoices.ts'

const show = () =>
  render(<InvoiceSheet says={invoiceInWords(anInvoice(), true, italian)} supplierLabel="Emessa da" />)
const textsOf = (role: string, within_: HTMLElement) =>
  within(within_)
    .getAllByRole(role)
    .map((cell) => cell.textContent?.replaceAll('\u00a0', ' '))

describe('The page of an invoice', () => {
  test('says who, to whom and for what under headings', () => {
    show()
    expect(screen.getByRole('region', { name: 'Emessa da' })).toHaveTextContent('Tangram Cooperativa Sociale')
    expect(screen.getByRole('region', { name: 'Intestata a' })).toHaveTextContent(
      'Laura ContiVia Roma 537060 Mozzecane (VR)Codice fiscale CNTLRA85C41F861B',
    )
    expect(screen.getByRole('region', { name: 'Servizio' })).toHaveTextContent('Comune di Mozzecane')
    expect(screen.getByText('Dimostrazione: documento senza valore fiscale')).toBeInTheDocument()
  })

  test('has the meals and the sums in tables, with headers of columns and of rows', () => {
    show()
    const [meals, sums] = screen.getAllByRole('table') as [HTMLElement, HTMLElement]
    expect(textsOf('columnheader', meals)).toEqual(['Descrizione', 'Quantità', 'Prezzo', 'Importo'])
    expect(textsOf('cell', meals).slice(1)).toEqual(['20 pasti', '5,40 €', '108,00 €'])
    expect(textsOf('rowheader', sums)).toEqual(['Imponibile', 'IVA 4%', 'Totale'])
    expect(textsOf('cell', sums)).toEqual(['103,85 €', '4,15 €', '108,00 €'])
  })
})
