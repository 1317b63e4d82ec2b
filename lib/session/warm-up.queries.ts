import 'server-only'
import { sql } from 'kysely'
import { openReading } from '#db/reading.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { NIL_UUID } from '#lib/kernel/uuid.ts'
import type { ReadingSession } from './session.queries.ts'

/** A holder that is no row of the database: the pages of a family draw themselves, and row security shows no datum. */
const viewerIn = (municipalityId: string): Viewer => ({
  municipalityId,
  personId: NIL_UUID,
  citizenId: NIL_UUID,
  sessionId: NIL_UUID,
  name: '',
  memberships: [{ householdId: NIL_UUID, role: 'holder' }],
  staffRoles: [],
})

/**
 * The session in which a process draws its own pages before people come (`isWarmUp`): of no person, in a transaction that only
 * reads and in which nothing is anyone's.
 */
export const warmUpSession = (municipalitySlug: string): Promise<ReadingSession | null> =>
  openReading(
    async (trx) => {
      const { rows } = await sql<{ id: string }>`
        select m.id from municipality m
        cross join lateral enter_scope(m.id, 'family', ${NIL_UUID}::uuid)
        cross join lateral set_config('transaction_read_only', 'on', true)
        where m.slug = ${municipalitySlug}`.execute(trx)
      const [municipality] = rows
      return municipality
        ? {
            sessionId: NIL_UUID,
            citizenId: NIL_UUID,
            method: 'spid',
            level: 2,
            authenticatedAt: new Date(),
            secondsSinceIdentity: 0,
            openedWith: 'identity',
            deviceId: null,
            givenName: '',
            viewer: viewerIn(municipality.id),
            unread: 0,
          }
        : null
    },
    (session) => session?.viewer ?? null,
  )
