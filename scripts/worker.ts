import { setTimeout as pause } from 'node:timers/promises'
import { closeDatabase } from '#db/client.ts'
import { keepSchoolYears } from '#db/school-years.ts'
import { purgeRegisters } from '#lib/audit/audit.commands.ts'
import { publishDueCommunications } from '#lib/communications/office/publication.commands.ts'
import { tellUrgentWork, tellWorkOfTheDay } from '#lib/desk/work-notice.commands.ts'
import { purgeDevices } from '#lib/devices/device.commands.ts'
import { tellEndingDiets } from '#lib/diets/diet-end.commands.ts'
import { purgeFeeds } from '#lib/feeds/feed.commands.ts'
import { forgetForms } from '#lib/forms/form-retention.commands.ts'
import { advanceBatches } from '#lib/forms/office/batch.commands.ts'
import { watchInstallation } from '#lib/health/alert.commands.ts'
import { beat, purgeHeartbeats } from '#lib/health/heartbeat.commands.ts'
import { revokeDueTokens } from '#lib/identity/token-revocation.commands.ts'
import { purgeImports, runDueImports } from '#lib/imports/office/due-import.commands.ts'
import { completeHeldInvoices } from '#lib/invoices/invoice.commands.ts'
import { envAs } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { chargeClosedDays } from '#lib/kitchen/charge.commands.ts'
import { dayCounter } from '#lib/kitchen/close.commands.ts'
import { sendCounts } from '#lib/kitchen/count-mail.commands.ts'
import { sheetFiles } from '#lib/kitchen/count-sheet.queries.ts'
import { purgeOvertakenChanges } from '#lib/meals/meal-change.commands.ts'
import { tellMealChanges } from '#lib/meals/meal-notice.commands.ts'
import { purgeRatings } from '#lib/menus/rating.commands.ts'
import { purgeNotifications, sendDueMail, sendDuePush, sendDueSms } from '#lib/outbox/due-message.commands.ts'
import { pollDueTopUps } from '#lib/payments/settlement.commands.ts'
import { tellDaysOfRoles } from '#lib/people/office/role-notice.commands.ts'
import { purgePhoneChanges } from '#lib/people/phone.commands.ts'
import {
  announceOpenQuestionnaires,
  settleQuestionnaires,
} from '#lib/questionnaires/announcement.commands.ts'
import { runDueRollovers } from '#lib/school/office/rollover-work.commands.ts'
import { forgetExpired } from '#lib/session/session.commands.ts'
import { warmCatalogues } from '#lib/words/catalogues.adapter.ts'
import { untilRuntimeIsGood } from './lib/runtime-check.ts'
import { logEverything } from './lib/service-log.ts'

/**
 * Work that falls due. A duty looks for rows whose moment has come, does some of it, and returns how much it did.
 * It must be safe to run twice, late, or beside itself in another worker: its effects sit behind unique keys.
 */
type Duty = {
  name: string
  run: (isStopping: () => boolean) => Promise<number>
  /** How long to wait when there is nothing to do; one second by default. */
  restMs?: number
}

/** The kitchen waits for the count, and the count for its charge: a look costs one read of an index. */
const SOON_MS = 200

const workerBeat = async (): Promise<number> => {
  await beat('worker')
  return 0
}

