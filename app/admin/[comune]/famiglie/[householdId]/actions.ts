'use server'

import { revalidatePath } from 'next/cache'
import { staffAction } from '#lib/entry/action.request.ts'
import { handOver } from '#lib/people/office/hand-over.commands.ts'
import { handOverInput } from '#lib/people/office/hand-over.input.ts'

export const changeHolder = staffAction({
  capability: 'household:manage',
  fresh: true,
  input: handOverInput,
  run: async (viewer, request, municipalitySlug) => {
    const done = await handOver(viewer, request)
    if (done.ok) revalidatePath(`/admin/${municipalitySlug}/famiglie/${request.householdId}`)
    return done
  },
})
