'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { acceptLink, previewLink, refuseLink } from '#lib/people/office/link-request.commands.ts'
import { decideLinkInput, refuseLinkInput } from '#lib/people/office/link-request.input.ts'

/** The first press shows what linking would do; the second does exactly that. */
export const decideLink = staffAction({
  capability: 'registry:correct',
  input: decideLinkInput,
  run: async (viewer, { id, intent, pupilId, fingerprint }, municipalitySlug) => {
    if (intent === 'confirm' && fingerprint) {
      const linked = await acceptLink(viewer, { id, pupilId, seen: fingerprint })
      if (!linked.ok) return linked
      redirect(`/admin/${municipalitySlug}/moduli/collegamenti?fatto=collegato`)
    }
    const preview = await previewLink(viewer, { id, pupilId })
    if (!preview.ok) return preview
    const { lines, seen } = preview.value
    return ok({ lines, seen: { fingerprint: seen }, typed: { pupilId: pupilId ?? '' } })
  },
})

export const refuse = staffAction({
  capability: 'registry:correct',
  input: refuseLinkInput,
  run: async (viewer, typed, municipalitySlug) => {
    const done = await refuseLink(viewer, typed)
    if (!done.ok) return done
    redirect(`/admin/${municipalitySlug}/moduli/collegamenti?fatto=respinto`)
  },
})
