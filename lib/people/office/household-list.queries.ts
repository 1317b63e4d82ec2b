import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords, householdsNamed, MOST_LOOKED_UP } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { type FoundName, isLongEnough, searchTrace } from '#lib/access/people-search.ts'
import { foundNamesInWords } from '#lib/access/people-search.words.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import { readListQuery, readListState } from '#lib/lists/list.address.ts'
import { idsMatching, type ListSource, linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import {
  type DownloadedList,
  filtersUsed,
  type ListRow,
  type ListState,
  listFor,
  MOST_SORTED,
  type OfficeList,
  type OpenedList,
} from '#lib/lists/list.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readablePhone } from '../phone.ts'
import { HOUSEHOLD_LIST } from './household.list.ts'
import { readTypedSearch } from './household-search.ts'

/** The households that a search finds, with the people for whom: (household_id, names). */
type Found = RawBuilder<unknown>

/** A fiscal code is looked up by its hash, as the sign-in does: also one of before. */
const householdsWithCode = (municipalityId: string, code: string, hash: Buffer): Found => sql`
  (select found.household_id, jsonb_agg(jsonb_build_object('name', found.name, 'role', found.role)) as names from (
    select c.household_id, c.full_name as name, 'pupil' as role from pupil c
    where c.municipality_id = ${municipalityId} and c.fiscal_code = ${code}
    union all
    select m.household_id, p.full_name, m.role from active_member m
    join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
    where m.municipality_id = ${municipalityId}
      and m.person_id = (select kept_person(${municipalityId}::uuid, person_with_code(${municipalityId}::uuid, ${hash})))
  ) found group by found.household_id)`

const householdsWithPhone = (municipalityId: string, digits: string): Found => sql`
  (select m.household_id, jsonb_agg(jsonb_build_object('name', p.full_name, 'role', m.role) order by m.role = 'holder' desc, p.full_name)
      as names
    from person p
    join active_member m on m.municipality_id = ${municipalityId} and m.person_id = p.id
    where p.municipality_id = ${municipalityId} and p.phone like '%' || ${digits}::text || '%'
    group by m.household_id)`

/** Eleven digits may be either a telephone number or a code: what is found by both is found once. */
const inEither = (one: Found, other: Found): Found => sql`
  (select distinct on (both.household_id) both.household_id, both.names from (
    select o.household_id, o.names from ${one} o union all select r.household_id, r.names from ${other} r
  ) both order by both.household_id)`

/** Households by an index, with the key of their order: (id, list_key). */
const namedOnce = (words: string): Found => sql`households_named(${words}::text)`
const phonedOnce = (digits: string): Found => sql`households_with_phone(${digits}::text)`

/** What a search looks for. */
type Search = {
  /** The households that it finds, with why: asked of the page's lines alone. */
  why: Found
  /** The same by an index; null where so many are found that each line is asked. */
  lookedUp: Found | null
  /** The first of them in the order of their names, of a name that is all that is asked. */
  first: Found | null
  /** Whether a line is found. */
  isFound: Found
}

/**
 * How words are looked for: as a name, as a part of a telephone number, as a whole fiscal code; eleven digits may be both of these.
 * @param many what more people have in their name, or in their number, is asked of family after family
 */
async function readSearch(
  trx: Trx,
  municipalityId: string,
  { words, isAlone }: { words: string; isAlone: boolean },
  many: number,
): Promise<Search> {
  const { fiscalCode, digits } = readTypedSearch(words)
  const lookedUp = digits ? phonedOnce(digits) : namedOnce(words)
  const why = digits ? householdsWithPhone(municipalityId, digits) : householdsNamed(municipalityId, words)
  if (fiscalCode) {
    const byCode = householdsWithCode(municipalityId, fiscalCode, await hashOfCode(trx, fiscalCode))
    const ids = sql`select c.household_id from ${byCode} c ${digits ? sql`union select n.id from ${lookedUp} n` : sql``}`
    const isFound = sql`h.id = any (array(${ids}))`
    return { why: digits ? inEither(byCode, why) : byCode, lookedUp: null, first: null, isFound }
  }
  const first =
    digits || !isAlone
      ? null
      : sql`first_households_named(${words}::text, ${MOST_SORTED + 1}::int, ${many}::int)`
  if (!first && (await isOfMany(trx, words, digits, many))) {
    const isFound = digits ? hasPhone(municipalityId, digits) : hasNamed(municipalityId, words)
    return { why, lookedUp: null, first: null, isFound }
  }
  return { why, lookedUp, first, isFound: sql`h.id = any (array(select n.id from ${lookedUp} n))` }
}

const balance = (municipalityId: string) => sql`(select sum(a.balance_cents)::bigint from account a
  where a.municipality_id = ${municipalityId} and a.household_id = h.id and a.kind = 'household')`

/** Whether a pupil of the family has a place, asked of family after family: most have one. */
const hasPlace = (municipalityId: string) => sql`coalesce((select true from pupil c
  where c.municipality_id = ${municipalityId} and c.household_id = h.id and (select true from enrolment e
    where e.municipality_id = ${municipalityId} and e.pupil_id = c.id and e.valid_to >= app_today() limit 1) limit 1), false)`

/** Whether very many pupils or adults have the name, or very many adults the digits. */
async function isOfMany(trx: Trx, words: string, digits: string | null, many: number): Promise<boolean> {
  const { rows } = await sql<{ isOfMany: boolean }>`
    select ${
      digits
        ? sql`is_phone_of_many(${digits}::text, ${many}::int)`
        : sql`is_name_of_many(${words}::text, ${many}::int, false) or is_name_of_many(${words}::text, ${many}::int, true)`
    } as "isOfMany"`.execute(trx)
  return rows[0]?.isOfMany === true
}

/** Whether a family has a person of that name, asked of family after family. */
const hasNamed = (municipalityId: string, words: string) => sql`coalesce((select true from pupil c
    where c.municipality_id = ${municipalityId} and c.household_id = h.id and ${holdsWords(sql`c.search_key`, words)} limit 1),
  (select true from active_member m where m.municipality_id = ${municipalityId} and m.household_id = h.id
    and (select ${holdsWords(sql`a.search_key`, words)} from person a where a.municipality_id = ${municipalityId} and a.id = m.person_id)
    limit 1), false)`

/** Whether a family has an adult with that telephone, asked of family after family. */
const hasPhone = (municipalityId: string, digits: string) => sql`coalesce((select true from active_member m
    where m.municipality_id = ${municipalityId} and m.household_id = h.id
      and (select a.phone like '%' || ${digits}::text || '%' from person a where a.municipality_id = ${municipalityId} and a.id = m.person_id)
    limit 1), false)`

/**
 * How the list is read for one search; words that are too short find nothing.
 * @param many what more people have in their name or number is asked of family after family
 */
export async function householdSource(
  trx: Trx,
  municipalityId: string,
  state: ListState,
  many = MOST_LOOKED_UP,
): Promise<ListSource> {
  const words = state.filters.cerca ?? ''
  const isAlone = Object.keys(state.filters).length === 1
  const search = isLongEnough(words) ? await readSearch(trx, municipalityId, { words, isAlone }, many) : null
  const lookedUp = search?.lookedUp
  const first = search?.first
  return {
    // Those of a surname stand together, far from the begin of the index: a search by name sorts what it found.
    from: (way) => {
      if (way === 'sorted' && first) return sql`from ${first} h where true`
      return way === 'walked' && lookedUp
        ? sql`from (select n.id, n.list_key from ${lookedUp} n order by n.list_key, n.id offset 0) h where true`
        : sql`from household h where h.municipality_id = ${municipalityId}`
    },
    givesFirst: Boolean(first),
    line: { name: sql`h`, columns: sql`h.id, h.list_key` },
    id: sql`h.id`,
    base: () => sql`h.list_key`,
    baseKey: 'famiglia',
    sorts: { saldo: balance(municipalityId) },
    filters: {
      cerca: (_, way) =>
        (way === 'sorted' ? first : lookedUp) ? sql`true` : (search?.isFound ?? sql`false`),
      iscritti: (value, way) => {
        if (value === 'si') return hasPlace(municipalityId)
        return way === 'walked'
          ? sql`not ${hasPlace(municipalityId)}`
          : sql`h.id = any (array(select households_without_place(${MOST_SORTED + 1}::int)))`
      },
      saldo: () => sql`h.id in (select a.household_id from account a
        where a.municipality_id = ${municipalityId} and a.kind = 'household' and a.balance_cents < 0)`,
    },
    read: (reader, ids) => readLines(reader, municipalityId, ids, search?.why ?? null),
  }
}

async function readLines(
  trx: Trx,
  municipalityId: string,
  ids: readonly string[],
  found: Found | null,
): Promise<ListRow[]> {
  type Line = {
    id: string
    name: string
    pupils: string[]
    holderName: string | null
    holderPhone: string | null
    holderEmail: string | null
    balanceCents: number | null
    names: FoundName[] | null
  }
  // A search of two letters finds half of the town: names are put together of the page's lines alone.
  const named = found
    ? sql`(select f.household_id, f.names from ${found} f where f.household_id = any(${[...ids]}::uuid[]))`
    : sql`(select null::uuid as household_id, null::jsonb as names where false)`
  const { rows } = await sql<Line>`
    select h.id, h.name, named.names, holder.full_name as "holderName", holder.phone as "holderPhone", holder.email as "holderEmail",
      coalesce((select array_agg(c.full_name order by c.birth_date, c.id) from pupil c
        where c.municipality_id = ${municipalityId} and c.household_id = h.id), '{}') as pupils,
      (select sum(a.balance_cents)::bigint from account a where a.municipality_id = ${municipalityId} and a.household_id = h.id
        and a.kind = 'household') as "balanceCents"
    from household h
    left join ${named} named on named.household_id = h.id
    left join lateral (
      select a.full_name, a.phone, a.email from active_member m
      join person a on a.municipality_id = ${municipalityId} and a.id = m.person_id
      where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1
    ) holder on true
    where h.municipality_id = ${municipalityId} and h.id = any(${[...ids]}::uuid[])`.execute(trx)
  return rows.map((line) => ({
    id: line.id,
    href: `famiglie/${line.id}`,
    cells: {
      famiglia: line.name,
      alunni: line.pupils.join(', '),
      intestatario: line.holderName ?? 'nessuno',
      telefono: line.holderPhone && readablePhone(line.holderPhone),
      email: line.holderEmail,
      saldo: line.balanceCents,
      trovata: foundNamesInWords(line.names ?? []),
    },
  }))
}

/** Why a family was found is said of a search alone. */
function listOf(viewer: Viewer, params: SearchParams): { list: OfficeList; state: ListState } {
  const whole = listFor(HOUSEHOLD_LIST, viewer)
  const asked = readListState(whole, params)
  if (asked.filters.cerca) return { list: whole, state: asked }
  const list = { ...whole, columns: whole.columns.filter(({ key }) => key !== 'trovata') }
  return { list, state: readListState(list, params) }
}

const MUNICIPALITY = (viewer: Viewer) =>
  ({ objectType: 'municipality', objectId: viewer.municipalityId }) as const

/** A page of the families; a search and a reading are written down. Null for a viewer who may not. */
export async function householdList(viewer: Viewer, params: SearchParams): Promise<OpenedList | null> {
  if (!allowedToStaff(viewer, HOUSEHOLD_LIST.opens)) return null
  const { list, state } = listOf(viewer, params)
  return asStaff(viewer, async (trx) => {
    const page = await readListPage(trx, await householdSource(trx, viewer.municipalityId, state), state)
    const words = state.filters.cerca
    await recordAudit(
      trx,
      viewer,
      words
        ? {
            ...{ action: 'households.searched', objectType: 'search', objectId: 'households' },
            details: searchTrace(words, page.rows.length),
          }
        : {
            ...{ action: 'households.listed', ...MUNICIPALITY(viewer) },
            details: { filters: filtersUsed(state), shown: page.rows.length, page: page.page },
          },
    )
    return { list, state, page, options: {} }
  })
}

/** All families that an address asks for, some at a time, for a file; that it was taken is written down before. */
export async function householdsToDownload(
  viewer: Viewer,
  params: SearchParams,
): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, HOUSEHOLD_LIST.opens)) return null
  const { list, state } = listOf(viewer, params)
  const source = await asStaff(viewer, async (trx) => {
    await recordAudit(trx, viewer, {
      ...{ action: 'households.downloaded', ...MUNICIPALITY(viewer) },
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    })
    return householdSource(trx, viewer.municipalityId, state)
  })
  return { list, state, batches: linesMatching(viewer, source, state) }
}

/** The families that were chosen on the page, or all that its query finds: one more than `most` says that there are too many. */
export async function chosenHouseholdIds(
  viewer: Viewer,
  { query, all, chosen }: { query: string; all?: '1' | undefined; chosen: readonly string[] },
  most: number,
): Promise<readonly string[]> {
  if (!allowedToStaff(viewer, HOUSEHOLD_LIST.opens)) return []
  if (!all) return chosen
  return asStaff(viewer, async (trx) => {
    const state = readListQuery(listFor(HOUSEHOLD_LIST, viewer), query)
    return idsMatching(trx, await householdSource(trx, viewer.municipalityId, state), state, most + 1)
  })
}
