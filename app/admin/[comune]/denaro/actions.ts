'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { askAgain, notePayment } from '#lib/payments/office/payment.commands.ts'
import { paymentNoteInput } from '#lib/payments/office/payment.input.ts'
import { onlyId } from '#lib/web/field.input.ts'

export const ask = staffAction({
  capability: 'money:adjust',
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => {
    const asked = await askAgain(viewer, id)
    return asked.ok ? redirect(`/admin/${municipalitySlug}/denaro/${id}?fatto=chiesto`) : asked
  },
})

export const note = staffAction({
  capability: 'money:adjust',
  input: paymentNoteInput,
  run: async (viewer, written, municipalitySlug) => {
    const noted = await notePayment(viewer, written)
    return noted.ok ? redirect(`/admin/${municipalitySlug}/denaro/${written.id}?fatto=scritto`) : noted
  },
})
