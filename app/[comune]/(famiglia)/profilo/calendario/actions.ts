'use server'

import { revalidatePath } from 'next/cache'
import { familyAction } from '#lib/entry/action.request.ts'
import { createFeed, revokeFeed } from '#lib/feeds/feed.commands.ts'
import { dropFeedInput, newFeedInput } from '#lib/feeds/feed.input.ts'

const capability = 'calendar:feed'

export const makeFeed = familyAction({
  capability,
  input: newFeedInput,
  budget: 'feeds:make',
  run: (viewer, { pupilId, alarm }) => createFeed(viewer, { pupilId, alarmMinutes: alarm }),
})

export const dropFeed = familyAction({
  capability,
  input: dropFeedInput,
  budget: 'own:change',
  run: async (viewer, { pupilId }, municipalitySlug) => {
    const dropped = await revokeFeed(viewer, pupilId)
    if (dropped.ok) revalidatePath(`/${municipalitySlug}/profilo/calendario`)
    return dropped
  },
})
