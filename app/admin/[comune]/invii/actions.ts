'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/action.ts'
import { retrySending } from '#lib/notifications/commands.ts'
import { typedId } from '#lib/notifications/typed-choices.ts'

export const retry = staffAction({
  capability: 'sendings:manage',
  input: typedId,
  run: async (viewer, { id }, comune) => {
    const retried = await retrySending(viewer, id)
    return retried.ok ? redirect(`/admin/${comune}/invii/${id}?rispediti=${retried.value.again}`) : retried
  },
})
