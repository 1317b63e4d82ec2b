'use server'

import { redirect } from 'next/navigation'
import { familyAction } from '#lib/entry/action.request.ts'
import { typedWhole } from '#lib/notifications/choices.input.ts'
import { readEverything } from '#lib/notifications/notification.commands.ts'

export const readAll = familyAction({
  capability: 'notifications:read',
  input: typedWhole,
  run: async (viewer, _, municipalitySlug) => {
    const result = await readEverything(viewer)
    return result.ok ? redirect(`/${municipalitySlug}/notifiche`) : result
  },
})
