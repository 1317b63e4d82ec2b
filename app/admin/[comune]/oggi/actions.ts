'use server'

import { revalidatePath } from 'next/cache'
import { finishWork, takeWork } from '#lib/desk/work-take.commands.ts'
import { workInput } from '#lib/desk/work-take.input.ts'
import { staffAction } from '#lib/entry/action.request.ts'

export const take = staffAction({
  capability: 'work:read',
  input: workInput,
  run: async (viewer, asked, municipalitySlug) => {
    const taken = await takeWork(viewer, asked)
    revalidatePath(`/admin/${municipalitySlug}/oggi`)
    return taken
  },
})

export const finish = staffAction({
  capability: 'work:read',
  input: workInput,
  run: async (viewer, asked, municipalitySlug) => {
    const done = await finishWork(viewer, asked)
    revalidatePath(`/admin/${municipalitySlug}/oggi`)
    return done
  },
})
