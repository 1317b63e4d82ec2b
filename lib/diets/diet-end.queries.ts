import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'

const NOT_DECIDED = sql`(${sql.lit(COMMON_DIET)}, ${sql.lit(UNDECIDED_DIET)})`

/**
 * Enrolments `e` whose diet ends, each with the one that follows it as `next`: the pupil goes on eating without a decided diet. A
 * diet that ends with the pupil's last enrolment takes nothing away.
 */
export const endingDiets = (municipalityId: string): RawBuilder<unknown> => sql`
  enrolment e join lateral (
    select n.diet_code, n.valid_from from enrolment n
    where n.municipality_id = ${municipalityId} and n.pupil_id = e.pupil_id and n.service_id = e.service_id
      and n.valid_from > e.valid_to
    order by n.valid_from limit 1
  ) next on e.municipality_id = ${municipalityId} and e.diet_code not in ${NOT_DECIDED} and next.diet_code in ${NOT_DECIDED}`
