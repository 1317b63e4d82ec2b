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

/** What undoing the last change of a pupil would do, in words; it is refused when its days were counted meanwhile. */
export async function previewUndoOfChange(
  viewer: Viewer,
  asked: AskedUndo,
): Promise<Result<EnrolmentChangePreview>> {
  const last = await lastOf(viewer, asked)
  if (!last.ok) return last
  return last.value.kind === 'moved'
    ? previewMove(viewer, moveBack(asked.pupilId, last.value))
    : previewEnd(viewer, lastDayBack(asked.pupilId, last.value))
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
  return last.value.kind === 'moved'
    ? movePupils(viewer, moveBack(asked.pupilId, last.value), confirmed)
    : endEnrolment(viewer, lastDayBack(asked.pupilId, last.value), confirmed)
}
