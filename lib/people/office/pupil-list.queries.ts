import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { readListQuery, readListState } from '#lib/lists/list.address.ts'
import { idsMatching, type ListSource, linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import {
  type DownloadedList,
  filtersUsed,
  type ListOption,
  type ListRow,
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

/** Filters and sorts that the office and a school have in common: both sources call these columns by the same names. */
const COMMON = {
  servizio: (id: string) => sql`e.service_id = ${id}::uuid`,
  scuola: (id: string) => sql`e.school_id = ${id}::uuid`,
  anno: (id: string) => sql`e.school_year_id = ${id}::uuid`,
  stato: isInState,
}

/** Columns and filters that need the pupil beside the enrolment. */
const PUPIL = ['nome', 'cerca', 'famiglia', 'nascita', 'codice']

function joinsFor(municipalityId: string, uses: ReadonlySet<string>) {
  const joins = [
    PUPIL.some((key) => uses.has(key)) &&
      sql`join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id`,
    uses.has('scuola') && sql`join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id`,
    uses.has('classe') &&
      sql`join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id`,
    uses.has('servizio') &&
      sql`join service v on v.municipality_id = ${municipalityId} and v.id = e.service_id`,
  ]
  return sql.join(
    joins.filter((join) => join !== false),
    sql` `,
  )
}

const officeSource = (municipalityId: string): ListSource => {
  const fare = sql`from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = e.service_id
    and f.pupil_id = e.pupil_id and f.valid_from <= app_today() and f.valid_to >= app_today()`
  return {
    from: (uses) =>
      sql`from enrolment e ${joinsFor(municipalityId, uses)} where e.municipality_id = ${municipalityId}`,
    id: sql`e.id`,
    base: sql`p.list_key`,
    baseKey: 'nome',
    sorts: {
      scuola: [sql`s.name`],
      classe: [sql`c.name`],
      servizio: [sql`v.name`],
      dieta: [sql`e.diet_code`],
      fascia: [sql`(select f.band_code ${fare})`],
      dal: [sql`e.valid_from`],
      al: [sql`e.valid_to`],
      famiglia: [
        sql`(select h.list_key from household h where h.municipality_id = ${municipalityId} and h.id = p.household_id)`,
      ],
      nascita: [sql`p.birth_date`],
    },
    filters: {
      ...COMMON,
      cerca: (typed) => holdsWords(sql`p.search_key`, typed),
      classe: (name) => sql`upper(c.name) = upper(${name})`,
      codice: (which) => (which === 'senza' ? sql`p.fiscal_code is null` : sql`p.fiscal_code is not null`),
      dieta: (code) => sql`e.diet_code = ${code}`,
      fascia: (code) =>
        code === FULL_PRICE
          ? sql`not exists (select ${fare})`
          : sql`exists (select ${fare} and f.band_code = ${code})`,
    },
    read: (trx, ids) => readOfficeLines(trx, municipalityId, ids),
  }
}

/** What a school office has: the pupils of its schools, through a function that answers nothing else. */
const SCHOOL_SOURCE: ListSource = {
  from: () => sql`from own_school_enrolments() e where true`,
  id: sql`e.id`,
  base: sql`e.list_key`,
  baseKey: 'nome',
  sorts: {
    scuola: [sql`e.school_name`],
    classe: [sql`e.class_name`],
    servizio: [sql`e.service_name`],
    dal: [sql`e.valid_from`],
    al: [sql`e.valid_to`],
  },
  filters: {
    ...COMMON,
    cerca: (typed) => holdsWords(sql`e.search_key`, typed),
    classe: (name) => sql`upper(e.class_name) = upper(${name})`,
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

/** How a viewer’s pupils are read: a school office without another role has those of its schools. */
export const pupilSource = (viewer: Viewer): ListSource =>
  allowedToStaff(viewer, 'household:manage') ? officeSource(viewer.municipalityId) : SCHOOL_SOURCE

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
      (select coalesce(jsonb_agg(jsonb_build_object('value', y.id, 'label', y.name) order by y.name desc), '[]') from school_year y
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
    const page = await readListPage(trx, pupilSource(viewer), state)
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
  await asStaff(viewer, (trx) =>
    recordAudit(trx, viewer, {
      action: 'pupils.downloaded',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    }),
  )
  return { list, state, batches: linesMatching(viewer, pupilSource(viewer), state) }
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
    const ids = all ? await idsMatching(trx, pupilSource(viewer), state, most + 1) : chosen
    const { rows } = await sql<ChosenEnrolment>`
      select e.pupil_id as "pupilId", p.household_id as "householdId", e.school_class_id as "classId", e.service_id as "serviceId"
      from enrolment e join pupil p on p.municipality_id = ${municipalityId} and p.id = e.pupil_id
      where e.municipality_id = ${municipalityId} and e.id = any(${[...ids]}::uuid[])`.execute(trx)
    return rows
  })
}
