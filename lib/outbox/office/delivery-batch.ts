/** Deliveries of one channel, by how they stand. Together they are all of them. */
export type DeliveryCounts = {
  waiting: number
  sent: number
  refused: number
  inDoubt: number
  givenUp: number
}

/** A message to many, or a day of one kind of message to single persons, as the office sees it. */
export type DeliveryBatch = {
  id: string
  label: string
  /** Of a message to many; null where the words are for one person alone. */
  title: string | null
  at: Date
  /** Inboxes in the portal. */
  told: number
  email: DeliveryCounts
  push: DeliveryCounts
  sms: DeliveryCounts
  /** Mails that are certain not to have gone. */
  retriable: number
}

export type UndeliveredLine = {
  id: string
  /** Masked. */
  address: string
  outcome: 'refused' | 'in_doubt' | 'given_up'
  /** The server's codes, never its text, which could name a person. */
  reason: string
  attempts: number
}

/** How a delivery stands, in words for the office. */
export const STATE_WORDS = {
  waiting: 'In coda',
  sent: 'Spediti',
  refused: 'Rifiutati',
  inDoubt: 'In dubbio',
  givenUp: 'Abbandonati',
} as const satisfies Record<keyof DeliveryCounts, string>

export const OUTCOME_WORDS = {
  refused: 'Rifiutato',
  in_doubt: 'In dubbio',
  given_up: 'Abbandonato',
} as const satisfies Record<UndeliveredLine['outcome'], string>

/** Why we ourselves did not send something, in words; what a server said stays as it said it. */
const OWN_REASONS: Readonly<Record<string, string>> = {
  EREPLACED: 'Codice sostituito o annullato prima di partire',
  EREVOKED: 'Dispositivo tolto',
  ESTALE: 'Troppo tardi: il codice era scaduto',
}
export const failureInWords = (reason: string): string => OWN_REASONS[reason] ?? reason

export const sumOfCounts = (counts: DeliveryCounts): number =>
  counts.waiting + counts.sent + counts.refused + counts.inDoubt + counts.givenUp
