import 'server-only'
import { sql } from 'kysely'
import { asSystem, database, type Trx } from '#db/client.ts'
import { municipalitiesWith } from '#db/due-municipalities.ts'
import { env, hasSms, pushKeys } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { notify } from '#lib/notifications/notification.commands.ts'
import { type Channel, choicesUrl, isEventName, ruleOf } from '#lib/notifications/notification.ts'
import { isPushService } from '#lib/notifications/push-service.ts'
import type { Language } from '#lib/words/language.ts'
import { MailLane } from './mail.adapter.ts'
import { isBadAddress } from './mail.ts'
import { mailHtml } from './mail-html.ts'
import { NotSent } from './not-sent.ts'
import { type PushKeys, sendPush } from './push.adapter.ts'
import { isGone, pushPayload } from './push.ts'
import {
  afterMailFailure,
  afterPushFailure,
  afterSmsFailure,
  type DeliveryOutcome,
  isStaleSms,
  type NextAttempt,
  type SendFailure,
} from './retry.ts'
import { type SmsGateway, sendSms, smsGateway } from './sms.adapter.ts'

/** The channels of the outbox: SMS too, which no person chooses because they carry codes only. */
type Carried = Channel | 'sms'

/** Deliveries that left, wait for another attempt, or ended otherwise. */
export type SendResult = Record<DeliveryOutcome | 'postponed', number>

type Delivery = {
  id: string
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
}

/** How one attempt ended, and what the outbox stores of it. */
type Attempt = { next: NextAttempt; failure?: SendFailure }

/** Sends deliveries one after the other: a connection to the mail server, or a client of the push services. */
type Carrier = { carry(delivery: Delivery): Promise<Attempt>; close(): void }

/** Rows that a carrier claims in one batch: as many as a crash may leave in doubt, for each carrier. */
const BATCH_SIZE = 10
const CARRIERS = 8
/** Longer than the slowest batch: a worker whose lease is older has crashed. */
const LEASE = '5 minutes'
/** A batch that takes longer than this releases its remaining rows: the lease of a row never ends before its turn. */
const PATIENCE_MS = 2 * 60_000

type Options = { limit?: number; isStopping?: () => boolean }

/** Sends the mails that are due, of every municipality, `limit` of each at most. */
export const sendDueMail = (options: Options = {}): Promise<SendResult> =>
  sendDue('email', options, () => {
    const lane = new MailLane(env().SMTP_URL)
    return { carry: (delivery) => carryMail(lane, delivery), close: () => lane.close() }
  })

/** Posts the push messages that are due. Without keys no browser has subscribed. */
export async function sendDuePush(options: Options = {}): Promise<SendResult> {
  const keys = pushKeys()
  if (!keys) return nothing()
  return sendDue('push', options, () => ({
    carry: (delivery) => carryPush(keys, delivery),
    close: () => undefined,
  }))
}

/**
 * Hands the text messages to the gateway. Where none is configured any more, what still waits is given up in its time:
 * it holds codes.
 */
