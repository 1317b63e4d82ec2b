import { Document, Page, renderToBuffer, StyleSheet, Text, View } from '@react-pdf/renderer'
import type { Cents } from '#lib/kernel/money.ts'
import { documentWords, inBothDirections, isolated } from '#lib/web/direction.pdf.ts'
import { PDF_COLOURS, PDF_TYPEFACES, typefaces } from '#lib/web/typeface.pdf.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { formatDecimal } from '#lib/words/format-number.ts'
import { directionOf, italian, type Phrase, phrase, plural, type Words } from '#lib/words/language.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { written as asWritten } from '#lib/words/written.ts'
import {
  type Address,
  type InvoiceDocument,
  invoiceNumberText,
  owesStampDuty,
  type PaymentMethod,
  STAMP_DUTY,
} from './invoice.ts'
import { toLatin1 } from './latin1.ts'

const { ink: INK, muted: MUTED, line: LINE, blue: BLUE } = PDF_COLOURS

const STYLES = inBothDirections(
  StyleSheet.create({
    page: {
      fontFamily: PDF_TYPEFACES,
      fontSize: 10.5,
      lineHeight: 1.45,
      color: INK,
      padding: 48,
      paddingTop: 40,
    },
    band: { position: 'absolute', top: 0, left: 0, right: 0, height: 8, backgroundColor: BLUE },
    row: { flexDirection: 'row', justifyContent: 'space-between', gap: 24 },
    half: { flexBasis: 0, flexGrow: 1 },
    strong: { fontWeight: 600 },
    muted: { color: MUTED },
    small: { fontSize: 9, color: MUTED },
    label: { fontSize: 9, fontWeight: 600, color: BLUE, marginBottom: 2 },
    supplier: { fontSize: 13, fontWeight: 700, marginBottom: 2 },
    title: { fontSize: 26, fontWeight: 700, lineHeight: 1.15, color: BLUE, textAlign: 'right' },
    number: { fontSize: 13, fontWeight: 600, textAlign: 'right' },
    reference: { alignItems: 'flex-end' },
    text: {},
    grow: { flexGrow: 1, flexBasis: 0 },
    right: { textAlign: 'right' },
    parties: {
      marginTop: 32,
      paddingVertical: 16,
      borderTop: `1pt solid ${LINE}`,
      borderBottom: `1pt solid ${LINE}`,
    },
    table: { marginTop: 28 },
    head: { flexDirection: 'row', paddingBottom: 6, borderBottom: `1.5pt solid ${INK}` },
    line: { flexDirection: 'row', paddingVertical: 10, borderBottom: `1pt solid ${LINE}` },
    what: { flexGrow: 1, flexBasis: 0, paddingRight: 12 },
    figure: { width: 92, textAlign: 'right' },
    totals: { marginTop: 12, marginLeft: 'auto', width: 260 },
    total: { flexDirection: 'row', paddingVertical: 4, paddingLeft: 12 },
    grand: {
      flexDirection: 'row',
      justifyContent: 'space-between',
      alignItems: 'center',
      marginTop: 6,
      paddingVertical: 9,
      paddingLeft: 12,
      borderTop: `1.5pt solid ${INK}`,
      fontSize: 14,
      fontWeight: 700,
    },
    paid: { marginTop: 28, padding: 12, borderLeft: '4pt solid #006644', backgroundColor: '#f0faf6' },
    demo: {
      marginTop: 12,
      padding: 8,
      backgroundColor: '#fff4e0',
      color: '#804d00',
      fontWeight: 600,
      textAlign: 'center',
    },
    courtesy: {
      marginBottom: 16,
      padding: 8,
      border: `1pt solid ${LINE}`,
      fontWeight: 600,
      textAlign: 'center',
    },
    foot: {
      position: 'absolute',
      left: 48,
      right: 48,
      bottom: 32,
      paddingTop: 10,
      borderTop: `1pt solid ${LINE}`,
    },
  }),
)

/** What a page is drawn with: the facts, the words of its reader, the styles of their direction. */
type PageOf = { invoice: InvoiceDocument; t: Words; styles: (typeof STYLES)['ltr'] }

/** The same letters as in the XML, cut where it cuts: a copy that differs from its original is no copy. */
const latin = (text: string, maxLength = 60): string => toLatin1(text, maxLength)

