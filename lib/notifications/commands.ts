import 'server-only'
import { sql } from 'kysely'
import { createTransport, type Transporter } from 'nodemailer'
import { asSystem, database, type Trx } from '#db/client.ts'
import { env } from '#lib/env.ts'
import { type MailFailure, type MailText, mayRetry, pauseAfter } from './mail.ts'
import { letterOf, lockScreenOf, ruleOf, type Told } from './notification.ts'

/** People told in one statement: a whole town stays within the time-out of a statement. */
const AT_ONCE = 5_000

/**
 * Tells people something, in the transaction of what it tells: a row in each one's inbox and, by each one's choices and
 * quiet hours, the e-mail and push deliveries. The same key reaches the same person once, however often it is told.
 * @returns how many people were told now
 */
export async function notify(trx: Trx, municipalityId: string, told: Told): Promise<number> {
  const people = [...new Set(told.to)].sort()
  if (people.length === 0) return 0
  const message = JSON.stringify(await messageOf(trx, municipalityId, told))
  let count = 0
  for (let from = 0; from < people.length; from += AT_ONCE) {
    const { rows } = await sql<{ told: number }>`
      select notify_people(${municipalityId}::uuid, ${people.slice(from, from + AT_ONCE)}::uuid[], ${message}::jsonb) as told`.execute(
      trx,
    )
    count += rows[0]?.told ?? 0
  }
  return count
}

/** What the database needs to know of a notification, and nothing about who gets it. */
async function messageOf(trx: Trx, municipalityId: string, told: Told) {
  const { rows } = await sql<{ name: string; slug: string; today: string }>`
    select name, slug, app_today() as today from municipality where id = ${municipalityId}`.execute(trx)
  const town = rows[0] as { name: string; slug: string; today: string }
  const rule = ruleOf(told.event)
  const letter = letterOf(told, { ...town, origin: env().PUBLIC_ORIGIN })
  const push = lockScreenOf(told)
  return {
    event: told.event,
    key: told.key,
    title: told.title,
    text: told.text,
    path: told.path,
    money: rule.about === 'money',
    urgent: told.urgent ?? rule.urgent,
    mail: rule.defaults.email,
    mailAlways: rule.mailAlways ?? false,
    push: rule.defaults.push,
    greets: told.letter === undefined,
    mailSubject: letter.subject,
    mailText: letter.text,
    pushTitle: push.title,
    pushText: push.text,
    batch: rule.toMany
      ? { key: told.key, event: told.event, title: told.title }
      : { key: `${told.event}:${town.today}`, event: told.event },
  }
}

/**
 * Everybody who has a role now for one of these pupils, holders and delegates. A family asks about its own pupils only.
 * @returns ids of `person`
 */
