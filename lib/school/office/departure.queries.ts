import 'server-only'
import { type RawBuilder, sql } from 'kysely'

/**
 * Whether an enrolment goes on to the end of its service's year, or of its class: who has none of these, now or later, has left.
 * @param of the enrolment, `e` of a statement
 */
export const goesOn = (municipalityId: string): RawBuilder<boolean> => sql<boolean>`
  (e.valid_to >= app_today() and reaches_its_end(${municipalityId}, e.service_id, e.school_class_id, e.valid_to))`
