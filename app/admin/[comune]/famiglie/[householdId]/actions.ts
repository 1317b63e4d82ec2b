'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { correctRegistry, previewCorrection } from '#lib/people/office/correction.commands.ts'
import { correctionInput } from '#lib/people/office/correction.input.ts'
import { handOver } from '#lib/people/office/hand-over.commands.ts'
import { handOverInput } from '#lib/people/office/hand-over.input.ts'

export const changeHolder = staffAction({
  capability: 'household:manage',
  fresh: true,
  input: handOverInput,
  run: async (viewer, request, municipalitySlug) => {
    const done = await handOver(viewer, request)
    if (done.ok) revalidatePath(`/admin/${municipalitySlug}/famiglie/${request.householdId}`)
    return done
  },
})

/** The first press shows what would happen, the second, with what was shown, does it and goes back to the family. */
export const correct = staffAction({
  capability: 'registry:correct',
  fresh: true,
  input: correctionInput,
  run: async (viewer, { kind, id, householdId, reason, intent, basis, seen, ...asked }, municipalitySlug) => {
    const subject = { kind, id, householdId }
    if (intent === 'preview' || !basis) {
      const preview = await previewCorrection(viewer, subject, asked)
      return preview.ok ? ok({ ...preview.value, typed: { ...asked, reason } }) : preview
    }
    const done = await correctRegistry(viewer, subject, { asked, reason, shown: { basis, seen } })
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/famiglie/${householdId}?fatto=corretti`)
  },
})
