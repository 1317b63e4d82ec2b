import { create } from 'xmlbuilder2'
import { type Cents, decimalString } from '#lib/kernel/money.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import {
  type Address,
  type InvoiceDocument,
  invoiceGaps,
  invoiceNumberText,
  netUnitPriceE8,
  owesStampDuty,
  type PaymentMethod,
  transmissionNumber,
} from './invoice.ts'
import { toLatin1 } from './latin1.ts'

/** The namespace of formats v1.4, schema 1.2.3. */
export const FATTURA_PA_NAMESPACE = 'http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2'

/** A private consumer has no channel: the Sistema di Interscambio leaves the file in their tax drawer. */
const NO_CHANNEL = '0000000'

const PAYMENT_CODE: Record<PaymentMethod, string> = {
  card: 'MP08',
  mybank: 'MP05',
  pagopa: 'MP23',
}

/** 400 → "4.00" */
const rateText = (basisPoints: number): string => decimalString(basisPoints)

/** 519230769 → "5.19230769" */
const euroE8 = (amount: number): string => {
  const digits = String(amount).padStart(9, '0')
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`
}

const plainEuro = (cents: Cents): string => decimalString(cents).replace('.', ',')

/** Elements in the order the schema wants; `undefined` is left out. */
type Elements = { [name: string]: string | Elements | undefined }

const place = (address: Address): Elements => ({
  Indirizzo: toLatin1(address.street, 60),
  CAP: address.country === 'IT' ? address.postalCode : '00000',
  Comune: toLatin1(address.city, 60),
  Provincia: address.country === 'IT' ? (address.province ?? undefined) : undefined,
  Nazione: address.country,
})

const transmission = ({ supplier, number }: InvoiceDocument): Elements => ({
  IdTrasmittente: { IdPaese: 'IT', IdCodice: supplier.vatNumber },
  ProgressivoInvio: transmissionNumber(number),
  FormatoTrasmissione: 'FPR12',
  CodiceDestinatario: NO_CHANNEL,
})

const seller = ({ supplier }: InvoiceDocument): Elements => ({
  DatiAnagrafici: {
    IdFiscaleIVA: { IdPaese: 'IT', IdCodice: supplier.vatNumber },
    CodiceFiscale: supplier.fiscalCode,
    Anagrafica: { Denominazione: toLatin1(supplier.name, 80) },
    RegimeFiscale: supplier.taxRegime,
  },
  Sede: place(supplier.address),
})

const buyer = ({ customer }: InvoiceDocument, address: Address): Elements => ({
  DatiAnagrafici: {
    CodiceFiscale: customer.fiscalCode,
    Anagrafica: {
      Nome: toLatin1(customer.firstName, 60),
      Cognome: toLatin1(customer.lastName, 60),
    },
  },
  Sede: place(address),
})

const general = (document: InvoiceDocument): Elements => ({
  DatiGeneraliDocumento: {
    TipoDocumento: 'TD01',
    Divisa: 'EUR',
    Data: document.date,
    Numero: invoiceNumberText(document.number),
    DatiBollo: owesStampDuty(document) ? { BolloVirtuale: 'SI', ImportoBollo: '2.00' } : undefined,
    ImportoTotaleDocumento: decimalString(document.totalCents),
    Causale: toLatin1(`Ricarica ${document.serviceName}, Comune di ${document.municipalityName}`, 200),
  },
})

/** "Refezione Scolastica: 20 pasti x 5,40 EUR IVA inclusa, ricarica del 24/11/2026": the meals fix the tax point at the payment. */
const lineDescription = ({ serviceName, meals, mealPriceCents, vat, date }: InvoiceDocument): string =>
  `${serviceName}: ${meals} ${meals === 1 ? 'pasto' : 'pasti'} x ${plainEuro(mealPriceCents)} EUR` +
  dated`${vat.nature ? '' : ' IVA inclusa'}, ricarica del ${numericDay(date)}`

const goods = (document: InvoiceDocument): Elements => ({
  DettaglioLinee: {
    NumeroLinea: '1',
    Descrizione: toLatin1(lineDescription(document), 1000),
    Quantita: `${document.meals}.00`,
    UnitaMisura: 'pasti',
    PrezzoUnitario: euroE8(netUnitPriceE8(document.netCents, document.meals)),
    PrezzoTotale: decimalString(document.netCents),
    AliquotaIVA: rateText(document.vat.rateBasisPoints),
    Natura: document.vat.nature ?? undefined,
  },
  DatiRiepilogo: {
    AliquotaIVA: rateText(document.vat.rateBasisPoints),
    Natura: document.vat.nature ?? undefined,
    ImponibileImporto: decimalString(document.netCents),
    Imposta: decimalString(document.vatCents),
    EsigibilitaIVA: document.vat.nature ? undefined : 'I',
    RiferimentoNormativo: document.vat.legalReference
      ? toLatin1(document.vat.legalReference, 100)
      : undefined,
  },
})

const payment = ({ method, totalCents }: InvoiceDocument): Elements => ({
  CondizioniPagamento: 'TP02',
  DettaglioPagamento: {
    ModalitaPagamento: PAYMENT_CODE[method],
    ImportoPagamento: decimalString(totalCents),
  },
})

const present = (elements: Elements): Elements =>
  Object.fromEntries(
    Object.entries(elements).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value : present(value)]],
    ),
  )

/**
 * The electronic invoice of one settled top-up: format FPR12, schema 1.2.3, UTF-8 holding Latin-1 characters only.
 * @throws when the document has gaps: ask `invoiceGaps` first.
 */
export function fatturaPaXml(document: InvoiceDocument): string {
  const address = document.customer.address
  const gaps = invoiceGaps(document)
  if (gaps.length > 0 || !address) throw new Error(`The invoice cannot be written yet: ${gaps.join(', ')}`)
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele(
    FATTURA_PA_NAMESPACE,
    'p:FatturaElettronica',
    { versione: 'FPR12' },
  )
  const header = {
    DatiTrasmissione: transmission(document),
    CedentePrestatore: seller(document),
    CessionarioCommittente: buyer(document, address),
  }
  const body = {
    DatiGenerali: general(document),
    DatiBeniServizi: goods(document),
    DatiPagamento: payment(document),
  }
  root.ele('', 'FatturaElettronicaHeader').ele(present(header))
  root.ele('', 'FatturaElettronicaBody').ele(present(body))
  return root.end({ prettyPrint: true })
}
