'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { acceptSubmission, previewAcceptance } from '#lib/forms/office/acceptance.commands.ts'
import {
  askIntegration,
  assignSubmission,
  type Handled,
  rejectSubmission,
  takeSubmission,
} from '#lib/forms/office/submission.commands.ts'
import {
  askSubmissionInput,
  assignSubmissionInput,
  decideSubmissionInput,
  rejectSubmissionInput,
} from '#lib/forms/office/submission.input.ts'
import { ok, type Result } from '#lib/kernel/result.ts'
import { onlyId } from '#lib/web/field.input.ts'

/** Back to the submission's page, which says what was done. */
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
    done(municipalitySlug, 'presa')(await takeSubmission(viewer, typed.id)),
})

export const assign = staffAction({
  capability: 'forms:manage',
  input: assignSubmissionInput,
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'assegnata')(await assignSubmission(viewer, typed.id, typed.personId)),
})

export const ask = staffAction({
  capability: 'forms:manage',
  input: askSubmissionInput,
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'chiesta')(await askIntegration(viewer, typed)),
})

export const reject = staffAction({
  capability: 'forms:manage',
  input: rejectSubmissionInput,
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'respinta')(await rejectSubmission(viewer, typed)),
})

const DECISIONS = { accepted: 'accolta', corrected: 'corretta' } as const

/** The first press shows what would happen; the second, with what was shown, does it. */
export const decide = staffAction({
  capability: 'forms:manage',
  input: decideSubmissionInput,
  run: async (viewer, { id, intent, seen, after, note, ...typed }, municipalitySlug) => {
    if (intent === 'confirm' && seen) {
      const decided = await acceptSubmission(viewer, { id, typed, seen, after, note })
      if (!decided.ok) return decided
      return done(municipalitySlug, DECISIONS[decided.value.decision])(decided)
    }
    const preview = await previewAcceptance(viewer, id, typed)
    return preview.ok ? ok({ ...preview.value, typed: { ...typed, note } }) : preview
  },
})
