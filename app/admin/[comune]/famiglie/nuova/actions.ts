'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { previewRegistration, register } from '#lib/people/office/registration.commands.ts'
import { registrationInput } from '#lib/people/office/registration.input.ts'

/** The first press shows what would happen and who may be there already; the second, with what was shown, does it. */
export const registerFamily = staffAction({
  capability: 'registry:correct',
  input: registrationInput,
  run: async (viewer, { intent, seen, checked, asked, typed }, municipalitySlug) => {
    if (intent === 'preview' || seen === '') {
      const preview = await previewRegistration(viewer, asked)
      return preview.ok ? ok({ ...preview.value, typed }) : preview
    }
    const done = await register(viewer, { asked, seen, checked })
    if (!done.ok) return done
    const what = asked.transferId ? 'accolta' : asked.householdId ? 'aggiunto' : 'registrata'
    redirect(`/admin/${municipalitySlug}/famiglie/${done.value.householdId}?fatto=${what}`)
  },
})
