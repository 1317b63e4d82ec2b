'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { movePupils, previewMove } from '#lib/people/office/enrolment-change.commands.ts'
import { enrolmentMoveInput } from '#lib/people/office/enrolment-change.input.ts'
import { chosenClass } from '#lib/school/office/class-choice.queries.ts'

/** The first press shows what would happen, the second, with what was shown, does it and opens the class in which they are now. */
export const move = staffAction({
  capability: 'registry:correct',
  input: enrolmentMoveInput,
  run: async (viewer, { intent, seen, reason, pupils: pupilIds, ...typed }, municipalitySlug) => {
    const chosen = await chosenClass(viewer, typed.classId)
    if (!chosen.ok) return chosen
    const asked = { ...typed, classId: chosen.value }
    if (intent === 'preview' || seen === '') {
      const preview = await previewMove(viewer, { ...asked, pupilIds })
      const { classId, from } = typed
      return preview.ok ? ok({ ...preview.value, typed: { classId, from, pupilIds, reason } }) : preview
    }
    const done = await movePupils(viewer, { ...asked, pupilIds }, { seen, reason })
    if (!done.ok) return done
    const there = new URLSearchParams({ classe: asked.classId, servizio: asked.serviceId, fatto: 'spostati' })
    redirect(`/admin/${municipalitySlug}/famiglie/classi?${there}`)
  },
})
