import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { OpenCancellation } from '../enrolment.ts'

/** The cancellations of a pupil that a change of school has to take along. */
export async function openCancellations(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  pupilId: string,
): Promise<OpenCancellation[]> {
  const { rows } = await sql<OpenCancellation>`
    select d.day, d.school_id as "schoolId",
      (select coalesce(json_agg(o.school_id), '[]') from service_day o
        where o.municipality_id = ${municipalityId} and o.service_id = ${serviceId} and o.day = d.day and o.status = 'open') as "servedIn"
    from absence a
    join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id
      and d.service_id = ${serviceId} and d.day >= app_today() and d.status = 'open'
    where a.municipality_id = ${municipalityId} and a.pupil_id = ${pupilId}
    order by d.day`.execute(trx)
  return rows
}
