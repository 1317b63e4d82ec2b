import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords, MOST_LOOKED_UP } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { readListQuery, readListState } from '#lib/lists/list.address.ts'
import {
  idsMatching,
  type ListSource,
  linesMatching,
  type ReadingWay,
  readListPage,
} from '#lib/lists/list.queries.ts'
import {
  type DownloadedList,
  filtersUsed,
  type ListOption,
  type ListRow,
  type ListState,
  listFor,
  type OpenedList,
} from '#lib/lists/list.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import { ownWeekdaysInWords } from '#lib/school/schedule.words.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { readablePhone } from '../phone.ts'
import { FULL_PRICE, PUPIL_LIST } from './pupil.list.ts'

const STATES: Readonly<Record<string, string>> = {
  'in-corso': 'iscritto',
  futuro: 'comincia più avanti',
  finito: 'finito',
}

const isInState = (state: string) => {
  if (state === 'in-corso') return sql`e.valid_from <= app_today() and e.valid_to >= app_today()`
  return state === 'futuro' ? sql`e.valid_from > app_today()` : sql`e.valid_to < app_today()`
}

/** Filters that the office and a school have in common: both sources call these columns by the same names. */
const COMMON = {
  servizio: (id: string) => sql`e.service_id = ${id}::uuid`,
  scuola: (id: string) => sql`e.school_id = ${id}::uuid`,
  stato: isInState,
}

/** What filters are looked up for, once for a list: few rows of small relations. */
type Looked = { typed: string; classIds: string[]; bandServiceIds: string[]; isLookedUp: boolean }

async function lookUp(
  trx: Trx,
  municipalityId: string,
  { classe = '', fascia = '', cerca = '' }: ListState['filters'],
  many: number,
): Promise<Looked> {
  const { rows } = await sql<Omit<Looked, 'typed'>>`
    select array(select c.id from school_class c where c.municipality_id = ${municipalityId} and upper(c.name) = upper(${classe}))
        as "classIds",
      array(select b.service_id from fare_band b where b.municipality_id = ${municipalityId} and b.code = ${fascia}) as "bandServiceIds",
      cardinality(typed_grams(${municipalityId}::uuid, ${cerca})) > 0 and not is_name_of_many(${cerca}::text, ${many}::int, false)
        as "isLookedUp"`.execute(trx)
  return { typed: cerca, classIds: [], bandServiceIds: [], isLookedUp: false, ...rows[0] }
}

/** The line's pupil, a column of it. */
const ofPupil = (municipalityId: string, column: RawBuilder<unknown>) =>
  sql`(select ${column} from pupil p where p.municipality_id = ${municipalityId} and p.id = e.pupil_id)`

/** Those who pay a band, or the full price: of line after line, or of all who have a fare. */
function paysBand(municipalityId: string, { bandServiceIds }: Looked, code: string, way: ReadingWay) {
  const now = sql`f.valid_from <= app_today() and f.valid_to >= app_today()`
  const own = sql`from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = e.service_id
    and f.pupil_id = e.pupil_id and ${now}`
  if (code === FULL_PRICE)
    return way === 'walked' ? sql`(select f.band_code ${own}) is null` : sql`not exists (select ${own})`
  if (way === 'walked') return sql`(select f.band_code ${own}) = ${code}`
  const ofServices = bandServiceIds.map(
    (
      serviceId,
    ) => sql`e.service_id = ${serviceId}::uuid and e.pupil_id = any (array(select f.pupil_id from fare_assignment f
      where f.municipality_id = ${municipalityId} and f.service_id = ${serviceId}::uuid and f.band_code = ${code} and ${now}))`,
  )
  return ofServices.length === 0 ? sql`false` : sql`(${sql.join(ofServices, sql` or `)})`
}

/** Those whose name holds what was typed. What is in very many names, or a single letter, is asked of line after line. */
function isNamed(municipalityId: string, { isLookedUp }: Looked, typed: string, way: ReadingWay) {
  if (way === 'walked') return isLookedUp ? sql`true` : holdsWords(sql`p.search_key`, typed)
  return isLookedUp
    ? sql`e.pupil_id = any (array(select n.id from pupils_named(${typed}::text) n))`
    : ofPupil(municipalityId, holdsWords(sql`p.search_key`, typed))
}

