'use server'

import { revalidatePath } from 'next/cache'
import { familyAction } from '#lib/entry/action.request.ts'
import { giveInvoiceAddress } from '#lib/invoices/invoice.commands.ts'
import { postalAddressInput } from '#lib/invoices/postal-address.input.ts'

export const giveAddress = familyAction({
  capability: 'household:manage',
  input: postalAddressInput,
  budget: 'own:change',
  run: async (viewer, address, municipalitySlug) => {
    const given = await giveInvoiceAddress(viewer, address)
    if (given.ok) revalidatePath(`/${municipalitySlug}/pagamenti/fatture`)
    return given
  },
})
