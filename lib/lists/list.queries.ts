import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type ListPage, type ListRow, type ListState, MOST_SORTED, MOST_WALKED } from './list.ts'

type Fragment = RawBuilder<unknown>

/**
 * How the lines are looked for. `sorted`: by their filters, all of them are sorted. `walked`: of very many lines the first ones, in the
 * order of the index; a filter is asked of line after line, and must answer by an index of its own.
 */
export type ReadingWay = 'sorted' | 'walked'

/**
 * How a list is read: what its columns and filters are in SQL, and how its lines are written once they are found. A sort, and a filter
 * of what stands in another relation, is a sub-select of one value or `= any (array(select …))`: with row-level policies the planner
 * takes joins for much smaller than they are.
 */
export type ListSource = {
  /** `from … where …`, the municipality in each relation. */
  from: (way: ReadingWay) => Fragment
  /** What is `sorted` begins with the first lines in the order of the index, as many as a page may show, also where there are more. */
  givesFirst?: boolean
  /** By what name `from` calls the lines, and which columns of them `id`, `base` and the sorts read: what is found is kept for its order. */
  line: { name: Fragment; columns: Fragment }
  /** What names a line. */
  id: Fragment
  /** The order that has an index: a text that is never null, which every other order ends with. */
  base: (way: ReadingWay) => Fragment
  /** The column that is sorted by `base`. */
  baseKey: string
  /** Column → what it is sorted by. */
  sorts: Readonly<Record<string, Fragment>>
  /** Filter → whether a line is among those that it keeps. */
  filters: Readonly<Record<string, (value: string, way: ReadingWay) => Fragment>>
  /** The lines with these ids, in any order. */
  read: (trx: Trx, ids: readonly string[]) => Promise<ListRow[]>
}

/** Filters of a list are of very different weight: the plan made for one value must not be kept for another. */
const planEach = (trx: Trx) => sql`set local plan_cache_mode = force_custom_plan`.execute(trx)

/**
 * Of very many lines a few are wanted in the order of the index: they are near its begin. The planner takes a search for rarer than
 * it is, and would find and sort all of them.
 */
async function walkingTheIndex<T>(trx: Trx, walk: () => Promise<T>): Promise<T> {
  await sql`set local enable_sort = off`.execute(trx)
  const found = await walk()
  await sql`set local enable_sort to default`.execute(trx)
  return found
}

const matching = (
  { from, filters }: ListSource,
  state: Pick<ListState, 'filters'>,
  way: ReadingWay = 'sorted',
): Fragment => {
  const kept = Object.entries(state.filters).flatMap(([key, value]) => {
    const filter = filters[key]
    return filter ? [sql`and ${filter(value, way)}`] : []
  })
  return sql`${from(way)} ${sql.join(kept, sql` `)}`
}

/** What was found: how many lines, one more than `most` where they are more, and ids in their order; null where they must be walked. */
type Found = { total: number; ids: string[] | null }

/** The part of the lines that is wanted: a page beyond the last of `reached` lines is the last one. */
const pageOf = ({ page, size }: Pick<ListState, 'page' | 'size'>, reached: Fragment): Fragment =>
  sql`limit ${size} offset (select (least(${page}::int, greatest(1, ceil(${reached} / ${size}::numeric))) - 1) * ${size} from counted c)`

/**
 * How many lines match, and the ids of a page, or of all. Filters are the heavy part of a list, so they are asked once for both.
 * @param walked null for all lines
 */
async function sortedLines(
  trx: Trx,
  source: ListSource,
  state: ListState,
  { most, walked }: { most: number; walked: number | null },
): Promise<Found> {
  const { name, columns } = source.line
  const [sort] = state.sort
  const isDown = sort?.key === source.baseKey && sort.isDown
  const first =
    source.givesFirst && walked !== null && !isDown
      ? sql`else array(select ${source.id} from found ${name} order by ${baseOrder(source, 'sorted', false)}
          ${pageOf(state, sql`least(c.n, ${Math.min(most, walked)}::int)`)})`
      : sql``
  const kept = Math.max(most, source.givesFirst ? (walked ?? 0) : 0) + 1
  const { rows } = await sql<Found>`
    with found as materialized (select ${columns} ${matching(source, state)} limit ${kept}),
      counted as materialized (select count(*)::int as n from found)
    select k.n as total, case when k.n <= ${most} then array(
        select ${source.id} from found ${name} order by ${orderOf(source, state, 'sorted')}
        ${walked === null ? sql`` : pageOf(state, sql`c.n`)}) ${first} end as ids
    from counted k`.execute(trx)
  return rows[0] ?? { total: 0, ids: [] }
}

const baseOrder = ({ base, id }: ListSource, way: ReadingWay, isDown: boolean): Fragment =>
  isDown ? sql`${base(way)} desc, ${id} desc` : sql`${base(way)}, ${id}`

