import type { Cents } from '#lib/kernel/money.ts'
import { formatBalance } from '#lib/words/format-money.ts'
import { italian, plural } from '#lib/words/language.ts'
import type { TopUpMethod } from '../gateway.ts'
import type { NotificationVerdict } from '../provider-notification.ts'

/** How a family pays, as the office reads it. */
export const METHOD_WORDS: Readonly<Record<TopUpMethod, string>> = {
  card: 'carta',
  mybank: 'bonifico MyBank',
}

/** What made a top-up change its state. */
const CAUSES: Readonly<Record<string, string>> = {
  created: 'aperta la pagina di pagamento',
  poll: 'il gestore dei pagamenti ha risposto',
  demonstration: 'dato della dimostrazione',
  reconciliation: 'confronto con il gestore dei pagamenti',
}

export const causeInWords = (cause: string): string => CAUSES[cause] ?? cause

/** What became of a notification of the provider. */
const VERDICTS: Readonly<Record<NotificationVerdict, string>> = {
  accepted: 'riconosciuta',
  early: 'riconosciuta, prima che l’ordine fosse scritto',
  'wrong-token': 'non riconosciuta: segreto sbagliato',
  'wrong-order': 'non riconosciuta: di un altro ordine',
  malformed: 'illeggibile',
}

export const verdictInWords = (verdict: NotificationVerdict): string => VERDICTS[verdict]

/** What of the payments that a list finds was credited, and how many are something else. */
export type PaymentTotals = { count: number; paidCount: number; paidCents: Cents }

const PAID = plural('{n} accreditata', '{n} accreditate')

/** "42 ricariche, di cui 38 accreditate per 4.104,00 €" */
export const totalsInWords = ({ paidCount, paidCents }: PaymentTotals): string =>
  `${italian(PAID, { n: paidCount })}: in tutto ${formatBalance(paidCents)}`
