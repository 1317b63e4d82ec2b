'use server'

import { redirect } from 'next/navigation'
import { familyAction } from '#lib/entry/action.request.ts'
import { startTopUp } from '#lib/payments/top-up.commands.ts'
import { topUpInput } from '#lib/payments/top-up.input.ts'

export const pay = familyAction({
  capability: 'money:pay',
  input: topUpInput,
  budget: ['top-up:start', 'top-up:open'],
  run: async (viewer, request, municipalitySlug) => {
    const started = await startTopUp(viewer, request)
    if (!started.ok) return started
    const { paymentUrl, topUpId } = started.value
    redirect(paymentUrl ?? `/${municipalitySlug}/pagamenti/ricarica/${topUpId}`)
  },
})
