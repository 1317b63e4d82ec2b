import 'server-only'
import { sql } from 'kysely'
import { asPublic, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { endOfDay, instantInRome } from '#lib/kernel/day.ts'
import { SLUG } from '#lib/kernel/slug.ts'
import { shortLived } from '#lib/kernel/ttl-cache.ts'
import { isLive } from '#lib/publishing/live.queries.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { cleanHtml, plainText, readingMinutes } from '#lib/publishing/safe-html.ts'
import type { ContentFilter } from './content.address.ts'
import type { ContentKind } from './content.ts'

export type PublicAttachment = { id: string; name: string; title: string; mediaType: string; size: number }

/** One line of a public list. */
export type ContentSummary = {
  id: string
  kind: ContentKind
  slug: string
  title: string
  summary: string
  category: string
  urgent: boolean
  highlighted: boolean
  publishAt: Date
  updatedAt: Date
  attachments: PublicAttachment[]
}

export type ContentPage = { items: ContentSummary[]; total: number; page: number; pages: number }

/** What a public page shows of one item. */
export type PublicContent = ContentSummary & { body: SafeHtml; minutes: number }

export const CONTENT_PAGE_SIZE = 12
const FRESH_SECONDS = 1
const MOST_IN_FEED = 50

const summaries = (trx: Trx, municipalityId: string, kind: ContentKind) =>
  trx
    .selectFrom('content_item as i')
    .innerJoin('content_version as v', (join) =>
      join
        .on('v.municipality_id', '=', municipalityId)
        .onRef('v.item_id', '=', 'i.id')
        .onRef('v.number', '=', 'i.published_version'),
    )
    .where('i.municipality_id', '=', municipalityId)
    .where('i.kind', '=', kind)
    .where(isLive)

const SUMMARY_COLUMNS = [
  'i.id',
  'i.slug',
  'i.publish_at',
  'i.published_at',
  'v.number',
  'v.title',
  'v.summary',
  'v.category',
  'v.urgent',
  'v.highlighted',
] as const

type SummaryRow = {
  id: string
  slug: string
  publish_at: Date | null
  published_at: Date | null
  number: number
  title: string
  summary: string
  category: string
  urgent: boolean
  highlighted: boolean
}

function summaryOf(kind: ContentKind, row: SummaryRow, attachments: PublicAttachment[]): ContentSummary {
  const publishAt = row.publish_at as Date
  const published = row.published_at as Date
  return {
    id: row.id,
    kind,
    slug: row.slug,
    title: row.title,
    summary: row.summary,
    category: row.category,
    urgent: row.urgent,
    highlighted: row.highlighted,
    publishAt,
    // Pressed before its day came, it is not older than its day.
    updatedAt: new Date(Math.max(published.getTime(), publishAt.getTime())),
    attachments,
  }
}

/** The attachments of the published versions of these items, by item. */
async function attachmentsOf(
  trx: Trx,
  municipalityId: string,
  rows: readonly { id: string; number: number }[],
): Promise<Map<string, PublicAttachment[]>> {
  const byItem = new Map<string, PublicAttachment[]>()
  if (rows.length === 0) return byItem
  const files = await trx
    .selectFrom('content_version_file as f')
    .innerJoin('stored_file as s', (join) =>
      join.on('s.municipality_id', '=', municipalityId).onRef('s.id', '=', 'f.file_id'),
    )
    .select(['f.item_id', 'f.version', 'f.title', 's.id', 's.name', 's.media_type', 's.size'])
    .where('f.municipality_id', '=', municipalityId)
    .where('f.role', '=', 'attachment')
    .where(
      'f.item_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('f.position')
    .execute()
  const shown = new Map(rows.map((row) => [row.id, row.number]))
  for (const file of files) {
    if (shown.get(file.item_id) !== file.version) continue
    const list = byItem.get(file.item_id) ?? []
    list.push({
      id: file.id,
      name: file.name,
      title: file.title,
      mediaType: file.media_type,
      size: file.size,
    })
    byItem.set(file.item_id, list)
  }
  return byItem
}

async function readPage(
  municipalityId: string,
  kind: ContentKind,
  filter: ContentFilter,
): Promise<ContentPage> {
  return asPublic(municipalityId, async (trx) => {
    const { text, category, from, to } = filter
    const found = summaries(trx, municipalityId, kind)
      .$if(category !== '', (query) => query.where('v.category', '=', category))
      .$if(from !== null, (query) =>
        query.where('i.publish_at', '>=', instantInRome(from as string, '00:00')),
      )
      .$if(to !== null, (query) => query.where('i.publish_at', '<', endOfDay(to as string)))
      .$if(text !== '', (query) =>
        query.where(
          sql<boolean>`(v.search @@ websearch_to_tsquery('italian', ${text}) or ${holdsWords(sql`search_key(v.title)`, text)})`,
        ),
      )
    const [rows, count] = await Promise.all([
      found
        .select(SUMMARY_COLUMNS)
        .orderBy('i.publish_at', 'desc')
        .orderBy('i.id', 'desc')
        .offset((filter.page - 1) * CONTENT_PAGE_SIZE)
        .limit(CONTENT_PAGE_SIZE)
        .execute(),
      found.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    ])
    const files = await attachmentsOf(trx, municipalityId, rows)
    const total = Number(count.total)
    return {
      items: rows.map((row) => summaryOf(kind, row, files.get(row.id) ?? [])),
      total,
      page: filter.page,
      pages: Math.max(1, Math.ceil(total / CONTENT_PAGE_SIZE)),
    }
  })
}

const UNFILTERED_PAGES = 50

/** Only what is the same for everybody is kept: a category or nothing, and the first pages. */
const cachedPage = shortLived(
  FRESH_SECONDS,
  (municipalityId: string, kind: ContentKind, category: string, page: number): Promise<ContentPage | null> =>
    readPage(municipalityId, kind, { text: '', category, from: null, to: null, page }),
)

/**
 * A page of what is public, newest first.
 * Searches go to the database; the plain lists are at most a second old.
 */
export async function publicList(
  municipality: { id: string },
  kind: ContentKind,
  filter: ContentFilter,
): Promise<ContentPage> {
  const { text, from, to, category, page } = filter
  if (text || from || to || page > UNFILTERED_PAGES) return readPage(municipality.id, kind, filter)
  const kept = await cachedPage(municipality.id, kind, category, page)
  return kept ?? readPage(municipality.id, kind, filter)
}

/** What must be said before anything else, and the latest news: for the first page of a municipality. */
export type Front = { urgent: ContentSummary[]; news: ContentSummary[]; documents: ContentSummary[] }

const NEWS_ON_FRONT = 3
const MOST_URGENT = 3

const cachedFront = shortLived(
  FRESH_SECONDS,
  async (municipalityId: string): Promise<Front> =>
    asPublic(municipalityId, async (trx) => {
      const read = (kind: ContentKind, what: 'urgent' | 'highlighted' | 'any', limit: number) =>
        summaries(trx, municipalityId, kind)
          .$if(what === 'urgent', (query) => query.where('v.urgent', '=', true))
          .$if(what === 'any', (query) => query.where('v.urgent', '=', false))
          .$if(what === 'highlighted', (query) => query.where('v.highlighted', '=', true))
          .select(SUMMARY_COLUMNS)
          .orderBy('v.highlighted', 'desc')
          .orderBy('i.publish_at', 'desc')
          .limit(limit)
          .execute()
      const [urgent, news, documents] = await Promise.all([
        read('news', 'urgent', MOST_URGENT),
        read('news', 'any', NEWS_ON_FRONT),
        read('document', 'highlighted', NEWS_ON_FRONT),
      ])
      const files = await attachmentsOf(trx, municipalityId, documents)
      return {
        urgent: urgent.map((row) => summaryOf('news', row, [])),
        news: news.map((row) => summaryOf('news', row, [])),
        documents: documents.map((row) => summaryOf('document', row, files.get(row.id) ?? [])),
      }
    }),
)

export async function publicFront(municipality: { id: string }): Promise<Front> {
  return (await cachedFront(municipality.id)) ?? { urgent: [], news: [], documents: [] }
}

const cachedContent = shortLived(FRESH_SECONDS, (municipalityId: string, kind: ContentKind, slug: string) =>
  asPublic(municipalityId, async (trx): Promise<PublicContent | null> => {
    const row = await summaries(trx, municipalityId, kind)
      .select([...SUMMARY_COLUMNS, 'v.body'])
      .where('i.slug', '=', slug)
      .executeTakeFirst()
    if (!row) return null
    const files = await attachmentsOf(trx, municipalityId, [row])
    // Cleaned again: what is shown obeys today's rules, also when it was written under others.
    const body = cleanHtml(row.body)
    return { ...summaryOf(kind, row, files.get(row.id) ?? []), body, minutes: readingMinutes(body) }
  }),
)

/** A text that was public and no longer is: since when and, when it was withdrawn, why. */
export type GoneContent = { state: 'expired' | 'withdrawn'; goneAt: Date; reason: string }

const readGone = (municipalityId: string, kind: ContentKind, slug: string): Promise<GoneContent | null> =>
  asPublic(municipalityId, async (trx) => {
    const { rows } = await sql<{ state: GoneContent['state']; gone_at: Date; reason: string }>`
      select state, gone_at, reason from content_gone(${kind}, ${slug})`.execute(trx)
    const row = rows[0]
    return row ? { state: row.state, goneAt: row.gone_at, reason: row.reason } : null
  })

/**
 * What is public at this address, or null. A text may be a second old, but whether it has gone is asked each time: the text
 * of a withdrawn page is shown no more.
 */
export async function publicContent(
  municipality: { id: string },
  kind: ContentKind,
  slug: string,
): Promise<PublicContent | null> {
  const known = SLUG.test(slug) ? await cachedContent(municipality.id, kind, slug) : null
  return known && (await readGone(municipality.id, kind, slug)) ? null : known
}

/**
 * Since when and why a text is no more public; null when it is. Asked each time, as the text itself: a text that came back a moment
 * ago would else be answered with the status of a page that is gone.
 */
export async function goneContent(
  municipality: { id: string },
  kind: ContentKind,
  slug: string,
): Promise<GoneContent | null> {
  return SLUG.test(slug) ? readGone(municipality.id, kind, slug) : null
}

/** The latest of a kind with their words, for feeds; and every address, for the site map. 50 at most in a feed. */
export type FeedEntry = ContentSummary & { words: string }

const cachedFeed = shortLived(FRESH_SECONDS, (municipalityId: string, kind: ContentKind) =>
  asPublic(municipalityId, async (trx): Promise<FeedEntry[]> => {
    const rows = await summaries(trx, municipalityId, kind)
      .select([...SUMMARY_COLUMNS, 'v.body'])
      .orderBy('i.publish_at', 'desc')
      .limit(MOST_IN_FEED)
      .execute()
    return rows.map((row) => ({ ...summaryOf(kind, row, []), words: plainText(cleanHtml(row.body)) }))
  }),
)

export async function publicFeed(municipality: { id: string }, kind: ContentKind): Promise<FeedEntry[]> {
  return (await cachedFeed(municipality.id, kind)) ?? []
}
