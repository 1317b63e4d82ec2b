import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { householdNames, type NamedHousehold } from './told-apart.ts'

/** The names that tell some households of a person apart, by id. A person with one household needs none, and nothing is asked. */
export async function householdsToldApart(
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
): Promise<Map<string, string>> {
  if (households.length < 2) return new Map()
  const { rows } = await sql<NamedHousehold>`
    select h.id, h.name, coalesce((select jsonb_agg(jsonb_build_object('givenName', c.given_name,
        'className', (select k.name from enrolment e
          join school_class k on k.municipality_id = ${municipalityId} and k.id = e.school_class_id
          where e.municipality_id = ${municipalityId} and e.pupil_id = c.id and e.valid_to >= app_today()
          order by e.valid_from limit 1)) order by c.birth_date, c.id)
      from pupil c where c.municipality_id = ${municipalityId} and c.household_id = h.id), '[]') as children
    from household h where h.municipality_id = ${municipalityId} and h.id = any(${[...households]}::uuid[])
    order by h.name, h.id`.execute(trx)
  return householdNames(rows)
}