export async function peopleOfPupils(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select people_of_pupils(${municipalityId}::uuid, ${[...pupilIds]}::uuid[]) as id`.execute(trx)
  return rows.map(({ id }) => id)
}

/**
 * Puts a message in the outbox, in the transaction of what it tells; the same key a second time changes nothing.
 * @param mail.secret the text opens something: it is not kept once the message has gone
 */
export async function enqueueMail(
  trx: Trx,
  municipalityId: string,
  mail: MailText & { dedupeKey: string; to: string; secret?: boolean },
): Promise<void> {
  const { dedupeKey, to, subject, text, secret = false } = mail
  await sql`select enqueue_mail(${municipalityId}::uuid, ${dedupeKey}, ${to}, ${subject}, ${text}, ${secret})`.execute(
    trx,
  )
}

type Message = { id: string; recipient: string; subject: string; body_text: string; attempts: number }

export type SendingResult = { sent: number; postponed: number; givenUp: number }

/**
 * Sends the messages whose time has come, of every municipality, `limit` of each at most. Each row goes to one worker; a row is sent at most once:
 * what a crash or a broken connection left in doubt is given up, not repeated.
 */
export async function sendDueMail(limit = 20): Promise<SendingResult> {
  const result: SendingResult = { sent: 0, postponed: 0, givenUp: 0 }
  const towns = await database().selectFrom('municipality').select('id').where('active', '=', true).execute()
  const transport = createTransport(env().SMTP_URL, TIMEOUTS)
  try {
    for (const { id } of towns) {
      result.givenUp += await giveUpInterrupted(id)
      for (let count = 0; count < limit; count += 1) {
        const message = await claimNext(id)
        if (!message) break
        result[await send(transport, id, message)] += 1
      }
    }
  } finally {
    transport.close()
  }
  return result
}

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/** Longer than the slowest exchange with a mail server: whoever claimed a row before that is dead. */
const LEASE = '5 minutes'

/**
 * One at a time, so that a slow mail server never outlasts the lease of a message that still waits its turn.
 * `= any (array(…))` and not `in (…)`: a sub-select that locks must run once, and a join may run it once per row.
 */
const claimNext = (municipalityId: string): Promise<Message | undefined> =>
  asSystem(municipalityId, (trx) => {
    const next = trx
      .selectFrom('outbox')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .where('channel', '=', 'email')
      .where('due_at', '<=', sql<Date>`app_now()`)
      .where('sending_since', 'is', null)
      .orderBy('due_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
    return trx
      .updateTable('outbox')
      .set({
        due_at: sql<Date>`app_now() + ${LEASE}::interval`,
        sending_since: sql<Date>`app_now()`,
        attempts: sql<number>`attempts + 1`,
      })
      .where('municipality_id', '=', municipalityId)
      .where(sql<boolean>`id = any (array(${next}))`)
      .returning(['id', 'recipient', 'subject', 'body_text', 'attempts'])
      .executeTakeFirst()
  })

async function giveUpInterrupted(municipalityId: string): Promise<number> {
  const interrupted = await asSystem(municipalityId, (trx) =>
    trx
      .updateTable('outbox')
      .set({ due_at: null, last_error: 'interrupted while sending: it may have gone' })
      .where('municipality_id', '=', municipalityId)
      .where('due_at', '<=', sql<Date>`app_now()`)
      .where('sending_since', 'is not', null)
      .returning('id')
      .execute(),
  )
  return interrupted.length
}

async function send(
  transport: Transporter,
  municipalityId: string,
  message: Message,
): Promise<keyof SendingResult> {
  try {
    await transport.sendMail({
      from: env().MAIL_FROM,
      to: message.recipient,
      subject: message.subject,
      text: message.body_text,
      messageId: `<${message.id}@${new URL(env().PUBLIC_ORIGIN).hostname}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  } catch (error) {
    return postpone(municipalityId, message, error as MailFailure)
  }
  await asSystem(municipalityId, (trx) =>
    trx
      .updateTable('outbox')
      .set({
        sent_at: sql<Date>`app_now()`,
        due_at: null,
        sending_since: null,
        last_error: null,
        body_text: sql<string>`case when secret then '' else body_text end`,
      })
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', message.id)
      .execute(),
  )
  return 'sent'
}

async function postpone(
  municipalityId: string,
  message: Message,
  failure: MailFailure,
): Promise<'postponed' | 'givenUp'> {
  const pauseMs = mayRetry(failure) ? pauseAfter(message.attempts) : null
  await asSystem(municipalityId, (trx) =>
    trx
      .updateTable('outbox')
      .set({
        due_at: pauseMs === null ? null : sql<Date>`app_now() + ${`${pauseMs} milliseconds`}::interval`,
        sending_since: null,
        ...(pauseMs === null ? { body_text: sql<string>`case when secret then '' else body_text end` } : {}),
        last_error: [failure.code, failure.command, failure.responseCode].filter(Boolean).join(' '),
      })
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', message.id)
      .execute(),
  )
  return pauseMs === null ? 'givenUp' : 'postponed'
}