export const sendDueSms = (options: Options = {}): Promise<SendResult> =>
  sendDue('sms', options, () => {
    const open = hasSms() ? smsGateway() : null
    return { carry: (delivery) => carryText(open, delivery), close: () => undefined }
  })

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
  await settle(round, done)
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
          push_subscription_id, email_change_id, phone_change_id
      )
      select o.id, o.recipient, o.subject, o.body_text, o.language, o.attempts, o.person_id, n.event, n.path, o.push_subscription_id,
        extract(epoch from app_now() - o.created_at)::float8 * 1000 as age_ms, m.slug, m.name as municipality,
        s.endpoint, s.p256dh, s.auth, s.ended_at is null as is_open,
        coalesce(e.closed_at, p.closed_at) is not null as is_over
      from claimed o
      join municipality m on m.id = o.municipality_id
      left join notification n on n.municipality_id = o.municipality_id and n.id = o.notification_id
      left join push_subscription s on s.municipality_id = o.municipality_id and s.id = o.push_subscription_id
      left join email_change e on e.municipality_id = o.municipality_id and e.id = o.email_change_id
      left join phone_change p on p.municipality_id = o.municipality_id and p.id = o.phone_change_id`.execute(
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

async function settle(round: Round, done: [Delivery, Attempt][]): Promise<void> {
  const { municipalityId, result } = round
  for (const [, { next }] of done) result[next.kind === 'over' ? next.outcome : 'postponed'] += 1
  const ends = done.map(([{ id }, { next, failure }]) => ({
    id,
    outcome: next.kind === 'over' ? next.outcome : null,
    pauseMs: next.kind === 'over' ? null : next.pauseMs,
    uncounted: next.kind === 'over' || (next.kind === 'later' && next.counts) ? 0 : 1,
    error: failure ? wordsOf(failure) : null,
  }))
  const column = <K extends keyof (typeof ends)[number]>(name: K) => ends.map((end) => end[name])
  await asSystem(municipalityId, async (trx) => {
    await sql`
      update outbox o set
        outcome = e.outcome, sending_since = null, attempts = o.attempts - e.uncounted,
        sent_at = case when e.outcome = 'sent' then app_now() end,
        due_at = app_now() + e.pause_ms * interval '1 millisecond',
        last_error = coalesce(e.error, case when e.outcome = 'sent' then null else o.last_error end),
        body_text = case when o.secret and e.outcome is not null then '' else o.body_text end
      from unnest(${column('id')}::uuid[], ${column('outcome')}::text[], ${column('pauseMs')}::int[],
        ${column('uncounted')}::int[], ${column('error')}::text[]) as e (id, outcome, pause_ms, uncounted, error)
      where o.municipality_id = ${municipalityId} and o.id = e.id`.execute(trx)
    for (const [delivery, { failure }] of done) {
      if (failure && isBadAddress(failure)) await markAddress(trx, municipalityId, delivery)
      if (failure && delivery.push_subscription_id && isGone(failure))
        await endSubscription(trx, municipalityId, delivery.push_subscription_id)
    }
    if (round.channel === 'sms') await markUndelivered(trx, municipalityId, done)
    const pushed = done.filter(([, { next }]) => next.kind === 'over' && next.outcome === 'sent')
    await markUsed(trx, municipalityId, pushed)
  })
}

const wordsOf = ({ code, command, responseCode, response }: SendFailure): string =>
  [code, command, responseCode, response && /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0]]
    .filter(Boolean)
    .join(' ') || 'no answer'

/** The address of this person refuses for good: the portal says so, and writes there no more. */
async function markAddress(
  trx: Trx,
  municipalityId: string,
  { person_id: personId, recipient }: Delivery,
): Promise<void> {
  if (!personId) return
  const marked = await trx
    .updateTable('person')
    .set({ refused_email: recipient })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', personId)
    .where('email', '=', recipient)
    .where(sql<boolean>`refused_email is distinct from ${recipient}`)
    .returning('id')
    .executeTakeFirst()
  if (!marked) return
  await notify(trx, municipalityId, {
    event: 'contact:refused',
    key: `contact-refused:${personId}:${recipient}`,
    to: [personId],
    say: (t) => ({
      title: t('La tua e-mail non riceve i nostri messaggi'),
      text: t(
        'Il suo server li rifiuta: forse l’indirizzo è scritto male o non esiste più. Finché non lo cambi, i messaggi li trovi solo qui.',
      ),
    }),
    path: '/profilo',
  })
}

const endSubscription = (trx: Trx, municipalityId: string, id: string) =>
  trx
    .updateTable('push_subscription')
    .set({ ended_at: sql<Date>`app_now()`, end_reason: 'gone' })
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()

/** Marks codes that certainly did not leave: the person reads it beside the number. */
async function markUndelivered(
  trx: Trx,
  municipalityId: string,
  done: readonly [Delivery, Attempt][],
): Promise<void> {
  const ids = done.flatMap(([{ id }, { next }]) =>
    next.kind === 'over' && (next.outcome === 'refused' || next.outcome === 'given_up') ? [id] : [],
  )
  if (ids.length === 0) return
  await sql`
    update phone_change c set undelivered_at = app_now()
    from outbox o
    where o.municipality_id = ${municipalityId} and o.id = any(${ids}::uuid[])
      and c.municipality_id = o.municipality_id and c.id = o.phone_change_id`.execute(trx)
}

async function markUsed(trx: Trx, municipalityId: string, sent: [Delivery, Attempt][]): Promise<void> {
  const ids = sent.flatMap(([{ push_subscription_id: id }]) => (id ? [id] : []))
  if (ids.length === 0) return
  await trx
    .updateTable('push_subscription')
    .set({ last_sent_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('id', 'in', ids)
    .execute()
}

async function carryMail(lane: MailLane, delivery: Delivery): Promise<Attempt> {
  const { id, recipient, subject, body_text: text, language } = delivery
  try {
    await lane.send({
      from: env().MAIL_FROM,
      to: recipient,
      subject,
      text,
      html: mailHtml({ subject, text, language }),
      messageId: `<${id}@${new URL(env().PUBLIC_ORIGIN).hostname}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        'Content-Language': language,
        ...unsubscribeHeader(delivery),
      },
    })
    return { next: { kind: 'over', outcome: 'sent' } }
  } catch (error) {
    if (!(error instanceof NotSent)) throw error
    const { failure } = error
    return {
      failure,
      next: afterMailFailure(failure, { attempts: delivery.attempts, ageMs: delivery.age_ms }),
    }
  }
}

