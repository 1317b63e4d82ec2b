import type { Cents } from '#lib/kernel/money.ts'
import type { MailText, Said } from '#lib/notifications/notification.ts'

import { instantInWords } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { phrase, plural, properName, type Words } from '#lib/words/language.ts'

export type TopUpPaidFacts = {
  givenName: string
  serviceName: string
  meals: number
  amountCents: Cents
  method: 'card' | 'mybank'
  paidAt: Date
  invoiceNumber: string
  /** The top-up's own page in the portal. */
  pageUrl: string
}

const METHODS = { card: phrase('carta'), mybank: properName('MyBank') } as const

const mealsInWords = (n: number, t: Words): string => t(plural('{n} pasto', '{n} pasti'), { n })

/**
 * "Ricarica accreditata": the money has arrived and counts. It tells no balance: the payer may have stopped being the holder
 * between the payment and the mail.
 */
export const topUpPaidNotice = (facts: TopUpPaidFacts, t: Words): Said => ({
  title: t('Ricarica accreditata'),
  text: t('La tua ricarica di {meals} è sul conto. La fattura è la {invoice}.', {
    meals: mealsInWords(facts.meals, t),
    invoice: facts.invoiceNumber,
  }),
  mail: topUpPaidMail(facts, t),
})

function topUpPaidMail(facts: TopUpPaidFacts, t: Words): MailText {
  const amount = formatEuro(facts.amountCents, t.language)
  return {
    subject: plain(t('Ricarica accreditata: {amount}', { amount })),
    text: plain(
      t(
        `Ciao {name},

la tua ricarica è stata accreditata.

Servizio: {service}
Importo: {amount} ({meals})
Pagamento: {method}, {when}
Fattura: {invoice}

Il dettaglio e la fattura da scaricare sono nel portale:
{url}

Questo messaggio è automatico: non serve rispondere.
`,
        {
          name: facts.givenName,
          service: facts.serviceName,
          amount,
          meals: mealsInWords(facts.meals, t),
          method: t(METHODS[facts.method]),
          when: instantInWords(facts.paidAt, t),
          invoice: facts.invoiceNumber,
          url: facts.pageUrl,
        },
      ),
    ),
  }
}

/** Mail programs of any age show an ordinary space; some show a no-break one as a question mark. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