const cityLine = ({ postalCode, city, province, country }: Address): string =>
  country === 'IT' ? `${postalCode} ${latin(city)} (${province})` : `${postalCode} ${latin(city)}, ${country}`

/** 400 → "4%", 450 → "4,5%" */
const rateInWords = (basisPoints: number, t: Words): string =>
  `${formatDecimal(basisPoints / 100, t.language)}%`

const euro = (cents: Cents, t: Words): string => isolated(formatEuro(cents, t.language), t.language)
const mealsInWords = (n: number, t: Words): string => t(plural('{n} pasto', '{n} pasti'), { n })

function Masthead({ invoice: { supplier, number, date }, t, styles }: PageOf) {
  const own = (text: string) => isolated(text, t.language)
  return (
    <View style={styles.row}>
      <View style={styles.half}>
        <Text style={styles.supplier}>{own(latin(supplier.name, 80))}</Text>
        <Text style={styles.text}>{own(latin(supplier.address.street))}</Text>
        <Text style={styles.text}>{own(cityLine(supplier.address))}</Text>
        <Text style={styles.muted}>
          {t('Partita IVA {number}', { number: asWritten(supplier.vatNumber) })}
        </Text>
        <Text style={styles.muted}>
          {t('Codice fiscale {code}', { code: asWritten(supplier.fiscalCode) })}
        </Text>
      </View>
      <View style={styles.reference}>
        <Text style={styles.title}>{t('Fattura')}</Text>
        <Text style={styles.number}>
          {t('n. {number}', { number: asWritten(invoiceNumberText(number)) })}
        </Text>
        <Text style={styles.right}>{t('del {day}', { day: asWritten(numericDay(date, t.language)) })}</Text>
      </View>
    </View>
  )
}

function Parties({ invoice: { customer, municipalityName, serviceName }, t, styles }: PageOf) {
  const own = (text: string) => isolated(text, t.language)
  return (
    <View style={[styles.row, styles.parties]}>
      <View style={styles.half}>
        <Text style={styles.label}>{t('Intestata a')}</Text>
        <Text style={styles.strong}>{own(`${latin(customer.firstName)} ${latin(customer.lastName)}`)}</Text>
        {customer.address && <Text style={styles.text}>{own(latin(customer.address.street))}</Text>}
        {customer.address && <Text style={styles.text}>{own(cityLine(customer.address))}</Text>}
        <Text style={styles.muted}>
          {t('Codice fiscale {code}', { code: asWritten(customer.fiscalCode) })}
        </Text>
      </View>
      <View style={styles.half}>
        <Text style={styles.label}>{t('Servizio')}</Text>
        <Text style={styles.strong}>{own(latin(serviceName))}</Text>
        <Text style={styles.text}>{t('Comune di {name}', { name: asWritten(latin(municipalityName)) })}</Text>
      </View>
    </View>
  )
}

function Meals({ invoice, t, styles }: PageOf) {
  const { meals, mealPriceCents, totalCents, serviceName, vat } = invoice
  const reckoned = { meals: mealsInWords(meals, t), price: asWritten(formatEuro(mealPriceCents, t.language)) }
  return (
    <View style={styles.table}>
      <View style={styles.head}>
        <Text style={[styles.what, styles.strong]}>{t('Descrizione')}</Text>
        <Text style={[styles.figure, styles.strong]}>{t('Quantità')}</Text>
        <Text style={[styles.figure, styles.strong]}>{t('Prezzo')}</Text>
        <Text style={[styles.figure, styles.strong]}>{t('Importo')}</Text>
      </View>
      <View style={styles.line}>
        <View style={styles.what}>
          <Text style={styles.text}>
            {t('{service}: ricarica', { service: asWritten(latin(serviceName)) })}
          </Text>
          <Text style={styles.small}>
            {vat.nature ? t('{meals} × {price}', reckoned) : t('{meals} × {price} (IVA inclusa)', reckoned)}
          </Text>
        </View>
        <Text style={styles.figure}>{mealsInWords(meals, t)}</Text>
        <Text style={styles.figure}>{euro(mealPriceCents, t)}</Text>
        <Text style={styles.figure}>{euro(totalCents, t)}</Text>
      </View>
    </View>
  )
}

