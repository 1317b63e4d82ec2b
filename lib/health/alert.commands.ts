import 'server-only'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import { env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { MailLane } from '#lib/outbox/mail.adapter.ts'
import { type InstallationFacts, type Judged, judgeInstallation, type Watcher } from './alert.ts'
import { alertLetter } from './alert.words.ts'

/** Sends the mail about something that is wrong, or over; nothing where the operator has named no address. */
export async function sendAlert(judged: Judged): Promise<void> {
  const { ALERTS_TO: to, ALERTS_SMTP_URL: smtpUrl, MAIL_FROM: from, PUBLIC_ORIGIN } = env()
  if (!to || !smtpUrl) return
  const lane = new MailLane(smtpUrl)
  try {
    const headers = { 'Auto-Submitted': 'auto-generated' }
    await lane.send({ from, to, ...alertLetter(judged, PUBLIC_ORIGIN), headers })
  } finally {
    lane.close()
  }
}

/**
 * Looks at the whole installation and tells the operator what is wrong, and what is over. Any process may look, at any time: of
 * those that look together one tells.
 * @returns how many mails left
 */
export async function watchInstallation(watcher: Watcher): Promise<number> {
  if (!env().ALERTS_TO) return 0
  let told = 0
  for (const judged of judgeInstallation(await factsNow(), watcher)) {
    if (await tellOperator(judged)) told += 1
  }
  return told
}

async function factsNow(): Promise<InstallationFacts> {
  const { rows } = await sql<InstallationFacts>`
    select worker_seconds as "workerSeconds", web_seconds as "webSeconds", days_open as "daysOpen", charges_late as "chargesLate",
      messages_late as "messagesLate", payments_late as "paymentsLate", is_archive_failing as "isArchiveFailing"
    from installation_facts()`.execute(database())
  return rows[0] as InstallationFacts
}

/** Tells the operator, unless it was told within the hour or there is nothing to say. @returns whether a mail left */
export async function tellOperator(judged: Judged): Promise<boolean> {
  const { kind, isWrong } = judged
  if (!(await (isWrong ? claimAlert(kind) : claimRecovery(kind)))) return false
  try {
    await sendAlert(judged)
  } catch (error) {
    await giveBack(kind)
    throw error
  }
  log().warn({ kind, isWrong }, 'health: told the operator by mail')
  return true
}

/** @returns whether it is this process that tells it now */
async function claimAlert(kind: string): Promise<boolean> {
  const { rows } = await sql<{ claimed: boolean }>`
    insert into alert as a (kind) values (${kind})
    on conflict (kind) do update set told_at = excluded.told_at, is_open = true,
      raised_at = case when a.is_open then a.raised_at else excluded.raised_at end
    where a.told_at < clock_timestamp() - interval '1 hour'
    returning true as claimed`.execute(database())
  return rows.length > 0
}

async function claimRecovery(kind: string): Promise<boolean> {
  const { rows } = await sql<{ claimed: boolean }>`
    update alert set is_open = false where kind = ${kind} and is_open returning true as claimed`.execute(
    database(),
  )
  return rows.length > 0
}

/** The mail did not leave: the next look tells it. */
async function giveBack(kind: string): Promise<void> {
  await sql`update alert set is_open = true, told_at = '-infinity' where kind = ${kind}`.execute(database())
}
