'use server'

import { revalidatePath } from 'next/cache'
import { staffAction } from '#lib/entry/action.request.ts'
import { acknowledgeCounts } from '#lib/kitchen/count-seen.commands.ts'
import { countSeenInput } from '#lib/kitchen/count-seen.input.ts'

export const acknowledge = staffAction({
  capability: 'kitchen:read-own',
  input: countSeenInput,
  run: async (viewer, asked, municipalitySlug) => {
    const seen = await acknowledgeCounts(viewer, asked)
    revalidatePath(`/admin/${municipalitySlug}/conteggi`)
    return seen
  },
})
