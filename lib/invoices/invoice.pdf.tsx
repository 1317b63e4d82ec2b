import { Document, Page, renderToBuffer, StyleSheet, Text, View } from '@react-pdf/renderer'
import { PDF_COLOURS, registerTypeface } from '#lib/web/typeface.pdf.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import {
  type Address,
  type InvoiceDocument,
  invoiceNumberText,
  owesStampDuty,
  type PaymentMethod,
} from './invoice.ts'
import { toLatin1 } from './latin1.ts'

registerTypeface()

const { ink: INK, muted: MUTED, line: LINE, blue: BLUE } = PDF_COLOURS

const styles = StyleSheet.create({
  page: {
    fontFamily: 'Titillium Web',
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
  total: { flexDirection: 'row', justifyContent: 'space-between', paddingVertical: 4, paddingLeft: 12 },
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
  foot: {
    position: 'absolute',
    left: 48,
    right: 48,
    bottom: 32,
    paddingTop: 10,
    borderTop: `1pt solid ${LINE}`,
  },
})

const PAID_WITH: Record<PaymentMethod, string> = {
  card: 'con carta di pagamento',
  mybank: 'con bonifico MyBank',
  pagopa: 'con pagoPA',
}

/** The same letters as in the XML, cut where it cuts: a copy that differs from its original is no copy. */
const written = (text: string, maxLength = 60): string => toLatin1(text, maxLength)

const cityLine = ({ postalCode, city, province, country }: Address): string =>
  country === 'IT'
    ? `${postalCode} ${written(city)} (${province})`
    : `${postalCode} ${written(city)}, ${country}`

/** 400 → "4%", 450 → "4,5%" */
const rateInWords = (basisPoints: number): string => `${String(basisPoints / 100).replace('.', ',')}%`

function Masthead({ invoice: { supplier, number, date } }: { invoice: InvoiceDocument }) {
  return (
    <View style={styles.row}>
      <View style={styles.half}>
        <Text style={styles.supplier}>{written(supplier.name, 80)}</Text>
        <Text>{written(supplier.address.street)}</Text>
        <Text>{cityLine(supplier.address)}</Text>
        <Text style={styles.muted}>Partita IVA {supplier.vatNumber}</Text>
        <Text style={styles.muted}>Codice fiscale {supplier.fiscalCode}</Text>
      </View>
      <View style={styles.reference}>
        <Text style={styles.title}>Fattura</Text>
        <Text style={styles.number}>n. {invoiceNumberText(number)}</Text>
        <Text style={styles.right}>del {numericDay(date)}</Text>
      </View>
    </View>
  )
}

function Parties({ invoice: { customer, municipalityName, serviceName } }: { invoice: InvoiceDocument }) {
  return (
    <View style={[styles.row, styles.parties]}>
      <View style={styles.half}>
        <Text style={styles.label}>Intestata a</Text>
        <Text style={styles.strong}>
          {written(customer.firstName)} {written(customer.lastName)}
        </Text>
        {customer.address && <Text>{written(customer.address.street)}</Text>}
        {customer.address && <Text>{cityLine(customer.address)}</Text>}
        <Text style={styles.muted}>Codice fiscale {customer.fiscalCode}</Text>
      </View>
      <View style={styles.half}>
        <Text style={styles.label}>Servizio</Text>
        <Text style={styles.strong}>{written(serviceName)}</Text>
        <Text>Comune di {written(municipalityName)}</Text>
      </View>
    </View>
  )
}

function Meals({ invoice }: { invoice: InvoiceDocument }) {
  const { meals, mealPriceCents, totalCents, serviceName, vat } = invoice
  return (
    <View style={styles.table}>
      <View style={[styles.head, styles.strong]}>
        <Text style={styles.what}>Descrizione</Text>
        <Text style={styles.figure}>Quantità</Text>
        <Text style={styles.figure}>Prezzo</Text>
        <Text style={styles.figure}>Importo</Text>
      </View>
      <View style={styles.line}>
        <View style={styles.what}>
          <Text>{written(serviceName)}: ricarica</Text>
          <Text style={styles.small}>
            {meals} {meals === 1 ? 'pasto' : 'pasti'} × {formatEuro(mealPriceCents)}
            {vat.nature ? '' : ' (IVA inclusa)'}
          </Text>
        </View>
        <Text style={styles.figure}>
          {meals} {meals === 1 ? 'pasto' : 'pasti'}
        </Text>
        <Text style={styles.figure}>{formatEuro(mealPriceCents)}</Text>
        <Text style={styles.figure}>{formatEuro(totalCents)}</Text>
      </View>
    </View>
  )
}

function Totals({ invoice }: { invoice: InvoiceDocument }) {
  const { netCents, vatCents, totalCents, vat } = invoice
  return (
    <View style={styles.totals}>
      <View style={styles.total}>
        <Text>Imponibile</Text>
        <Text>{formatEuro(netCents)}</Text>
      </View>
      <View style={styles.total}>
        <Text>
          {vat.nature ? `IVA non dovuta (${vat.nature})` : `IVA ${rateInWords(vat.rateBasisPoints)}`}
        </Text>
        <Text>{formatEuro(vatCents)}</Text>
      </View>
      <View style={styles.grand}>
        <Text>Totale</Text>
        <Text>{formatEuro(totalCents)}</Text>
      </View>
      {vat.legalReference && (
        <Text style={[styles.small, styles.right]}>{written(vat.legalReference, 100)}</Text>
      )}
      {owesStampDuty(invoice) && (
        <Text style={[styles.small, styles.right]}>Imposta di bollo di 2,00 € assolta in modo virtuale</Text>
      )}
    </View>
  )
}

function InvoicePage({ invoice, demonstration }: { invoice: InvoiceDocument; demonstration: boolean }) {
  const number = invoiceNumberText(invoice.number)
  const issued = new Date(`${invoice.date}T12:00:00Z`)
  return (
    <Document
      conformance="PDF/A-2b"
      title={`Fattura ${number}`}
      author={invoice.supplier.name}
      subject={`${invoice.serviceName}, Comune di ${invoice.municipalityName}`}
      creator="Refettorio"
      producer="Refettorio"
      language="it-IT"
      creationDate={issued}
      modificationDate={issued}
    >
      <Page size="A4" style={styles.page}>
        <View style={styles.band} />
        <Masthead invoice={invoice} />
        <Parties invoice={invoice} />
        <Meals invoice={invoice} />
        <Totals invoice={invoice} />
        <View style={styles.paid}>
          <Text style={styles.strong}>
            Pagata il {numericDay(invoice.date)} {PAID_WITH[invoice.method]}.
          </Text>
          <Text>Non devi fare altro: l’importo è già sul saldo dei pasti.</Text>
        </View>
        {demonstration && <Text style={styles.demo}>Dimostrazione: documento senza valore fiscale</Text>}
        <View style={styles.foot}>
          <Text style={styles.strong}>Copia di cortesia: l’originale è il file XML.</Text>
          <Text style={styles.small}>
            Lo scarichi dal portale in Pagamenti, Fatture. Dopo la trasmissione al Sistema di Interscambio lo
            trovi anche nella tua area riservata dell’Agenzia delle Entrate.
          </Text>
        </View>
      </Page>
    </Document>
  )
}

/**
 * The courtesy copy of an invoice: one A4 page, PDF/A-2b, fonts embedded, the same facts in the same letters as the XML.
 * @param demonstration marks a document issued with simulated money.
 */
export const invoicePdf = (invoice: InvoiceDocument, demonstration: boolean): Promise<Buffer> =>
  renderToBuffer(<InvoicePage invoice={invoice} demonstration={demonstration} />)
