import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { env } from '#lib/env.ts'
import type { MailText } from './mail.ts'
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
    mail: rule.mail !== 'never' && rule.defaults.email,
    mailAlways: rule.mail === 'always',
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
