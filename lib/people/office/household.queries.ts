import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { householdsNamed } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { type FoundName, isLongEnough, searchTrace } from '#lib/access/people-search.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { OfficeHousehold } from './household.ts'

export type FoundHousehold = {
  id: string
  name: string
  pupils: string[]
  holderName: string | null
  /** Why it was found: the people whose names hold the typed words. */
  names: FoundName[]
}
export type FoundHouseholds = { households: FoundHousehold[]; total: number; pages: number }

const PER_PAGE = 50

/**
 * A page of the households with a pupil or an adult whose names hold these words; the search is written down. Null for a viewer who
 * may not, nothing for words that are too short.
 */
export async function findHouseholds(
  viewer: Viewer,
  words: string,
  page = 1,
): Promise<FoundHouseholds | null> {
  if (!allowedToStaff(viewer, 'household:manage')) return null
  if (!isLongEnough(words)) return { households: [], total: 0, pages: 0 }
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<FoundHousehold & { total: number }>`
      with found as materialized (select * from ${householdsNamed(municipalityId, words)} named)
      select h.id, h.name, found.names, (select count(*)::int from found) as total,
        coalesce((select array_agg(c.full_name order by c.birth_date, c.id) from pupil c
          where c.municipality_id = ${municipalityId} and c.household_id = h.id), '{}') as pupils,
        (select p.full_name from active_member m
          join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
          where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1) as "holderName"
      from household h
      join found on found.household_id = h.id
      where h.municipality_id = ${municipalityId}
      order by h.name, h.id limit ${PER_PAGE} offset ${(page - 1) * PER_PAGE}`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'households.searched',
      objectType: 'search',
      objectId: 'households',
      details: searchTrace(words, rows.length),
    })
    const total = rows[0]?.total ?? 0
    return {
      households: rows.map(({ total: _, ...household }) => household),
      total,
      pages: Math.ceil(total / PER_PAGE),
    }
  })
}

/** One household as the office sees it; the reading is written down. Null where there is none, or none to see. */
export async function householdForOffice(
  viewer: Viewer,
  householdId: string,
): Promise<OfficeHousehold | null> {
  if (!allowedToStaff(viewer, 'household:manage') || !isUuid(householdId)) return null
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<OfficeHousehold>`
      select h.name,
        coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.full_name) order by c.birth_date, c.id) from pupil c
          where c.municipality_id = ${viewer.municipalityId} and c.household_id = h.id), '[]') as pupils,
        coalesce((select jsonb_agg(jsonb_build_object('personId', p.id, 'name', p.full_name, 'role', m.role, 'since', m.valid_from,
              'phone', p.phone, 'isPhoneVerified', p.phone_verified_at is not null, 'email', p.email)
            order by m.role desc, m.started_at)
          from active_member m join person p on p.municipality_id = ${viewer.municipalityId} and p.id = m.person_id
          where m.municipality_id = ${viewer.municipalityId} and m.household_id = h.id), '[]') as roles
      from household h where h.municipality_id = ${viewer.municipalityId} and h.id = ${householdId}::uuid`.execute(
      trx,
    )
    const household = rows[0]
    if (!household) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: householdId,
    })
    return household
  })
}
