'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { refused } from '#lib/kernel/result.ts'
import { chosenRowsInput } from '#lib/lists/list-view.input.ts'
import { chosenHouseholdIds } from '#lib/people/office/household-list.queries.ts'
import { draftTo, MOST_FAMILIES } from '../_elenchi/lists.ts'

/** Opens a new communication to the chosen families. */
export const writeToFamilies = staffAction({
  capability: 'communications:write',
  input: chosenRowsInput,
  run: async (viewer, asked, municipalitySlug) => {
    const ids = await chosenHouseholdIds(viewer, asked, MOST_FAMILIES)
    if (ids.length === 0) return refused('lists:nothing-chosen')
    if (ids.length > MOST_FAMILIES) return refused('lists:too-many-chosen')
    redirect(draftTo(municipalitySlug, ids))
  },
})
