import 'server-only'
import { sql } from 'kysely'
import { asFamily, database, reenterScope, type Trx } from '#db/client.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { familyScope, isInScope } from '#lib/access/pupil-scope.queries.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { env } from '#lib/kernel/env.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { hashToken } from '#lib/session/session.queries.ts'
import { newSessionToken } from '#lib/session/session-token.adapter.ts'

export type NewFeed = { pupilId: string; address: string }

/**
 * Makes a new secret address for a child's calendar and revokes the earlier one. The secret is only in the answer:
 * the database keeps its hash. The address belongs to the role through which this person has the child.
 */
export async function createFeed(
  viewer: Viewer,
  { pupilId, alarmMinutes }: { pupilId: string; alarmMinutes: number | null },
): Promise<Result<NewFeed>> {
  if (!allowedToFamily(viewer, 'calendar:feed')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const role = await roleOver(trx, viewer, pupilId)
    if (!role) return refused('request:not-found')
    const { most } = BUDGETS['feeds:make']
    if (role.made >= most) return refused('feeds:too-many', { n: most })
    await closeFeeds(trx, viewer, pupilId)
    const token = newSessionToken()
    const { id } = await trx
      .insertInto('calendar_feed')
      .values({
        municipality_id: viewer.municipalityId,
        household_member_id: role.id,
        person_id: viewer.personId,
        pupil_id: pupilId,
        token_hash: hashToken(token),
        alarm_minutes: alarmMinutes,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await recordAudit(trx, viewer, {
      action: 'calendar-feed.created',
      objectType: 'calendar_feed',
      objectId: id,
    })
    return ok({ pupilId, address: `${env().PUBLIC_ORIGIN}/api/calendario/${token}.ics` })
  })
}

/** The viewer's role in the child's household, locked so that two requests run one after the other; and the number of addresses made today. */
async function roleOver(
  trx: Trx,
  viewer: Viewer,
  pupilId: string,
): Promise<{ id: string; made: number } | null> {
  await sql`select from person where municipality_id = ${viewer.municipalityId} and id = ${viewer.personId} for no key update`.execute(
    trx,
  )
  await reenterScope(trx)
  const { rows } = await sql<{ id: string; made: number }>`
    select a.household_member_id as id, (select count(*)::int from calendar_feed f where f.municipality_id = ${viewer.municipalityId}
      and f.person_id = a.person_id and f.created_at > app_now() - interval '1 day') as made
    from pupil p
    cross join lateral (
      select o.household_member_id, o.person_id, o.role from adult_of_pupil o
      where o.municipality_id = ${viewer.municipalityId} and o.pupil_id = p.id and o.person_id = ${viewer.personId}
      union all
      select o.household_member_id, o.person_id, o.role from adult_of_shared_pupil o
      where o.municipality_id = ${viewer.municipalityId} and o.pupil_id = p.id and o.person_id = ${viewer.personId}) a
    where p.municipality_id = ${viewer.municipalityId} and p.id = ${pupilId}::uuid and ${isInScope('p', familyScope(viewer))}
    order by a.role desc limit 1`.execute(trx)
  return rows[0] ?? null
}

/** Ends every address that this person has for the child. */
const closeFeeds = (trx: Trx, viewer: Viewer, pupilId: string) =>
  trx
    .updateTable('calendar_feed')
    .set({ revoked_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', viewer.municipalityId)
    .where('person_id', '=', viewer.personId)
    .where('pupil_id', '=', pupilId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()

/** Revokes the address: the next request gets "not found". */
export async function revokeFeed(viewer: Viewer, pupilId: string): Promise<Result<null>> {
  if (!allowedToFamily(viewer, 'calendar:feed')) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    const [closed] = await closeFeeds(trx, viewer, pupilId)
    if (!closed) return refused('request:not-found')
    await recordAudit(trx, viewer, {
      action: 'calendar-feed.revoked',
      objectType: 'calendar_feed',
      objectId: closed.id,
    })
    return ok(null)
  })
}

const BATCH = 1_000

/** Deletes addresses revoked more than 30 days ago, some at a time. @returns how many */
export async function purgeFeeds(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_calendar_feeds(${BATCH}) as gone`.execute(
    database(),
  )
  return rows[0]?.gone ?? 0
}
