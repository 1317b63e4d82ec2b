import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { readVersionFiles, type VersionFile } from '#lib/files/attachment.queries.ts'

import { isUuid } from '#lib/kernel/uuid.ts'
import { type Life, type PublicationState, pendingOf, stateAt } from '#lib/publishing/lifecycle.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import type { About, Audience, CommunicationFields, CommunicationKind } from '../communication.ts'

/** How far a published communication has come. `asked`: how many confirmations are expected; 0 when none is asked. */
export type CommunicationFigures = {
  households: number
  persons: number
  read: number
  asked: number
  acknowledged: number
  mailsSent: number
  mailsWaiting: number
  mailsRefused: number
}

export type OfficeCommunicationLine = {
  id: string
  title: string
  kind: CommunicationKind
  about: About
  state: PublicationState
  pending: 'none' | 'changes' | 'submitted'
  author: string | null
  savedAt: Date
  publishedAt: Date | null
  dueAt: Date | null
  figures: CommunicationFigures | null
}

export type OfficeCommunicationFilter = { state: PublicationState | ''; text: string; page: number }
export type OfficeCommunicationPage = { lines: OfficeCommunicationLine[]; page: number; pages: number }

export type CommunicationVersion = CommunicationFields & {
  number: number
  author: string | null
  authorId: string | null
  savedAt: Date
  files: VersionFile[]
}

export type CommunicationVersionLine = {
  number: number
  author: string | null
  savedAt: Date
  publishedAt: Date | null
  reason: string
}

/** Everything thwith the office shows of one communication. */
export type OfficeCommunication = ReturnType<typeof communicationLife> & {
  id: string
  state: PublicationState
  now: Date
  latest: CommunicationVersion
  versions: CommunicationVersionLine[]
  submittedBy: string | null
  wantedAt: Date | null
  note: string
  approvedBy: string | null
  publishedAt: Date | null
  withdrawnBy: string | null
  withdrawnReason: string | null
  figures: CommunicationFigures | null
  reminders: { target: 'unread' | 'unacknowledged'; persons: number; sentBy: string; sentAt: Date }[]
}

const PAGE_SIZE = 20

const nameOf = (alias: string): RawBuilder<string> =>
  sql`${sql.ref(`${alias}.given_name`)} || ' ' || ${sql.ref(`${alias}.family_name`)}`

/** A person's name by an id that may be null. */
const nameById = (municipalityId: string, column: RawBuilder<unknown>): RawBuilder<string | null> =>
  sql`(select p.full_name from person p where p.municipality_id = ${municipalityId} and p.id = ${column})`

type LifeRow = {
  latest_version: number
  submitted_version: number | null
  due_at: Date | null
  published_version: number | null
  expires_at: Date | null
  withdrawn_at: Date | null
}

/** The columns of a communication that say in which state it is. */
export const COMMUNICATION_LIFE_COLUMNS = [
  'latest_version',
  'submitted_version',
  'due_at',
  'published_version',
  'expires_at',
  'withdrawn_at',
] as const satisfies (keyof LifeRow)[]

export const communicationLife = (row: LifeRow) =>
  ({
    latestVersion: row.latest_version,
    submittedVersion: row.submitted_version,
    dueAt: row.due_at,
    publishedVersion: row.published_version,
    closesAt: row.expires_at,
    withdrawnAt: row.withdrawn_at,
  }) satisfies Life

/** The numbers of some published communications, by id. */
async function figuresOf(
  trx: Trx,
  municipalityId: string,
  ids: readonly string[],
): Promise<Map<string, CommunicationFigures>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<CommunicationFigures & { id: string }>`
    select f.communication_id as id, f.households, f.persons, f.read_by as read, f.mails_sent as "mailsSent",
      f.mails_waiting as "mailsWaiting", f.mails_refused as "mailsRefused",
      case v.acknowledgement when 'none' then 0 when 'household' then f.households else f.persons end as asked,
      case v.acknowledgement when 'none' then 0 when 'household' then f.confirming_households else f.confirming_persons end as acknowledged
    from communication_figures(${ids}::uuid[]) f
    join communication c on c.municipality_id = ${municipalityId} and c.id = f.communication_id
    join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id
      and v.number = c.published_version`.execute(trx)
  return new Map(rows.map(({ id, ...figures }) => [id, figures]))
}

