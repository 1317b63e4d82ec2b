'use server'

import { revalidatePath } from 'next/cache'
import { familyAction } from '#lib/action.ts'
import { typedAddress } from '#lib/invoices/address.ts'
import { giveInvoiceAddress } from '#lib/invoices/commands.ts'

export const giveAddress = familyAction({
  capability: 'household:manage',
  input: typedAddress,
  run: async (viewer, address, comune) => {
    const given = await giveInvoiceAddress(viewer, address)
    if (given.ok) revalidatePath(`/${comune}/pagamenti/fatture`)
    return given
  },
})
