import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { holdsWords } from '#db/search.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { activeHouseholds, heldHouseholds } from '#lib/access/own-pupils.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { attachmentsIn, readVersionFiles, type VersionFile } from '#lib/files/attachment.queries.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { cleanHtml, plainText } from '#lib/publishing/safe-html.ts'
import type { CommunicationFilter } from './communication.address.ts'
import {
  type About,
  type AcknowledgementMode,
  type AcknowledgementState,
  acknowledgementState,
  type CommunicationKind,
  merged,
} from './communication.ts'

/** A communication in a family's list. */
export type CommunicationLine = {
  id: string
  title: string
  /** Null for what was withdrawn: only its title is left. */
  kind: CommunicationKind | null
  about: About
  excerpt: string
  publishedAt: Date
  correctedAt: Date | null
  isRead: boolean
  isExpired: boolean
  withdrawnAt: Date | null
  acknowledgement: AcknowledgementState
  acknowledgeBy: Day | null
  files: number
}

export type CommunicationPage = {
  lines: CommunicationLine[]
  total: number
  unread: number
  page: number
  pages: number
  /** First calendar years of the school years in which something came, newest first. */
  years: number[]
}

const PAGE_SIZE = 15
const EXCERPT = 160

/**
 * The copies addressed to the viewer, as a `with`: while the viewer belongs to the household, and about money while the
 * viewer pays. The row-level policies ask the same.
 */
const ownCopies = (viewer: Viewer): RawBuilder<unknown> => sql`
  select p.communication_id, p.household_id, p.about from communication_recipient_person p
  where p.municipality_id = ${viewer.municipalityId} and p.person_id = ${viewer.personId}
    and (p.household_id = any(${heldHouseholds(viewer)}::uuid[])
      or p.about = 'service' and p.household_id = any(${activeHouseholds(viewer)}::uuid[]))`

/** School years begin on the 1st of September. */
const YEAR_OF = sql`extract(year from (c.published_at at time zone 'Europe/Rome') - interval '8 months')::int`

/** What each line of a list is made of. `k`: the households of the viewer that still have to confirm. */
const readable = (viewer: Viewer): RawBuilder<unknown> => sql`
  select c.id, x.title, v.kind, o.about, v.body, c.published_at, x.published_at as version_at, c.expires_at, c.withdrawn_at,
    d.read_at is not null as is_read, c.expires_at <= app_now() as is_expired, ${YEAR_OF} as year,
    coalesce(v.acknowledgement, 'none') as mode, v.acknowledge_by, app_today() as today,
    not exists (select from own k where k.communication_id = c.id and not exists (select from communication_acknowledgement a
      where a.municipality_id = ${viewer.municipalityId} and a.communication_id = c.id and a.version = c.published_version
        and a.household_id = k.household_id and (a.once_per = 'household' or a.person_id = ${viewer.personId}))) as is_acknowledged,
    (select count(*)::int from communication_version_file f where f.municipality_id = ${viewer.municipalityId} and f.communication_id = c.id
      and f.version = c.published_version and f.role = 'attachment') as files
  from (select communication_id, max(about) as about from own group by communication_id) o
  join communication c on c.municipality_id = ${viewer.municipalityId} and c.id = o.communication_id
  join communication_publication x on x.municipality_id = ${viewer.municipalityId} and x.communication_id = c.id and x.version = c.published_version
  left join communication_version v on v.municipality_id = ${viewer.municipalityId} and v.communication_id = c.id and v.number = c.published_version
  left join communication_read d on d.municipality_id = ${viewer.municipalityId} and d.communication_id = c.id
    and d.version = c.published_version and d.person_id = ${viewer.personId}
  -- What was withdrawn before it was opened is nothing to the reader any more.
  where c.published_at <= app_now() and (c.withdrawn_at is null or exists (select from communication_read e
    where e.municipality_id = ${viewer.municipalityId} and e.communication_id = c.id and e.person_id = ${viewer.personId}))`

