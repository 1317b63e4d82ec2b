import { describe, expect, test } from 'vitest'
import { communicationPdf } from '#lib/communications/communication.pdf.ts'
import { invoicePdf } from '#lib/invoices/invoice.pdf.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import { catalogueOf, wordsIn } from '#lib/words/catalogues.adapter.ts'
import type { Language } from '#lib/words/language.ts'
import { anInvoice } from '#tests/support/invoices.ts'
import { type ReadPdf, readPdf } from '#tests/support/pdf.ts'

/** A line as it stands on the page, from left to right. */
const fromTheRight = (line: string): string => [...line].reverse().join('')

const invoiceFor = async (language: Language) =>
  readPdf(await invoicePdf(anInvoice(), true, wordsIn(language)))

const communicationFor = async (language: Language, body: string, title = 'Patto (2026)') => {
  const item = {
    title,
    kind: 'information' as const,
    publishedAt: new Date('2026-11-24T09:05:00+01:00'),
    body: cleanHtml(body),
    files: [{ id: 'f', title: 'Modulo (v. 2)', mediaType: 'application/pdf', size: 2048 }],
    sender: 'Tangram',
    municipalityName: 'Mozzecane',
  }
  return readPdf(await communicationPdf(item, wordsIn(language)))
}

const shapesOf = ({ glyphs }: ReadPdf, letters: string, typeface: string): number =>
  [...(glyphs.get(letters) ?? [])].filter((glyph) => glyph.startsWith(`${typeface}#`)).length

const SLOW = 30_000

describe('the invoice of a reader of another language', () => {
  test(
    'begins with the Italian page, which counts, and goes on with a translation',
    async () => {
      const { drawn } = await invoiceFor('ar')
      const [italian, arabic] = drawn.trimEnd().split('\n') as [string, string]
      expect(`${italian}\n`).toBe((await invoiceFor('it')).drawn)
      expect(arabic).toContain(fromTheRight('ترجمة للمساعدة على الفهم'))
      expect(arabic).toContain(`Mozzecane ${fromTheRight('بلدية')}`)
    },
    SLOW,
  )

  test(
    'keeps numbers, dates and amounts from left to right',
    async () => {
      const arabic = (await invoiceFor('ar')).drawn.split('\n')[1]
      for (const value of ['2026/MZC/000123', '24/11/2026', '108.00 €', '37069 Villafranca di Verona (VR)'])
        expect(arabic).toContain(value)
    },
    SLOW,
  )

  test(
    'is one page in Italian, and in English says the same in the same typeface',
    async () => {
      expect((await invoiceFor('it')).typefaces.every((name) => name.startsWith('TitilliumWeb'))).toBe(true)
      const english = await invoiceFor('en')
      expect(english.typefaces.every((name) => name.startsWith('TitilliumWeb'))).toBe(true)
      expect(english.drawn.split('\n')[1]).toContain('Courtesy translation')
    },
    SLOW,
  )
})

describe('Arabic letters in a document', () => {
  test(
    'are joined: a letter has a shape for each place in a word, and lam with alef is one',
    async () => {
      const pdf = await communicationFor('ar', '<p>بلدية كتب كتاب حبيب سلام</p>')
      expect(shapesOf(pdf, 'ب', 'Vazirmatn-Regular')).toBeGreaterThanOrEqual(3)
      expect(shapesOf(pdf, 'لا', 'Vazirmatn-Regular')).toBe(1)
    },
    SLOW,
  )

  test(
    'exist for each letter that the Arabic catalogue has',
    async () => {
      const letters = new Set(JSON.stringify(catalogueOf('ar')).match(/[\p{Script=Arabic}،؛؟]/gu))
      const words = [...letters].map((letter) => (/\p{M}/u.test(letter) ? `ب${letter}` : letter)).join(' ')
      const { drawn } = await communicationFor('ar', `<p>${words}</p>`)
      for (const letter of letters) expect(drawn).toContain(letter)
    },
    SLOW,
  )
})

describe('a communication as a document', () => {
  test(
    'speaks the language of the reader around the words of the office',
    async () => {
      const { drawn } = await communicationFor('ar', '<p>Cuciniamo ogni giorno.</p>')
      expect(drawn).toContain('Cuciniamo ogni giorno.')
      expect(drawn).toContain('Patto (2026)')
      expect(drawn).toContain('Modulo (v. 2)')
      expect(drawn).toContain(`Mozzecane ${fromTheRight('المطعم المدرسي، بلدية')}`)
      expect((await communicationFor('en', '<p>Cuciniamo.</p>')).drawn).toContain('Page 1 of 1')
      expect((await communicationFor('it', '<p>Cuciniamo.</p>')).drawn).toContain('Pagina 1 di 1')
    },
    SLOW,
  )

  test(
    'runs from right to left where the office wrote Arabic, in an Italian document too',
    async () => {
      const { drawn } = await communicationFor('it', '<p>نطبخ <strong>كل</strong> يوم (Mozzecane).</p>')
      expect(drawn).toContain(`.(Mozzecane) ${fromTheRight('نطبخ كل يوم')}`)
    },
    SLOW,
  )

  test(
    'has the letters of other languages of Europe',
    async () => {
      const { drawn, typefaces } = await communicationFor(
        'it',
        '<p>Ștefan, Łukasz, Đorđe, <em>Čedomir</em></p>',
      )
      expect(drawn).toContain('Ștefan, Łukasz, Đorđe, Čedomir')
      expect(typefaces.every((name) => name.startsWith('TitilliumWeb'))).toBe(true)
    },
    SLOW,
  )
})

test('a page from right to left is the mirror of the one from left to right', async () => {
  const { pages } = await invoiceFor('ar')
  const [italian, arabic] = pages.map(
    (page) => (letters: string) => page.find((stretch) => stretch.letters.includes(letters))?.x ?? Number.NaN,
  ) as [(letters: string) => number, (letters: string) => number]
  const [left, middle] = [48, 297]
  for (const name of ['Tangram', 'Laura Conti']) {
    expect(italian(name)).toBe(left)
    expect(arabic(name)).toBeGreaterThan(middle)
  }
  expect(italian('108,00')).toBeGreaterThan(middle)
  expect(arabic('108.00')).toBe(left)
  expect(italian('Imponibile')).toBeGreaterThan(middle - 60)
  expect(arabic(fromTheRight('الخاضع'))).toBeLessThan(middle)
})