/** Those without a fiscal code are few, and those with one are most. */
function hasCode(municipalityId: string, which: string, way: ReadingWay) {
  const code = ofPupil(municipalityId, sql`p.fiscal_code`)
  if (which !== 'senza') return sql`${code} is not null`
  return way === 'walked'
    ? sql`${code} is null`
    : sql`e.pupil_id = any (array(select p.id from pupil p where p.municipality_id = ${municipalityId} and p.fiscal_code is null))`
}

/**
 * The order by name stands on the pupil: only so an index gives it. Those of a surname stand together, far from the begin of the
 * index: a search sorts what it looked up.
 */
const pupilsInOrder = (municipalityId: string, { isLookedUp, typed }: Looked) => sql`from ${
  isLookedUp
    ? sql`(select n.id, n.list_key from pupils_named(${typed}::text) n order by n.list_key, n.id offset 0) p`
    : sql`pupil p`
} cross join lateral (
    select n.id, n.pupil_id, n.service_id, n.school_id, n.school_class_id, n.school_year_id, n.diet_code, n.valid_from, n.valid_to
    from enrolment n where n.municipality_id = ${municipalityId} and n.pupil_id = p.id offset 0) e
  where ${isLookedUp ? sql`true` : sql`p.municipality_id = ${municipalityId}`}`

const officeSource = (municipalityId: string, looked: Looked): ListSource => ({
  from: (way) =>
    way === 'sorted'
      ? sql`from enrolment e where e.municipality_id = ${municipalityId}`
      : pupilsInOrder(municipalityId, looked),
  line: {
    name: sql`e`,
    columns: sql`e.id, e.pupil_id, e.service_id, e.school_id, e.school_class_id, e.diet_code, e.valid_from, e.valid_to`,
  },
  id: sql`e.id`,
  base: (way) => (way === 'walked' ? sql`p.list_key` : ofPupil(municipalityId, sql`p.list_key`)),
  baseKey: 'nome',
  sorts: {
    scuola: sql`(select s.name from school s where s.municipality_id = ${municipalityId} and s.id = e.school_id)`,
    classe: sql`(select c.name from school_class c where c.municipality_id = ${municipalityId} and c.id = e.school_class_id)`,
    servizio: sql`(select v.name from service v where v.municipality_id = ${municipalityId} and v.id = e.service_id)`,
    dieta: sql`e.diet_code`,
    fascia: sql`(select f.band_code from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = e.service_id
      and f.pupil_id = e.pupil_id and f.valid_from <= app_today() and f.valid_to >= app_today())`,
    dal: sql`e.valid_from`,
    al: sql`e.valid_to`,
    famiglia: sql`(select h.list_key from household h where h.municipality_id = ${municipalityId}
      and h.id = ${ofPupil(municipalityId, sql`p.household_id`)})`,
    nascita: ofPupil(municipalityId, sql`p.birth_date`),
  },
  filters: {
    ...COMMON,
    cerca: (typed, way) => isNamed(municipalityId, looked, typed, way),
    classe: () => sql`e.school_class_id = any (${looked.classIds}::uuid[])`,
    anno: (name) =>
      sql`e.school_year_id = (select y.id from school_year y where y.municipality_id = ${municipalityId} and y.name = ${name})`,
    codice: (which, way) => hasCode(municipalityId, which, way),
    dieta: (code) => sql`e.diet_code = ${code}`,
    fascia: (code, way) => paysBand(municipalityId, looked, code, way),
  },
  read: (trx, ids) => readOfficeLines(trx, municipalityId, ids),
})

/** What a school office has: the pupils of its schools, through a function that answers nothing else. */
const SCHOOL_SOURCE: ListSource = {
  from: () => sql`from own_school_enrolments() e where true`,
  line: {
    name: sql`e`,
    columns: sql`e.id, e.list_key, e.school_name, e.class_name, e.service_name, e.valid_from, e.valid_to`,
  },
  id: sql`e.id`,
  base: () => sql`e.list_key`,
  baseKey: 'nome',
  sorts: {
    scuola: sql`e.school_name`,
    classe: sql`e.class_name`,
    servizio: sql`e.service_name`,
    dal: sql`e.valid_from`,
    al: sql`e.valid_to`,
  },
  filters: {
    ...COMMON,
    cerca: (typed) => holdsWords(sql`e.search_key`, typed),
    classe: (name) => sql`upper(e.class_name) = upper(${name})`,
    anno: (name) => sql`e.year_name = ${name}`,
  },
  read: readSchoolLines,
}

