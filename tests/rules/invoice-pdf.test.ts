import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { DRAWING_VERSION, invoicePdf } from '#lib/invoices/invoice.pdf.ts'
import { invoiceInWords } from '#lib/invoices/invoice.words.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGES } from '#lib/words/language.ts'
import { withoutIsolates } from '#lib/words/written.ts'
import { anInvoice } from '#tests/support/invoices.ts'
import { elementsOf, operationsOf, type ReadElement, readPdf, readStructure } from '#tests/support/pdf.ts'

const pagesOf = (pdf: string): number => pdf.match(/\/Type \/Page\b/g)?.length ?? 0

describe('The courtesy copy of an invoice', () => {
  test('is an archival PDF of one page with its own letters inside', async () => {
    const pdf = (await invoicePdf(anInvoice(), false)).toString('latin1')
    expect(pdf.startsWith('%PDF-1.7')).toBe(true)
    expect(pagesOf(pdf)).toBe(1)
    expect(pdf).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(pdf).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
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

describe('The structure of the courtesy copy, for who hears it', () => {
  const roles = (elements: readonly ReadElement[]) => elements.map(({ role }) => role)
  const texts = (elements: readonly ReadElement[]) => elements.map(({ text }) => text)
  const structure = async (...drawn: Parameters<typeof invoicePdf>) =>
    (await readStructure(await invoicePdf(...drawn))) as [ReadElement, ...ReadElement[]]

  test('begins with its title, says who and for what under headings, and ends with where the original is', async () => {
    const [page] = await structure(anInvoice(), false)
    expect(roles(page.children)).toEqual(['Document'])
    expect(texts(elementsOf(page, 'H1'))).toEqual(['Fattura n. 2026/MZC/000123'])
    expect(texts(elementsOf(page, 'H2'))).toEqual(['Intestata a', 'Servizio'])
    const section = elementsOf(page, 'Sect')[0] as ReadElement
    expect(section.children[0]?.role).toBe('H1')
    expect(section.children.at(-2)?.text).toBe('Copia di cortesia: l’originale è il file XML.')
  })

  test('has the meals and the sums in tables, with headers of columns and of rows', async () => {
    const pdf = await invoicePdf(anInvoice(), false)
    const [page] = (await readStructure(pdf)) as [ReadElement]
    const [meals, sums] = elementsOf(page, 'Table') as [ReadElement, ReadElement]
    expect(texts(elementsOf(meals, 'TH'))).toEqual(['Descrizione', 'Quantità', 'Prezzo', 'Importo'])
    expect(texts(elementsOf(meals, 'TD')).slice(1)).toEqual(['20 pasti', '5,40 €', '108,00 €'])
    expect(elementsOf(sums, 'TR').map((row) => texts(row.children))).toEqual([
      ['Imponibile', '103,85 €'],
      ['IVA 4%', '4,15 €'],
      ['Totale', '108,00 €'],
    ])
    const scopes = [...pdf.toString('latin1').matchAll(/\/Scope \/(\w+)/g)].map(([, scope]) => scope)
    expect(scopes).toEqual(['Column', 'Column', 'Column', 'Column', 'Row', 'Row', 'Row'])
  })

  test('holds all that is drawn: each letter is in an element, and the rest is said to be decoration', async () => {
    const pdf = await invoicePdf(anInvoice(), true, wordsIn('en'))
    const pages = await readStructure(pdf)
    const letters = (text: string) => [...text.replace(/\s/g, '')].sort().join('')
    expect(letters(texts(pages).join(''))).toBe(letters(readPdf(pdf).drawn))
    for (const operations of operationsOf(pdf)) {
      const unmarked = operations.replace(/\/\w+ <<[\s\S]*?>> BDC[\s\S]*?EMC/g, '')
      expect(unmarked).not.toMatch(/\bTJ\b|\bf\b|\bS\b/)
    }
  })

  test('says its language and its title, and claims what it keeps', async () => {
    const pdf = (await invoicePdf(anInvoice(), false)).toString('latin1')
    for (const claim of [
      '/Lang (it-IT)',
      '/Marked true',
      '/DisplayDocTitle true',
      '(Fattura 2026/MZC/000123)',
      '<pdfuaid:part>1</pdfuaid:part>',
      '/Tabs /S',
    ])
      expect(pdf).toContain(claim)
  })

  test('says in Arabic what stands there, in the order of reading', async () => {
    const [, page] = await structure(anInvoice(), false, wordsIn('ar'))
    const [meals] = elementsOf(page as ReadElement, 'Table') as [ReadElement]
    expect(texts(elementsOf(meals, 'TH'))).toEqual(['الوصف', 'الكمية', 'السعر', 'المبلغ'])
    expect(texts(elementsOf(page as ReadElement, 'H1'))).toEqual(['الفاتورة رقم 2026/MZC/000123'])
    const pdf = await invoicePdf(anInvoice(), false, wordsIn('ar'))
    expect(pdf.toString('latin1')).toContain('/Lang (ar)')
  })

  test('survives a name with the signs of XML', async () => {
    const { supplier } = anInvoice()
    const pdf = await invoicePdf(anInvoice({ supplier: { ...supplier, name: 'Rossi & <Figli>' } }), false)
    expect(pdf.toString('latin1')).toContain('<rdf:li>Rossi &amp; &lt;Figli&gt;</rdf:li>')
    expect(pdf.toString('latin1')).toContain('(Rossi & <Figli>)')
  })
})

/** What each version of the drawing draws. A change here is a new version: kept copies of the old one are drawn again. */
const DRAWN: Record<number, string> = { 1: 'cc3fd8dd7023871a' }

test('A change of what is drawn, or how, comes with a new version of the drawing', async () => {
  const untaxed = {
    rateBasisPoints: 0,
    nature: 'N4' as const,
    legalReference: 'Esente art. 10, n. 20, DPR 633/1972',
  }
  const hash = createHash('sha256')
  for (const language of LANGUAGES)
    for (const invoice of [
      anInvoice(),
      anInvoice({ vat: untaxed, method: 'mybank' }),
      anInvoice({ method: 'pagopa' }),
    ])
      for (const operations of operationsOf(await invoicePdf(invoice, language === 'it', wordsIn(language))))
        hash.update(operations)
  expect(hash.digest('hex').slice(0, 16)).toBe(DRAWN[DRAWING_VERSION])
})

test('The same invoice is drawn with the same bytes', async () => {
  expect(await invoicePdf(anInvoice(), true)).toEqual(await invoicePdf(anInvoice(), true))
})

/** Every text of an object, however deep. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : []

test.each(LANGUAGES)(
  'J9 The page and the PDF say the same (%s): what the page is drawn from is in the structure',
  async (language) => {
    const untaxed = {
      rateBasisPoints: 0,
      nature: 'N4' as const,
      legalReference: 'Esente art. 10 DPR 633/1972',
    }
    for (const invoice of [anInvoice(), anInvoice({ vat: untaxed, method: 'mybank' })]) {
      const t = wordsIn(language)
      const page = (await readStructure(await invoicePdf(invoice, true, t))).at(-1) as ReadElement
      const plain = (text: string) =>
        withoutIsolates(text)
          .replace(/[\u200e\u200f]/g, '')
          .replace(/\s+/g, ' ')
          .trim()
      const said = plain(page.text)
      const says = textsIn(invoiceInWords(invoice, true, t)).map(plain)
      expect(says.length).toBeGreaterThan(25)
      for (const text of says) expect(said.replaceAll(' ', '')).toContain(text.replaceAll(' ', ''))
    }
  },
)
