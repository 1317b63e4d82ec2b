'use server'

import { revalidatePath } from 'next/cache'
import { familyAction } from '#lib/entry/action.request.ts'
import { postalAddressInput } from '#lib/invoices/postal-address.input.ts'
import type { Result } from '#lib/kernel/result.ts'
import { askEmailChange, changeAddress, confirmEmail } from '#lib/people/contact.commands.ts'
import { codeInput, contactEmailInput, phoneCodeInput, phoneInput } from '#lib/people/contact.input.ts'

import { changePhone, confirmPhone } from '#lib/people/phone.commands.ts'

/** The page shows what is kept: it is drawn again after each change. */
function shown<T>(municipalitySlug: string, result: Result<T>): Result<T> {
  if (result.ok) revalidatePath(`/${municipalitySlug}/profilo`)
  return result
}

export const askEmail = familyAction({
  capability: 'contacts:manage',
  fresh: true,
  input: contactEmailInput,
  budget: 'contacts:email-code',
  run: async (viewer, { email }, municipalitySlug) =>
    shown(municipalitySlug, await askEmailChange(viewer, email)),
})

export const confirm = familyAction({
  capability: 'contacts:manage',
  secrets: ['code'],
  input: codeInput,
  budget: { none: 'a code that was sent takes five attempts' },
  run: async (viewer, typed, municipalitySlug) => shown(municipalitySlug, await confirmEmail(viewer, typed)),
})

export const savePhone = familyAction({
  capability: 'contacts:manage',
  fresh: true,
  input: phoneInput,
  budget: ['own:change', 'contacts:phone-code'],
  run: async (viewer, { phone }, municipalitySlug) =>
    shown(municipalitySlug, await changePhone(viewer, phone)),
})

export const confirmTelephone = familyAction({
  capability: 'contacts:manage',
  secrets: ['phoneCode'],
  input: phoneCodeInput,
  budget: { none: 'a code that was sent takes five attempts' },
  run: async (viewer, typed, municipalitySlug) => shown(municipalitySlug, await confirmPhone(viewer, typed)),
})

export const saveAddress = familyAction({
  capability: 'household:manage',
  fresh: true,
  input: postalAddressInput,
  budget: 'own:change',
  run: async (viewer, address, municipalitySlug) =>
    shown(municipalitySlug, await changeAddress(viewer, address)),
})
