import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { record } from '#lib/audit/commands.ts'
import { allowedToStaff } from '#lib/auth/roles.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import type { SafeHtml } from '#lib/content/content.ts'
import type { Day } from '#lib/day.ts'
import { isUuid } from '#lib/uuid.ts'
import {
  type About,
  type AcknowledgementMode,
  type Audience,
  awaitsApproval,
  type CommunicationFields,
  type CommunicationKind,
  type CommunicationState,
  type Count,
  hasCorrection,
  type Life,
  stateAt,
} from '../communication.ts'
import type { RecipientFilter } from '../filter.ts'

/** How far a published communication has come. `asked`: how many confirmations are expected; 0 when none is asked. */
export type Figures = {
  households: number
  persons: number
  read: number
  asked: number
  acknowledged: number
  mailsSent: number
  mailsWaiting: number
  mailsRefused: number
}

export type DeskLine = {
  id: string
  title: string
  kind: CommunicationKind
  about: About
  state: CommunicationState
  pending: 'none' | 'changes' | 'submitted'
  author: string | null
  savedAt: Date
  publishedAt: Date | null
  dueAt: Date | null
  figures: Figures | null
}

export type DeskFilter = { state: CommunicationState | ''; text: string; page: number }
export type DeskPage = { lines: DeskLine[]; page: number; pages: number }

export type DeskFile = {
  id: string
  name: string
  title: string
  mediaType: string
  size: number
  role: 'attachment' | 'image'
}

export type DeskVersion = CommunicationFields & {
  number: number
  author: string | null
  authorId: string | null
  savedAt: Date
  files: DeskFile[]
}

export type VersionLine = {
  number: number
  author: string | null
  savedAt: Date
  publishedAt: Date | null
  reason: string
}

/** Everything that the desk shows of one communication. */
export type DeskItem = Life & {
  id: string
  state: CommunicationState
  now: Date
  latest: DeskVersion
  versions: VersionLine[]
  submittedBy: string | null
  wantedAt: Date | null
  note: string
  approvedBy: string | null
  publishedAt: Date | null
  withdrawnBy: string | null
  withdrawnReason: string | null
  figures: Figures | null
  reminders: { target: 'unread' | 'unacknowledged'; persons: number; sentBy: string; sentAt: Date }[]
}

const PAGE_SIZE = 20

const nameOf = (alias: string): RawBuilder<string> =>
  sql`${sql.ref(`${alias}.given_name`)} || ' ' || ${sql.ref(`${alias}.family_name`)}`

/** A person's name by an id that may be null. */
const nameById = (municipalityId: string, column: RawBuilder<unknown>): RawBuilder<string | null> =>
  sql`(select p.given_name || ' ' || p.family_name from person p where p.municipality_id = ${municipalityId} and p.id = ${column})`

type LifeRow = {
  latest_version: number
  submitted_version: number | null
  due_at: Date | null
  published_version: number | null
  expires_at: Date | null
  withdrawn_at: Date | null
}

export const lifeOf = (row: LifeRow): Life => ({
  latestVersion: row.latest_version,
  submittedVersion: row.submitted_version,
  dueAt: row.due_at,
  publishedVersion: row.published_version,
  expiresAt: row.expires_at,
  withdrawnAt: row.withdrawn_at,
})

function pendingOf(life: Life): DeskLine['pending'] {
  if (life.withdrawnAt || !hasCorrection(life)) return 'none'
  return awaitsApproval(life) ? 'submitted' : 'changes'
}

