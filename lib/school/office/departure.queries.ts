import 'server-only'
import { type RawBuilder, sql } from 'kysely'

/**
 * Whether an enrolment goes on to the end of its service's year, or of its class: who has none of these, now or later, has left.
 * @param of the enrolment, `e` of a statement
 */
export const goesOn = (municipalityId: string): RawBuilder<boolean> => sql<boolean>`
  (e.valid_to >= app_today() and e.valid_to >= (
    select least(t.ends_on, k.valid_to, s.valid_to) from school_class k
    join school s on s.municipality_id = ${municipalityId} and s.id = k.school_id
    join service_schedule t on t.municipality_id = ${municipalityId} and t.school_id = k.school_id
      and t.school_year_id = k.school_year_id and t.service_id = e.service_id
    where k.municipality_id = ${municipalityId} and k.id = e.school_class_id))`
