import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { type MailText, withCourtesy } from '#lib/notifications/notification.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import type { Language } from '#lib/words/language.ts'

/**
 * Puts a message in the outbox, in the transaction of the change that it reports; the same key a second time changes nothing.
 * @param mail.language the one that it is written in, for screen readers
 * @param mail.secret the text opens something: it is not kept once the message has gone
 * @param mail.emailChangeId the change whose code the text is: once that is closed the message is over
 */
export async function enqueueMail(
  trx: Trx,
  municipalityId: string,
  mail: MailText & {
    dedupeKey: string
    to: string
    language: Language
    secret?: boolean
    emailChangeId?: string
  },
): Promise<void> {
  const { dedupeKey, to, language, secret = false, emailChangeId = null } = mail
  const { subject, text } = withCourtesy(mail, wordsIn(language))
  await sql`select enqueue_mail(${municipalityId}::uuid, ${dedupeKey}, ${to}, ${subject}, ${text}, ${secret}, ${language},
    ${emailChangeId}::uuid)`.execute(trx)
}

/**
 * Puts an SMS in the outbox, as `enqueueMail` does a mail.
 * @param message.to in E.164
 */
export async function enqueueSms(
  trx: Trx,
  municipalityId: string,
  message: {
    dedupeKey: string
    to: string
    text: string
    language: Language
    secret: boolean
    phoneChangeId?: string
  },
): Promise<void> {
  const { dedupeKey, to, text, language, secret, phoneChangeId = null } = message
  await sql`select enqueue_text(${municipalityId}::uuid, ${dedupeKey}, ${to}, ${text}, ${secret}, ${language},
    ${phoneChangeId}::uuid)`.execute(trx)
}
