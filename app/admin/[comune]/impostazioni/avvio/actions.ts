'use server'

import { redirect } from 'next/navigation'
import * as z from 'zod'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { openTown, previewOpening, takeOpeningBack } from '#lib/school/office/opening.commands.ts'
import { openingInput } from '#lib/school/office/structure.input.ts'

const capability = 'structure:manage'

/** Lets families in from a day on, in two presses, with a fresh SPID or CIE. */
export const open = staffAction({
  capability,
  fresh: true,
  input: openingInput,
  run: async (viewer, { day, intent, fingerprint }, municipalitySlug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewOpening(viewer, day)
      return preview.ok ? ok({ ...preview.value, typed: { day } }) : preview
    }
    const opened = await openTown(viewer, day, fingerprint)
    if (!opened.ok) return opened
    redirect(`/admin/${municipalitySlug}/impostazioni/avvio?fatto=aperto`)
  },
})

/** Takes back an opening that has not come yet. */
export const takeBack = staffAction({
  capability,
  fresh: true,
  input: z.object({ sure: z.literal('si', 'Conferma') }),
  run: async (viewer, _, municipalitySlug) => {
    const taken = await takeOpeningBack(viewer)
    if (!taken.ok) return taken
    redirect(`/admin/${municipalitySlug}/impostazioni/avvio?fatto=ritirato`)
  },
})