/** The numbers of some published communications, by id. */
async function figuresOf(
  trx: Trx,
  municipalityId: string,
  ids: readonly string[],
): Promise<Map<string, Figures>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Figures & { id: string }>`
    select c.id, r.households, r.persons, d.read, m."mailsSent", m."mailsWaiting", m."mailsRefused",
      case v.acknowledgement when 'none' then 0 when 'household' then r.households else r.persons end as asked,
      case v.acknowledgement when 'none' then 0 when 'household' then a.households else a.persons end as acknowledged
    from communication c
    join communication_version v on v.municipality_id = c.municipality_id and v.communication_id = c.id and v.number = c.published_version
    cross join lateral (select count(distinct p.household_id)::int as households, count(distinct p.person_id)::int as persons
      from communication_recipient_person p where p.municipality_id = c.municipality_id and p.communication_id = c.id) r
    cross join lateral (select count(*)::int as read from communication_read d
      where d.municipality_id = c.municipality_id and d.communication_id = c.id and d.version = c.published_version) d
    cross join lateral (select count(distinct k.household_id)::int as households, count(distinct k.person_id)::int as persons
      from communication_acknowledgement k
      where k.municipality_id = c.municipality_id and k.communication_id = c.id and k.version = c.published_version) a
    cross join lateral (select count(*) filter (where o.outcome = 'sent')::int as "mailsSent",
        count(*) filter (where o.outcome is null)::int as "mailsWaiting",
        count(*) filter (where o.outcome in ('refused', 'given_up', 'in_doubt'))::int as "mailsRefused"
      from delivery_batch b
      join outbox o on o.municipality_id = b.municipality_id and o.batch_id = b.id and o.channel = 'email'
      where b.municipality_id = c.municipality_id and b.key = 'communication:' || c.id || ':' || c.published_version) m
    where c.municipality_id = ${municipalityId} and c.id = any(${ids}::uuid[])`.execute(trx)
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

