'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok, type Result } from '#lib/kernel/result.ts'
import { correctRegistry, previewCorrection } from '#lib/people/office/correction.commands.ts'
import { correctionInput } from '#lib/people/office/correction.input.ts'
import { endEnrolment, previewEnd } from '#lib/people/office/enrolment-change.commands.ts'
import {
  enrolmentEndInput,
  enrolmentUndoInput,
  enrolmentWeekdaysInput,
} from '#lib/people/office/enrolment-change.input.ts'
import { previewUndoOfChange, undoEnrolmentChange } from '#lib/people/office/enrolment-undo.commands.ts'
import { changeWeekdays, previewWeekdays } from '#lib/people/office/enrolment-weekdays.commands.ts'
import { eraseMistake, previewErasure } from '#lib/people/office/erasure.commands.ts'
import { erasureInput } from '#lib/people/office/erasure.input.ts'
import {
  handOver,
  previewHandOver,
  previewUndo,
  undoHandOver,
} from '#lib/people/office/hand-over.commands.ts'
import { handOverInput, undoHandOverInput } from '#lib/people/office/hand-over.input.ts'
import type { HandOverAnswer, TypedHandOver, TypedUndo } from '#lib/people/office/hand-over.ts'
import { beginLook } from '#lib/people/office/look.commands.ts'
import { lookInput } from '#lib/people/office/look.input.ts'
import {
  changeSecondHousehold,
  previewSecondHousehold,
} from '#lib/people/office/second-household.commands.ts'
import { endSecondHouseholdInput, secondHouseholdInput } from '#lib/people/office/second-household.input.ts'
import { writtenWeekdays } from '#lib/school/office/structure.input.ts'

/** The first press shows what would happen, the second, with what was shown, does it. */
export const changeHolder = staffAction({
  capability: 'household:manage',
  fresh: true,
  input: handOverInput,
  run: async (viewer, request, municipalitySlug): Promise<Result<HandOverAnswer<TypedHandOver>>> => {
    if (request.intent === 'preview' || request.seen === '') {
      const preview = await previewHandOver(viewer, request)
      return preview.ok ? ok({ preview: { ...preview.value, typed: request } }) : preview
    }
    const done = await handOver(viewer, request)
    if (!done.ok) return done
    revalidatePath(`/admin/${municipalitySlug}/famiglie/${request.householdId}/intestatario`)
    return ok({ holder: done.value.name })
  },
})

/** Undoes the last change of holder, in two presses as the change, and goes back to the family. */
export const undoChange = staffAction({
  capability: 'household:manage',
  fresh: true,
  input: undoHandOverInput,
  run: async (viewer, request, municipalitySlug): Promise<Result<HandOverAnswer<TypedUndo>>> => {
    if (request.intent === 'preview' || request.seen === '') {
      const preview = await previewUndo(viewer, request)
      return preview.ok ? ok({ preview: { ...preview.value, typed: request } }) : preview
    }
    const done = await undoHandOver(viewer, request)
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${request.householdId}?fatto=annullato`)
  },
})

/** The first press shows what would happen, the second, with what was shown, does it and goes back to the family. */
export const correct = staffAction({
  capability: 'registry:correct',
  fresh: true,
  input: correctionInput,
  run: async (viewer, { kind, id, householdId, reason, intent, basis, seen, ...asked }, municipalitySlug) => {
    const subject = { kind, id, householdId }
    if (intent === 'preview' || !basis) {
      const preview = await previewCorrection(viewer, subject, asked)
      return preview.ok ? ok({ ...preview.value, typed: { ...asked, reason } }) : preview
    }
    const done = await correctRegistry(viewer, subject, { asked, reason, shown: { basis, seen } })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${householdId}?fatto=corretti`)
  },
})

/** Begins to look at the portal as the family sees it, and goes to its first page. */
export const look = staffAction({
  capability: 'family:look',
  fresh: true,
  input: lookInput,
  run: async (viewer, asked, municipalitySlug) => {
    const begun = await beginLook(viewer, asked)
    if (!begun.ok) return begun
    redirect(`/${municipalitySlug}/oggi`)
  },
})

