'use server'

import { redirect } from 'next/navigation'
import {
  changeDietCode,
  createDietCode,
  endDietCode,
  previewDietEnd,
} from '#lib/diets/office/diet-code.commands.ts'
import { dietCodeInput, dietEndInput, newDietCodeInput } from '#lib/diets/office/diet-code.input.ts'
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

const capability = 'diets:manage'

export const createCode = staffAction({
  capability,
  input: newDietCodeInput,
  run: async (viewer, { code, ...words }, municipalitySlug) => {
    const created = await createDietCode(viewer, code, words)
    if (!created.ok) return created
    redirect(`/admin/${municipalitySlug}/diete?fatto=creata`)
  },
})

export const changeCode = staffAction({
  capability,
  input: dietCodeInput,
  run: async (viewer, { code, revision, ...words }, municipalitySlug) => {
    const changed = await changeDietCode(viewer, { code, revision }, words)
    if (!changed.ok) return changed
    redirect(`/admin/${municipalitySlug}/diete?fatto=salvata`)
  },
})

export const endCode = staffAction({
  capability,
  input: dietEndInput,
  run: async (viewer, { intent, fingerprint, ...typed }, municipalitySlug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewDietEnd(viewer, typed)
      return preview.ok
        ? ok({ ...preview.value, typed: { to: typed.to, successor: typed.successor } })
        : preview
    }
    const ended = await endDietCode(viewer, typed, fingerprint)
    if (!ended.ok) return ended
    redirect(`/admin/${municipalitySlug}/diete?fatto=chiusa`)
  },
})
