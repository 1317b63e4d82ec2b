import 'server-only'
import { sql } from 'kysely'
import { asSystem, database } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { pushKeys } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { mailCarrier, pushCarrier, smsCarrier } from './carrier.adapter.ts'
import type { Attempt, Carried, Carrier, Delivery, MailFile, SheetFiles } from './delivery.ts'
import { settle } from './outcome.commands.ts'
import type { DeliveryOutcome, NextAttempt } from './retry.ts'

/** Deliveries that left, wait for another attempt, or ended otherwise. */
export type SendResult = Record<DeliveryOutcome | 'postponed', number>

/** Rows that a carrier claims in one batch: as many as a crash may leave in doubt, for each carrier. */
const BATCH_SIZE = 10
const CARRIERS = 8
/** Longer than the slowest batch: a worker whose lease is older has crashed. */
const LEASE = '5 minutes'
/** A batch that takes longer than this releases its remaining rows: the lease of a row never ends before its turn. */
const PATIENCE_MS = 2 * 60_000

type Options = { limit?: number; isStopping?: () => boolean }

/**
 * Sends the mails that are due, of every municipality, `limit` of each at most.
 * @param options.filesOf draws the sheets of kitchens, which leave with their mails
 */
export const sendDueMail = ({
  filesOf = async () => [],
  ...options
}: Options & { filesOf?: SheetFiles } = {}): Promise<SendResult> =>
  sendDue('email', options, () => mailCarrier((delivery) => filesBeside(delivery, filesOf)))

/** The text of the mail says everything too: a sheet that cannot be drawn must not keep it from the kitchen. */
async function filesBeside(
  { id, municipality_id: municipalityId, count_sheet_id: sheet }: Delivery,
  filesOf: SheetFiles,
): Promise<MailFile[]> {
  if (sheet === null) return []
  try {
    return await filesOf(municipalityId, sheet)
  } catch (error) {
    log().error({ message: id, err: error }, 'outbox: files of a mail were not made, it leaves without them')
    return []
  }
}

/** Posts the push messages that are due. Without keys no browser has subscribed. */
export async function sendDuePush(options: Options = {}): Promise<SendResult> {
  const keys = pushKeys()
  if (!keys) return nothing()
  return sendDue('push', options, () => pushCarrier(keys))
}

/**
 * Hands the text messages to the gateway. Where none is configured any more, what still waits is given up in its time:
 * it holds codes.
 */
export const sendDueSms = (options: Options = {}): Promise<SendResult> => sendDue('sms', options, smsCarrier)

const nothing = (): SendResult => ({ sent: 0, refused: 0, in_doubt: 0, given_up: 0, postponed: 0 })

/**
 * Each row is claimed by one carrier of one worker, and marked as being sent before anything leaves: it is sent at most once.
 * A message that a crash or a broken connection left in doubt is not retried.
 */
async function sendDue(
  channel: Carried,
  { limit = 1_000, isStopping = () => false }: Options,
  newCarrier: () => Carrier,
): Promise<SendResult> {
  const result = nothing()
  const carriers: Carrier[] = []
  const carrier = (index: number): Carrier => {
    carriers[index] ??= newCarrier()
    return carriers[index]
  }
  try {
    for (const id of await municipalitiesWith(sql`municipalities_with_due_messages(${channel})`)) {
      const round: Round = {
        municipalityId: id,
        channel,
        left: limit,
        isStopping,
        isUnreachable: false,
        result,
      }
      result.in_doubt += await leaveInDoubt(id, channel)
      // The first batch shows whether there is work for more carriers.
      if (await carryBatch(round, carrier(0))) {
        await Promise.all(Array.from({ length: CARRIERS }, (_, index) => keepCarrying(round, carrier(index))))
      }
    }
  } finally {
    for (const one of carriers) one?.close()
  }
  return result
}

type Round = {
  municipalityId: string
  channel: Carried
  left: number
  isStopping: () => boolean
  isUnreachable: boolean
  result: SendResult
}

async function keepCarrying(round: Round, carrier: Carrier): Promise<void> {
  while (await carryBatch(round, carrier));
}

