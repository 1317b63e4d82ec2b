'use server'

import { redirect } from 'next/navigation'
import { citizenAction } from '#lib/entry/action.request.ts'
import { apply, askForLink } from '#lib/people/applicant.commands.ts'
import { applyInput, linkInput } from '#lib/people/applicant.input.ts'

/** Opens the forms that enrol a child to a person whom the municipality does not know. */
export const askToEnrol = citizenAction({
  input: applyInput,
  budget: 'access:ask',
  run: async (session, typed, municipalitySlug) => {
    const applied = await apply(session, municipalitySlug, typed)
    if (!applied.ok) return applied
    redirect(`/${municipalitySlug}/moduli`)
  },
})

/** Asks to be linked to a child who is enrolled. */
export const askToLink = citizenAction({
  input: linkInput,
  budget: 'access:ask',
  run: async (session, typed, municipalitySlug) => {
    const asked = await askForLink(session, municipalitySlug, typed)
    if (!asked.ok) return asked
    redirect(`/${municipalitySlug}/accesso/non-abilitato?fatto=chiesto`)
  },
})
