'use server'

import { redirect } from 'next/navigation'
import { familyAction } from '#lib/entry/action.request.ts'
import { rateMeal } from '#lib/menus/rating.commands.ts'
import { ratingInput } from '#lib/menus/rating.input.ts'

export const rate = familyAction({
  capability: 'meals:rate',
  input: ratingInput,
  budget: 'own:change',
  run: async (viewer, rating, municipalitySlug) => {
    const rated = await rateMeal(viewer, rating)
    if (rated.ok) redirect(`/${municipalitySlug}/menu-figli?fatto=giudizio`)
    return rated
  },
})
