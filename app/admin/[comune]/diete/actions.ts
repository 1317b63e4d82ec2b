'use server'

import { redirect } from 'next/navigation'
import { decideDiet, previewDiet } from '#lib/diets/office/diet-decision.commands.ts'
import { dietDecisionInput } from '#lib/diets/office/diet-decision.input.ts'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'

export const decide = staffAction({
  capability: 'diets:manage',
  input: dietDecisionInput,
  run: async (viewer, { intent, fingerprint, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewDiet(viewer, asked)
      const { pupilId: _, ...typed } = asked
      return preview.ok ? ok({ ...preview.value, typed }) : preview
    }
    const decided = await decideDiet(viewer, asked, fingerprint)
    if (!decided.ok) return decided
    redirect(`/admin/${municipalitySlug}/diete?fatto=decisa`)
  },
})
