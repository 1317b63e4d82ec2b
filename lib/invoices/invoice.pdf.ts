import {
  A4,
  type Box,
  drawDocument,
  type Element,
  fillBox,
  group,
  heightOf,
  newPage,
  type Sheet,
  type Type,
  write,
} from '#lib/web/tagged-document.pdf.ts'
import { PDF_COLOURS, typefaces } from '#lib/web/typeface.pdf.ts'
import { directionOf, italian, type Words } from '#lib/words/language.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { type InvoiceDocument, invoiceNumberText } from './invoice.ts'
import { type InvoiceInWords, invoiceInWords, type SumInWords } from './invoice.words.ts'

/**
 * The version of this drawing: a copy that was kept is given again only while it says the same and is drawn the same. A change
 * of what is drawn, or how, is a new version (`tests/rules/invoice-pdf.test.ts` asks for it).
 */
export const DRAWING_VERSION = 1

const { ink, muted, blue } = PDF_COLOURS
const [GREEN, PALE_GREEN, PALE_ORANGE, BROWN] = ['#006644', '#f0faf6', '#fff4e0', '#804d00']

const TEXT: Type = { size: 10.5, leading: 1.45, look: 'plain', colour: ink, align: 'start' }
const STRONG: Type = { ...TEXT, look: 'strong' }
const MUTED: Type = { ...TEXT, colour: muted }
const SMALL: Type = { ...MUTED, size: 9 }
const SMALL_END: Type = { ...SMALL, align: 'end' }
const LABEL: Type = { ...TEXT, size: 9, look: 'strong', colour: blue }
const SUPPLIER: Type = { ...TEXT, size: 13, look: 'bold' }
const TITLE: Type = { ...TEXT, size: 26, leading: 1.15, look: 'bold', colour: blue, align: 'end' }
const NUMBER: Type = { ...TEXT, size: 13, look: 'strong', align: 'end' }
const GRAND: Type = { ...TEXT, size: 14, look: 'bold' }
const NOTICE: Type = { ...STRONG, align: 'center' }

const EDGE = 48
const WIDTH = A4.width - 2 * EDGE
const WHOLE: Box = { start: EDGE, width: WIDTH }
const HALF = (WIDTH - 24) / 2
const [FIRST_HALF, SECOND_HALF]: [Box, Box] = [
  { start: EDGE, width: HALF },
  { start: EDGE + HALF + 24, width: HALF },
]
const FIGURE = 92
const COLUMNS: Box[] = [
  { start: EDGE, width: WIDTH - 3 * FIGURE - 12 },
  ...[3, 2, 1].map((left) => ({ start: EDGE + WIDTH - left * FIGURE, width: FIGURE })),
]
const TOTALS: Box = { start: EDGE + WIDTH - 260, width: 260 }
const TOTAL_LABEL: Box = { start: TOTALS.start + 12, width: TOTALS.width - FIGURE - 12 }
const TOTAL_FIGURE = COLUMNS[3] as Box

/** What a page is drawn with: what it says, the sheet in the direction of its reader. */
type Page = {
  says: InvoiceInWords
  sheet: Sheet
  section: Element
}

/** Draws blocks that stand beside each other; the page goes on below the longest. */
function sideBySide(sheet: Sheet, ...columns: (() => void)[]): void {
  const { y } = sheet.pen
  let lowest = y
  for (const column of columns) {
    sheet.pen.y = y
    column()
    lowest = Math.max(lowest, sheet.pen.y)
  }
  sheet.pen.y = lowest
}

const gap = (sheet: Sheet, points: number): void => {
  sheet.pen.y += points
}

/** A line across the page, and the place it takes. */
function rule(sheet: Sheet, thickness = 1, box: Box = WHOLE, colour?: string): void {
  fillBox(sheet, { ...box, y: sheet.pen.y, height: thickness }, colour)
  gap(sheet, thickness)
}