/** The office's communications, last touched first, 20 a page; null for whoever may not read them. */
export async function deskList(viewer: Viewer, filter: DeskFilter): Promise<DeskPage | null> {
  if (!allowedToStaff(viewer, 'communications:read')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<LineRow>`
      select c.id, c.latest_version, c.submitted_version, c.due_at, c.published_version, c.expires_at, c.withdrawn_at, c.published_at,
        v.title, v.kind, v.about, v.saved_at, ${nameById(municipalityId, sql`v.author_id`)} as author, app_now() as now,
        count(*) over ()::int as total
      from communication c
      join communication_version v on v.municipality_id = c.municipality_id and v.communication_id = c.id and v.number = c.latest_version
      where c.municipality_id = ${municipalityId}
        and (${filter.text} = '' or strpos(lower(v.title), lower(${filter.text})) > 0
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

function lineOf(row: LineRow, figures: Figures | null): DeskLine {
  const life = lifeOf(row)
  const { id, title, kind, about, author } = row
  return {
    id,
    title,
    kind,
    about,
    author,
    figures,
    state: stateAt(life, row.now),
    pending: pendingOf(life),
    savedAt: row.saved_at,
    publishedAt: row.published_at,
    dueAt: row.due_at,
  }
}

/** One communication with its latest version and its history; null for what is not there and for whoever may not read it. */
export async function deskItem(viewer: Viewer, id: string): Promise<DeskItem | null> {
  if (!allowedToStaff(viewer, 'communications:read') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const row = await trx
      .selectFrom('communication as c')
      .selectAll('c')
      .select([
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
      readVersion(trx, municipalityId, id, row.latest_version),
      readVersions(trx, municipalityId, id),
      figuresOf(trx, municipalityId, row.published_version === null ? [] : [id]),
      readReminders(trx, municipalityId, id),
    ])
    if (!latest) throw new Error(`communication ${id} has no version ${row.latest_version}`)
    const life = lifeOf(row)
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

async function readVersions(trx: Trx, municipalityId: string, id: string): Promise<VersionLine[]> {
  const { rows } = await sql<VersionLine>`
    select v.number, ${nameById(municipalityId, sql`v.author_id`)} as author, v.saved_at as "savedAt", v.reason,
      x.published_at as "publishedAt"
    from communication_version v
    left join communication_publication x on x.municipality_id = v.municipality_id and x.communication_id = v.communication_id
      and x.version = v.number
    where v.municipality_id = ${municipalityId} and v.communication_id = ${id}::uuid order by v.number desc`.execute(
    trx,
  )
  return rows
}

async function readReminders(trx: Trx, municipalityId: string, id: string): Promise<DeskItem['reminders']> {
  const { rows } = await sql<DeskItem['reminders'][number]>`
    select r.target, r.persons, r.sent_at as "sentAt", ${nameOf('p')} as "sentBy"
    from communication_reminder r
    join person p on p.municipality_id = r.municipality_id and p.id = r.sent_by
    where r.municipality_id = ${municipalityId} and r.communication_id = ${id}::uuid order by r.sent_at desc`.execute(
    trx,
  )
  return rows
}

/** One version, old or new; null for what is not there and for whoever may not read it. */
export async function deskVersion(viewer: Viewer, id: string, number: number): Promise<DeskVersion | null> {
  if (!allowedToStaff(viewer, 'communications:read') || !isUuid(id) || !Number.isSafeInteger(number))
    return null
  if (number < 1 || number > 100_000) return null
  return asStaff(viewer, (trx) => readVersion(trx, viewer.municipalityId, id, number))
}

/** A version with its files, inside a transaction of the office. */
export async function readVersion(
  trx: Trx,
  municipalityId: string,
  id: string,
  number: number,
): Promise<DeskVersion | null> {
  const [row, files] = await Promise.all([
    trx
      .selectFrom('communication_version as v')
      .selectAll('v')
      .select(nameById(municipalityId, sql`v.author_id`).as('author'))
      .where('v.municipality_id', '=', municipalityId)
      .where('v.communication_id', '=', id)
      .where('v.number', '=', number)
      .executeTakeFirst(),
    readFiles(trx, municipalityId, id, number),
  ])
  if (!row) return null
  return {
    number,
    kind: row.kind as CommunicationKind,
    about: row.about as About,
    title: row.title,
    body: row.body as SafeHtml,
    audience: row.audience as unknown as Audience,
    acknowledgement: row.acknowledgement as AcknowledgementMode,
    acknowledgeBy: row.acknowledge_by as Day | null,
    expiresAt: row.expires_at,
    reason: row.reason,
    author: row.author,
    authorId: row.author_id,
    savedAt: row.saved_at,
    files,
  }
}

/** The files of a version, in their order; a family's transaction finds those of what it may read. */
export async function readFiles(
  trx: Trx,
  municipalityId: string,
  id: string,
  number: number,
): Promise<DeskFile[]> {
  const files = await trx
    .selectFrom('communication_version_file as f')
    .innerJoin('stored_file as s', (join) =>
      join.onRef('s.municipality_id', '=', 'f.municipality_id').onRef('s.id', '=', 'f.file_id'),
    )
    .select(['s.id', 's.name', 's.size', 's.media_type as mediaType', 'f.title', 'f.role'])
    .where('f.municipality_id', '=', municipalityId)
    .where('f.communication_id', '=', id)
    .where('f.version', '=', number)
    .orderBy('f.position')
    .execute()
  return files.map((file) => ({ ...file, role: file.role as DeskFile['role'] }))
}

/**
 * Who a text would reach now, as two names of a `with`: `chosen` (households, with the balance that a text about money speaks of)
 * and `reached` (adults of theirs, each once). Enrolled: until the end of the service, in a school year that is not over; in
 * debt without anything else: whoever is, also who has left. A delegate of some children is reached for those.
 */
export function audienceIn(
  municipalityId: string,
  { about, audience }: Pick<CommunicationFields, 'about' | 'audience'>,
): RawBuilder<unknown> {
  const { to, ids, inDebt } = audience
  const list = sql`${[...ids]}::uuid[]`
  return sql`
    enrolled as (
      select e.pupil_id, c.household_id from enrolment e
      join school_year y on y.municipality_id = e.municipality_id and y.id = e.school_year_id and y.ends_on >= app_today()
      join pupil c on c.municipality_id = e.municipality_id and c.id = e.pupil_id
      where e.municipality_id = ${municipalityId}::uuid
        and e.valid_to >= least(app_today(), (select max(s.ends_on) from service_schedule s where s.municipality_id = e.municipality_id
          and s.service_id = e.service_id and s.school_id = e.school_id and s.school_year_id = e.school_year_id))
        and case ${to}::text when 'services' then e.service_id = any(${list}) when 'schools' then e.school_id = any(${list})
          when 'classes' then e.school_class_id = any(${list}) else true end
    ), chosen as (
      select h.id as household_id, h.name, case when ${inDebt}::boolean then b.debt else b.balance end as balance_cents
      from household h
      cross join lateral (select sum(a.balance_cents)::bigint as balance, (sum(a.balance_cents) filter (where a.balance_cents < 0))::bigint as debt
        from account a where a.municipality_id = h.municipality_id and a.household_id = h.id and a.kind = 'household'
          and (${to}::text <> 'services' or a.service_id = any(${list}))) b
      where h.municipality_id = ${municipalityId}::uuid and (not ${inDebt}::boolean or b.debt < 0)
        and case when ${to}::text = 'households' then h.id = any(${list}) when ${to}::text = 'everybody' and ${inDebt}::boolean then true
          else h.id in (select n.household_id from enrolled n) end
    ), reached as (
      select distinct on (ch.household_id, p.id) ch.household_id, ch.balance_cents, p.id as person_id, m.role, p.given_name, p.family_name,
        nullif(p.email, p.refused_email) is not null as has_email
      from chosen ch
      join household_member m on m.municipality_id = ${municipalityId}::uuid and m.household_id = ch.household_id
        and m.ended_at is null and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())
      join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
      where m.role = 'holder' or ${about}::text = 'service' and (${to}::text = 'households'
        or not exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id)
        or exists (select from delegate_pupil d join enrolled n on n.pupil_id = d.pupil_id
          where d.municipality_id = m.municipality_id and d.household_member_id = m.id))
      order by ch.household_id, p.id, m.role desc
    )`
}

/** Exactly how many a text would reach now. */
export async function countAudience(
  trx: Trx,
  municipalityId: string,
  fields: Pick<CommunicationFields, 'about' | 'audience'>,
): Promise<Count> {
  const { rows } = await sql<Count>`
    with ${audienceIn(municipalityId, fields)}
    select count(distinct household_id)::int as households, count(distinct person_id)::int as persons from reached`.execute(
    trx,
  )
  return rows[0] ?? { households: 0, persons: 0 }
}

export type DryRun = Count & {
  withEmail: number
  /** Adults who will find it in the portal only, 50 at most. */
  withoutEmail: string[]
  withoutEmailCount: number
  /** Households that match and have no adult who would get it, 20 at most. */
  unreached: string[]
  sample: { household: string; adults: string[]; balanceCents: number | null }[]
}

const SAMPLE = 5

/** What publishing the latest version now would do, without doing it; null for whoever may not write. */
export async function dryRun(viewer: Viewer, id: string): Promise<DryRun | null> {
  if (!allowedToStaff(viewer, 'communications:write') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const version = await latestVersion(trx, municipalityId, id)
    if (!version) return null
    const { rows } = await sql<DryRun>`
      with ${audienceIn(municipalityId, version)},
      adults as (select person_id, bool_or(has_email) as has_email, min(family_name || ' ' || given_name) as name from reached group by person_id),
      mute as (select name from adults where not has_email)
      select (select count(distinct household_id)::int from reached) as households,
        (select count(*)::int from adults) as persons,
        (select count(*)::int from adults where has_email) as "withEmail",
        (select count(*)::int from mute) as "withoutEmailCount",
        (select coalesce(array_agg(name), '{}') from (select name from mute order by name limit 50) m) as "withoutEmail",
        (select coalesce(array_agg(name), '{}') from (select name from chosen ch
          where not exists (select from reached r where r.household_id = ch.household_id) order by name limit 20) u) as unreached,
        (select coalesce(jsonb_agg(s), '[]') from (
          select ch.name as household, case when ${version.about} = 'money' then ch.balance_cents end as "balanceCents",
            array_agg(r.given_name || ' ' || r.family_name order by r.role desc, r.family_name) as adults
          from chosen ch join reached r on r.household_id = ch.household_id
          group by ch.household_id, ch.name, ch.balance_cents order by ch.name, ch.household_id limit ${SAMPLE}) s) as sample`.execute(
      trx,
    )
    return rows[0] ?? null
  })
}

async function latestVersion(trx: Trx, municipalityId: string, id: string): Promise<DeskVersion | null> {
  const row = await trx
    .selectFrom('communication')
    .select('latest_version')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? readVersion(trx, municipalityId, id, row.latest_version) : null
}

/** Somebody to whom a communication was addressed, and what they did with the version that is out. */
export type RecipientLine = {
  household: string
  person: string
  role: 'holder' | 'delegate'
  hadEmail: boolean
  readAt: Date | null
  acknowledgedAt: Date | null
  wasLate: boolean
  /** For a household that confirms once: whoever did. */
  acknowledgedBy: string | null
}

export type RecipientPage = { lines: RecipientLine[]; total: number; page: number; pages: number }

const RECIPIENTS_A_PAGE = 50
const MOST_RECIPIENTS = 50_000

/** Rows of recipients of the published version, by what they did. */
const recipientRows = (municipalityId: string, id: string): RawBuilder<unknown> => sql`
  select p.household_id, p.person_id, h.name as household, n.family_name || ' ' || n.given_name as person, p.role,
    p.had_email as "hadEmail", d.read_at as "readAt", k.acknowledged_at as "acknowledgedAt", coalesce(k.was_late, false) as "wasLate",
    b.given_name || ' ' || b.family_name as "acknowledgedBy", v.acknowledgement <> 'none' as asked
  from communication_recipient_person p
  join communication c on c.municipality_id = p.municipality_id and c.id = p.communication_id
  join communication_version v on v.municipality_id = c.municipality_id and v.communication_id = c.id and v.number = c.published_version
  join household h on h.municipality_id = p.municipality_id and h.id = p.household_id
  join person n on n.municipality_id = p.municipality_id and n.id = p.person_id
  left join communication_read d on d.municipality_id = p.municipality_id and d.communication_id = p.communication_id
    and d.version = c.published_version and d.person_id = p.person_id
  left join lateral (select a.acknowledged_at, a.was_late, a.person_id from communication_acknowledgement a
    where a.municipality_id = p.municipality_id and a.communication_id = p.communication_id and a.version = c.published_version
      and a.household_id = p.household_id and (a.once_per = 'household' or a.person_id = p.person_id) limit 1) k on true
  left join person b on b.municipality_id = p.municipality_id and b.id = k.person_id
  where p.municipality_id = ${municipalityId} and p.communication_id = ${id}::uuid`

const RECIPIENT_CONDITIONS: Record<RecipientFilter, RawBuilder<unknown>> = {
  all: sql`true`,
  unread: sql`r."readAt" is null`,
  read: sql`r."readAt" is not null`,
  unacknowledged: sql`r.asked and r."acknowledgedAt" is null`,
  acknowledged: sql`r."acknowledgedAt" is not null`,
}

/**
 * Who got a communication and what they did, by household and surname; null for whoever may not read it. Who did not read
 * and who did not confirm, for the letter or the call that may follow.
 * @param page null: all of them, for a file
 */
export async function recipientsOf(
  viewer: Viewer,
  id: string,
  filter: RecipientFilter,
  page: number | null,
): Promise<RecipientPage | null> {
  // Names of families: the municipality's editors read the text, not who got it.
  if (!allowedToStaff(viewer, 'communications:write') || !isUuid(id)) return null
  const limit = page === null ? MOST_RECIPIENTS : RECIPIENTS_A_PAGE
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<RecipientLine & { total: number }>`
      select r.*, count(*) over ()::int as total from (${recipientRows(viewer.municipalityId, id)}) r
      where ${RECIPIENT_CONDITIONS[filter]} order by r.household, r.household_id, r.role desc, r.person
      limit ${limit} offset ${page === null ? 0 : (page - 1) * RECIPIENTS_A_PAGE}`.execute(trx)
    const total = rows[0]?.total ?? 0
    return {
      lines: rows.map(recipientOf),
      total,
      page: page ?? 1,
      pages: Math.max(1, Math.ceil(total / RECIPIENTS_A_PAGE)),
    }
  })
}

/** All of them for a file that leaves the portal; written in the register. */
export async function recipientsToDownload(
  viewer: Viewer,
  id: string,
  filter: RecipientFilter,
): Promise<RecipientLine[] | null> {
  const found = await recipientsOf(viewer, id, filter, null)
  if (!found || found.total === 0) return null
  await asStaff(viewer, (trx) =>
    record(trx, viewer, {
      action: 'communications.recipients-downloaded',
      objectType: 'communication',
      objectId: id,
      details: { rows: found.lines.length },
    }),
  )
  return found.lines
}

const recipientOf = (row: RecipientLine): RecipientLine => ({
  household: row.household,
  person: row.person,
  role: row.role,
  hadEmail: row.hadEmail,
  readAt: row.readAt,
  acknowledgedAt: row.acknowledgedAt,
  wasLate: row.wasLate,
  acknowledgedBy: row.acknowledgedBy,
})

/** The ids of whoever a reminder would reach: still in the household, and still without having done it. */
export async function remindable(
  trx: Trx,
  municipalityId: string,
  id: string,
  target: 'unread' | 'unacknowledged',
): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select distinct r.person_id from (${recipientRows(municipalityId, id)}) r
    where ${RECIPIENT_CONDITIONS[target]} and exists (select from household_member m
      where m.municipality_id = ${municipalityId} and m.household_id = r.household_id and m.person_id = r.person_id and m.ended_at is null
        and (m.valid_to is null or m.valid_to >= app_today()))`.execute(trx)
  return rows.map((row) => row.person_id)
}

