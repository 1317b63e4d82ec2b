'use server'

import { redirect } from 'next/navigation'
import { familyAction } from '#lib/action.ts'
import { readEverything } from '#lib/notifications/commands.ts'
import { typedWhole } from '#lib/notifications/typed-choices.ts'

export const readAll = familyAction({
  capability: 'notifications:read',
  input: typedWhole,
  run: async (viewer, _, comune) => {
    const result = await readEverything(viewer)
    return result.ok ? redirect(`/${comune}/notifiche`) : result
  },
})
