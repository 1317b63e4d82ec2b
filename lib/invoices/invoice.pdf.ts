import type { Cents } from '#lib/kernel/money.ts'
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
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { formatDecimal } from '#lib/words/format-number.ts'
import { directionOf, italian, type Phrase, phrase, plural, type Words } from '#lib/words/language.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { written } from '#lib/words/written.ts'
import {
  type Address,
  type InvoiceDocument,
  invoiceNumberText,
  owesStampDuty,
  type PaymentMethod,
  STAMP_DUTY,
} from './invoice.ts'
import { toLatin1 } from './latin1.ts'

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

/** What a page is drawn with: the facts, the words of its reader, the sheet in their direction. */
type Page = {
  invoice: InvoiceDocument
  t: Words
  sheet: Sheet
  section: Element
}

/** The same letters as in the XML, cut where it cuts: a copy that differs from its original is no copy. */
const latin = (text: string, maxLength = 60): string => toLatin1(text, maxLength)

const cityLine = ({ postalCode, city, province, country }: Address): string =>
  country === 'IT' ? `${postalCode} ${latin(city)} (${province})` : `${postalCode} ${latin(city)}, ${country}`

/** 400 → "4%", 450 → "4,5%" */
const rateInWords = (basisPoints: number, t: Words): string =>
  `${formatDecimal(basisPoints / 100, t.language)}%`

const euro = (cents: Cents, t: Words): string => written(formatEuro(cents, t.language))
const mealsInWords = (n: number, t: Words): string => t(plural('{n} pasto', '{n} pasti'), { n })

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
function masthead({ invoice: { supplier, number, date }, t, sheet, section }: Page): void {
  const put = (tag: string, text: string, type: Type, box: Box) => write(sheet, section, tag, text, type, box)
  sideBySide(
    sheet,
    () => {
      const heading = group(sheet, section, 'H1')
      write(sheet, heading, 'Span', `${t('Fattura')} `, TITLE, SECOND_HALF)
      write(
        sheet,
        heading,
        'Span',
        t('n. {number}', { number: written(invoiceNumberText(number)) }),
        NUMBER,
        SECOND_HALF,
      )
      heading.end()
      const day = t('del {day}', { day: written(numericDay(date, t.language)) })
      put('P', day, { ...TEXT, align: 'end' }, SECOND_HALF)
    },
    () => {
      put('P', written(latin(supplier.name, 80)), SUPPLIER, FIRST_HALF)
      gap(sheet, 2)
      put('P', written(latin(supplier.address.street)), TEXT, FIRST_HALF)
      put('P', written(cityLine(supplier.address)), TEXT, FIRST_HALF)
      put('P', t('Partita IVA {number}', { number: written(supplier.vatNumber) }), MUTED, FIRST_HALF)
      put('P', t('Codice fiscale {code}', { code: written(supplier.fiscalCode) }), MUTED, FIRST_HALF)
    },
  )
}