type LineRow = {
  id: string
  title: string
  kind: CommunicationKind | null
  about: About
  body: string | null
  published_at: Date
  version_at: Date
  expires_at: Date | null
  withdrawn_at: Date | null
  is_read: boolean
  is_expired: boolean | null
  year: number
  mode: AcknowledgementMode
  acknowledge_by: Day | null
  today: Day
  is_acknowledged: boolean
  files: number
}

const isUnread = sql`not r.is_read and r.withdrawn_at is null and r.is_expired is not true`

/** What the office has sent to the viewer, newest first, 15 a page; null for a viewer without a household now. */
export async function communicationsFor(
  viewer: Viewer,
  filter: CommunicationFilter,
): Promise<CommunicationPage | null> {
  if (!allowedToFamily(viewer, 'communications:read')) return null
  const { text, kind, unread, year, page } = filter
  return readAsFamily(viewer, async (trx) => {
    const [, found, counted] = await Promise.all([
      enterSubject(trx, 'communications'),
      sql<LineRow & { total: number }>`
        with own as (${ownCopies(viewer)})
        select r.*, count(*) over ()::int as total from (${readable(viewer)}) r
        where (${kind} = '' or r.kind = ${kind}) and (not ${unread}::boolean or ${isUnread})
          and (${year}::int is null or r.year = ${year}::int)
          and (${text} = '' or ${holdsWords(sql`search_key(r.title)`, text)}
            or to_tsvector('italian', r.title || ' ' || coalesce(r.body, '')) @@ websearch_to_tsquery('italian', ${text}))
        order by r.version_at desc, r.id desc limit ${PAGE_SIZE} offset ${(page - 1) * PAGE_SIZE}`.execute(
        trx,
      ),
      sql<{ years: number[]; unread: number }>`
        with own as (${ownCopies(viewer)})
        select coalesce(array_agg(distinct r.year), '{}') as years, count(*) filter (where ${isUnread})::int as unread
        from (${readable(viewer)}) r`.execute(trx),
    ])
    const total = found.rows[0]?.total ?? 0
    return {
      lines: found.rows.map((row) => lineOf(row, viewer)),
      total,
      unread: counted.rows[0]?.unread ?? 0,
      page,
      pages: Math.max(1, Math.ceil(total / PAGE_SIZE)),
      years: (counted.rows[0]?.years ?? []).sort((a, b) => b - a),
    }
  })
}

function lineOf(row: LineRow, viewer: Viewer): CommunicationLine {
  const body = merged(cleanHtml(row.body ?? ''), { givenName: givenNameOf(viewer), balances: [] })
  const words = plainText(body, { endsHeadings: true })
  return {
    id: row.id,
    title: row.title,
    kind: row.kind,
    about: row.about,
    // An amount is read in the communication itself, not in a list that others can look at.
    excerpt: row.about === 'money' ? '' : shortened(words),
    publishedAt: row.published_at,
    correctedAt: row.version_at > row.published_at ? row.version_at : null,
    isRead: row.is_read,
    isExpired: row.is_expired ?? false,
    withdrawnAt: row.withdrawn_at,
    acknowledgement: acknowledgementState({
      mode: row.mode,
      by: row.acknowledge_by,
      today: row.today,
      done: row.is_acknowledged,
      isOver: row.is_expired === true || row.withdrawn_at !== null,
    }),
    acknowledgeBy: row.acknowledge_by,
    files: row.files,
  }
}

/** A communication as it goes into the download of one's own data. `text` is null for what was withdrawn. */
export type CommunicationInFull = {
  title: string
  kind: CommunicationKind | null
  publishedAt: Date
  text: string | null
  withdrawnAt: Date | null
  files: number
}

