'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { setPlaces } from '#lib/forms/office/places.commands.ts'
import { placesInput } from '#lib/forms/office/places.input.ts'

export const savePlaces = staffAction({
  capability: 'forms:manage',
  input: placesInput,
  run: async (viewer, typed, municipalitySlug) => {
    const saved = await setPlaces(viewer, typed)
    if (!saved.ok) return saved
    redirect(`/admin/${municipalitySlug}/moduli/posti?anno=${saved.value.yearId}&fatto=posti`)
  },
})