/** What an audience can be made of: names by id. */
export type AudienceChoices = {
  services: { id: string; name: string }[]
  schools: { id: string; name: string; classes: { id: string; name: string }[] }[]
}

/** Services, schools and classes of the school years that are not over; null for whoever may not write. */
export async function audienceChoices(viewer: Viewer): Promise<AudienceChoices | null> {
  if (!allowedToStaff(viewer, 'communications:read')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<AudienceChoices>`
      select (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name), '[]')
          from service s where s.municipality_id = ${municipalityId}) as services,
        (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'classes',
            (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name) order by k.name), '[]') from school_class k
              join school_year y on y.municipality_id = k.municipality_id and y.id = k.school_year_id and y.ends_on >= app_today()
              where k.municipality_id = s.municipality_id and k.school_id = s.id)) order by s.name), '[]')
          from school s where s.municipality_id = ${municipalityId}) as schools`.execute(trx)
    return rows[0] ?? null
  })
}

/** Names of households, in the order of their names; for the list of those chosen one by one. */
export async function householdNames(
  viewer: Viewer,
  ids: readonly string[],
): Promise<{ id: string; name: string; holder: string | null }[]> {
  if (!allowedToStaff(viewer, 'communications:write') || ids.length === 0) return []
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ id: string; name: string; holder: string | null }>`
      select h.id, h.name, (select p.given_name || ' ' || p.family_name from household_member m
        join person p on p.municipality_id = m.municipality_id and p.id = m.person_id
        where m.municipality_id = h.municipality_id and m.household_id = h.id and m.role = 'holder' and m.ended_at is null
          and (m.valid_to is null or m.valid_to >= app_today()) limit 1) as holder
      from household h where h.municipality_id = ${viewer.municipalityId} and h.id = any(${ids.filter(isUuid)}::uuid[])
      order by h.name, h.id`.execute(trx)
    return rows
  })
}
