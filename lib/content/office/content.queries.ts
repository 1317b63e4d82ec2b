import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { readVersionFiles, type VersionFile } from '#lib/files/attachment.queries.ts'
import { type Life, type PublicationState, pendingOf, stateAt } from '#lib/publishing/lifecycle.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import type { ContentFields, ContentKind } from '../content.ts'

/** A line of the editors' list. */
export type OfficeContentLine = {
  id: string
  kind: ContentKind
  title: string
  category: string
  urgent: boolean
  state: PublicationState
  /** Newer words wait behind what is public; `submitted`: a colleague was asked to look at them. */
  pending: 'none' | 'changes' | 'submitted'
  opensAt: Date | null
  closesAt: Date | null
  author: string
  savedAt: Date
}

export type ContentVersion = ContentFields & {
  number: number
  author: string
  authorId: string
  savedAt: Date
  restoredFrom: number | null
  files: VersionFile[]
}

/** Everything the editor's page shows of one item. */
export type OfficeContent = ReturnType<typeof contentLife> & {
  id: string
  kind: ContentKind
  slug: string
  state: PublicationState
  publishedAt: Date | null
  publishedBy: string | null
  reviewRequestedBy: string | null
  reviewNote: string
  withdrawnReason: string | null
  latest: ContentVersion
  versions: { number: number; title: string; author: string; savedAt: Date; restoredFrom: number | null }[]
}

export type OfficeContentFilter = { state: PublicationState | ''; text: string }

const MOST_LINES = 200
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type LifeRow = {
  latest_version: number
  published_version: number | null
  publish_at: Date | null
  expire_at: Date | null
  review_version: number | null
  withdrawn_at: Date | null
}

/** The columns of an item that say in which state it is. */
export const CONTENT_LIFE_COLUMNS = [
  'latest_version',
  'published_version',
  'publish_at',
  'expire_at',
  'review_version',
  'withdrawn_at',
] as const satisfies (keyof LifeRow)[]

export const contentLife = (row: LifeRow) =>
  ({
    latestVersion: row.latest_version,
    submittedVersion: row.review_version,
    publishedVersion: row.published_version,
    opensAt: row.publish_at,
    closesAt: row.expire_at,
    withdrawnAt: row.withdrawn_at,
  }) satisfies Life

/** News or documents as editors see them, last touched first, 200 at most; empty for a viewer who may not write. */
export async function officeContentList(
  viewer: Viewer,
  kind: ContentKind,
  filter: OfficeContentFilter,
): Promise<OfficeContentLine[]> {
  if (!allowedToStaff(viewer, 'content:write')) return []
  const rows = await asStaff(viewer, (trx) =>
    trx
      .selectFrom('content_item as i')
      .innerJoin('content_version as v', (join) =>
        join
          .on('v.municipality_id', '=', viewer.municipalityId)
          .onRef('v.item_id', '=', 'i.id')
          .onRef('v.number', '=', 'i.latest_version'),
      )
      .innerJoin('person as p', (join) =>
        join.on('p.municipality_id', '=', viewer.municipalityId).onRef('p.id', '=', 'v.author_id'),
      )
      .select(['i.id', ...CONTENT_LIFE_COLUMNS])
      .select(['v.title', 'v.category', 'v.urgent', 'v.saved_at', 'p.full_name as author'])
      .select(sql<Date>`app_now()`.as('now'))
      .where('i.municipality_id', '=', viewer.municipalityId)
      .where('i.kind', '=', kind)
      .$if(filter.text !== '', (query) =>
        query.where(
          sql<boolean>`(v.search @@ websearch_to_tsquery('italian', ${filter.text}) or ${holdsWords(sql`search_key(v.title)`, filter.text)})`,
        ),
      )
      .orderBy('v.saved_at', 'desc')
      .limit(MOST_LINES)
      .execute(),
  )
  return rows
    .map((row) => {
      const life = contentLife(row)
      return {
        id: row.id,
        kind,
        title: row.title,
        category: row.category,
        urgent: row.urgent,
        state: stateAt(life, row.now),
        pending: pendingOf(kind, life, row.now),
        opensAt: row.publish_at,
        closesAt: row.expire_at,
        author: row.author,
        savedAt: row.saved_at,
      }
    })
    .filter((line) => !filter.state || line.state === filter.state || line.pending === filter.state)
}