function parties({ invoice: { customer, municipalityName, serviceName }, t, sheet, section }: Page): void {
  const put = (tag: string, text: string, type: Type, box: Box) => write(sheet, section, tag, text, type, box)
  gap(sheet, 32)
  rule(sheet)
  gap(sheet, 16)
  sideBySide(
    sheet,
    () => {
      put('H2', t('Intestata a'), LABEL, FIRST_HALF)
      gap(sheet, 2)
      put('P', written(`${latin(customer.firstName)} ${latin(customer.lastName)}`), STRONG, FIRST_HALF)
      if (customer.address) {
        put('P', written(latin(customer.address.street)), TEXT, FIRST_HALF)
        put('P', written(cityLine(customer.address)), TEXT, FIRST_HALF)
      }
      put('P', t('Codice fiscale {code}', { code: written(customer.fiscalCode) }), MUTED, FIRST_HALF)
    },
    () => {
      put('H2', t('Servizio'), LABEL, SECOND_HALF)
      gap(sheet, 2)
      put('P', written(latin(serviceName)), STRONG, SECOND_HALF)
      put('P', t('Comune di {name}', { name: written(latin(municipalityName)) }), TEXT, SECOND_HALF)
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

function meals({ invoice, t, sheet, section }: Page): void {
  const { mealPriceCents, totalCents, serviceName, vat } = invoice
  const reckoned = {
    meals: mealsInWords(invoice.meals, t),
    price: written(formatEuro(mealPriceCents, t.language)),
  }
  const heads = [t('Descrizione'), t('Quantità'), t('Prezzo'), t('Importo')]
  const figures = [mealsInWords(invoice.meals, t), euro(mealPriceCents, t), euro(totalCents, t)]
  const [what, ...places] = COLUMNS as [Box, ...Box[]]
  gap(sheet, 28)
  const table = group(sheet, section, 'Table')
  row(
    sheet,
    table,
    heads.map((text, column) => ({
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
        [t('{service}: ricarica', { service: written(latin(serviceName)) }), TEXT],
        [
          vat.nature ? t('{meals} × {price}', reckoned) : t('{meals} × {price} (IVA inclusa)', reckoned),
          SMALL,
        ],
      ],
    },
    ...figures.map(
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

function sum(sheet: Sheet, table: Element, label: string, amount: string, type: Type): void {
  row(sheet, table, [
    { box: TOTAL_LABEL, texts: [[label, type]], header: 'Row' },
    { box: TOTAL_FIGURE, texts: [[amount, { ...type, align: 'end' }]] },
  ])
}

function totals({ invoice, t, sheet, section }: Page): void {
  const { netCents, vatCents, totalCents, vat } = invoice
  const tax = vat.nature
    ? t('IVA non dovuta ({nature})', { nature: written(vat.nature) })
    : t('IVA {rate}', { rate: written(rateInWords(vat.rateBasisPoints, t)) })
  const table = group(sheet, section, 'Table')
  gap(sheet, 16)
  sum(sheet, table, t('Imponibile'), euro(netCents, t), TEXT)
  gap(sheet, 8)
  sum(sheet, table, tax, euro(vatCents, t), TEXT)
  gap(sheet, 10)
  rule(sheet, 1.5, TOTALS, ink)
  gap(sheet, 9)
  sum(sheet, table, t('Totale'), euro(totalCents, t), GRAND)
  gap(sheet, 9)
  table.end()
  if (vat.legalReference)
    write(sheet, section, 'P', written(latin(vat.legalReference, 100)), SMALL_END, TOTALS)
  if (owesStampDuty(invoice)) {
    const amount = written(formatEuro(STAMP_DUTY, t.language))
    const text = t('Imposta di bollo di {amount} assolta in modo virtuale', { amount })
    write(sheet, section, 'P', text, SMALL_END, TOTALS)
  }
}

const PAID_WITH: Record<PaymentMethod, Phrase> = {
  card: phrase('Pagata il {day} con carta di pagamento.'),
  mybank: phrase('Pagata il {day} con bonifico MyBank.'),
  pagopa: phrase('Pagata il {day} con pagoPA.'),
}

function paid({ invoice, t, sheet, section }: Page): void {
  const inside = { start: EDGE + 16, width: WIDTH - 28 }
  const texts = [
    [t(PAID_WITH[invoice.method], { day: written(numericDay(invoice.date, t.language)) }), STRONG],
    [t('Non devi fare altro: l’importo è già sul saldo dei pasti.'), TEXT],
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
function original({ t, sheet, section }: Page): void {
  const texts = [
    [t('Copia di cortesia: l’originale è il file XML.'), STRONG],
    [
      t(
        'Lo scarichi dal portale in Pagamenti, Fatture. Dopo la trasmissione al Sistema di Interscambio lo trovi anche nella tua area riservata dell’Agenzia delle Entrate.',
      ),
      SMALL,
    ],
  ] as const
  const height = texts.reduce((all, [text, type]) => all + heightOf(sheet, text, type, WHOLE), 0)
  sheet.pen.y = sheet.bottom - height - 11
  rule(sheet)
  gap(sheet, 10)
  for (const [text, type] of texts) write(sheet, section, 'P', text, type, WHOLE)
}

function invoicePage(page: Page, demonstration: boolean): void {
  const { sheet, t } = page
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
  if (demonstration) {
    gap(sheet, 12)
    boxed(page, t('Dimostrazione: documento senza valore fiscale'), { ...NOTICE, colour: BROWN }, PALE_ORANGE)
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
      invoicePage({ invoice, t, sheet, section }, demonstration)
      section.end()
    }
    root.end()
  })
}
