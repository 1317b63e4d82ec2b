import 'server-only'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Month } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { officeReader } from '../calendar.queries.ts'
import { type BatchRequest, type Eater, pupilOf, pupilsOf } from '../cutoff.ts'
import { isEater } from '../meal.address.ts'
import { type DayPage, dayHistoryFor, type PreviewPage, previewBatchFor } from '../meal.queries.ts'
import { type MonthPage, monthPageFor } from '../month.queries.ts'
import { receiptFor } from '../receipt.queries.ts'

/** A colleague reads what a family sees of its meals: written down as the reading of that family. */
const traced = (viewer: Viewer, householdId: string): Promise<void> =>
  asStaff(viewer, (trx) =>
    recordAudit(trx, viewer, { action: 'household.read', objectType: 'household', objectId: householdId }),
  )

/**
 * The month of a pupil as its family sees it, for a colleague who changes meals; the reading is written down. Null where there is
 * no such pupil with the canteen, or none to see.
 */
export async function monthForOffice(
  viewer: Viewer,
  eater: Eater,
  month: Month | null,
): Promise<MonthPage | null> {
  if (!allowedToStaff(viewer, 'meals:change') || !isEater(eater)) return null
  const page = await monthPageFor(officeReader(viewer, { pupils: [pupilOf(eater)] }), eater, month)
  if (page === null || page === 'no-children') return null
  await traced(viewer, page.child.householdId)
  return page
}

/** What a change would do, for a colleague; null as above. Nothing is changed or locked. */
export async function previewForOffice(viewer: Viewer, request: BatchRequest): Promise<PreviewPage | null> {
  if (!allowedToStaff(viewer, 'meals:change')) return null
  const page = await previewBatchFor(officeReader(viewer, { pupils: pupilsOf(request.pupilIds) }), request)
  if (page) for (const { householdId } of page.children) await traced(viewer, householdId)
  return page
}

/** One day of one pupil, with who changed it, by name also where it was a colleague; null as above. */
export async function dayForOffice(viewer: Viewer, eater: Eater, rawDay: string): Promise<DayPage | null> {
  if (!allowedToStaff(viewer, 'meals:read') || !isEater(eater)) return null
  const page = await dayHistoryFor(officeReader(viewer, { pupils: [pupilOf(eater)] }), eater, rawDay)
  if (page) await traced(viewer, page.child.householdId)
  return page
}

export type OfficeReceipt = NonNullable<Awaited<ReturnType<typeof receiptFor>>> & { householdId: string }

/** The receipt of a change of meals by any person; null where there is none, or none to see. */
export async function receiptForOffice(viewer: Viewer, receiptId: string): Promise<OfficeReceipt | null> {
  if (!allowedToStaff(viewer, 'meals:read') || !isUuid(receiptId)) return null
  const households = await asStaff(viewer, (trx) =>
    trx
      .selectFrom('absence_event as v')
      .innerJoin('absence_receipt as r', (join) =>
        join.onRef('r.id', '=', 'v.receipt_id').on('r.municipality_id', '=', viewer.municipalityId),
      )
      .innerJoin('pupil as p', (join) =>
        join.onRef('p.id', '=', 'v.pupil_id').on('p.municipality_id', '=', viewer.municipalityId),
      )
      .where('v.municipality_id', '=', viewer.municipalityId)
      .where('v.receipt_id', '=', receiptId)
      .whereRef('v.day', '>=', 'r.first_day')
      .whereRef('v.day', '<=', 'r.last_day')
      .select(['r.household_id as receiptOf', 'p.household_id as pupilOf'])
      .distinct()
      .execute(),
  )
  const householdId = households[0]?.receiptOf
  if (!householdId) return null
  const found = await receiptFor(
    officeReader(viewer, { households: [...new Set(households.map(({ pupilOf }) => pupilOf))] }),
    receiptId,
  )
  if (found === null) return null
  await traced(viewer, householdId)
  return { ...found, householdId }
}
