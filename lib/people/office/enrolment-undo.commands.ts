import 'server-only'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { type Result, refused } from '#lib/kernel/result.ts'
import {
  type Confirmation,
  type EnrolmentChangePreview,
  endEnrolment,
  movePupils,
  previewEnd,
  previewMove,
} from './enrolment-change.commands.ts'
import { type AskedUndo, type UndoableChange, undoableChange } from './enrolment-undo.queries.ts'
import { changeWeekdays, previewWeekdays } from './enrolment-weekdays.commands.ts'
import { type AskedWeekdays, weekdaysOfKey } from './enrolment-weekdays.ts'
import { changeSecondHousehold, previewSecondHousehold } from './second-household.commands.ts'
import { type AskedHouseholdDays, householdDaysOfKey } from './second-household.ts'

/** The change that is asked to be undone, while it is still the last one. */
async function lastOf(viewer: Viewer, asked: AskedUndo): Promise<Result<UndoableChange>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  const last = await undoableChange(viewer, asked)
  return last?.id === asked.changeId ? { ok: true, value: last } : refused('enrolments:preview-changed')
}

const moveBack = (pupilId: string, { serviceId, back, from }: UndoableChange) => ({
  ...{ serviceId, classId: back, from: from as Day, pupilIds: [pupilId] },
})

const lastDayBack = (pupilId: string, { serviceId, back }: UndoableChange) => ({
  pupilId,
  serviceId,
  last: back,
})

const weekdaysBack = (pupilId: string, { serviceId, back, from }: UndoableChange): AskedWeekdays => ({
  ...{ pupilId, serviceId, weekdays: weekdaysOfKey(back), from: from as Day },
})

const householdsBack = (pupilId: string, { back, from }: UndoableChange): AskedHouseholdDays => ({
  ...{ pupilId, from: from as Day, rules: householdDaysOfKey(back) },
})

/** What undoing the last change of a pupil would do, in words; it is refused when its days were counted meanwhile. */
export async function previewUndoOfChange(
  viewer: Viewer,
  asked: AskedUndo,
): Promise<Result<EnrolmentChangePreview>> {
  const last = await lastOf(viewer, asked)
  if (!last.ok) return last
  const { pupilId } = asked
  switch (last.value.kind) {
    case 'moved':
      return previewMove(viewer, moveBack(pupilId, last.value))
    case 'ended':
      return previewEnd(viewer, lastDayBack(pupilId, last.value))
    case 'weekdays':
      return previewWeekdays(viewer, weekdaysBack(pupilId, last.value))
    case 'households':
      return previewSecondHousehold(viewer, householdsBack(pupilId, last.value))
  }
}

/**
 * Undoes the last change of a pupil by the way back, exactly as it was previewed. The mark of the preview holds for this last change
 * only: after any other one it is refused under the locks of the move itself.
 */
export async function undoEnrolmentChange(
  viewer: Viewer,
  asked: AskedUndo,
  confirmation: Confirmation,
): Promise<Result<{ moved: number } | { householdId: string }>> {
  const last = await lastOf(viewer, asked)
  if (!last.ok) return last
  const confirmed = { ...confirmation, undoes: asked.changeId }
  const { pupilId } = asked
  switch (last.value.kind) {
    case 'moved':
      return movePupils(viewer, moveBack(pupilId, last.value), confirmed)
    case 'ended':
      return endEnrolment(viewer, lastDayBack(pupilId, last.value), confirmed)
    case 'weekdays':
      return changeWeekdays(viewer, weekdaysBack(pupilId, last.value), confirmed)
    case 'households':
      return changeSecondHousehold(viewer, householdsBack(pupilId, last.value), confirmed)
  }
}