type LineRow = LifeRow & {
  id: string
  title: string
  kind: CommunicationKind
  about: About
  author: string | null
  saved_at: Date
  published_at: Date | null
  now: Date
  total: number
}

/** The state as SQL says it: the same answers as `stateAt`, so that a filtered list can be paged. */
const STATE = sql`case when c.withdrawn_at is not null then 'withdrawn'
  when c.published_version is not null then case when c.expires_at <= app_now() then 'expired' else 'published' end
  when c.due_at is not null then 'scheduled'
  when c.submitted_version = c.latest_version then 'submitted' else 'draft' end`

/** The office's communications, last touched first, 20 a page; null for a viewer who may not read them. */
export async function officeCommunications(
  viewer: Viewer,
  filter: OfficeCommunicationFilter,
): Promise<OfficeCommunicationPage | null> {
  if (!allowedToStaff(viewer, 'communications:read')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<LineRow>`
      select c.id, c.latest_version, c.submitted_version, c.due_at, c.published_version, c.expires_at, c.withdrawn_at, c.published_at,
        v.title, v.kind, v.about, v.saved_at, ${nameById(municipalityId, sql`v.author_id`)} as author, app_now() as now,
        count(*) over ()::int as total
      from communication c
      join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id and v.number = c.latest_version
      where c.municipality_id = ${municipalityId}
        and (${filter.text} = '' or ${holdsWords(sql`search_key(v.title)`, filter.text)}
          or to_tsvector('italian', v.title || ' ' || v.body) @@ websearch_to_tsquery('italian', ${filter.text}))
        and (${filter.state} = '' or ${STATE} = ${filter.state}
          or ${filter.state} = 'submitted' and c.submitted_version = c.latest_version and c.withdrawn_at is null
            and c.published_version is distinct from c.latest_version)
      order by greatest(v.saved_at, c.published_at, c.withdrawn_at) desc, c.id
      limit ${PAGE_SIZE} offset ${(filter.page - 1) * PAGE_SIZE}`.execute(trx)
    const shown = rows.filter((row) => row.published_version !== null).map((row) => row.id)
    const figures = await figuresOf(trx, municipalityId, shown)
    return {
      lines: rows.map((row) => lineOf(row, figures.get(row.id) ?? null)),
      page: filter.page,
      pages: Math.max(1, Math.ceil((rows[0]?.total ?? 0) / PAGE_SIZE)),
    }
  })
}

function lineOf(row: LineRow, figures: CommunicationFigures | null): OfficeCommunicationLine {
  const life = communicationLife(row)
  const { id, title, kind, about, author } = row
  return {
    id,
    title,
    kind,
    about,
    author,
    figures,
    state: stateAt(life, row.now),
    pending: pendingOf('communication', life, row.now),
    savedAt: row.saved_at,
    publishedAt: row.published_at,
    dueAt: row.due_at,
  }
}

