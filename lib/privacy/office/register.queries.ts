import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords, MOST_LOOKED_UP } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { isLongEnough, searchTrace } from '#lib/access/people-search.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { AUDIT_ACTIONS, operationInWords, READING } from '#lib/audit/audit-event.words.ts'
import { isUuid, NIL_UUID } from '#lib/kernel/uuid.ts'
import { italian } from '#lib/words/language.ts'
import {
  actionsOf,
  FAMILY_OBJECTS,
  type RegisterFilter,
  type RegisterLine,
  type RegisterPage,
  type RegisterSubject,
} from './register.ts'

const PER_PAGE = 50
/** How many families a name may lead to: more would be no search. */
const MOST_FAMILIES = 100
/** So many colleagues may be chosen from; of more one is written. */
const MOST_COLLEAGUES = 200
/** So many of the newest lines are looked at before colleague by colleague. */
const MOST_WALKED = 5_000

type Row = Omit<RegisterLine, 'cursor' | 'subject' | 'names'> & { id: string; exactly: string }

/**
 * A page of the register, newest first: what the office did or, for one family or person, what any person did on them. The reading is
 * written down. Null for who may not, and for a family or person that is not there. An operator reads operations on families.
 */
export async function registerPage(viewer: Viewer, filter: RegisterFilter): Promise<RegisterPage | null> {
  if (!allowedToStaff(viewer, 'registers:read')) return null
  return asStaff(viewer, async (trx) => {
    const about = await aboutWhom(trx, viewer, filter)
    if (about === 'unknown') return null
    const rows = await rowsOf(trx, viewer, filter, PER_PAGE + 1)
    const lines = await namedLines(trx, viewer, rows.slice(0, PER_PAGE))
    await recordReading(trx, viewer, filter, { action: 'page', shown: lines.length })
    return {
      lines,
      next: rows.length > PER_PAGE ? (lines.at(-1)?.cursor ?? null) : null,
      about,
      colleagues: await colleaguesOf(trx, viewer),
    }
  })
}

/** How many lines of an export are read at a time. */
const BATCH = 1_000

/**
 * Every line of a search, page by page; taking them away is itself an operation. Null for who may not, and for a family or person
 * that is not there.
 */
export async function registerToExport(
  viewer: Viewer,
  filter: RegisterFilter,
  batch = BATCH,
): Promise<AsyncIterable<RegisterLine[]> | null> {
  if (!allowedToStaff(viewer, 'registers:read')) return null
  const isThere = await asStaff(viewer, async (trx) => {
    if ((await aboutWhom(trx, viewer, filter)) === 'unknown') return false
    await recordReading(trx, viewer, filter, { action: 'export' })
    return true
  })
  return isThere ? batchesOf(viewer, { ...filter, after: null }, batch) : null
}

async function* batchesOf(
  viewer: Viewer,
  filter: RegisterFilter,
  batch: number,
): AsyncGenerator<RegisterLine[]> {
  let after = filter.after
  for (;;) {
    const from = { ...filter, after }
    const lines = await asStaff(viewer, async (trx) =>
      namedLines(trx, viewer, await rowsOf(trx, viewer, from, batch)),
    )
    yield lines
    after = lines.at(-1)?.cursor ?? null
    if (lines.length < batch || !after) return
  }
}

/** Whose register it is. */
async function aboutWhom(
  trx: Trx,
  { municipalityId }: Viewer,
  { householdId, personId }: RegisterFilter,
): Promise<RegisterSubject | null | 'unknown'> {
  const id = householdId ?? personId
  if (!id) return null
  const { rows } = await sql<RegisterSubject>`
    select 'Famiglia ' || h.name as name, h.id as "householdId" from household h
    where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid
    union all
    select c.full_name, c.household_id from pupil c
    where c.municipality_id = ${municipalityId} and c.id = ${householdId ? null : personId}::uuid
    union all
    select p.full_name, (select m.household_id from household_member m
      where m.municipality_id = ${municipalityId} and m.person_id = p.id order by m.started_at desc limit 1)
    from person p where p.municipality_id = ${municipalityId} and p.id = ${householdId ? null : personId}::uuid`.execute(
    trx,
  )
  return rows[0] ?? 'unknown'
}

