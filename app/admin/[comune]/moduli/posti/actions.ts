'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { setPlaces } from '#lib/forms/office/places.commands.ts'
import { placesInput } from '#lib/forms/office/places.input.ts'

export const savePlaces = staffAction({
  capability: 'forms:manage',
  input: placesInput,
  run: async (viewer, { yearName, page, changed }, municipalitySlug) => {
    const saved = await setPlaces(viewer, changed)
    if (!saved.ok) return saved
    const there = new URLSearchParams({ anno: yearName, fatto: 'posti' })
    if (page > 1) there.set('pagina', String(page))
    redirect(`/admin/${municipalitySlug}/moduli/posti?${there}`)
  },
})