/** The first press shows what would happen, the second, with what was shown, does it and goes back to the family. */
export const end = staffAction({
  capability: 'registry:correct',
  input: enrolmentEndInput,
  run: async (viewer, { intent, seen, reason, householdId: _, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || seen === '') {
      const preview = await previewEnd(viewer, asked)
      if (!preview.ok) return preview
      const { lines, seen: mark } = preview.value
      const { serviceId, last } = asked
      return ok({ lines: [...lines], seen: { seen: mark }, typed: { serviceId, last, reason } })
    }
    const done = await endEnrolment(viewer, asked, { seen, reason })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${done.value.householdId}?fatto=finita`)
  },
})

/** The first press shows what would happen, the second, with what was shown, does it and goes back to the family. */
export const eatOnOtherDays = staffAction({
  capability: 'registry:correct',
  input: enrolmentWeekdaysInput,
  run: async (viewer, { intent, seen, reason, householdId: _, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || seen === '') {
      const preview = await previewWeekdays(viewer, asked)
      if (!preview.ok) return preview
      const { lines, seen: mark } = preview.value
      const { serviceId, from, weekdays } = asked
      const typed = { serviceId, from, weekdays: writtenWeekdays(weekdays ?? []), reason }
      return ok({ lines: [...lines], seen: { seen: mark }, typed })
    }
    const done = await changeWeekdays(viewer, asked, { seen, reason })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${done.value.householdId}?fatto=giorni`)
  },
})

/** The first press shows what would happen, the second, with what was shown, does it and goes back to the family. */
export const divideMeals = staffAction({
  capability: 'registry:correct',
  fresh: true,
  input: secondHouseholdInput,
  run: async (viewer, request, municipalitySlug) => {
    const { intent, seen, reason, pupilId, from, to, firstMonday, firstWeek, secondWeek, ...person } = request
    const { fiscalCode, givenName, familyName, birthDay, email } = person
    const adult = { fiscalCode, givenName, familyName, birthDay, email }
    const asked = { pupilId, adult, from, to, firstMonday, firstWeek, secondWeek }
    if (intent === 'preview' || seen === '') {
      const preview = await previewSecondHousehold(viewer, asked)
      if (!preview.ok) return preview
      const { lines, seen: mark } = preview.value
      const written = {
        firstWeek: writtenWeekdays(firstWeek),
        secondWeek: writtenWeekdays(secondWeek),
        ...{ birthDay: birthDay ?? '', email: email ?? '', to: to ?? '' },
      }
      const typed = { fiscalCode, givenName, familyName, firstMonday, from, reason, ...written }
      return ok({ lines: [...lines], seen: { seen: mark }, typed })
    }
    const done = await changeSecondHousehold(viewer, asked, { seen, reason })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${done.value.householdId}?fatto=divisi`)
  },
})

/** The first press shows what would happen, the second, with what was shown, does it and goes back to the family. */
export const giveMealsBack = staffAction({
  capability: 'registry:correct',
  fresh: true,
  input: endSecondHouseholdInput,
  run: async (viewer, { intent, seen, reason, pupilId, from }, municipalitySlug) => {
    const asked = { pupilId, from, rules: [] }
    if (intent === 'preview' || seen === '') {
      const preview = await previewSecondHousehold(viewer, asked)
      if (!preview.ok) return preview
      const { lines, seen: mark } = preview.value
      return ok({ lines: [...lines], seen: { seen: mark }, typed: { from, reason } })
    }
    const done = await changeSecondHousehold(viewer, asked, { seen, reason })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${done.value.householdId}?fatto=divisi`)
  },
})

/** Takes the last move, last day or change of weekdays of a pupil back, in two presses, and goes back to the family. */
export const undoEnrolment = staffAction({
  capability: 'registry:correct',
  input: enrolmentUndoInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || seen === '') {
      const preview = await previewUndoOfChange(viewer, asked)
      if (!preview.ok) return preview
      const { lines, seen: mark } = preview.value
      return ok({ lines: [...lines], seen: { seen: mark }, typed: { reason } })
    }
    const done = await undoEnrolmentChange(viewer, asked, { seen, reason })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${asked.householdId}?fatto=tornata`)
  },
})

/** Erases what was entered by mistake, in two presses. There is no way back. */
export const erase = staffAction({
  capability: 'registry:erase',
  fresh: true,
  input: erasureInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || seen === '') {
      const preview = await previewErasure(viewer, asked)
      if (!preview.ok) return preview
      const { lines, seen: mark } = preview.value
      return ok({ lines, seen: { seen: mark }, typed: { pupilId: asked.pupilId ?? '', reason } })
    }
    const done = await eraseMistake(viewer, asked, { seen, reason })
    if (!done.ok) return done
    const families = `/admin/${municipalitySlug}/famiglie`
    redirect(
      asked.pupilId ? `${families}/${asked.householdId}?fatto=cancellato` : `${families}?fatto=cancellata`,
    )
  },
})
