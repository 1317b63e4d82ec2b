import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { readListState } from '#lib/lists/list.address.ts'
import { type ListSource, linesMatching, type ReadingWay, readListPage } from '#lib/lists/list.queries.ts'
import {
  type DownloadedList,
  filtersUsed,
  type ListRow,
  type ListState,
  listFor,
  type OfficeList,
  type OpenedList,
} from '#lib/lists/list.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { RECIPIENT_LIST, RECIPIENTS_WITHOUT_CONFIRMING } from './recipient.list.ts'

/** A recipient is a person in a household: the two together name the line. */
const LINE_ID = sql`p.household_id::text || p.person_id::text`

/** The recipients of such lines, each found by its key. */
const recipientsById = (municipalityId: string, communicationId: string, ids: readonly string[]) => sql`
  unnest(${[...ids]}::text[]) line (id) cross join lateral (
    select r.municipality_id, r.household_id, r.person_id, r.communication_id, r.role, r.had_email
    from communication_recipient_person r where r.municipality_id = ${municipalityId} and r.communication_id = ${communicationId}::uuid
      and r.household_id = left(line.id, 36)::uuid and r.person_id = right(line.id, 36)::uuid offset 0) p`

/** The communication of a list: what is out, and whether it asks to be confirmed. */
type Published = { id: string; version: number; asks: boolean }

async function publishedOf(trx: Trx, municipalityId: string, id: string): Promise<Published | null> {
  const { rows } = await sql<Published>`
    select c.id, c.published_version as version, v.acknowledgement <> 'none' as asks
    from communication c
    join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id and v.number = c.published_version
    where c.municipality_id = ${municipalityId} and c.id = ${id}::uuid`.execute(trx)
  return rows[0] ?? null
}

const RECIPIENT_ROLES = { holder: 'intestatario', delegate: 'delegato' } as const

/** Whether a search has letters enough to be looked up. */
async function isLookedUp(trx: Trx, municipalityId: string, typed: string): Promise<boolean> {
  const { rows } = await sql<{ isLookedUp: boolean }>`
    select cardinality(typed_grams(${municipalityId}::uuid, ${typed})) > 0 as "isLookedUp"`.execute(trx)
  return rows[0]?.isLookedUp === true
}

/** How the recipients of what is out are read, for one search. */
export async function recipientSource(
  trx: Trx,
  municipalityId: string,
  { id, version }: Published,
  { filters: { cerca = '' } }: Pick<ListState, 'filters'>,
): Promise<ListSource> {
  const named = (await isLookedUp(trx, municipalityId, cerca))
    ? sql`from (select n.household_id, n.person_id, n.had_email, n.list_key from recipients_named(${id}::uuid, ${cerca}::text) n
        order by n.list_key, n.household_id::text || n.person_id::text offset 0) p where true`
    : null
  const ofHousehold = sql`(select h.list_key from household h where h.municipality_id = ${municipalityId} and h.id = p.household_id)`
  const ofPerson = (column: RawBuilder<unknown>) =>
    sql`(select ${column} from person n where n.municipality_id = ${municipalityId} and n.id = p.person_id)`
  const readAt = sql`(select d.read_at from communication_read d where d.municipality_id = ${municipalityId}
    and d.communication_id = ${id}::uuid and d.version = ${version} and d.person_id = p.person_id)`
  const confirmed = sql`from communication_acknowledgement a where a.municipality_id = ${municipalityId}
    and a.communication_id = ${id}::uuid and a.version = ${version}`
  const hasConfirmed = sql`coalesce((select true ${confirmed} and a.household_id = p.household_id
    and (a.once_per = 'household' or a.person_id = p.person_id) limit 1), false)`
  // `is true` keeps what is looked for a hashed list, which is made once; of very many lines each is asked for itself.
  const isRead = (way: ReadingWay) =>
    way === 'walked'
      ? sql`${readAt} is not null`
      : sql`(p.person_id in (select d.person_id from communication_read d where d.municipality_id = ${municipalityId}
          and d.communication_id = ${id}::uuid and d.version = ${version})) is true`
  const isConfirmed = (way: ReadingWay) =>
    way === 'walked'
      ? hasConfirmed
      : sql`((p.household_id in (select a.household_id ${confirmed} and a.once_per = 'household')) is true
          or ((p.household_id, p.person_id) in (select a.household_id, a.person_id ${confirmed} and a.once_per <> 'household')) is true)`
  const states: Readonly<Record<string, (way: ReadingWay) => RawBuilder<unknown>>> = {
    letta: isRead,
    'non-letta': (way) => sql`not (${isRead(way)})`,
    confermata: isConfirmed,
    'non-confermata': (way) => sql`not (${isConfirmed(way)})`,
  }
  return {
    from: (way) => {
      if (named) return named
      return way === 'sorted'
        ? sql`from communication_recipient_person p where p.municipality_id = ${municipalityId} and p.communication_id = ${id}::uuid`
        : sql`from household w cross join lateral (select r.household_id, r.person_id, r.had_email from communication_recipient_person r
            where r.municipality_id = ${municipalityId} and r.communication_id = ${id}::uuid and r.household_id = w.id offset 0) p
          where w.municipality_id = ${municipalityId}`
    },
    givesFirst: named !== null,
    line: {
      name: sql`p`,
      columns: named ? sql`p.household_id, p.person_id, p.list_key` : sql`p.household_id, p.person_id`,
    },
    id: LINE_ID,
    base: (way) => {
      if (named) return sql`p.list_key`
      return way === 'walked' ? sql`w.list_key` : ofHousehold
    },
    baseKey: 'famiglia',
    sorts: {
      persona: ofPerson(sql`search_key(n.family_name) || ' ' || search_key(n.given_name)`),
      letta: readAt,
    },
    filters: {
      cerca: (typed) =>
        named ? sql`true` : holdsWords(sql`${ofHousehold} || ${ofPerson(sql`n.search_key`)}`, typed),
      stato: (state, way) => states[state]?.(way) ?? sql`true`,
      email: (value) => (value === 'si' ? sql`p.had_email` : sql`not p.had_email`),
    },
    read: (trx, ids) => readRecipients(trx, municipalityId, id, ids),
  }
}

