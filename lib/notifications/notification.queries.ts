import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { env } from '#lib/kernel/env.ts'
import type { Language } from '#lib/words/language.ts'
import { ORIGINAL } from '#lib/words/locales.ts'
import { written } from '#lib/words/written.ts'
import type { ChoicesView, DeviceLine, StoredChoices } from './choices.ts'
import type { Inbox } from './inbox.ts'
import { EVENTS, type EventName, isEventName, ruleOf, type Said } from './notification.ts'

const PER_PAGE = 20

/**
 * The viewer's own notifications in one language, newest first; null for a person without a household. Past the last page, the last
 * one. What was told before it was kept in this language stays Italian, marked as written.
 */
export async function inboxOf(
  viewer: Viewer,
  page: number,
  language: Language = 'it',
): Promise<Inbox | null> {
  if (!allowedToFamily(viewer, 'notifications:read')) return null
  return readAsFamily(viewer, async (trx) => {
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
      ...(language === ORIGINAL
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

const NOT_CHOSEN: StoredChoices = {
  choices: {},
  isQuiet: true,
  quietFrom: '21:00',
  quietTo: '07:00',
  lowBalanceMeals: 3,
}

/** What the viewer chose, what there is to choose from, and the devices that receive; null for a person without a household. */
export async function choicesOf(viewer: Viewer): Promise<ChoicesView | null> {
  if (!allowedToFamily(viewer, 'notifications:read')) return null
  const isHolder = allowedToFamily(viewer, 'money:read')
  return readAsFamily(viewer, async (trx) => {
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
      pushKey: env().VAPID_PUBLIC_KEY ?? null,
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
  return rows.map(({ endpoint, ...row }) => ({ ...row, fingerprint: endpointFingerprint(endpoint) }))
}

/** By which a browser recognises itself in the list without the list telling its address. */
const endpointFingerprint = (endpoint: string): string =>
  createHash('sha256').update(endpoint).digest('hex').slice(0, 16)
