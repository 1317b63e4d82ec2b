import { instantInWords } from '#lib/day.ts'
import { type Cents, formatEuro } from '#lib/money.ts'
import type { MailText } from './mail.ts'

export type TopUpPaidFacts = {
  givenName: string
  serviceName: string
  meals: number
  amountCents: Cents
  method: 'card' | 'mybank'
  paidAt: Date
  balanceCents: Cents
  invoiceNumber: string
  /** The top-up's own page in the portal. */
  pageUrl: string
}

const METHODS = { card: 'carta', mybank: 'MyBank' } as const

/** "Ricarica accreditata": the money has arrived and counts. */
export function topUpPaidMail(facts: TopUpPaidFacts): MailText {
  const meals = facts.meals === 1 ? '1 pasto' : `${facts.meals} pasti`
  return {
    subject: `Ricarica accreditata: ${plain(formatEuro(facts.amountCents))}`,
    text: plain(`Ciao ${facts.givenName},

la tua ricarica è stata accreditata.

Servizio: ${facts.serviceName}
Importo: ${formatEuro(facts.amountCents)} (${meals})
Pagamento: ${METHODS[facts.method]}, ${instantInWords(facts.paidAt)}
Nuovo saldo: ${formatEuro(facts.balanceCents)}
Fattura: ${facts.invoiceNumber}

Il dettaglio e la fattura da scaricare sono nel portale:
${facts.pageUrl}

Questo messaggio è automatico: non serve rispondere.
`),
  }
}

/** Mail programs of any age show an ordinary space; some show a no-break one as a question mark. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