async function recordReading(
  trx: Trx,
  viewer: Viewer,
  filter: RegisterFilter,
  { action, shown = 0 }: { action: 'page' | 'export'; shown?: number },
): Promise<void> {
  const { householdId, personId, from, to, kind, text } = filter
  const details = { ...searchTrace(text, shown), from, to, kind }
  const object = householdId
    ? { objectType: 'household', objectId: householdId }
    : { objectType: 'person', objectId: personId ?? '' }
  if (action === 'export')
    await recordAudit(trx, viewer, {
      action: 'registers:downloaded',
      ...(householdId || personId ? object : { objectType: 'register', objectId: `${from}/${to}` }),
      details,
    })
  else if (householdId || personId)
    await recordAudit(trx, viewer, { action: 'registers:family-read', ...object, details })
  else
    await recordAudit(trx, viewer, {
      action: 'registers:searched',
      objectType: 'register',
      objectId: `${from}/${to}`,
      details,
    })
}

async function colleaguesOf(trx: Trx, { municipalityId }: Viewer): Promise<RegisterPage['colleagues']> {
  const { rows } = await sql<NonNullable<RegisterPage['colleagues']>[number]>`
    with known as materialized (select distinct r.person_id from staff_member r
      where r.municipality_id = ${municipalityId} limit ${MOST_COLLEAGUES + 1})
    select p.id, p.full_name as name from known k join person p on p.municipality_id = ${municipalityId} and p.id = k.person_id
    order by p.full_name, p.id`.execute(trx)
  return rows.length > MOST_COLLEAGUES ? null : rows
}

/** The lines of a search, newest first. Each source reads an index backwards and stops early. */
async function rowsOf(trx: Trx, viewer: Viewer, filter: RegisterFilter, most: number): Promise<Row[]> {
  const of: Of = { viewer, filter, most }
  if (!filter.householdId && !filter.personId && !isLongEnough(filter.text)) {
    const latest = await readRows(trx, of, amongLatest(of))
    if (latest.length === most) return latest
  }
  return readRows(trx, of, sourceOf(of))
}