type Line = {
  id: string
  pupilName: string
  className: string
  schoolName: string
  serviceName: string
  yearName: string
  from: Day
  to: Day
  state: string
}

async function readOfficeLines(trx: Trx, municipalityId: string, ids: readonly string[]): Promise<ListRow[]> {
  type OfficeLine = Line & {
    householdId: string
    householdName: string
    dietCode: string
    weekdays: OwnWeekdays
    bandCode: string | null
    birthDay: Day
    holderName: string | null
    holderPhone: string | null
  }
  const { rows } = await sql<OfficeLine>`
    select e.id, p.family_name || ' ' || p.given_name as "pupilName", c.name as "className", s.name as "schoolName",
      v.name as "serviceName", y.name as "yearName", e.valid_from as "from", e.valid_to as "to",
      case when e.valid_to < app_today() then 'finito' when e.valid_from > app_today() then 'futuro' else 'in-corso' end as state,
      h.id as "householdId", h.name as "householdName", e.diet_code as "dietCode", p.birth_date as "birthDay", e.weekdays,
      (select f.band_code from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = e.service_id
        and f.pupil_id = e.pupil_id and f.valid_from <= app_today() and f.valid_to >= app_today()) as "bandCode",
      holder.full_name as "holderName", holder.phone as "holderPhone"
    from enrolment e
    join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
    join household h on h.municipality_id = ${municipalityId} and h.id = p.household_id
    join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
    join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
    join service v on v.municipality_id = ${municipalityId} and v.id = e.service_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = e.school_year_id
    left join lateral (
      select a.full_name, a.phone from active_member m
      join person a on a.municipality_id = ${municipalityId} and a.id = m.person_id
      where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1
    ) holder on true
    where e.municipality_id = ${municipalityId} and e.id = any(${[...ids]}::uuid[])`.execute(trx)
  return rows.map((line) => ({
    id: line.id,
    href: `famiglie/${line.householdId}`,
    cells: {
      ...commonCells(line),
      dieta: line.dietCode,
      fascia: line.bandCode,
      famiglia: line.householdName,
      intestatario: line.holderName,
      telefono: line.holderPhone && readablePhone(line.holderPhone),
      nascita: line.birthDay,
      giorni: ownWeekdaysInWords(line.weekdays),
    },
  }))
}

async function readSchoolLines(trx: Trx, ids: readonly string[]): Promise<ListRow[]> {
  const { rows } = await sql<Line>`
    select e.id, e.pupil_name as "pupilName", e.class_name as "className", e.school_name as "schoolName",
      e.service_name as "serviceName", e.year_name as "yearName", e.valid_from as "from", e.valid_to as "to",
      case when e.valid_to < app_today() then 'finito' when e.valid_from > app_today() then 'futuro' else 'in-corso' end as state
    from own_school_enrolments() e where e.id = any(${[...ids]}::uuid[])`.execute(trx)
  return rows.map((line) => ({ id: line.id, cells: commonCells(line) }))
}

const commonCells = ({ pupilName, className, schoolName, serviceName, yearName, from, to, state }: Line) => ({
  nome: pupilName,
  classe: className,
  scuola: schoolName,
  servizio: serviceName,
  dal: from,
  al: to,
  stato: STATES[state] ?? null,
  anno: yearName,
})

/**
 * How a viewer’s pupils are read: a school office without another role has those of its schools.
 * @param many the name of more pupils is asked of line after line
 */
export const pupilSource = async (
  trx: Trx,
  viewer: Viewer,
  { filters }: Pick<ListState, 'filters'>,
  many = MOST_LOOKED_UP,
): Promise<ListSource> =>
  allowedToStaff(viewer, 'household:manage')
    ? officeSource(viewer.municipalityId, await lookUp(trx, viewer.municipalityId, filters, many))
    : SCHOOL_SOURCE

