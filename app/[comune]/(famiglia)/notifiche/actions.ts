'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { familyAction } from '#lib/entry/action.request.ts'
import { allNotificationsInput } from '#lib/notifications/choices.input.ts'
import { readEverything } from '#lib/notifications/notification.commands.ts'

export const readAll = familyAction({
  capability: 'notifications:read',
  input: allNotificationsInput,
  budget: 'own:change',
  run: async (viewer, _, municipalitySlug) => {
    const result = await readEverything(viewer)
    if (!result.ok) return result
    // The bell stands in the layout, which a redirect inside it does not draw again.
    revalidatePath(`/${municipalitySlug}`, 'layout')
    redirect(`/${municipalitySlug}/notifiche`)
  },
})
