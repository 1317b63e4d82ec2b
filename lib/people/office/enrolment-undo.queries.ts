import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { ENROLMENT_CHANGES } from './enrolment-act.ts'

/** Of which pupil, in which household, and which of the changes: the last one when the page was drawn. */
export type AskedUndo = { householdId: string; pupilId: string; changeId: string }

/** The last change of a pupil's enrolments by the office, with the way back. */
export type UndoableChange = {
  id: string
  kind: 'moved' | 'ended' | 'weekdays' | 'households'
  pupilName: string
  at: Date
  who: string | null
  /** Empty for the days of the households, which are of no service. */
  serviceId: string
  /** The class, the last day, the weekdays or the days of the households to which it leads back. */
  back: string
  /** The first day in the class that is left again, on the weekdays or of the households; null for a last day. */
  from: Day | null
}

/** The last change of a pupil, if it can be taken back in one piece; null where there is none, or none for this viewer. */
export async function undoableChange(
  viewer: Viewer,
  { householdId, pupilId }: Pick<AskedUndo, 'householdId' | 'pupilId'>,
): Promise<UndoableChange | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(householdId) || !isUuid(pupilId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<Omit<UndoableChange, 'back'> & { back: string | null }>`
      select e.id, split_part(e.action, '.', 2) as kind, c.full_name as "pupilName",
        e.occurred_at as at, (select p.full_name from person p
          where p.municipality_id = ${municipalityId} and p.id = e.person_id) as who,
        coalesce(e.details ->> 'service', '') as "serviceId", e.details ->> 'back' as back, (e.details ->> 'from')::date as "from"
      from pupil c
      join audit_event e on e.municipality_id = ${municipalityId} and e.object_type = 'pupil' and e.object_id = c.id::text
        and e.action = any(${[...ENROLMENT_CHANGES]}::text[])
      where c.municipality_id = ${municipalityId} and c.id = ${pupilId}::uuid and c.household_id = ${householdId}::uuid
      order by e.occurred_at desc, e.id desc limit 1`.execute(trx)
    const [last] = rows
    return last?.back ? { ...last, back: last.back } : null
  })
}
