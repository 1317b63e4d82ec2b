'use server'

import { redirect } from 'next/navigation'
import { acknowledge } from '#lib/communications/communication.commands.ts'
import { acknowledgementInput } from '#lib/communications/communication.input.ts'
import { familyAction } from '#lib/entry/action.request.ts'

/** "Ho letto e preso atto"; the page then says that it is done, and reloading it repeats nothing. */
export const confirmRead = familyAction({
  capability: 'communications:read',
  input: acknowledgementInput,
  budget: { none: 'one row for each communication and person' },
  run: async (viewer, { id, version }, municipalitySlug) => {
    const result = await acknowledge(viewer, id, version)
    if (!result.ok) return result
    redirect(`/${municipalitySlug}/comunicazioni/${id}`)
  },
})
