'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import {
  mergeHouseholds,
  previewHouseholdMerge,
  previewHouseholdSplit,
  undoHouseholdMerge,
} from '#lib/people/office/household-merge.commands.ts'
import { householdMergeInput, undoHouseholdMergeInput } from '#lib/people/office/household-merge.input.ts'
import {
  mergeAdults,
  previewAdultMerge,
  previewAdultSplit,
  undoAdultMerge,
} from '#lib/people/office/person-merge.commands.ts'
import { adultMergeInput, undoAdultMergeInput } from '#lib/people/office/person-merge.input.ts'
import {
  mergePupils,
  previewMerge,
  previewMergeUndoing,
  undoMerge,
} from '#lib/people/office/pupil-merge.commands.ts'
import { pupilMergeInput, undoMergeInput } from '#lib/people/office/pupil-merge.input.ts'
import { takeApartBack, tellApart } from '#lib/people/office/told-apart.commands.ts'
import { takeApartBackInput, tellApartInput } from '#lib/people/office/told-apart.input.ts'

/** The first press shows what making two pupils one would do; the second does exactly that. */
export const merge = staffAction({
  capability: 'registry:correct',
  input: pupilMergeInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await mergePupils(viewer, asked, { seen, reason })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/doppi/${asked.oneId}/${asked.otherId}?fatto=uniti`)
    }
    const preview = await previewMerge(viewer, asked)
    if (!preview.ok) return preview
    const { keep, name, birth, code } = asked
    return ok({
      lines: [...preview.value.lines],
      seen: { seen: preview.value.seen },
      typed: { keep, name, birth, code, reason },
    })
  },
})

/** The same two presses for taking a merge back. */
export const undo = staffAction({
  capability: 'registry:correct',
  input: undoMergeInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await undoMerge(viewer, asked, { seen, reason })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/doppi?fatto=annullata`)
    }
    const preview = await previewMergeUndoing(viewer, asked)
    if (!preview.ok) return preview
    return ok({ lines: [...preview.value.lines], seen: { seen: preview.value.seen }, typed: { reason } })
  },
})

/**
 * The same two presses for two adults. Who is made one with another enters a family with its money: the manager does it, after SPID
 * or CIE of the last five minutes.
 */
export const mergePeople = staffAction({
  capability: 'registry:merge',
  fresh: true,
  input: adultMergeInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await mergeAdults(viewer, asked, { seen, reason })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/doppi/adulti/${asked.oneId}/${asked.otherId}?fatto=uniti`)
    }
    const preview = await previewAdultMerge(viewer, asked)
    if (!preview.ok) return preview
    const { keep, name, code, otherCode, checked } = asked
    return ok({
      lines: [...preview.value.lines],
      seen: { seen: preview.value.seen },
      typed: { keep, name, code, otherCode, checked: checked ? 'si' : 'no', reason },
    })
  },
})

/** And for taking a merge of two adults back. */
export const splitPeople = staffAction({
  capability: 'registry:merge',
  fresh: true,
  input: undoAdultMergeInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await undoAdultMerge(viewer, asked, { seen, reason })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/doppi?fatto=adulti-divisi`)
    }
    const preview = await previewAdultSplit(viewer, asked)
    if (!preview.ok) return preview
    return ok({ lines: [...preview.value.lines], seen: { seen: preview.value.seen }, typed: { reason } })
  },
})

/** The same two presses for two households: who pays for both stays, and the money that is left is a case. */
export const mergeFamilies = staffAction({
  capability: 'registry:merge',
  fresh: true,
  input: householdMergeInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await mergeHouseholds(viewer, asked, { seen, reason })
      if (!done.ok) return done
      redirect(
        `/admin/${municipalitySlug}/famiglie/doppi/famiglie/${asked.oneId}/${asked.otherId}?fatto=unite`,
      )
    }
    const preview = await previewHouseholdMerge(viewer, asked)
    if (!preview.ok) return preview
    return ok({
      lines: [...preview.value.lines],
      seen: { seen: preview.value.seen },
      typed: { keep: asked.keep, reason },
    })
  },
})

/** And for taking a merge of two households back. */
export const splitFamilies = staffAction({
  capability: 'registry:merge',
  fresh: true,
  input: undoHouseholdMergeInput,
  run: async (viewer, { intent, seen, reason, ...asked }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const done = await undoHouseholdMerge(viewer, asked, { seen, reason })
      if (!done.ok) return done
      redirect(`/admin/${municipalitySlug}/famiglie/doppi?fatto=famiglie-divise`)
    }
    const preview = await previewHouseholdSplit(viewer, asked)
    if (!preview.ok) return preview
    return ok({ lines: [...preview.value.lines], seen: { seen: preview.value.seen }, typed: { reason } })
  },
})

/** Says that two who look like one are two: they leave the list. */
export const apart = staffAction({
  capability: 'registry:correct',
  input: tellApartInput,
  run: async (viewer, asked, municipalitySlug) => {
    const told = await tellApart(viewer, asked)
    return told.ok ? redirect(`/admin/${municipalitySlug}/famiglie/doppi?fatto=diversi`) : told
  },
})

export const together = staffAction({
  capability: 'registry:correct',
  input: takeApartBackInput,
  run: async (viewer, { id }, municipalitySlug) => {
    const taken = await takeApartBack(viewer, id)
    return taken.ok ? redirect(`/admin/${municipalitySlug}/famiglie/doppi?fatto=di-nuovo`) : taken
  },
})