async function readRows(
  trx: Trx,
  { viewer: { municipalityId }, most }: Of,
  source: RawBuilder<unknown>,
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select e.id, e.occurred_at as at, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as exactly,
      p.full_name as who, exists (select from staff_member r
        where r.municipality_id = ${municipalityId} and r.person_id = e.person_id) as "isOffice",
      e.action, e.outcome, e.object_type as "objectType", e.object_id as "objectId", e.details
    from (${source}) e
    left join person p on p.municipality_id = ${municipalityId} and p.id = e.person_id
    order by e.occurred_at desc, e.id desc limit ${most}`.execute(trx)
  return rows
}

function sourceOf(of: Of): RawBuilder<unknown> {
  const { municipalityId } = of.viewer
  const { householdId, personId, text } = of.filter
  const matches = wordsMatch(text)
  if (householdId)
    return bySubjects(of, familySubjects(municipalityId, sql`select ${householdId}::uuid as id`), matches)
  if (personId) return bySubjects(of, personSubjects(municipalityId, personId), matches)
  if (!isLongEnough(text)) return byColleagues(of, sql`true`)
  const families = sql`select n.id from first_households_named(${text}::text, ${MOST_FAMILIES}::int, ${MOST_LOOKED_UP}::int) n`
  return sql`${bySubjects(of, familySubjects(municipalityId, families), sql`true`, { onlyOffice: true })}
    union ${bySubjects(of, colleaguesNamed(municipalityId, text), sql`true`)}
    union ${byColleagues(of, isCalled(text))}
    union ${withReason(of, text)}`
}

type Of = { viewer: Viewer; filter: RegisterFilter; most: number }

/** What the operation is called. */
function isCalled(text: string): RawBuilder<unknown> {
  const words = text.toLowerCase().split(' ')
  const named = AUDIT_ACTIONS.filter((action) => {
    const name = italian(operationInWords(action)).toLowerCase()
    return words.every((word) => name.includes(word))
  })
  return named.length === 0 ? sql`false` : sql`e.action = any(${named}::text[])`
}

/** In the reason; few operations have one. */
const saysWhy = (text: string): RawBuilder<unknown> =>
  sql`(e.details ? 'reason' and ${holdsWords(sql`search_key(e.details ->> 'reason')`, text)})`

/** In the reason, or in what the operation is called. Too few letters are no search. */
const wordsMatch = (text: string): RawBuilder<unknown> =>
  isLongEnough(text) ? sql`(${isCalled(text)} or ${saysWhy(text)})` : sql`true`

/** The period of a search, up to where the page before ended. */
const within = ({ filter: { from, to, after } }: Pick<Of, 'filter'>): RawBuilder<unknown> => sql`
  e.occurred_at >= ${from}::date::timestamp at time zone 'Europe/Rome'
    and e.occurred_at < (${to}::date + 1)::timestamp at time zone 'Europe/Rome'
    and (e.occurred_at, e.id) < (${after?.at ?? 'infinity'}::timestamptz, ${after?.id ?? NIL_UUID}::uuid)`

/** What every source keeps of a line `e`. */
function kept({ viewer, filter }: Of): RawBuilder<unknown> {
  const { kind, readings, colleagueId, colleagueName } = filter
  const readsAll = allowedToStaff(viewer, 'registers:export')
  return sql`${within({ filter })} and (${readings}::boolean or e.action !~ ${READING})
    and (${kind === null}::boolean or e.action = any(${kind ? actionsOf(kind) : []}::text[]))
    and (${readsAll}::boolean or e.object_type = any(${[...FAMILY_OBJECTS]}::text[]))
    and (${colleagueId}::uuid is null or e.person_id = ${colleagueId}::uuid)
    ${colleagueName ? sql`and e.person_id = any (array(${namedColleagues(viewer.municipalityId, colleagueName)}))` : sql``}`
}

const namedColleagues = (municipalityId: string, name: string): RawBuilder<unknown> => sql`
  select p.id from person p join (select distinct r.person_id from staff_member r where r.municipality_id = ${municipalityId}) r
      on r.person_id = p.id
    where p.municipality_id = ${municipalityId} and ${holdsWords(sql`p.search_key`, name)}`

const COLUMNS = sql`e.id, e.occurred_at, e.person_id, e.action, e.object_type, e.object_id, e.outcome, e.details`

/** @param subjects (type, id, pupil): of a pupil, what is written on the family counts where it names the pupil */
const bySubjects = (
  of: Of,
  subjects: RawBuilder<unknown>,
  matches: RawBuilder<unknown>,
  { onlyOffice = false }: { onlyOffice?: boolean } = {},
): RawBuilder<unknown> => sql`
  (select ${COLUMNS} from (${subjects}) s cross join lateral (
    select ${COLUMNS} from audit_event e
    where e.municipality_id = ${of.viewer.municipalityId} and ${kept(of)} and e.object_type = s.type and e.object_id = s.id and (s.pupil is null or e.details ->> 'pupil' = s.pupil)
      and ${matches}
      and (${!onlyOffice}::boolean or exists (select from staff_member r
        where r.municipality_id = ${of.viewer.municipalityId} and r.person_id = e.person_id))
    order by e.occurred_at desc, e.id desc limit ${of.most}) e)`

const byColleagues = (of: Of, matches: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (select ${COLUMNS} from (select distinct r.person_id from staff_member r
    where r.municipality_id = ${of.viewer.municipalityId}) s cross join lateral (
    select ${COLUMNS} from audit_event e
    where e.municipality_id = ${of.viewer.municipalityId} and ${kept(of)} and e.person_id = s.person_id and ${matches}
    order by e.occurred_at desc, e.id desc limit ${of.most}) e)`

/**
 * Of all colleagues, among what was written last: the newest lines of a busy office are there. Colleague by colleague, those who do
 * nothing, and those who only read, cost a look each.
 */
const amongLatest = (of: Of): RawBuilder<unknown> => sql`
  (select ${COLUMNS} from (select ${COLUMNS}, e.municipality_id from audit_event e
      where e.municipality_id = ${of.viewer.municipalityId} and ${within(of)}
      order by e.occurred_at desc, e.id desc limit ${MOST_WALKED}) e
    where ${kept(of)} and (e.person_id in (select r.person_id from staff_member r
      where r.municipality_id = ${of.viewer.municipalityId})) is true
    order by e.occurred_at desc, e.id desc limit ${of.most})`

/** Of all colleagues, by the index of what has a reason. `is true` keeps the colleagues a hashed list, which is made once. */
const withReason = (of: Of, text: string): RawBuilder<unknown> => sql`
  (select ${COLUMNS} from audit_event e
    where e.municipality_id = ${of.viewer.municipalityId} and ${kept(of)} and ${saysWhy(text)}
      and (e.person_id in (select r.person_id from staff_member r where r.municipality_id = ${of.viewer.municipalityId})) is true
    order by e.occurred_at desc, e.id desc limit ${of.most})`

const colleaguesNamed = (municipalityId: string, text: string): RawBuilder<unknown> => sql`
  select 'staff' as type, p.id::text as id, null::text as pupil from person p
  where p.municipality_id = ${municipalityId} and ${holdsWords(sql`p.search_key`, text)}
    and exists (select from staff_member r where r.municipality_id = ${municipalityId} and r.person_id = p.id)`

/** Everything of some households that an operation may be written on. */
const familySubjects = (municipalityId: string, families: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  with family as materialized (${families})
  select 'household' as type, f.id::text as id, null::text as pupil from family f
  union all select 'pupil', c.id::text, null from family f
    join pupil c on c.municipality_id = ${municipalityId} and c.household_id = f.id
  union all select x.type, case x.type when 'person' then m.person_id else m.id end::text, null from family f
    join household_member m on m.municipality_id = ${municipalityId} and m.household_id = f.id
    cross join (values ('person'), ('household_member')) x (type)
  union all select 'form_submission', s.id::text, null from family f
    join form_submission s on s.municipality_id = ${municipalityId} and s.household_id = f.id
  union all select 'delegate_invitation', i.id::text, null from family f
    join delegate_invitation i on i.municipality_id = ${municipalityId} and i.household_id = f.id
  union all select 'absence_receipt', a.id::text, null from family f
    join absence_receipt a on a.municipality_id = ${municipalityId} and a.household_id = f.id
  union all select 'account', k.id::text, null from family f
    join account k on k.municipality_id = ${municipalityId} and k.household_id = f.id
  union all select 'top_up', t.id::text, null from family f
    join top_up t on t.municipality_id = ${municipalityId} and t.household_id = f.id
  union all select 'invoice', i.id::text, null from family f
    join invoice i on i.municipality_id = ${municipalityId} and i.household_id = f.id`

const personSubjects = (municipalityId: string, personId: string): RawBuilder<unknown> => sql`
  select x.type, ${personId}::text as id, null::text as pupil from (values ('person'), ('staff'), ('pupil')) x (type)
  union all select 'household_member', m.id::text, null from household_member m
    where m.municipality_id = ${municipalityId} and m.person_id = ${personId}::uuid
  union all select 'household', c.household_id::text, c.id::text from pupil c
    where c.municipality_id = ${municipalityId} and c.id = ${personId}::uuid`

type Named = { id: string; name: string; householdId: string | null }

/** Gives lines the names of what they are about and of what their details refer to, in one statement. */
async function namedLines(
  trx: Trx,
  { municipalityId }: Viewer,
  rows: readonly Row[],
): Promise<RegisterLine[]> {
  const refersTo = ({ objectId, details }: Row) => [objectId, ...Object.values(details)].filter(isUuid)
  const ids = [...new Set(rows.flatMap(refersTo))]
  const found = ids.length > 0 ? await namesOf(trx, municipalityId, ids) : []
  const byId = new Map(found.map((named) => [named.id, named]))
  return rows.map(({ id, exactly, ...row }) => {
    const names = refersTo({ id, exactly, ...row }).flatMap((one) => {
      const named = byId.get(one)
      return named ? [[one, named.name] as const] : []
    })
    return {
      ...row,
      cursor: { at: exactly, id },
      subject: byId.get(row.objectId) ?? null,
      names: Object.fromEntries(names),
    }
  })
}

async function namesOf(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<Named[]> {
  const asked = [...ids]
  const { rows } = await sql<Named>`
    select h.id, 'famiglia ' || h.name as name, h.id as "householdId" from household h
      where h.municipality_id = ${municipalityId} and h.id = any(${asked}::uuid[])
    union all select c.id, c.full_name, c.household_id from pupil c
      where c.municipality_id = ${municipalityId} and c.id = any(${asked}::uuid[])
    union all select p.id, p.full_name, (select m.household_id from household_member m
        where m.municipality_id = ${municipalityId} and m.person_id = p.id order by m.started_at desc limit 1) from person p
      where p.municipality_id = ${municipalityId} and p.id = any(${asked}::uuid[])
    union all select m.id, p.full_name, m.household_id from household_member m
      join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
      where m.municipality_id = ${municipalityId} and m.id = any(${asked}::uuid[])
    union all select s.id, s.about || ', domanda ' || s.protocol_number || '/' || s.protocol_year, s.household_id from form_submission s
      where s.municipality_id = ${municipalityId} and s.id = any(${asked}::uuid[])
    union all select i.id, 'invito a un delegato, famiglia ' || h.name, h.id from delegate_invitation i
      join household h on h.municipality_id = ${municipalityId} and h.id = i.household_id
      where i.municipality_id = ${municipalityId} and i.id = any(${asked}::uuid[])
    union all select a.id, 'ricevuta ' || a.number || ', famiglia ' || h.name, h.id from absence_receipt a
      join household h on h.municipality_id = ${municipalityId} and h.id = a.household_id
      where a.municipality_id = ${municipalityId} and a.id = any(${asked}::uuid[])
    union all select k.id, 'conto della famiglia ' || h.name, h.id from account k
      join household h on h.municipality_id = ${municipalityId} and h.id = k.household_id
      where k.municipality_id = ${municipalityId} and k.id = any(${asked}::uuid[])
    union all select t.id, 'ricarica ' || t.order_id || ', famiglia ' || h.name, h.id from top_up t
      join household h on h.municipality_id = ${municipalityId} and h.id = t.household_id
      where t.municipality_id = ${municipalityId} and t.id = any(${asked}::uuid[])
    union all select i.id, 'fattura ' || i.number_text || ', famiglia ' || h.name, h.id from invoice i
      join household h on h.municipality_id = ${municipalityId} and h.id = i.household_id
      where i.municipality_id = ${municipalityId} and i.id = any(${asked}::uuid[])
    union all select s.id, s.name, null from school s where s.municipality_id = ${municipalityId} and s.id = any(${asked}::uuid[])
    union all select k.id, s.name || ', ' || k.name, null from school_class k
      join school s on s.municipality_id = ${municipalityId} and s.id = k.school_id
      where k.municipality_id = ${municipalityId} and k.id = any(${asked}::uuid[])
    union all select y.id, y.name, null from school_year y where y.municipality_id = ${municipalityId} and y.id = any(${asked}::uuid[])
    union all select w.id, w.name, null from kitchen w where w.municipality_id = ${municipalityId} and w.id = any(${asked}::uuid[])
    union all select v.id, v.name, null from service v where v.municipality_id = ${municipalityId} and v.id = any(${asked}::uuid[])
    union all select q.id, q.title, null from questionnaire q where q.municipality_id = ${municipalityId} and q.id = any(${asked}::uuid[])
    union all select d.id, d.name, null from dish d where d.municipality_id = ${municipalityId} and d.id = any(${asked}::uuid[])
    union all select c.id, v.title, null from communication c
      join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id and v.number = c.latest_version
      where c.municipality_id = ${municipalityId} and c.id = any(${asked}::uuid[])
    union all select c.id, v.title, null from content_item c
      join content_version v on v.municipality_id = ${municipalityId} and v.item_id = c.id and v.number = c.latest_version
      where c.municipality_id = ${municipalityId} and c.id = any(${asked}::uuid[])
    union all select f.id, v.definition ->> 'title', null from online_form f
      join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = f.id and v.number = f.latest_version
      where f.municipality_id = ${municipalityId} and f.id = any(${asked}::uuid[])
    union all select u.id, v.name, null from menu u
      join menu_version v on v.municipality_id = ${municipalityId} and v.menu_id = u.id and v.number = u.latest_version
      where u.municipality_id = ${municipalityId} and u.id = any(${asked}::uuid[])`.execute(trx)
  return rows
}
