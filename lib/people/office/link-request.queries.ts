import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { Candidate } from './link-request.ts'

export type LinkLine = {
  id: string
  name: string
  childName: string
  sentAt: Date
  state: 'sent' | 'linked' | 'refused'
  decidedBy: string | null
}

const LISTED = 100

/** Those who ask to be linked to a child, those that wait first and the oldest of them. Null for a viewer who may not. */
export async function linkRequests(viewer: Viewer): Promise<LinkLine[] | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<LinkLine>`
      select r.id, r.full_name as name, r.child_name as "childName",
        r.sent_at as "sentAt", r.state, p.full_name as "decidedBy"
      from link_request r left join person p on p.municipality_id = ${municipalityId} and p.id = r.decided_by
      where r.municipality_id = ${municipalityId}
      order by r.state <> 'sent', case when r.state = 'sent' then r.sent_at end, r.decided_at desc limit ${LISTED}`.execute(
      trx,
    )
    return rows
  })
}

/** How many wait, for the page of the forms; null for a viewer who may not. */
export async function waitingLinks(viewer: Viewer): Promise<number | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from link_request
      where municipality_id = ${viewer.municipalityId} and state = 'sent'`.execute(trx)
    return rows[0]?.n ?? 0
  })
}

export type LinkRequest = LinkLine & {
  fiscalCode: string
  email: string | null
  childCode: string | null
  childClass: string
  words: string
  reason: string
  candidates: Candidate[]
}

/** One request with the pupils who may be meant; the reading is registered. Null for a viewer who may not. */
export async function linkRequestOf(viewer: Viewer, id: string): Promise<LinkRequest | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<Omit<LinkRequest, 'candidates'>>`
      select r.id, r.full_name as name, r.child_name as "childName",
        r.sent_at as "sentAt", r.state, p.full_name as "decidedBy", r.fiscal_code as "fiscalCode", r.email,
        r.child_code as "childCode", r.child_class as "childClass", r.words, r.reason
      from link_request r left join person p on p.municipality_id = ${municipalityId} and p.id = r.decided_by
      where r.municipality_id = ${municipalityId} and r.id = ${id}::uuid`.execute(trx)
    const [found] = rows
    if (!found) return null
    const [candidates] = await Promise.all([
      found.state === 'sent' ? candidatesOf(trx, municipalityId, found) : [],
      recordAudit(trx, viewer, { action: 'link.read', objectType: 'link_request', objectId: id }),
    ])
    return { ...found, candidates }
  })
}

async function candidatesOf(
  trx: Trx,
  municipalityId: string,
  { childCode, childName }: Pick<LinkRequest, 'childCode' | 'childName'>,
): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select c.id as "pupilId", c.full_name as name, h.id as "householdId", h.name as "familyName", coalesce(e.place, '') as "where",
      case when f.by_code then 'code' else 'name' end as why
    from (select kept_pupil(${municipalityId}::uuid, k.id) as id, bool_or(coalesce(k.fiscal_code = ${childCode}, false)) as by_code from pupil k
      where k.municipality_id = ${municipalityId} and (k.fiscal_code = ${childCode} or ${holdsWords(sql`k.search_key`, childName)})
      group by 1) f
    join pupil c on c.municipality_id = ${municipalityId} and c.id = f.id
    join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
    left join lateral (select s.name || ', ' || k.name as place from enrolment n
      join school s on s.municipality_id = ${municipalityId} and s.id = n.school_id
      join school_class k on k.municipality_id = ${municipalityId} and k.id = n.school_class_id
      where n.municipality_id = ${municipalityId} and n.pupil_id = c.id order by n.valid_to desc limit 1) e on true
    order by not f.by_code, c.id limit 10`.execute(trx)
  return rows
}