/** The address of the choices, in a mail that a person may choose not to get; a security notice has none. */
function unsubscribeHeader({ event, slug, municipality }: Delivery): Record<string, string> {
  if (!event || !isEventName(event) || ruleOf(event).mail !== 'choice') return {}
  return { 'List-Unsubscribe': `<${choicesUrl({ slug, name: municipality, origin: env().PUBLIC_ORIGIN })}>` }
}

async function carryPush(keys: PushKeys, delivery: Delivery): Promise<Attempt> {
  const { id, endpoint, p256dh, auth, slug, path, event } = delivery
  if (!endpoint || !p256dh || !auth || !delivery.is_open)
    return refusedPush({ message: 'the device was taken away', code: 'EREVOKED' })
  if (!isPushService(endpoint, env().PUSH_SERVICES))
    return refusedPush({ message: 'not a push service that we know', code: 'ESERVICE' })
  const url = `${env().PUBLIC_ORIGIN}/${slug}${path ?? '/notifiche'}`
  const { subject: title, body_text: text, language } = delivery
  const payload = pushPayload({ title, text, language, url, tag: id })
  const urgent = event !== null && isEventName(event) && ruleOf(event).urgent
  try {
    await sendPush({ endpoint, p256dh, auth }, payload, { keys, urgent })
    return { next: { kind: 'over', outcome: 'sent' } }
  } catch (error) {
    if (!(error instanceof NotSent)) return refusedPush({ message: String(error), code: 'EKEYS' })
    const { failure } = error
    return {
      failure,
      next: afterPushFailure(failure, { attempts: delivery.attempts, ageMs: delivery.age_ms }),
    }
  }
}

async function carryText(open: SmsGateway | null, delivery: Delivery): Promise<Attempt> {
  const { id, recipient, body_text: text, attempts, age_ms: ageMs } = delivery
  if (isStaleSms(ageMs))
    return { failure: { message: 'too late', code: 'ESTALE' }, next: { kind: 'over', outcome: 'given_up' } }
  try {
    if (!open) throw new NotSent({ message: 'no gateway is configured', code: 'ENOGATEWAY' })
    await sendSms(open, { id, to: recipient, text })
    return { next: { kind: 'over', outcome: 'sent' } }
  } catch (error) {
    if (!(error instanceof NotSent)) throw error
    const { failure } = error
    return { failure, next: afterSmsFailure(failure, { attempts, ageMs }) }
  }
}

const refusedPush = (failure: SendFailure): Attempt => ({
  failure,
  next: { kind: 'over', outcome: 'refused' },
})

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
