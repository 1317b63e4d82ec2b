import 'server-only'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import {
  type Confirmation,
  detailsOfWayBack,
  type EnrolmentChangePreview,
  isDone,
  type LastChange,
  lastChange,
} from './enrolment-change.commands.ts'
import { ENROLMENT_CHANGE_NOTICES } from './enrolment-change.notice.ts'
import { weekdaysFacts } from './enrolment-weekdays.queries.ts'
import { type AskedWeekdays, planWeekdays, type WeekdaysPlan } from './enrolment-weekdays.ts'

const markOf = (asked: AskedWeekdays, plan: WeekdaysPlan, last: LastChange): string =>
  fingerprintOf({ weekdays: asked, plan, after: last?.id ?? '' })

/** What other weekdays of a pupil would do, in words, before anything is done. */
export async function previewWeekdays(
  viewer: Viewer,
  asked: AskedWeekdays,
): Promise<Result<EnrolmentChangePreview>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const found = await weekdaysFacts(trx, viewer.municipalityId, asked, { lock: false })
    if (!found) return refused('request:not-found')
    const planned = planWeekdays(asked, found.facts)
    if (!planned.ok) return planned
    const last = await lastChange(trx, viewer.municipalityId, [asked.pupilId])
    return ok({ lines: planned.value.lines, seen: markOf(asked, planned.value, last) })
  })
}

/**
 * Lets a pupil eat on other weekdays from a day on, exactly as it was previewed. What was counted and charged stays, and so does every
 * cancellation. The same confirmation sent twice is done once.
 */
export async function changeWeekdays(
  viewer: Viewer,
  asked: AskedWeekdays,
  { seen, reason, undoes }: Confirmation,
): Promise<Result<{ householdId: string }>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const found = await weekdaysFacts(trx, municipalityId, asked, { lock: true })
    if (!found) return refused('request:not-found')
    const { householdId, facts } = found
    const { pupilId, serviceId, from } = asked
    const last = await lastChange(trx, municipalityId, [pupilId])
    if (isDone(viewer, last, seen)) return ok({ householdId })
    const planned = planWeekdays(asked, facts)
    if (!planned.ok) return planned
    if (markOf(asked, planned.value, last) !== seen) return refused('enrolments:preview-changed')
    const { plan, before, after, back } = planned.value
    await writeEnrolments(trx, { municipalityId, pupilId, serviceId }, plan)
    await recordAudit(trx, viewer, {
      action: 'enrolments.weekdays',
      objectType: 'pupil',
      objectId: pupilId,
      details: {
        ...{ service: serviceId, from, before, after, reason, seen },
        ...detailsOfWayBack(back, undoes),
      },
    })
    await notify(trx, municipalityId, {
      event: 'enrolment:decided',
      key: `weekdays:${seen}`,
      to: await adultsOfPupils(trx, municipalityId, [pupilId]),
      say: ENROLMENT_CHANGE_NOTICES.weekdays,
      path: '/servizi',
    })
    return ok({ householdId })
  })
}