/** One item with its latest version and history; null for what is not there and for a viewer who may not write. */
export async function officeContent(
  viewer: Viewer,
  kind: ContentKind,
  id: string,
): Promise<OfficeContent | null> {
  if (!allowedToStaff(viewer, 'content:write') || !UUID.test(id)) return null
  return asStaff(viewer, async (trx) => {
    const row = await trx
      .selectFrom('content_item as i')
      .leftJoin('person as p', (join) =>
        join.on('p.municipality_id', '=', viewer.municipalityId).onRef('p.id', '=', 'i.published_by'),
      )
      .leftJoin('person as r', (join) =>
        join.on('r.municipality_id', '=', viewer.municipalityId).onRef('r.id', '=', 'i.review_requested_by'),
      )
      .select(CONTENT_LIFE_COLUMNS)
      .select(['i.slug', 'i.published_at', 'i.published_by', 'i.review_requested_by', 'i.review_note'])
      .select('i.withdrawn_reason')
      .select(['p.full_name as publisher', 'r.full_name as reviewAsker', sql<Date>`app_now()`.as('now')])
      .where('i.municipality_id', '=', viewer.municipalityId)
      .where('i.id', '=', id)
      .where('i.kind', '=', kind)
      .executeTakeFirst()
    if (!row) return null
    const [latest, versions] = await Promise.all([
      readContentVersion(trx, viewer.municipalityId, id, row.latest_version),
      trx
        .selectFrom('content_version as v')
        .innerJoin('person as p', (join) =>
          join.on('p.municipality_id', '=', viewer.municipalityId).onRef('p.id', '=', 'v.author_id'),
        )
        .select(['v.number', 'v.title', 'v.saved_at as savedAt', 'v.restored_from as restoredFrom'])
        .select('p.full_name as author')
        .where('v.municipality_id', '=', viewer.municipalityId)
        .where('v.item_id', '=', id)
        .orderBy('v.number', 'desc')
        .execute(),
    ])
    if (!latest) throw new Error(`content ${id} has no version ${row.latest_version}`)
    const life = contentLife(row)
    return {
      ...life,
      id,
      kind,
      slug: row.slug,
      state: stateAt(life, row.now),
      publishedAt: row.published_at,
      publishedBy: row.published_by && row.publisher,
      reviewRequestedBy: row.review_requested_by && row.reviewAsker,
      reviewNote: row.review_note,
      withdrawnReason: row.withdrawn_reason,
      latest,
      versions,
    }
  })
}

/** One version of an item, old or new; null for what is not there and for a viewer who may not write. */
export async function officeContentVersion(
  viewer: Viewer,
  id: string,
  number: number,
): Promise<ContentVersion | null> {
  if (!allowedToStaff(viewer, 'content:write') || !UUID.test(id) || !Number.isInteger(number)) return null
  return asStaff(viewer, (trx) => readContentVersion(trx, viewer.municipalityId, id, number))
}

/** A version with its files, inside a transaction of the office. */
export async function readContentVersion(
  trx: Trx,
  municipalityId: string,
  itemId: string,
  number: number,
): Promise<ContentVersion | null> {
  const [row, files] = await Promise.all([
    trx
      .selectFrom('content_version as v')
      .innerJoin('person as p', (join) =>
        join.on('p.municipality_id', '=', municipalityId).onRef('p.id', '=', 'v.author_id'),
      )
      .select(['v.title', 'v.summary', 'v.body', 'v.category', 'v.urgent', 'v.highlighted', 'v.saved_at'])
      .select(['v.author_id', 'v.restored_from', 'p.full_name as author'])
      .where('v.municipality_id', '=', municipalityId)
      .where('v.item_id', '=', itemId)
      .where('v.number', '=', number)
      .executeTakeFirst(),
    readVersionFiles(trx, 'content', municipalityId, { id: itemId, version: number }),
  ])
  if (!row) return null
  return {
    number,
    title: row.title,
    summary: row.summary,
    body: row.body as SafeHtml,
    category: row.category,
    urgent: row.urgent,
    highlighted: row.highlighted,
    author: row.author,
    authorId: row.author_id,
    savedAt: row.saved_at,
    restoredFrom: row.restored_from,
    files,
  }
}