/** Everything that the viewer may read, newest first, each with its words as the viewer has them. */
export async function communicationsInFull(trx: Trx, viewer: Viewer): Promise<CommunicationInFull[]> {
  await enterSubject(trx, 'communications')
  const { rows } = await sql<LineRow & { balances: Cents[] }>`
    with own as (${ownCopies(viewer)})
    select r.*, array(select b.balance_cents::int from communication_recipient b
      join own o on o.communication_id = r.id and o.household_id = b.household_id
      where b.municipality_id = ${viewer.municipalityId} and b.communication_id = r.id and b.balance_cents is not null
      order by b.household_id) as balances
    from (${readable(viewer)}) r order by r.version_at desc, r.id desc`.execute(trx)
  return rows.map((row) => ({
    title: row.title,
    kind: row.kind,
    publishedAt: row.published_at,
    text:
      row.body === null || row.withdrawn_at !== null
        ? null
        : plainText(merged(cleanHtml(row.body), { givenName: givenNameOf(viewer), balances: row.balances })),
    withdrawnAt: row.withdrawn_at,
    files: row.files,
  }))
}

const givenNameOf = ({ name }: Viewer): string => name.split(' ')[0] ?? name

/** The beginning, without the word that the cut goes through. */
function shortened(words: string): string {
  if (words.length <= EXCERPT) return words
  const beginning = words.slice(0, EXCERPT)
  return `${beginning.split(/(\s+)/).slice(0, -2).join('') || beginning}…`
}

export type SentVersion = { number: number; publishedAt: Date; reason: string }

/** One communication as its reader sees it. */
export type Communication = {
  id: string
  title: string
  about: About
  publishedAt: Date
  withdrawn: { at: Date; reason: string } | null
  /** Null once it is withdrawn: its title and the reason are all that is left. */
  text: {
    version: number
    isCurrent: boolean
    kind: CommunicationKind
    body: SafeHtml
    files: VersionFile[]
    expiresAt: Date | null
    isExpired: boolean
    acknowledgement: AcknowledgementState
    mode: AcknowledgementMode
    acknowledgeBy: Day | null
    acknowledged: { by: string; at: Date; wasLate: boolean } | null
    balances: { household: string; cents: Cents }[]
  } | null
  /** What was out, newest first; more than one: it was corrected. */
  versions: SentVersion[]
  today: Day
}

/** The head of a communication that was addressed to the viewer, in the viewer's own transaction. */
export async function findOwn(trx: Trx, viewer: Viewer, id: string) {
  await enterSubject(trx, 'communications')
  const { rows } = await sql<{
    title: string
    about: About
    published_version: number
    published_at: Date
    expires_at: Date | null
    is_expired: boolean | null
    withdrawn_at: Date | null
    withdrawn_reason: string | null
    today: Day
    households: string[]
  }>`
    with own as (${ownCopies(viewer)})
    select x.title, max(o.about) as about, c.published_version, c.published_at, c.expires_at, c.expires_at <= app_now() as is_expired,
      c.withdrawn_at, c.withdrawn_reason, app_today() as today, array_agg(o.household_id order by o.household_id) as households
    from own o
    join communication c on c.municipality_id = ${viewer.municipalityId} and c.id = o.communication_id
    join communication_publication x on x.municipality_id = ${viewer.municipalityId} and x.communication_id = c.id and x.version = c.published_version
    where c.id = ${id}::uuid and c.published_at <= app_now()
    group by c.municipality_id, c.id, x.title`.execute(trx)
  return rows[0] ?? null
}

/**
 * A communication addressed to the viewer, with the text of the version that is out or of an earlier one that was.
 * Null for what does not exist, and for what was addressed to another person.
 */
export async function readCommunication(
  trx: Trx,
  viewer: Viewer,
  id: string,
  version: number | null,
): Promise<Communication | null> {
  const head = await findOwn(trx, viewer, id)
  if (!head) return null
  const isOver = head.withdrawn_at !== null
  const versions = await sentVersions(trx, viewer.municipalityId, id)
  const number = version ?? head.published_version
  if (!isOver && !versions.some((sent) => sent.number === number)) return null
  const common = {
    id,
    title: head.title,
    about: head.about,
    publishedAt: head.published_at,
    versions,
    today: head.today,
  }
  if (isOver)
    return {
      ...common,
      withdrawn: { at: head.withdrawn_at as Date, reason: head.withdrawn_reason ?? '' },
      text: null,
    }
  const text = await readText(trx, viewer, { id, number, head })
  return { ...common, title: text.title, withdrawn: null, text }
}

