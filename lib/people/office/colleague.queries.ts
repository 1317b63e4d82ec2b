import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { readListState } from '#lib/lists/list.address.ts'
import { type ListSource, linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import { type DownloadedList, filtersUsed, type ListRow, listFor, type OpenedList } from '#lib/lists/list.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { COLLEAGUE_LIST } from './colleague.list.ts'
import type { ColleagueFacts, HeldRole, KnownColleague, OfficeColleague, RolePlaces } from './colleague.ts'
import { rolesInWords } from './colleague.words.ts'

const NOT_OVER = sql`r.ended_at is null and (r.valid_to is null or r.valid_to >= app_today())`

const colleagueSource = (municipalityId: string, today: Day): ListSource => {
  const roles = (condition: RawBuilder<unknown>) => sql`exists (select from staff_member r
    where r.municipality_id = ${municipalityId} and r.person_id = p.id and ${condition})`
  return {
    from: () => sql`from person p where p.municipality_id = ${municipalityId} and p.id = any (array(
      select r.person_id from staff_member r where r.municipality_id = ${municipalityId}))`,
    line: { name: sql`p`, columns: sql`p.id, p.family_name, p.given_name` },
    id: sql`p.id`,
    base: () => sql`search_key(p.family_name) || ' ' || search_key(p.given_name)`,
    baseKey: 'nome',
    sorts: {
      dal: sql`(select min(r.valid_from) from staff_member r where r.municipality_id = ${municipalityId} and r.person_id = p.id)`,
    },
    filters: {
      cerca: (typed) => holdsWords(sql`p.search_key`, typed),
      ruolo: (role) => roles(sql`r.role = ${role}`),
      stato: (state) => (state === 'qui' ? roles(NOT_OVER) : sql`not ${roles(NOT_OVER)}`),
    },
    read: async (trx, ids) =>
      (await readColleagues(trx, municipalityId, ids)).map((one) => lineOf(one, today)),
  }
}

const lineOf = (colleague: OfficeColleague, today: Day): ListRow => ({
  id: colleague.personId,
  href: `colleghi/${colleague.personId}`,
  cells: {
    nome: colleague.name,
    ruoli: rolesInWords(colleague, today).join('; '),
    dal: colleague.roles.map(({ from }) => from).toSorted()[0] ?? null,
    email: colleague.email,
  },
})

/** A page of the people of the office; null for a viewer who may not read them. */
export async function colleagueList(viewer: Viewer, params: SearchParams): Promise<OpenedList | null> {
  if (!allowedToStaff(viewer, COLLEAGUE_LIST.opens)) return null
  const list = listFor(COLLEAGUE_LIST, viewer)
  const state = readListState(list, params)
  return asStaff(viewer, async (trx) => {
    const { today } = await readClock(trx)
    const page = await readListPage(trx, colleagueSource(viewer.municipalityId, today), state)
    return { list, state, options: {}, page }
  })
}

/** All of them for a file; that it was taken is written down before. Null for a viewer who may not. */
export async function colleaguesToDownload(
  viewer: Viewer,
  params: SearchParams,
): Promise<DownloadedList | null> {
  if (!allowedToStaff(viewer, COLLEAGUE_LIST.opens)) return null
  const list = listFor(COLLEAGUE_LIST, viewer)
  const state = readListState(list, params)
  const today = await asStaff(viewer, async (trx) => {
    await recordAudit(trx, viewer, {
      action: 'colleagues.downloaded',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
      details: { filters: filtersUsed(state), columns: state.columns.join(',') },
    })
    return (await readClock(trx)).today
  })
  return { list, state, batches: linesMatching(viewer, colleagueSource(viewer.municipalityId, today), state) }
}

/** One colleague with all roles, past ones too; null where there is none, or none to see. */
export async function colleagueForOffice(
  viewer: Viewer,
  personId: string,
): Promise<{ today: Day; colleague: OfficeColleague } | null> {
  if (!allowedToStaff(viewer, 'staff:manage') || !isUuid(personId)) return null
  return asStaff(viewer, async (trx) => {
    const [colleague, { today }] = await Promise.all([
      colleagueOf(trx, viewer.municipalityId, personId),
      readClock(trx),
    ])
    return colleague ? { today, colleague } : null
  })
}

/** The schools, classes and kitchens for which a role can be given; null for a viewer who gives none. */
export async function rolePlaces(viewer: Viewer): Promise<RolePlaces | null> {
  if (!allowedToStaff(viewer, 'staff:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows: schools } = await sql<RolePlaces['schools'][number]>`
      select s.id, s.name,
        coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'year', y.name) order by y.starts_on, c.name)
          from school_class c
          join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
          where c.municipality_id = ${municipalityId} and c.school_id = s.id), '[]') as classes
      from school s where s.municipality_id = ${municipalityId} order by s.name, s.id`.execute(trx)
    const { rows: kitchens } = await sql<RolePlaces['kitchens'][number]>`
      select k.id, k.name, array(select s.name from school s where s.municipality_id = ${municipalityId}
        and (s.valid_to is null or s.valid_to >= app_today()) and k.id = (select g.kitchen_id from kitchen_school g
          where g.municipality_id = ${municipalityId} and g.school_id = s.id and g.valid_from <= app_today()
          order by g.valid_from desc limit 1) order by s.name) as serves
      from kitchen k where k.municipality_id = ${municipalityId} order by k.name, k.id`.execute(trx)
    return { schools, kitchens }
  })
}

/** A colleague with their roles, the newest first. */
export async function colleagueOf(
  trx: Trx,
  municipalityId: string,
  personId: string,
): Promise<OfficeColleague | null> {
  return (await readColleagues(trx, municipalityId, [personId]))[0] ?? null
}

async function readColleagues(
  trx: Trx,
  municipalityId: string,
  personIds: readonly string[],
): Promise<OfficeColleague[]> {
  const { rows } = await sql<OfficeColleague>`
    select p.id as "personId", p.full_name as name, p.email,
      jsonb_agg(jsonb_build_object('id', r.id, 'role', r.role, 'schoolId', r.school_id, 'classId', r.school_class_id, 'kitchenId', r.kitchen_id,
        'schoolName', s.name, 'className', c.name, 'kitchenName', k.name, 'yearEndsOn', y.ends_on, 'from', r.valid_from,
        'to', r.valid_to, 'endedAt', r.ended_at,
        'givenBy', g.full_name, 'endedBy', e.full_name) order by r.valid_from desc, r.id desc) as roles
    from staff_member r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.person_id
    left join school s on s.municipality_id = ${municipalityId} and s.id = r.school_id
    left join school_class c on c.municipality_id = ${municipalityId} and c.id = r.school_class_id
    left join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id
    left join kitchen k on k.municipality_id = ${municipalityId} and k.id = r.kitchen_id
    left join person g on g.municipality_id = ${municipalityId} and g.id = r.given_by
    left join person e on e.municipality_id = ${municipalityId} and e.id = r.ended_by
    where r.municipality_id = ${municipalityId} and r.person_id = any(${[...personIds]}::uuid[])
    group by p.municipality_id, p.id`.execute(trx)
  return rows
}

/** What an invitation is judged by: whose the typed code is, and which roles that person has. */
export async function colleagueFacts(
  trx: Trx,
  municipalityId: string,
  fiscalCode: string,
): Promise<ColleagueFacts> {
  const hash = await hashOfCode(trx, fiscalCode)
  const { rows } = await sql<Omit<ColleagueFacts, 'known'> & { known: Omit<KnownColleague, 'roles'> | null }>`
    select m.name as "municipalityName", app_today() as today,
      exists (select from pupil c where c.municipality_id = ${municipalityId} and c.fiscal_code = ${fiscalCode}) as "isPupil",
      (select jsonb_build_object('personId', p.id, 'name', p.full_name, 'email', p.email, 'givenName', p.given_name,
          'familyName', p.family_name, 'birthDay', p.birth_date)
        from person p
        where p.municipality_id = ${municipalityId} and p.id = person_with_code(${municipalityId}::uuid, ${hash})) as known
    from municipality m where m.id = ${municipalityId}`.execute(trx)
  const facts = rows[0] as NonNullable<(typeof rows)[0]>
  if (!facts.known) return { ...facts, known: null }
  const colleague = await colleagueOf(trx, municipalityId, facts.known.personId)
  return { ...facts, known: { ...facts.known, roles: colleague?.roles ?? [] } }
}

/** A role with the colleague who has it. */
export async function roleOf(
  trx: Trx,
  municipalityId: string,
  roleId: string,
): Promise<{ today: Day; colleague: OfficeColleague; role: HeldRole } | null> {
  const { rows } = await sql<{ personId: string; today: Day }>`
    select r.person_id as "personId", app_today() as today from staff_member r
    where r.municipality_id = ${municipalityId} and r.id = ${roleId}::uuid`.execute(trx)
  const found = rows[0]
  const colleague = found ? await colleagueOf(trx, municipalityId, found.personId) : null
  const role = colleague?.roles.find(({ id }) => id === roleId)
  return found && colleague && role ? { today: found.today, colleague, role } : null
}

/** Whether a day would lose its last manager if a manager's role ended after `lastDay`. */
export async function losesLastManager(trx: Trx, roleId: string, lastDay: Day | null): Promise<boolean> {
  const { rows } = await sql<{ loses: boolean }>`
    select not isempty(days_without_manager(${roleId}::uuid, ${lastDay}::date)) as loses`.execute(trx)
  return rows[0]?.loses ?? true
}