export const DUTIES: readonly Duty[] = [
  { name: 'write heartbeat', run: workerBeat, restMs: 20_000 },
  { name: 'watch the installation', run: () => watchInstallation('worker'), restMs: 60_000 },
  { name: 'forget old heartbeats', run: purgeHeartbeats, restMs: 60 * 60_000 },
  { name: 'keep school years', run: keepSchoolYears, restMs: 60 * 60_000 },
  { name: 'close service days', run: dayCounter(), restMs: SOON_MS },
  { name: 'charge closed days', run: chargeClosedDays, restMs: SOON_MS },
  { name: 'send counts', run: sendCounts },
  { name: 'tell changes of meals', run: tellMealChanges },
  { name: 'tell ending diets', run: tellEndingDiets, restMs: 10 * 60_000 },
  { name: 'tell urgent work', run: tellUrgentWork, restMs: 10_000 },
  { name: 'tell work of the day', run: tellWorkOfTheDay, restMs: 60_000 },
  { name: 'tell days of roles', run: tellDaysOfRoles, restMs: 10 * 60_000 },
  { name: 'decide batches of requests', run: advanceBatches },
  { name: 'work on imports', run: runDueImports },
  { name: 'take pupils to the next year', run: () => runDueRollovers() },
  { name: 'publish communications', run: publishDueCommunications },
  { name: 'check payments', run: async () => (await pollDueTopUps()).checked },
  { name: 'complete invoices', run: completeHeldInvoices, restMs: 30_000 },
  { name: 'revoke tokens', run: revokeDueTokens },
  { name: 'forget what expired', run: forgetExpired },
  {
    name: 'send mail',
    run: async (isStopping) => (await sendDueMail({ isStopping, filesOf: sheetFiles })).sent,
  },
  { name: 'send push', run: async (isStopping) => (await sendDuePush({ isStopping })).sent },
  { name: 'send texts', run: async (isStopping) => (await sendDueSms({ isStopping })).sent },
  { name: 'forget old notifications', run: purgeNotifications, restMs: 10 * 60_000 },
  { name: 'forget old forms', run: forgetForms, restMs: 60 * 60_000 },
  { name: 'announce questionnaires', run: announceOpenQuestionnaires, restMs: 5_000 },
  { name: 'settle questionnaires', run: settleQuestionnaires, restMs: 60_000 },
  { name: 'forget old imports', run: purgeImports, restMs: 60 * 60_000 },
  { name: 'forget old registers', run: purgeRegisters, restMs: 10 * 60_000 },
  { name: 'forget old numbers', run: purgePhoneChanges, restMs: 10 * 60_000 },
  { name: 'forget old devices', run: purgeDevices, restMs: 10 * 60_000 },
  { name: 'forget old ratings', run: purgeRatings, restMs: 10 * 60_000 },
  { name: 'forget overtaken changes', run: purgeOvertakenChanges, restMs: 10 * 60_000 },
  { name: 'forget revoked calendars', run: purgeFeeds, restMs: 10 * 60_000 },
]

const TICK_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/** Runs a duty until told to stop: again without a pause while there is work, every second when there is none, backing off while it fails. */
async function keepDoing(duty: Duty, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    let waitMs = duty.restMs ?? TICK_MS
    try {
      const done = await duty.run(() => signal.aborted)
      if (done > 0) {
        log().info({ duty: duty.name, done }, 'worker: duty done')
        waitMs = 0
      }
      failures = 0
    } catch (error) {
      failures += 1
      waitMs = Math.min(TICK_MS * 2 ** failures, LONGEST_PAUSE_MS)
      log().error({ duty: duty.name, failures, err: error }, 'worker: duty failed')
    }
    if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined)
  }
}

/** The worker process: ends, after the work in hand, at SIGTERM or SIGINT. */
export async function main(): Promise<undefined> {
  logEverything('worker')
  const { DATABASE_WEB_URL } = envAs('worker')
  warmCatalogues()
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort())
  await untilRuntimeIsGood(DATABASE_WEB_URL, stopping.signal, (words) =>
    log().error({ words }, 'worker: could not check the database, and waits for it'),
  )
  process.send?.('ready')
  log().info({ duties: DUTIES.map((duty) => duty.name) }, 'worker: started')
  const idle = new Promise<void>((resolve) => {
    const keepRunning = setInterval(() => undefined, LONGEST_PAUSE_MS)
    stopping.signal.addEventListener('abort', () => {
      clearInterval(keepRunning)
      resolve()
    })
  })
  await Promise.all([idle, ...DUTIES.map((duty) => keepDoing(duty, stopping.signal))])
  await closeDatabase()
  log().info('worker: stopped')
  process.channel?.unref()
}
