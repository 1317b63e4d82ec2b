import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type Reachable, USUAL_NOTICES, type WorkNotices } from './work-notice.ts'

/** What a colleague chose, and the address that mails go to where they name none. Null for who has no desk. */
export async function ownNotices(
  viewer: Viewer,
): Promise<{ notices: WorkNotices; address: string | null } | null> {
  if (!allowedToStaff(viewer, 'work:read')) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{
      address: string | null
      email: string | null
      digestHour: number | null
      isUrgent: boolean | null
    }>`
      select nullif(p.email, p.refused_email) as address, n.email, n.digest_hour as "digestHour", n.is_urgent as "isUrgent"
      from person p
      left join work_notice n on n.municipality_id = ${viewer.municipalityId} and n.person_id = p.id
      where p.municipality_id = ${viewer.municipalityId} and p.id = ${viewer.personId}`.execute(trx)
    const found = rows[0]
    const notices = {
      email: found?.email ?? USUAL_NOTICES.email,
      digestHour: found?.digestHour ?? USUAL_NOTICES.digestHour,
      isUrgent: found?.isUrgent ?? USUAL_NOTICES.isUrgent,
    }
    return { notices, address: found?.address ?? null }
  })
}

/** The colleagues with a role of today and an address, each once. */
export async function reachableColleagues(trx: Trx, municipalityId: string): Promise<Reachable[]> {
  const { rows } = await sql<Reachable>`
    select p.id as "personId", p.full_name as name, coalesce(n.email, nullif(p.email, p.refused_email)) as address,
      array_agg(distinct r.role order by r.role) as "staffRoles", coalesce(n.is_urgent, ${USUAL_NOTICES.isUrgent}::boolean) as "isUrgent"
    from active_staff_member r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.person_id
    left join work_notice n on n.municipality_id = ${municipalityId} and n.person_id = p.id
    where r.municipality_id = ${municipalityId} and coalesce(n.email, nullif(p.email, p.refused_email)) is not null
    group by p.id, p.full_name, n.email, p.email, p.refused_email, n.is_urgent
    order by p.id`.execute(trx)
  return rows
}