/** @returns whether there may be more to do */
async function carryBatch(round: Round, carrier: Carrier): Promise<boolean> {
  if (round.left <= 0 || round.isUnreachable || round.isStopping()) return false
  const most = Math.min(BATCH_SIZE, round.left)
  round.left -= most
  const deliveries = await claim(round.municipalityId, round.channel, most)
  if (deliveries.length === 0) return false
  const startedAt = performance.now()
  const done: [Delivery, Attempt][] = []
  for (const delivery of deliveries) {
    const isLate = performance.now() - startedAt > PATIENCE_MS
    if (round.isUnreachable || isLate || round.isStopping()) {
      done.push([delivery, { next: putBack(round) }])
      continue
    }
    const attempt = delivery.is_over ? CODE_REPLACED : await carrier.carry(delivery)
    if (attempt.next.kind === 'unreachable') stopClaiming(round, attempt)
    done.push([delivery, attempt])
  }
  for (const [, { next }] of done) round.result[next.kind === 'over' ? next.outcome : 'postponed'] += 1
  await settle(round.municipalityId, round.channel, done)
  return deliveries.length === most
}

/** Releases a row that was not tried; it waits with the others where the server is unreachable. */
const putBack = ({ isUnreachable }: Round): NextAttempt => ({
  kind: 'later',
  pauseMs: isUnreachable ? 60_000 : 0,
  counts: false,
})

/** A replaced code is not sent: two codes on one screen make people type the wrong one. */
const CODE_REPLACED: Attempt = {
  failure: { message: 'the code is not valid any more', code: 'EREPLACED' },
  next: { kind: 'over', outcome: 'given_up' },
}

function stopClaiming(round: Round, { failure }: Attempt): void {
  round.isUnreachable = true
  const { code, command, responseCode } = failure ?? {}
  log().warn(
    { channel: round.channel, code, command, responseCode },
    'outbox: worker stops claiming messages, server unreachable',
  )
}

/** `= any (array(…))` and not `in (…)`: a sub-select that locks must run once, and a join may run it once per row. */
function claim(municipalityId: string, channel: Carried, most: number): Promise<Delivery[]> {
  return asSystem(municipalityId, async (trx) => {
    const { rows } = await sql<Delivery>`
      with claimed as (
        update outbox set due_at = app_now() + ${LEASE}::interval, sending_since = app_now(), attempts = attempts + 1
        where municipality_id = ${municipalityId} and id = any (array(
          select id from outbox
          where municipality_id = ${municipalityId} and channel = ${channel} and due_at <= app_now() and sending_since is null
          order by due_at limit ${most} for update skip locked))
        returning id, municipality_id, recipient, subject, body_text, language, attempts, person_id, created_at, notification_id,
          push_subscription_id, email_change_id, phone_change_id, count_sheet_id
      )
      select o.id, o.municipality_id, o.count_sheet_id, o.recipient, o.subject, o.body_text, o.language, o.attempts, o.person_id, n.event, n.path, o.push_subscription_id,
        extract(epoch from app_now() - o.created_at)::float8 * 1000 as age_ms, m.slug, m.name as municipality,
        s.endpoint, s.p256dh, s.auth, s.ended_at is null as is_open,
        coalesce(e.closed_at, p.closed_at) is not null as is_over
      from claimed o
      join municipality m on m.id = o.municipality_id
      left join notification n on n.municipality_id = ${municipalityId} and n.id = o.notification_id
      left join push_subscription s on s.municipality_id = ${municipalityId} and s.id = o.push_subscription_id
      left join email_change e on e.municipality_id = ${municipalityId} and e.id = o.email_change_id
      left join phone_change p on p.municipality_id = ${municipalityId} and p.id = o.phone_change_id`.execute(
      trx,
    )
    return rows
  })
}

/** Marks rows whose worker crashed after claiming them: their messages may have left. */
async function leaveInDoubt(municipalityId: string, channel: Carried): Promise<number> {
  const interrupted = await asSystem(municipalityId, (trx) =>
    trx
      .updateTable('outbox')
      .set({
        due_at: null,
        outcome: 'in_doubt',
        last_error: 'interrupted while sending: it may have gone',
        body_text: sql<string>`case when secret then '' else body_text end`,
      })
      .where('municipality_id', '=', municipalityId)
      .where('channel', '=', channel)
      .where('due_at', '<=', sql<Date>`app_now()`)
      .where('sending_since', 'is not', null)
      .returning('id')
      .execute(),
  )
  return interrupted.length
}

const PURGE = 5_000

/**
 * Deletes messages older than twelve months, some at a time. The database alone decides what is old enough.
 * @returns how many rows went
 */
export async function purgeNotifications(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_notifications(${PURGE}) as gone`.execute(
    database(),
  )
  return rows[0]?.gone ?? 0
}
