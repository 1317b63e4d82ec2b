'use server'

import { revalidatePath } from 'next/cache'
import * as z from 'zod'
import { familyAction } from '#lib/entry/action.request.ts'
import { createFeed, revokeFeed } from '#lib/feeds/feed.commands.ts'
import { ALARMS } from '#lib/feeds/feed.ts'

const capability = 'calendar:feed'
const NO_ALARM = '0'

export const makeFeed = familyAction({
  capability,
  input: z.object({
    pupilId: z.uuid(),
    alarm: z.enum([NO_ALARM, ...ALARMS.map(String)]).transform((text) => Number(text) || null),
  }),
  run: (viewer, { pupilId, alarm }) => createFeed(viewer, { pupilId, alarmMinutes: alarm }),
})

export const dropFeed = familyAction({
  capability,
  input: z.object({ pupilId: z.uuid() }),
  run: async (viewer, { pupilId }, municipalitySlug) => {
    const dropped = await revokeFeed(viewer, pupilId)
    if (dropped.ok) revalidatePath(`/${municipalitySlug}/profilo/calendario`)
    return dropped
  },
})