async function readRecipients(
  trx: Trx,
  municipalityId: string,
  communicationId: string,
  ids: readonly string[],
): Promise<ListRow[]> {
  type Line = {
    id: string
    household: string
    person: string
    role: keyof typeof RECIPIENT_ROLES
    hadEmail: boolean
    readAt: Date | null
    acknowledgedAt: Date | null
    acknowledgedBy: string | null
    wasLate: boolean
  }
  const { rows } = await sql<Line>`
    select r.id, r.household, r.person, r.role, r."hadEmail", r."readAt", r."acknowledgedAt", r."acknowledgedBy", r."wasLate"
    from (${recipientRows(municipalityId, communicationId, recipientsById(municipalityId, communicationId, ids))}) r`.execute(
    trx,
  )
  return rows.map((line) => ({
    id: line.id,
    cells: {
      famiglia: line.household,
      persona: line.person,
      ruolo: RECIPIENT_ROLES[line.role],
      email: line.hadEmail ? 'sì' : 'senza e-mail',
      letta: line.readAt ? instantInWords(line.readAt) : 'non ancora',
      confermata: line.acknowledgedAt ? instantInWords(line.acknowledgedAt) : 'non ancora',
      'confermata-da': line.acknowledgedBy,
      tardi: line.wasLate ? 'sì' : null,
    },
  }))
}

/** Rows of recipients of the published version, by what they did. */
const recipientRows = (
  municipalityId: string,
  id: string,
  recipients = sql`communication_recipient_person p`,
): RawBuilder<unknown> => sql`
  select ${LINE_ID} as id, p.household_id, p.person_id, h.name as household, n.family_name || ' ' || n.given_name as person, p.role,
    p.had_email as "hadEmail", d.read_at as "readAt", k.acknowledged_at as "acknowledgedAt", coalesce(k.was_late, false) as "wasLate",
    b.full_name as "acknowledgedBy", v.acknowledgement <> 'none' as asked
  from ${recipients}
  join communication c on c.municipality_id = ${municipalityId} and c.id = p.communication_id
  join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id and v.number = c.published_version
  join household h on h.municipality_id = ${municipalityId} and h.id = p.household_id
  join person n on n.municipality_id = ${municipalityId} and n.id = p.person_id
  left join communication_read d on d.municipality_id = ${municipalityId} and d.communication_id = p.communication_id
    and d.version = c.published_version and d.person_id = p.person_id
  left join lateral (select a.acknowledged_at, a.was_late, a.person_id from communication_acknowledgement a
    where a.municipality_id = ${municipalityId} and a.communication_id = p.communication_id and a.version = c.published_version
      and a.household_id = p.household_id and (a.once_per = 'household' or a.person_id = p.person_id) limit 1) k on true
  left join person b on b.municipality_id = ${municipalityId} and b.id = k.person_id
  where p.municipality_id = ${municipalityId} and p.communication_id = ${id}::uuid`

const listOf = (viewer: Viewer, { asks }: Published): OfficeList =>
  listFor(asks ? RECIPIENT_LIST : RECIPIENTS_WITHOUT_CONFIRMING, viewer)

/**
 * Who got a communication and what they did, for the letter or the call that may follow. Null for a viewer who may not read it: the
 * municipality's editors read the text, and not who got it.
 */
export async function recipientList(
  viewer: Viewer,
  id: string,
  params: SearchParams,
): Promise<OpenedList | null> {
  if (!allowedToStaff(viewer, RECIPIENT_LIST.opens) || !isUuid(id)) return null
  return asStaff(viewer, async (trx) => {
    const published = await publishedOf(trx, viewer.municipalityId, id)
    if (!published) return null
    const list = listOf(viewer, published)
    const state = readListState(list, params)
    const page = await readListPage(
      trx,
      await recipientSource(trx, viewer.municipalityId, published, state),
      state,
    )
    return { list, state, options: {}, page }
  })
}

/** All of them for a file that leaves the portal, some at a time; that it was taken is written down before. */
export async function recipientsToDownload(
  viewer: Viewer,
  id: string,
  params: SearchParams,
): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, RECIPIENT_LIST.opens) || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const published = await publishedOf(trx, municipalityId, id)
    if (!published) return null
    const list = listOf(viewer, published)
    const state = readListState(list, params)
    await recordAudit(trx, viewer, {
      action: 'communications.recipients-downloaded',
      objectType: 'communication',
      objectId: id,
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    })
    const source = await recipientSource(trx, municipalityId, published, state)
    return { list, state, batches: linesMatching(viewer, source, state) }
  })
}

const RECIPIENT_CONDITIONS = {
  unread: sql`r."readAt" is null`,
  unacknowledged: sql`r.asked and r."acknowledgedAt" is null`,
} as const

/** The ids of the people whom a reminder would reach: still in the household, and still without having done it. */
export async function remindable(
  trx: Trx,
  municipalityId: string,
  id: string,
  target: 'unread' | 'unacknowledged',
): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select distinct r.person_id from (${recipientRows(municipalityId, id)}) r
    where ${RECIPIENT_CONDITIONS[target]} and exists (select from active_member m
      where m.municipality_id = ${municipalityId} and m.household_id = r.household_id and m.person_id = r.person_id)`.execute(
    trx,
  )
  return rows.map((row) => row.person_id)
}
