'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { acceptRequest, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import {
  askIntegration,
  assignRequest,
  type Handled,
  rejectRequest,
  takeRequest,
} from '#lib/forms/office/submission.commands.ts'
import {
  askRequestInput,
  assignRequestInput,
  decideRequestInput,
  rejectRequestInput,
} from '#lib/forms/office/submission.input.ts'
import { ok, type Result } from '#lib/kernel/result.ts'
import { onlyId } from '#lib/web/field.input.ts'

/** Back to the request's page, which says what was done. */
const done = (municipalitySlug: string, what: string) => (result: Result<Handled>) => {
  if (!result.ok) return result
  redirect(
    `/admin/${municipalitySlug}/moduli/${result.value.formId}/domande/${result.value.id}?fatto=${what}`,
  )
}

export const take = staffAction({
  capability: 'forms:manage',
  input: onlyId,
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'presa')(await takeRequest(viewer, typed.id)),
})

export const assign = staffAction({
  capability: 'forms:manage',
  input: assignRequestInput,
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'assegnata')(await assignRequest(viewer, typed.id, typed.personId)),
})

export const ask = staffAction({
  capability: 'forms:manage',
  input: askRequestInput,
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'chiesta')(await askIntegration(viewer, typed)),
})

export const reject = staffAction({
  capability: 'forms:manage',
  input: rejectRequestInput,
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'respinta')(await rejectRequest(viewer, typed)),
})

/** The first press shows what would happen; the second, with what was shown, does it. */
export const decide = staffAction({
  capability: 'forms:manage',
  input: decideRequestInput,
  run: async (viewer, { id: requestId, intent, seen, note, ...typed }, municipalitySlug) => {
    if (intent === 'confirm' && seen)
      return done(
        municipalitySlug,
        'accolta',
      )(await acceptRequest(viewer, { id: requestId, typed, seen, note }))
    const preview = await previewAcceptance(viewer, requestId, typed)
    return preview.ok ? ok({ ...preview.value, typed: { ...typed, note } }) : preview
  },
})