/** A text on a ground of its own. */
function boxed(page: Page, text: string, type: Type, ground: string): void {
  const { sheet, section } = page
  const inside = { start: EDGE + 8, width: WIDTH - 16 }
  fillBox(sheet, { ...WHOLE, y: sheet.pen.y, height: heightOf(sheet, text, type, inside) + 16 }, ground)
  gap(sheet, 8)
  write(sheet, section, 'P', text, type, inside)
  gap(sheet, 8)
}

/** The title comes first in the order of reading, though the supplier stands beside it. */
function masthead({ says, sheet, section }: Page): void {
  const { supplier } = says
  const put = (tag: string, text: string, type: Type, box: Box) => write(sheet, section, tag, text, type, box)
  sideBySide(
    sheet,
    () => {
      const heading = group(sheet, section, 'H1')
      write(sheet, heading, 'Span', `${says.title} `, TITLE, SECOND_HALF)
      write(sheet, heading, 'Span', says.number, NUMBER, SECOND_HALF)
      heading.end()
      put('P', says.day, { ...TEXT, align: 'end' }, SECOND_HALF)
    },
    () => {
      put('P', supplier.name, SUPPLIER, FIRST_HALF)
      gap(sheet, 2)
      for (const line of supplier.address) put('P', line, TEXT, FIRST_HALF)
      for (const code of supplier.codes) put('P', code, MUTED, FIRST_HALF)
    },
  )
}

function parties({ says, sheet, section }: Page): void {
  const { customer, service } = says
  const put = (tag: string, text: string, type: Type, box: Box) => write(sheet, section, tag, text, type, box)
  gap(sheet, 32)
  rule(sheet)
  gap(sheet, 16)
  sideBySide(
    sheet,
    () => {
      put('H2', says.customerLabel, LABEL, FIRST_HALF)
      gap(sheet, 2)
      put('P', customer.name, STRONG, FIRST_HALF)
      for (const line of customer.address) put('P', line, TEXT, FIRST_HALF)
      for (const code of customer.codes) put('P', code, MUTED, FIRST_HALF)
    },
    () => {
      put('H2', says.serviceLabel, LABEL, SECOND_HALF)
      gap(sheet, 2)
      put('P', service.name, STRONG, SECOND_HALF)
      put('P', service.municipality, TEXT, SECOND_HALF)
    },
  )
  gap(sheet, 16)
  rule(sheet)
}

/** What stands in a cell, one paragraph after the other. */
type Cell = { box: Box; texts: (readonly [text: string, type: Type])[]; header?: 'Column' | 'Row' }

function row(sheet: Sheet, table: Element, cells: readonly Cell[]): void {
  const line = group(sheet, table, 'TR')
  sideBySide(
    sheet,
    ...cells.map(({ box, texts, header }) => () => {
      const cell = group(sheet, line, header ? 'TH' : 'TD', header ? { scope: header } : {})
      for (const [text, type] of texts) write(sheet, cell, 'P', text, type, box)
      cell.end()
    }),
  )
  line.end()
}

function meals({ says, sheet, section }: Page): void {
  const { heads, line } = says
  const [what, ...places] = COLUMNS as [Box, ...Box[]]
  gap(sheet, 28)
  const table = group(sheet, section, 'Table')
  row(
    sheet,
    table,
    [heads.what, heads.meals, heads.price, heads.amount].map((text, column) => ({
      box: COLUMNS[column] as Box,
      texts: [[text, { ...STRONG, align: column === 0 ? 'start' : 'end' }]],
      header: 'Column',
    })),
  )
  gap(sheet, 6)
  rule(sheet, 1.5, WHOLE, ink)
  gap(sheet, 10)
  row(sheet, table, [
    {
      box: what,
      texts: [
        [line.what, TEXT],
        [line.reckoned, SMALL],
      ],
    },
    ...[line.meals, line.price, line.amount].map(
      (text, column): Cell => ({
        box: places[column] as Box,
        texts: [[text, { ...TEXT, align: 'end' }]],
      }),
    ),
  ])
  table.end()
  gap(sheet, 10)
  rule(sheet)
}

function sum(sheet: Sheet, table: Element, { label, amount }: SumInWords, type: Type): void {
  row(sheet, table, [
    { box: TOTAL_LABEL, texts: [[label, type]], header: 'Row' },
    { box: TOTAL_FIGURE, texts: [[amount, { ...type, align: 'end' }]] },
  ])
}

