import { sql } from 'kysely'
import type { Viewer } from '#lib/access/viewer.ts'
import {
  previewRollover,
  previewRolloverUndoing,
  rollOver,
  undoRollover,
} from '#lib/school/office/rollover.commands.ts'
import { saveRules } from '#lib/school/office/rollover-draft.commands.ts'
import { createYear, previewYear } from '#lib/school/office/school-year.commands.ts'
import { testDatabase } from './database.ts'
import type { School, TestMunicipality } from './factories.ts'
import { done } from './forms.ts'

/** A town whose school year 2026/2027 ends, and what its tests do to it. */

const NEXT = {
  startsOn: '2027-09-01',
  endsOn: '2028-08-31',
  serviceFrom: '2027-09-13',
  serviceTo: '2028-06-03',
}

/** Makes 2027/2028 as the manager does: days, holidays, and the classes of before with the same names. */
export async function aNextYear(manager: Viewer): Promise<string> {
  const { seen } = done(await previewYear(manager, NEXT))
  done(await createYear(manager, NEXT, seen.fingerprint))
  const { owner } = await testDatabase()
  const year = await owner
    .selectFrom('school_year')
    .select('id')
    .where('municipality_id', '=', manager.municipalityId)
    .where('name', '=', '2027/2028')
    .executeTakeFirstOrThrow()
  return year.id
}

/** A class of a year, as a place for a pupil. */
export async function aClass(
  municipality: TestMunicipality,
  name: string,
  { schoolId = municipality.school.id, yearId = municipality.schoolYearId } = {},
): Promise<School> {
  const { owner } = await testDatabase()
  const { id } = await owner
    .insertInto('school_class')
    .values({
      municipality_id: municipality.municipalityId,
      school_id: schoolId,
      school_year_id: yearId,
      name,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: schoolId, classId: id }
}

export async function classNamed(
  municipality: TestMunicipality,
  yearId: string,
  name: string,
): Promise<string> {
  const { owner } = await testDatabase()
  const found = await owner
    .selectFrom('school_class')
    .select('id')
    .where('municipality_id', '=', municipality.municipalityId)
    .where('school_year_id', '=', yearId)
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return found.id
}

/** Begins the roll-over into the year, with its rules. */
export const begun = async (
  viewer: Viewer,
  yearId: string,
  rules: { renewalFormId?: string; diets?: string[] } = {},
): Promise<string> =>
  done(await saveRules(viewer, { yearId, revision: 0, renewalFormId: '', diets: [], ...rules })).rolloverId

/** Previews and confirms. */
export async function rolledOver(viewer: Viewer, rolloverId: string): Promise<number> {
  const { seen } = done(await previewRollover(viewer, rolloverId))
  return done(await rollOver(viewer, rolloverId, seen.fingerprint)).moved
}

export async function undone(viewer: Viewer, rolloverId: string): Promise<number> {
  const { seen } = done(await previewRolloverUndoing(viewer, rolloverId))
  return done(await undoRollover(viewer, rolloverId, seen.fingerprint)).pupils
}

/** The enrolments of the year by pupil: class, diet and days. */
export async function enrolledIn(
  municipality: TestMunicipality,
  yearId: string,
): Promise<Record<string, string>> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ pupil: string; place: string }>`
    select e.pupil_id as pupil, concat_ws(' ', c.name, e.diet_code, e.valid_from, e.valid_to) as place
    from enrolment e join school_class c on c.id = e.school_class_id
    where e.municipality_id = ${municipality.municipalityId} and e.school_year_id = ${yearId} order by e.valid_from`.execute(
    owner,
  )
  return Object.fromEntries(rows.map(({ pupil, place }) => [pupil, place]))
}

/** What the act writes for itself, and the register of who did what, which only grows. */
const OWN = [
  'year_rollover',
  'year_rollover_class',
  'year_rollover_choice',
  'year_rollover_pupil',
  'year_rollover_work',
  'pupil_merge',
  'told_apart',
  'person_merge',
  'household_merge',
  'audit_event',
]

/** A sum over every row of every table of a municipality: equal sums are equal rows. */
export async function everyRowOf({ municipalityId }: TestMunicipality): Promise<Record<string, string>> {
  const { owner } = await testDatabase()
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'municipality_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> all (${OWN}::text[]) order by c.relname`.execute(owner)
  const { rows } = await sql<{ name: string; sum: string }>`${sql.join(
    tables.map(
      ({
        name,
      }) => sql`select ${name}::text as name, md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as sum
        from ${sql.table(name)} t where t.municipality_id = ${municipalityId}`,
    ),
    sql` union all `,
  )}`.execute(owner)
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]))
}