function Totals({ invoice, t, styles }: PageOf) {
  const { netCents, vatCents, totalCents, vat } = invoice
  return (
    <View style={styles.totals}>
      <View style={styles.total}>
        <Text style={styles.grow}>{t('Imponibile')}</Text>
        <Text style={styles.figure}>{euro(netCents, t)}</Text>
      </View>
      <View style={styles.total}>
        <Text style={styles.grow}>
          {vat.nature
            ? t('IVA non dovuta ({nature})', { nature: asWritten(vat.nature) })
            : t('IVA {rate}', { rate: asWritten(rateInWords(vat.rateBasisPoints, t)) })}
        </Text>
        <Text style={styles.figure}>{euro(vatCents, t)}</Text>
      </View>
      <View style={styles.grand}>
        <Text style={styles.grow}>{t('Totale')}</Text>
        <Text style={styles.figure}>{euro(totalCents, t)}</Text>
      </View>
      {vat.legalReference && (
        <Text style={[styles.small, styles.right]}>
          {isolated(latin(vat.legalReference, 100), t.language)}
        </Text>
      )}
      {owesStampDuty(invoice) && (
        <Text style={[styles.small, styles.right]}>
          {t('Imposta di bollo di {amount} assolta in modo virtuale', {
            amount: asWritten(formatEuro(STAMP_DUTY, t.language)),
          })}
        </Text>
      )}
    </View>
  )
}

const PAID_WITH: Record<PaymentMethod, Phrase> = {
  card: phrase('Pagata il {day} con carta di pagamento.'),
  mybank: phrase('Pagata il {day} con bonifico MyBank.'),
  pagopa: phrase('Pagata il {day} con pagoPA.'),
}

function InvoicePage({
  invoice,
  reader,
  demonstration,
}: {
  invoice: InvoiceDocument
  reader: Words
  demonstration: boolean
}) {
  const t = documentWords(reader)
  const styles = STYLES[directionOf(t.language)]
  const page = { invoice, t, styles }
  return (
    <Page size="A4" style={styles.page}>
      <View style={styles.band} />
      {t.language !== ORIGINAL && (
        <Text style={styles.courtesy}>
          {t('Traduzione di cortesia: vale la pagina in italiano che sta prima di questa.')}
        </Text>
      )}
      <Masthead {...page} />
      <Parties {...page} />
      <Meals {...page} />
      <Totals {...page} />
      <View style={styles.paid}>
        <Text style={styles.strong}>
          {t(PAID_WITH[invoice.method], { day: asWritten(numericDay(invoice.date, t.language)) })}
        </Text>
        <Text style={styles.text}>{t('Non devi fare altro: l’importo è già sul saldo dei pasti.')}</Text>
      </View>
      {demonstration && <Text style={styles.demo}>{t('Dimostrazione: documento senza valore fiscale')}</Text>}
      <View style={styles.foot}>
        <Text style={styles.strong}>{t('Copia di cortesia: l’originale è il file XML.')}</Text>
        <Text style={styles.small}>
          {t(
            'Lo scarichi dal portale in Pagamenti, Fatture. Dopo la trasmissione al Sistema di Interscambio lo trovi anche nella tua area riservata dell’Agenzia delle Entrate.',
          )}
        </Text>
      </View>
    </Page>
  )
}

function InvoicePages(drawn: { invoice: InvoiceDocument; reader: Words; demonstration: boolean }) {
  const { invoice, reader } = drawn
  const issued = new Date(`${invoice.date}T12:00:00Z`)
  return (
    <Document
      conformance="PDF/A-2b"
      title={`Fattura ${invoiceNumberText(invoice.number)}`}
      author={invoice.supplier.name}
      subject={`${invoice.serviceName}, Comune di ${invoice.municipalityName}`}
      creator="Refettorio"
      producer="Refettorio"
      language="it-IT"
      creationDate={issued}
      modificationDate={issued}
    >
      <InvoicePage {...drawn} reader={italian} />
      {reader.language !== ORIGINAL && <InvoicePage {...drawn} />}
    </Document>
  )
}

/**
 * The courtesy copy of an invoice: one A4 page, PDF/A-2b, fonts embedded, the same facts in the same letters as the XML. The law
 * wants it in Italian; who reads another language finds it translated on a second page.
 * @param demonstration marks a document issued with simulated money.
 */
export async function invoicePdf(
  invoice: InvoiceDocument,
  demonstration: boolean,
  reader: Words = italian,
): Promise<Buffer> {
  await typefaces()
  return renderToBuffer(<InvoicePages invoice={invoice} reader={reader} demonstration={demonstration} />)
}
