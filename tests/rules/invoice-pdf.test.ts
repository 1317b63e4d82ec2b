import { describe, expect, test } from 'vitest'
import { invoicePdf } from '#lib/invoices/invoice.pdf.tsx'
import { anInvoice } from '#tests/support/invoices.ts'

const pagesOf = (pdf: string): number => pdf.match(/\/Type \/Page\b/g)?.length ?? 0

describe('The courtesy copy of an invoice', () => {
  test('is an archival PDF of one page with its own letters inside', async () => {
    const pdf = (await invoicePdf(anInvoice(), false)).toString('latin1')
    expect(pdf.startsWith('%PDF-1.7')).toBe(true)
    expect(pagesOf(pdf)).toBe(1)
    expect(pdf).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(pdf).toContain('<pdfaid:conformance>B</pdfaid:conformance>')
    const fonts = pdf.match(/\/Type \/FontDescriptor/g)?.length ?? 0
    expect(fonts).toBeGreaterThan(0)
    expect(pdf.match(/\/FontFile2 /g)?.length).toBe(fonts)
    expect(pdf).toMatch(/TitilliumWeb/)
  })

  test('stays on one page with the longest names that the register takes', async () => {
    const { customer, supplier } = anInvoice()
    const long = 'Della Valle Incantata '.repeat(9)
    const home = { street: long, postalCode: '37060', city: long, province: 'VR', country: 'IT' }
    const pdf = await invoicePdf(
      anInvoice({
        supplier: { ...supplier, name: long, address: home },
        customer: { ...customer, firstName: long, lastName: long, address: home },
        municipalityName: long,
      }),
      true,
    )
    expect(pagesOf(pdf.toString('latin1'))).toBe(1)
  })

  test('can be drawn before the address of the holder is known', async () => {
    const { customer } = anInvoice()
    const pdf = await invoicePdf(anInvoice({ customer: { ...customer, address: null } }), false)
    expect(pagesOf(pdf.toString('latin1'))).toBe(1)
  })
})
