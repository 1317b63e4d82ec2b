import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { ok, type Result, refusedField } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { meantClasses, type NamedClass } from './class-choice.ts'

/** So many classes are named to who wrote what means several. */
const MOST_NAMED = 5
const MOST_FOUND = 1_000

/** The classes of the years that are not over in whose name, school and year every word is. */
export async function classesNamed(
  trx: Trx,
  municipalityId: string,
  typed: string,
): Promise<readonly NamedClass[]> {
  const { rows } = await sql<NamedClass>`
    select c.id, c.name || ' · ' || s.name || ' · ' || y.name as name from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
    where c.municipality_id = ${municipalityId}
      and (c.valid_to is null or c.valid_to >= app_today()) and (s.valid_to is null or s.valid_to >= app_today())
      and ${holdsWords(sql`search_key(c.name) || ' ' || search_key(s.name) || ' ' || search_key(y.name)`, typed)}
    order by y.starts_on, s.name, c.name, c.id limit ${MOST_FOUND}`.execute(trx)
  return meantClasses(rows, typed)
}

/** The class that a form's field `classId` means: an id that was chosen, or words that name one class; what means none or several is refused. */
export async function chosenClass(viewer: Viewer, typed: string): Promise<Result<string>> {
  if (isUuid(typed)) return ok(typed)
  const found = await asStaff(viewer, (trx) => classesNamed(trx, viewer.municipalityId, typed))
  const [only] = found
  if (!only) return refusedField('classId', 'structure:no-such-class', { typed })
  if (found.length === 1) return ok(only.id)
  const names = found.slice(0, MOST_NAMED).map(({ name }) => name)
  return refusedField('classId', 'structure:several-classes', {
    names: `${names.join('; ')}${found.length > MOST_NAMED ? '…' : ''}`,
  })
}
