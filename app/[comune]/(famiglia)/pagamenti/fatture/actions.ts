'use server'

import { revalidatePath } from 'next/cache'
import { familyAction } from '#lib/entry/action.ts'
import { giveInvoiceAddress } from '#lib/invoices/invoice.commands.ts'
import { typedAddress } from '#lib/invoices/postal-address.input.ts'

export const giveAddress = familyAction({
  capability: 'household:manage',
  input: typedAddress,
  run: async (viewer, address, comune) => {
    const given = await giveInvoiceAddress(viewer, address)
    if (given.ok) revalidatePath(`/${comune}/pagamenti/fatture`)
    return given
  },
})
