import type { Channel } from '#lib/notifications/notification.ts'
import type { Language } from '#lib/words/language.ts'
import type { NextAttempt, SendFailure } from './retry.ts'

/** The channels of the outbox: SMS too, which no person chooses because they carry codes only. */
export type Carried = Channel | 'sms'

/** One message on its way to one recipient: a row of the outbox, with what its carrier must know. */
export type Delivery = {
  id: string
  municipality_id: string
  recipient: string
  subject: string
  body_text: string
  language: Language
  attempts: number
  /** Milliseconds since it was written. */
  age_ms: number
  person_id: string | null
  event: string | null
  path: string | null
  /** The municipality's slug, for addresses in mails. */
  slug: string
  municipality: string
  push_subscription_id: string | null
  endpoint: string | null
  p256dh: string | null
  auth: string | null
  is_open: boolean | null
  /** It carries a code that is not valid any more: a later one replaced it, or the change it proves is over. */
  is_over: boolean
  /** The sheet of a kitchen that leaves with a mail. */
  count_sheet_id: string | null
}

/** A file that leaves with a mail. */
export type MailFile = { filename: string; contentType: string; content: Buffer | string }

/** Makes the files of a sheet of a kitchen. */
export type SheetFiles = (municipalityId: string, countSheetId: string) => Promise<MailFile[]>

/** How one attempt ended, and what the outbox stores of it. */
export type Attempt = { next: NextAttempt; failure?: SendFailure }

/** Sends deliveries one after the other: a connection to the mail server, or a client of the push services. */
export type Carrier = { carry(delivery: Delivery): Promise<Attempt>; close(): void }
