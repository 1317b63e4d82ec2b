import 'server-only'
import { sql } from 'kysely'
import { asFamily } from '#db/client.ts'
import { enterSubject } from '#db/subjects.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type Communication, findOwn, readCommunication } from './communication.queries.ts'
import { auditCommunication } from './office/locked-communication.commands.ts'
/**
 * Opens a communication addressed to the viewer, and writes down that the version that is out was read, the first time.
 * A look of the office reads nothing in the name of the family. Null for what does not exist, and for what was addressed to another person.
 * @param version an earlier version that was out; null: the current one
 */
export async function openCommunication(
  viewer: Viewer,
  id: string,
  version: number | null,
): Promise<Communication | null> {
  if (!allowedToFamily(viewer, 'communications:read') || !isUuid(id)) return null
  return asFamily(viewer, async (trx) => {
    const found = await readCommunication(trx, viewer, id, version)
    if (found?.text?.isCurrent && !viewer.look) {
      await sql`insert into communication_read (municipality_id, communication_id, version, person_id)
        values (${viewer.municipalityId}, ${id}::uuid, ${found.text.version}, ${viewer.personId}) on conflict do nothing`.execute(
        trx,
      )
    }
    return found
  })
}

/**
 * "Ho letto e preso atto": for the viewer, or for the viewer's households, as the office chose. Twice is once; after its day
 * it is accepted and marked late; of another version than the one that was on the screen it is not.
 */
export async function acknowledge(
  viewer: Viewer,
  id: string,
  version: number,
): Promise<Result<{ id: string }>> {
  if (!allowedToFamily(viewer, 'communications:read') || !isUuid(id)) return refused('request:not-found')
  return asFamily(viewer, async (trx) => {
    await enterSubject(trx, 'communications')
    // A withdrawal or a correction waits until this is written, or this sees it.
    await sql`select from communication where municipality_id = ${viewer.municipalityId} and id = ${id}::uuid for key share`.execute(
      trx,
    )
    const head = await findOwn(trx, viewer, id)
    if (!head) return refused('request:not-found')
    if (head.withdrawn_at) return refused('communications:withdrawn')
    if (head.published_version !== version) return refused('communications:corrected-meanwhile')
    const communication = await readCommunication(trx, viewer, id, version)
    const text = communication?.text
    if (!text || text.mode === 'none') return refused('communications:nothing-asked')
    if (text.acknowledgement === 'done') return ok({ id })
    if (text.acknowledgement === 'over') return refused('communications:expired')
    await sql`
      insert into communication_acknowledgement (municipality_id, communication_id, version, household_id, person_id, once_per, was_late)
      select ${viewer.municipalityId}, ${id}::uuid, ${version}, household, ${viewer.personId}, ${text.mode},
        ${text.acknowledgement === 'asked-late'}
      from unnest(${head.households}::uuid[]) household on conflict do nothing`.execute(trx)
    await auditCommunication(
      trx,
      viewer,
      'acknowledged',
      { id, version },
      { late: text.acknowledgement === 'asked-late' },
    )
    return ok({ id })
  })
}
