import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { UNDECIDED_DIET } from '#lib/school/diet.ts'
import type { Waiting } from './waiting.ts'

/** What waits for the office; zero of what the viewer may not read. */
export async function waitingIn(viewer: Viewer): Promise<Waiting> {
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<Waiting>`
      select
        case when ${allowedToStaff(viewer, 'forms:manage')}::boolean then (select count(*) from form_submission s
          where s.municipality_id = ${municipalityId} and s.decided_at is null) else 0 end::integer as submissions,
        case when ${allowedToStaff(viewer, 'diets:manage')}::boolean then (select count(distinct e.pupil_id) from enrolment e
          where e.municipality_id = ${municipalityId} and e.valid_to >= app_today() and e.diet_code = ${UNDECIDED_DIET})
          else 0 end::integer as "undecidedDiets",
        case when ${allowedToStaff(viewer, 'money:adjust')}::boolean then (select count(*) from payment_alarm a
          where a.municipality_id = ${municipalityId} and a.settled_at is null) else 0 end::integer as payments`.execute(
      trx,
    )
    return rows[0] as Waiting
  })
}
