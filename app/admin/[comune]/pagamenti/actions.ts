'use server'

import { revalidatePath } from 'next/cache'
import { staffAction } from '#lib/entry/action.request.ts'
import { settleAlarm } from '#lib/payments/office/payment-alarm.commands.ts'
import { settledAlarmInput } from '#lib/payments/office/payment-alarm.input.ts'

export const settle = staffAction({
  capability: 'money:adjust',
  input: settledAlarmInput,
  run: async (viewer, settled, municipalitySlug) => {
    const done = await settleAlarm(viewer, settled)
    if (done.ok) revalidatePath(`/admin/${municipalitySlug}/pagamenti`)
    return done
  },
})