/** Of more lines than are sorted in memory the one order is that of the index. */
function orderOf(source: ListSource, { sort }: Pick<ListState, 'sort'>, way: ReadingWay): Fragment {
  const asked = sort.filter(({ key }) => key === source.baseKey || key in source.sorts)
  const [first] = asked
  if (!first || way === 'walked' || (first.key === source.baseKey && asked.length === 1))
    return baseOrder(source, way, first?.key === source.baseKey && first.isDown)
  const parts = asked.map(({ key, isDown }) => {
    const part = key === source.baseKey ? source.base(way) : source.sorts[key]
    return isDown ? sql`${part} desc nulls last` : sql`${part} nulls last`
  })
  return sql.join([...parts, baseOrder(source, way, false)], sql`, `)
}

async function idsOf(trx: Trx, statement: Fragment): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select found.id from (${statement}) found`.execute(trx)
  return rows.map(({ id }) => id)
}

/** The lines in the order of their ids. A line that went meanwhile is left out. */
async function linesOf(trx: Trx, source: ListSource, ids: readonly string[]): Promise<ListRow[]> {
  const byId = new Map((await source.read(trx, ids)).map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** What a page is bounded by: the rows that are counted and sorted, and of more than these the rows that have pages. */
const PAGE_LIMITS = { most: MOST_SORTED, walked: MOST_WALKED }

/** One page of a list: how many match, and the lines of the page in the order that was asked, as far as there is one. */
export async function readListPage(
  trx: Trx,
  source: ListSource,
  state: ListState,
  { most, walked } = PAGE_LIMITS,
): Promise<ListPage> {
  await planEach(trx)
  const { total, ids } = await sortedLines(trx, source, state, { most, walked })
  const hasMore = total > most
  const pages = Math.max(1, Math.ceil((hasMore ? Math.min(most, walked) : total) / state.size))
  const page = Math.min(state.page, pages)
  const shown = ids ?? (await walkedIds(trx, source, { ...state, page }))
  return { total: Math.min(total, most), hasMore, page, pages, rows: await linesOf(trx, source, shown) }
}

/** The ids of a page of very many lines, in the order of the index. */
const walkedIds = (trx: Trx, source: ListSource, state: ListState): Promise<string[]> =>
  walkingTheIndex(trx, () =>
    idsOf(
      trx,
      sql`select ${source.id} as id ${matching(source, state, 'walked')} order by ${orderOf(source, state, 'walked')}
        limit ${state.size} offset ${(state.page - 1) * state.size}`,
    ),
  )

/** The ids of lines that match, at most `most`, in no order. */
export async function idsMatching(
  trx: Trx,
  source: ListSource,
  state: Pick<ListState, 'filters'>,
  most: number,
): Promise<string[]> {
  await planEach(trx)
  return idsOf(trx, sql`select ${source.id} as id ${matching(source, state)} limit ${most}`)
}

/** What a file is read by: more lines than `most` go by the index, `batch` are read at a time. */
const FILE_LIMITS = { most: MOST_SORTED, batch: 1_000 }

/** All lines that match, some at a time, however many there are: each batch in a transaction of its own. */
export async function* linesMatching(
  viewer: Viewer,
  source: ListSource,
  state: ListState,
  { most, batch } = FILE_LIMITS,
): AsyncGenerator<ListRow[]> {
  const ids = await asStaff(viewer, async (trx) => {
    await planEach(trx)
    return (await sortedLines(trx, source, state, { most, walked: null })).ids
  })
  if (ids === null) return yield* linesByIndex(viewer, source, state, batch)
  for (let at = 0; at < ids.length; at += batch)
    yield await asStaff(viewer, (trx) => linesOf(trx, source, ids.slice(at, at + batch)))
}

type Place = { id: string; key: string }

async function* linesByIndex(
  viewer: Viewer,
  source: ListSource,
  state: ListState,
  batch: number,
): AsyncGenerator<ListRow[]> {
  let last: Place | undefined
  do {
    const read = await asStaff(viewer, async (trx) => {
      await planEach(trx)
      const found = await walkingTheIndex(trx, () => placesAfter(trx, source, state, last, batch))
      const ids = found.map(({ id }) => id)
      return { lines: await linesOf(trx, source, ids), found }
    })
    yield read.lines
    last = read.found.length === batch ? read.found.at(-1) : undefined
  } while (last)
}

async function placesAfter(
  trx: Trx,
  source: ListSource,
  state: ListState,
  last: Place | undefined,
  most: number,
): Promise<Place[]> {
  const key = source.base('walked')
  // The first of the two conditions is the index's, which knows no id of another relation: without it each batch begins at the first line.
  const after = last
    ? sql`and ${key} >= ${last.key}::text and (${key}, ${source.id}) > (${last.key}::text, ${last.id})`
    : sql``
  const { rows } = await sql<Place>`
    select found.id, found.key from (select ${source.id} as id, ${key} as key ${matching(source, state, 'walked')} ${after}
      order by ${baseOrder(source, 'walked', false)} limit ${most}) found`.execute(trx)
  return rows
}