/** One communication with its latest version and its history; null for what does not exist and for a viewer who may not read it. */
export async function officeCommunication(viewer: Viewer, id: string): Promise<OfficeCommunication | null> {
  if (!allowedToStaff(viewer, 'communications:read') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const row = await trx
      .selectFrom('communication as c')
      .select(COMMUNICATION_LIFE_COLUMNS)
      .select([
        'c.wanted_at',
        'c.note',
        'c.published_at',
        'c.withdrawn_reason',
        sql<Date>`app_now()`.as('now'),
        nameById(municipalityId, sql`c.submitted_by`).as('submitter'),
        nameById(municipalityId, sql`c.approved_by`).as('approver'),
        nameById(municipalityId, sql`c.withdrawn_by`).as('withdrawer'),
      ])
      .where('c.municipality_id', '=', municipalityId)
      .where('c.id', '=', id)
      .executeTakeFirst()
    if (!row) return null
    const [latest, versions, figures, reminders] = await Promise.all([
      readCommunicationVersion(trx, municipalityId, id, row.latest_version),
      readVersions(trx, municipalityId, id),
      figuresOf(trx, municipalityId, row.published_version === null ? [] : [id]),
      readReminders(trx, municipalityId, id),
    ])
    if (!latest) throw new Error(`communication ${id} has no version ${row.latest_version}`)
    const life = communicationLife(row)
    return {
      ...life,
      id,
      state: stateAt(life, row.now),
      now: row.now,
      latest,
      versions,
      submittedBy: row.submitter,
      wantedAt: row.wanted_at,
      note: row.note,
      approvedBy: row.approver,
      publishedAt: row.published_at,
      withdrawnBy: row.withdrawer,
      withdrawnReason: row.withdrawn_reason,
      figures: figures.get(id) ?? null,
      reminders,
    }
  })
}

async function readVersions(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<CommunicationVersionLine[]> {
  const { rows } = await sql<CommunicationVersionLine>`
    select v.number, ${nameById(municipalityId, sql`v.author_id`)} as author, v.saved_at as "savedAt", v.reason,
      x.published_at as "publishedAt"
    from communication_version v
    left join communication_publication x on x.municipality_id = ${municipalityId} and x.communication_id = v.communication_id
      and x.version = v.number
    where v.municipality_id = ${municipalityId} and v.communication_id = ${id}::uuid order by v.number desc`.execute(
    trx,
  )
  return rows
}

async function readReminders(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<OfficeCommunication['reminders']> {
  const { rows } = await sql<OfficeCommunication['reminders'][number]>`
    select r.target, r.persons, r.sent_at as "sentAt", ${nameOf('p')} as "sentBy"
    from communication_reminder r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.sent_by
    where r.municipality_id = ${municipalityId} and r.communication_id = ${id}::uuid order by r.sent_at desc`.execute(
    trx,
  )
  return rows
}

/** One version, old or new; null for what does not exist and for a viewer who may not read it. */
export async function officeCommunicationVersion(
  viewer: Viewer,
  id: string,
  number: number,
): Promise<CommunicationVersion | null> {
  if (!allowedToStaff(viewer, 'communications:read') || !isUuid(id) || !Number.isSafeInteger(number))
    return null
  if (number < 1 || number > 100_000) return null
  return asStaff(viewer, (trx) => readCommunicationVersion(trx, viewer.municipalityId, id, number))
}

/** A version with its files, inside a transaction of the office. */
export async function readCommunicationVersion(
  trx: Trx,
  municipalityId: string,
  id: string,
  number: number,
): Promise<CommunicationVersion | null> {
  const [row, files] = await Promise.all([
    trx
      .selectFrom('communication_version as v')
      .select([
        'v.kind',
        'v.about',
        'v.title',
        'v.body',
        'v.audience',
        'v.acknowledgement',
        'v.acknowledge_by',
      ])
      .select(['v.expires_at', 'v.reason', 'v.author_id', 'v.saved_at'])
      .select(nameById(municipalityId, sql`v.author_id`).as('author'))
      .where('v.municipality_id', '=', municipalityId)
      .where('v.communication_id', '=', id)
      .where('v.number', '=', number)
      .executeTakeFirst(),
    readVersionFiles(trx, 'communication', municipalityId, { id, version: number }),
  ])
  if (!row) return null
  return {
    number,
    kind: row.kind,
    about: row.about,
    title: row.title,
    body: row.body as SafeHtml,
    audience: row.audience as unknown as Audience,
    acknowledgement: row.acknowledgement,
    acknowledgeBy: row.acknowledge_by,
    expiresAt: row.expires_at,
    reason: row.reason,
    author: row.author,
    authorId: row.author_id,
    savedAt: row.saved_at,
    files,
  }
}