async function sentVersions(trx: Trx, municipalityId: string, id: string): Promise<SentVersion[]> {
  const { rows } = await sql<SentVersion>`
    select x.version as number, x.published_at as "publishedAt", coalesce(v.reason, '') as reason
    from communication_publication x
    left join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = x.communication_id and v.number = x.version
    where x.municipality_id = ${municipalityId} and x.communication_id = ${id}::uuid order by x.version desc`.execute(
    trx,
  )
  return rows
}

type Head = NonNullable<Awaited<ReturnType<typeof findOwn>>>

async function readText(
  trx: Trx,
  viewer: Viewer,
  { id, number, head }: { id: string; number: number; head: Head },
) {
  const { municipalityId } = viewer
  const [row, files, balances, given] = await Promise.all([
    trx
      .selectFrom('communication_version')
      .select(['title', 'kind', 'body', 'acknowledgement', 'acknowledge_by'])
      .where('municipality_id', '=', municipalityId)
      .where('communication_id', '=', id)
      .where('number', '=', number)
      .executeTakeFirstOrThrow(),
    readVersionFiles(trx, 'communication', municipalityId, { id, version: number }),
    readBalances(trx, municipalityId, id, head.households),
    readAcknowledgements(trx, viewer, id, number, head.households),
  ])
  const mode = row.acknowledgement
  const isCurrent = number === head.published_version
  const isExpired = head.is_expired === true
  const body = merged(cleanHtml(row.body), {
    givenName: givenNameOf(viewer),
    balances: balances.map(({ cents }) => cents),
  })
  return {
    version: number,
    isCurrent,
    title: row.title,
    kind: row.kind,
    body,
    files: attachmentsIn({ files }),
    expiresAt: head.expires_at,
    isExpired,
    mode,
    acknowledgeBy: row.acknowledge_by,
    acknowledged: given.last,
    acknowledgement: acknowledgementState({
      mode,
      by: row.acknowledge_by,
      today: head.today,
      done: given.isComplete,
      isOver: isExpired || !isCurrent,
    }),
    balances,
  }
}

async function readBalances(trx: Trx, municipalityId: string, id: string, households: string[]) {
  const { rows } = await sql<{ household: string; cents: Cents }>`
    select h.name as household, r.balance_cents as cents from communication_recipient r
    join household h on h.municipality_id = ${municipalityId} and h.id = r.household_id
    where r.municipality_id = ${municipalityId} and r.communication_id = ${id}::uuid and r.household_id = any(${households}::uuid[])
      and r.balance_cents is not null order by h.name, h.id`.execute(trx)
  return rows
}

/** The confirmations that count for the viewer: one's own, or the household's only one. */
async function readAcknowledgements(
  trx: Trx,
  viewer: Viewer,
  id: string,
  version: number,
  households: string[],
) {
  const { rows } = await sql<{ household_id: string; by: string; at: Date; wasLate: boolean }>`
    select a.household_id, p.full_name as by, a.acknowledged_at as at, a.was_late as "wasLate"
    from communication_acknowledgement a
    join person_name p on p.municipality_id = ${viewer.municipalityId} and p.id = a.person_id
    where a.municipality_id = ${viewer.municipalityId} and a.communication_id = ${id}::uuid and a.version = ${version}
      and a.household_id = any(${households}::uuid[]) and (a.once_per = 'household' or a.person_id = ${viewer.personId})
    order by a.acknowledged_at`.execute(trx)
  const covered = new Set(rows.map((row) => row.household_id))
  const last = rows.at(-1)
  return {
    isComplete: households.every((household) => covered.has(household)),
    last: last ? { by: last.by, at: last.at, wasLate: last.wasLate } : null,
  }
}

/** A communication to print or download, without writing that it was read; null as above. */
export async function communicationToDownload(viewer: Viewer, id: string): Promise<Communication | null> {
  if (!allowedToFamily(viewer, 'communications:read') || !isUuid(id)) return null
  return readAsFamily(viewer, (trx) => readCommunication(trx, viewer, id, null))
}