function totals({ says, sheet, section }: Page): void {
  const table = group(sheet, section, 'Table')
  gap(sheet, 16)
  sum(sheet, table, says.net, TEXT)
  gap(sheet, 8)
  sum(sheet, table, says.tax, TEXT)
  gap(sheet, 10)
  rule(sheet, 1.5, TOTALS, ink)
  gap(sheet, 9)
  sum(sheet, table, says.total, GRAND)
  gap(sheet, 9)
  table.end()
  for (const note of says.notes) write(sheet, section, 'P', note, SMALL_END, TOTALS)
}

function paid({ says, sheet, section }: Page): void {
  const inside = { start: EDGE + 16, width: WIDTH - 28 }
  const [how, nothingToDo] = says.paid
  const texts = [
    [how, STRONG],
    [nothingToDo, TEXT],
  ] as const
  gap(sheet, 28)
  const height = 24 + texts.reduce((all, [text, type]) => all + heightOf(sheet, text, type, inside), 0)
  fillBox(sheet, { ...WHOLE, y: sheet.pen.y, height }, PALE_GREEN)
  fillBox(sheet, { start: EDGE, width: 4, y: sheet.pen.y, height }, GREEN)
  gap(sheet, 12)
  for (const [text, type] of texts) write(sheet, section, 'P', text, type, inside)
  gap(sheet, 12)
}

/** Stands at the foot of the page. */
function original({ says, sheet, section }: Page): void {
  const [what, where] = says.original
  const texts = [
    [what, STRONG],
    [where, SMALL],
  ] as const
  const height = texts.reduce((all, [text, type]) => all + heightOf(sheet, text, type, WHOLE), 0)
  sheet.pen.y = sheet.bottom - height - 11
  rule(sheet)
  gap(sheet, 10)
  for (const [text, type] of texts) write(sheet, section, 'P', text, type, WHOLE)
}

function invoicePage(page: Page, t: Words): void {
  const { sheet, says } = page
  newPage(sheet)
  fillBox(sheet, { start: 0, width: A4.width, y: 0, height: 8 }, blue)
  if (t.language !== ORIGINAL) {
    boxed(
      page,
      t('Traduzione di cortesia: vale la pagina in italiano che sta prima di questa.'),
      NOTICE,
      '#edf2f7',
    )
    gap(sheet, 16)
  }
  masthead(page)
  parties(page)
  meals(page)
  totals(page)
  paid(page)
  if (says.demonstration) {
    gap(sheet, 12)
    boxed(page, says.demonstration, { ...NOTICE, colour: BROWN }, PALE_ORANGE)
  }
  original(page)
}

/**
 * The courtesy copy of an invoice: one A4 page, PDF/A-2a and PDF/UA-1, fonts embedded, the same facts in the same letters as the
 * XML. The law wants it in Italian; who reads another language finds it translated on a second page.
 * @param demonstration marks a document issued with simulated money.
 */
export async function invoicePdf(
  invoice: InvoiceDocument,
  demonstration: boolean,
  reader: Words = italian,
): Promise<Buffer> {
  const faces = await typefaces()
  const about = {
    title: `Fattura ${invoiceNumberText(invoice.number)}`,
    author: invoice.supplier.name,
    subject: `${invoice.serviceName}, Comune di ${invoice.municipalityName}`,
    language: 'it-IT',
    madeAt: new Date(`${invoice.date}T12:00:00Z`),
  }
  return drawDocument(about, faces, (pdf, root) => {
    for (const t of reader.language === ORIGINAL ? [italian] : [italian, reader]) {
      const sheet: Sheet = {
        pdf,
        typefaces: faces,
        direction: directionOf(t.language),
        top: 40,
        bottom: A4.height - 32,
        pen: { y: 0 },
      }
      const section = group(sheet, root, 'Sect', { lang: t.language })
      invoicePage({ says: invoiceInWords(invoice, demonstration, t), sheet, section }, t)
      section.end()
    }
    root.end()
  })
}
