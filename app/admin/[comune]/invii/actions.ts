'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { retryDeliveryBatch } from '#lib/outbox/office/delivery-batch.commands.ts'
import { onlyId } from '#lib/web/field.input.ts'

export const retry = staffAction({
  capability: 'deliveries:manage',
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => {
    const retried = await retryDeliveryBatch(viewer, id)
    return retried.ok
      ? redirect(`/admin/${municipalitySlug}/invii/${id}?rispediti=${retried.value.again}`)
      : retried
  },
})
