import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily, asStaff, type Trx } from '#db/client.ts'
import { allowedToFamily, allowedToStaff } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { pushKeys } from '#lib/kernel/env.ts'
import { maskedAddress } from '#lib/outbox/mail.ts'
import type { RefusedLine, Sending, SendingCounts } from '#lib/outbox/sendings.ts'
import { maskedPhone } from '#lib/people/phone.ts'
import type { Language } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import type { ChoicesView, DeviceLine, StoredChoices } from './choices.ts'
import type { Inbox } from './inbox.ts'
import { EVENTS, type EventName, isEventName, ruleOf, type Said } from './notification.ts'

const PER_PAGE = 20

/**
 * The viewer's own notifications in one language, newest first; null for whoever is in no family. Past the last page, the last
 * one. What was told before it was kept in this language stays Italian, marked as written.
 */
export async function inboxOf(
  viewer: Viewer,
  page: number,
  language: Language = 'it',
): Promise<Inbox | null> {
  if (!allowedToFamily(viewer, 'notifications:read')) return null
  return asFamily(viewer, async (trx) => {
    const { all, unread } = await countsOf(trx, viewer)
    const pages = Math.max(1, Math.ceil(all / PER_PAGE))
    const shown = Math.min(page, pages)
    const rows = await trx
      .selectFrom('notification')
      .select(['id', 'title', 'body as text', 'created_at as at', 'event'])
      .select(sql<Pick<Said, 'title' | 'text'> | null>`translations -> ${language}`.as('translated'))
      .select(sql<boolean>`read_at is not null`.as('isRead'))
      .where('municipality_id', '=', viewer.municipalityId)
      .where('person_id', '=', viewer.personId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(PER_PAGE)
      .offset((shown - 1) * PER_PAGE)
      .execute()
    const items = rows.map(({ event, translated, title, text, ...row }) => ({
      ...row,
      ...(language === 'it'
        ? { title, text }
        : (translated ?? { title: written(title), text: written(text) })),
      event: isEventName(event) ? event : null,
    }))
    return { items, unread, page: shown, pages }
  })
}

async function countsOf(trx: Trx, viewer: Viewer): Promise<{ all: number; unread: number }> {
  const { rows } = await sql<{ all: number; unread: number }>`
    select count(*)::int as all, (count(*) filter (where read_at is null))::int as unread from notification
    where municipality_id = ${viewer.municipalityId} and person_id = ${viewer.personId}`.execute(trx)
  return rows[0] ?? { all: 0, unread: 0 }
}

/** How many notifications wait to be read, for the bell on every page of a family; null for who has no inbox. */
export async function unreadCount(viewer: Viewer): Promise<number | null> {
  if (!allowedToFamily(viewer, 'notifications:read')) return null
  const { rows } = await asFamily(viewer, (trx) =>
    sql<{ n: number }>`select count(*)::int as n from notification
      where municipality_id = ${viewer.municipalityId} and person_id = ${viewer.personId} and read_at is null`.execute(
      trx,
    ),
  )
  return rows[0]?.n ?? 0
}

const NOT_CHOSEN: StoredChoices = {
  choices: {},
  isQuiet: true,
  quietFrom: '21:00',
  quietTo: '07:00',
  lowBalanceMeals: 3,
}

/** What the viewer chose, what there is to choose from, and the devices that receive; null for whoever is in no family. */
export async function choicesOf(viewer: Viewer): Promise<ChoicesView | null> {
  if (!allowedToFamily(viewer, 'notifications:read')) return null
  const isHolder = allowedToFamily(viewer, 'money:read')
  return asFamily(viewer, async (trx) => {
    const [stored, person, devices] = await Promise.all([
      storedChoices(trx, viewer),
      trx
        .selectFrom('person')
        .select(['email', 'refused_email'])
        .where('municipality_id', '=', viewer.municipalityId)
        .where('id', '=', viewer.personId)
        .executeTakeFirstOrThrow(),
      devicesOf(trx, viewer),
    ])
    return {
      stored,
      isHolder,
      events: (Object.keys(EVENTS) as EventName[]).filter(
        (event) => ruleOf(event).isChosen !== false && (isHolder || ruleOf(event).about !== 'money'),
      ),
      email: person.email,
      isEmailRefused: person.email !== null && person.email === person.refused_email,
      devices,
      pushKey: pushKeys()?.publicKey ?? null,
    }
  })
}

async function storedChoices(trx: Trx, viewer: Viewer): Promise<StoredChoices> {
  const { rows } = await sql<StoredChoices>`
    select choices, is_quiet as "isQuiet", to_char(quiet_from, 'HH24:MI') as "quietFrom", to_char(quiet_to, 'HH24:MI') as "quietTo",
      low_balance_meals as "lowBalanceMeals"
    from notification_choice where municipality_id = ${viewer.municipalityId} and person_id = ${viewer.personId}`.execute(
    trx,
  )
  return rows[0] ?? NOT_CHOSEN
}

async function devicesOf(trx: Trx, viewer: Viewer): Promise<DeviceLine[]> {
  const rows = await trx
    .selectFrom('push_subscription')
    .select(['id', 'device_name as name', 'created_at as since', 'last_sent_at as lastSentAt', 'endpoint'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('ended_at', 'is', null)
    .orderBy('created_at')
    .execute()
  return rows.map(({ endpoint, ...row }) => ({ ...row, mark: markOf(endpoint) }))
}

/** By which a browser recognises itself in the list without the list telling its address. */
const markOf = (endpoint: string): string => createHash('sha256').update(endpoint).digest('hex').slice(0, 16)

const SENDINGS_PER_PAGE = 25

/** What the office sent, newest first, with the truth about each: how many wait, left, were refused, are in doubt, were given up. */
export async function sendingsOf(
  viewer: Viewer,
  page: number,
): Promise<{ sendings: Sending[]; page: number; pages: number } | null> {
  if (!allowedToStaff(viewer, 'sendings:manage')) return null
  return asStaff(viewer, async (trx) => {
    const { n } = await trx
      .selectFrom('delivery_batch')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('municipality_id', '=', viewer.municipalityId)
      .executeTakeFirstOrThrow()
    const pages = Math.max(1, Math.ceil(n / SENDINGS_PER_PAGE))
    const shown = Math.min(page, pages)
    const sendings = await readSendings(trx, viewer.municipalityId, {
      limit: SENDINGS_PER_PAGE,
      offset: (shown - 1) * SENDINGS_PER_PAGE,
    })
    return { sendings, page: shown, pages }
  })
}

const NONE: SendingCounts = { waiting: 0, sent: 0, refused: 0, inDoubt: 0, givenUp: 0 }

async function readSendings(
  trx: Trx,
  municipalityId: string,
  which: { limit: number; offset: number } | { id: string },
): Promise<Sending[]> {
  const chosen =
    'id' in which
      ? sql`and b.id = ${which.id}::uuid`
      : sql`order by b.created_at desc, b.id desc limit ${which.limit} offset ${which.offset}`
  const { rows } = await sql<{
    id: string
    event: string
    title: string | null
    at: Date
    told: number
    email: SendingCounts | null
    push: SendingCounts | null
    sms: SendingCounts | null
    retriable: number
  }>`
    select b.id, b.event, b.title, b.created_at as at, o.email, o.push, o.sms, o.retriable,
      (select count(*)::int from notification n where n.municipality_id = b.municipality_id and n.batch_id = b.id) as told
    from (select * from delivery_batch b where b.municipality_id = ${municipalityId} ${chosen}) b
    left join lateral (
      select jsonb_object_agg(channel, counts) -> 'email' as email, jsonb_object_agg(channel, counts) -> 'push' as push, jsonb_object_agg(channel, counts) -> 'sms' as sms,
        coalesce(sum(retriable), 0)::int as retriable
      from (
        select channel, jsonb_build_object(
          'waiting', count(*) filter (where outcome is null), 'sent', count(*) filter (where outcome = 'sent'),
          'refused', count(*) filter (where outcome = 'refused'), 'inDoubt', count(*) filter (where outcome = 'in_doubt'),
          'givenUp', count(*) filter (where outcome = 'given_up')) as counts,
          count(*) filter (where outcome in ('refused', 'given_up') and channel = 'email' and not secret) as retriable
        from outbox where municipality_id = b.municipality_id and batch_id = b.id group by channel
      ) by_channel
    ) o on true
    order by b.created_at desc, b.id desc`.execute(trx)
  return rows.map(({ event, email, push, sms, ...row }) => ({
    ...row,
    label: isEventName(event) ? ruleOf(event).label : 'Inviti, codici e conferme',
    email: email ?? NONE,
    push: push ?? NONE,
    sms: sms ?? NONE,
  }))
}

const MOST_REFUSED = 200

const maskedRecipient = (channel: string, recipient: string): string => {
  if (channel === 'push') return 'un dispositivo'
  return channel === 'sms' ? maskedPhone(recipient) : maskedAddress(recipient)
}

/** One sending with the addresses that did not get it, masked; null when there is none. */
export async function sendingOf(
  viewer: Viewer,
  id: string,
): Promise<{ sending: Sending; refused: RefusedLine[] } | null> {
  if (!allowedToStaff(viewer, 'sendings:manage')) return null
  return asStaff(viewer, async (trx) => {
    const [sending] = await readSendings(trx, viewer.municipalityId, { id })
    if (!sending) return null
    const rows = await trx
      .selectFrom('outbox')
      .select(['id', 'recipient', 'channel', 'outcome', 'last_error', 'attempts'])
      .where('municipality_id', '=', viewer.municipalityId)
      .where('batch_id', '=', id)
      .where('outcome', 'in', ['refused', 'in_doubt', 'given_up'])
      .orderBy('outcome')
      .orderBy('id')
      .limit(MOST_REFUSED)
      .execute()
    return {
      sending,
      refused: rows.map((row) => ({
        id: row.id,
        address: maskedRecipient(row.channel, row.recipient),
        outcome: row.outcome as RefusedLine['outcome'],
        reason: row.last_error ?? '',
        attempts: row.attempts,
      })),
    }
  })
}
