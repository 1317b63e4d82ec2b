import 'server-only'
import { sql } from 'kysely'
import { asSystem } from '#db/client.ts'

export type OwnLinkRequest = {
  id: string
  childName: string
  sentAt: Date
  state: 'sent' | 'linked' | 'refused'
  reason: string
}

/** What a citizen asked the office of a municipality to be linked to, and what it answered; the latest first. */
export const ownLinkRequests = (municipalityId: string, citizenId: string): Promise<OwnLinkRequest[]> =>
  asSystem(municipalityId, async (trx) => {
    const { rows } = await sql<OwnLinkRequest>`
      select id, child_name as "childName", sent_at as "sentAt", state, reason
      from link_request
      where municipality_id = ${municipalityId} and citizen_id = ${citizenId}::uuid
      order by sent_at desc, id desc limit 10`.execute(trx)
    return rows
  })
