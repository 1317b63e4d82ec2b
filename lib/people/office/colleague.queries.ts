import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import {
  type ColleagueFacts,
  type HeldRole,
  type KnownColleague,
  type OfficeColleague,
  type RolePlaces,
  worksHere,
} from './colleague.ts'

export type Colleagues = { today: Day; present: OfficeColleague[]; past: OfficeColleague[] }

/** The people of the office with their roles, those who work there first; null for a viewer who may not read them. */
export async function officeColleagues(viewer: Viewer): Promise<Colleagues | null> {
  if (!allowedToStaff(viewer, 'staff:manage')) return null
  return asStaff(viewer, async (trx) => {
    const [colleagues, { today }] = await Promise.all([
      readColleagues(trx, viewer.municipalityId),
      readClock(trx),
    ])
    const present = colleagues.filter((colleague) => worksHere(colleague, today))
    return { today, present, past: colleagues.filter((colleague) => !present.includes(colleague)) }
  })
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

/** The schools and classes for which a role can be given; null for a viewer who gives none. */
export async function rolePlaces(viewer: Viewer): Promise<RolePlaces | null> {
  if (!allowedToStaff(viewer, 'staff:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<RolePlaces[number]>`
      select s.id, s.name,
        coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'year', y.name) order by y.starts_on, c.name)
          from school_class c
          join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
          where c.municipality_id = ${municipalityId} and c.school_id = s.id), '[]') as classes
      from school s where s.municipality_id = ${municipalityId} order by s.name, s.id`.execute(trx)
    return rows
  })
}

/** A colleague with their roles, the newest first. */
export async function colleagueOf(
  trx: Trx,
  municipalityId: string,
  personId: string,
): Promise<OfficeColleague | null> {
  return (await readColleagues(trx, municipalityId, personId))[0] ?? null
}

/** @param personId only this person; null: all who have or had a role */
async function readColleagues(
  trx: Trx,
  municipalityId: string,
  personId: string | null = null,
): Promise<OfficeColleague[]> {
  const { rows } = await sql<OfficeColleague>`
    select p.id as "personId", p.full_name as name, p.email,
      jsonb_agg(jsonb_build_object('id', r.id, 'role', r.role, 'schoolId', r.school_id, 'classId', r.school_class_id,
        'schoolName', s.name, 'className', c.name, 'yearEndsOn', y.ends_on, 'from', r.valid_from,
        'to', r.valid_to, 'endedAt', r.ended_at,
        'givenBy', g.full_name, 'endedBy', e.full_name) order by r.valid_from desc, r.id desc) as roles
    from staff_member r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.person_id
    left join school s on s.municipality_id = ${municipalityId} and s.id = r.school_id
    left join school_class c on c.municipality_id = ${municipalityId} and c.id = r.school_class_id
    left join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id
    left join person g on g.municipality_id = ${municipalityId} and g.id = r.given_by
    left join person e on e.municipality_id = ${municipalityId} and e.id = r.ended_by
    where r.municipality_id = ${municipalityId} and (${personId}::uuid is null or r.person_id = ${personId}::uuid)
    group by p.municipality_id, p.id order by p.family_name, p.given_name, p.id`.execute(trx)
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