/** The choices of the filters: what is there, a diet or a fare only for who may see one. */
async function optionsFor(trx: Trx, viewer: Viewer): Promise<Record<string, ListOption[]>> {
  const { municipalityId } = viewer
  const isOffice = allowedToStaff(viewer, 'household:manage')
  type Options = Record<'scuola' | 'servizio' | 'dieta' | 'fascia' | 'anno', ListOption[]>
  const { rows } = await sql<Options>`
    select
      (select coalesce(jsonb_agg(jsonb_build_object('value', s.id, 'label', s.name) order by s.name, s.id), '[]') from school s
        where s.municipality_id = ${municipalityId}
          and (${isOffice} or s.id in (select o.school_id from own_school_enrolments() o))) as scuola,
      (select coalesce(jsonb_agg(jsonb_build_object('value', v.id, 'label', v.name) order by v.name, v.id), '[]') from service v
        where v.municipality_id = ${municipalityId}) as servizio,
      (select coalesce(jsonb_agg(jsonb_build_object('value', d.code, 'label', d.code) order by d.code), '[]') from diet d
        where d.municipality_id = ${municipalityId} and ${allowedToStaff(viewer, 'diets:manage')}) as dieta,
      (select coalesce(jsonb_agg(distinct jsonb_build_object('value', b.code, 'label', b.code)), '[]') from fare_band b
        where b.municipality_id = ${municipalityId} and ${allowedToStaff(viewer, 'money:read')}) as fascia,
      (select coalesce(jsonb_agg(jsonb_build_object('value', y.name, 'label', y.name) order by y.name desc), '[]') from school_year y
        where y.municipality_id = ${municipalityId}) as anno`.execute(trx)
  const options = rows[0] ?? { scuola: [], servizio: [], dieta: [], fascia: [], anno: [] }
  return { ...options, fascia: [{ value: FULL_PRICE, label: 'prezzo intero' }, ...options.fascia] }
}

/** A page of the pupils, as far as this viewer's roles go; the reading is written down. Null for who may not. */
export async function pupilList(viewer: Viewer, params: SearchParams): Promise<OpenedList | null> {
  if (!allowedToStaff(viewer, PUPIL_LIST.opens)) return null
  const list = listFor(PUPIL_LIST, viewer)
  const state = readListState(list, params)
  return asStaff(viewer, async (trx) => {
    const page = await readListPage(trx, await pupilSource(trx, viewer, state), state)
    const options = await optionsFor(trx, viewer)
    await recordAudit(trx, viewer, {
      action: 'pupils.listed',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { filters: filtersUsed(state), shown: page.rows.length, page: page.page },
    })
    return { list, state, options, page }
  })
}

/** All pupils that an address asks for, some at a time, for a file; that it was taken is written down before. Null for who may not. */
export async function pupilsToDownload(viewer: Viewer, params: SearchParams): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, PUPIL_LIST.opens)) return null
  const list = listFor(PUPIL_LIST, viewer)
  const state = readListState(list, params)
  const source = await asStaff(viewer, async (trx) => {
    await recordAudit(trx, viewer, {
      action: 'pupils.downloaded',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    })
    return pupilSource(trx, viewer, state)
  })
  return { list, state, batches: linesMatching(viewer, source, state) }
}

/** An enrolment that was chosen on the list: whose, and where. */
export type ChosenEnrolment = { pupilId: string; householdId: string; classId: string; serviceId: string }

/** The enrolments that were chosen on the page, or all that its query finds: one more than `most` says that there are too many. */
export async function chosenEnrolments(
  viewer: Viewer,
  { query, all, chosen }: { query: string; all?: '1' | undefined; chosen: readonly string[] },
  most: number,
): Promise<ChosenEnrolment[]> {
  if (!allowedToStaff(viewer, 'household:manage')) return []
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const state = readListQuery(listFor(PUPIL_LIST, viewer), query)
    const ids = all ? await idsMatching(trx, await pupilSource(trx, viewer, state), state, most + 1) : chosen
    const { rows } = await sql<ChosenEnrolment>`
      select e.pupil_id as "pupilId", p.household_id as "householdId", e.school_class_id as "classId", e.service_id as "serviceId"
      from enrolment e join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
      where e.municipality_id = ${municipalityId} and e.id = any(${[...ids]}::uuid[])`.execute(trx)
    return rows
  })
}
