'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { refused } from '#lib/kernel/result.ts'
import { chosenRowsInput } from '#lib/lists/list-view.input.ts'
import { MOST_MOVED } from '#lib/people/office/enrolment-change.input.ts'
import { chosenEnrolments } from '#lib/people/office/pupil-list.queries.ts'
import { draftTo, MOST_FAMILIES } from '../_elenchi/lists.ts'

/** Opens the page of the class with the chosen pupils ticked: there their move is previewed and confirmed. */
export const movePupilsOfList = staffAction({
  capability: 'registry:correct',
  input: chosenRowsInput,
  run: async (viewer, asked, municipalitySlug) => {
    const chosen = await chosenEnrolments(viewer, asked, MOST_MOVED)
    const [first] = chosen
    if (!first) return refused('lists:nothing-chosen')
    if (chosen.length > MOST_MOVED) return refused('lists:too-many-chosen')
    const { classId, serviceId } = first
    if (chosen.some((each) => each.classId !== classId || each.serviceId !== serviceId))
      return refused('pupils:several-classes')
    const there = new URLSearchParams({ classe: classId, servizio: serviceId })
    for (const { pupilId } of chosen) there.append('alunno', pupilId)
    redirect(`/admin/${municipalitySlug}/famiglie/classi?${there}`)
  },
})

/** Opens a new communication to the families of the chosen pupils. */
export const writeToFamilies = staffAction({
  capability: 'communications:write',
  input: chosenRowsInput,
  run: async (viewer, asked, municipalitySlug) => {
    const chosen = await chosenEnrolments(viewer, asked, MOST_FAMILIES)
    if (chosen.length === 0) return refused('lists:nothing-chosen')
    if (chosen.length > MOST_FAMILIES) return refused('lists:too-many-chosen')
    redirect(
      draftTo(
        municipalitySlug,
        chosen.map(({ householdId }) => householdId),
      ),
    )
  },
})
