'use server'

import { redirect } from 'next/navigation'
import * as z from 'zod'
import { staffAction } from '#lib/entry/action.request.ts'
import {
  acceptRequest,
  askIntegration,
  assignRequest,
  type Handled,
  previewAcceptance,
  rejectRequest,
  takeRequest,
} from '#lib/forms/office/submission.commands.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { ok, type Result } from '#lib/kernel/result.ts'

const id = { id: z.uuid() }
const line = (max: number) => z.string().trim().max(max)

/** Back to the request's page, which says what was done. */
const done = (municipalitySlug: string, what: string) => (result: Result<Handled>) => {
  if (!result.ok) return result
  redirect(
    `/admin/${municipalitySlug}/moduli/${result.value.formId}/domande/${result.value.id}?fatto=${what}`,
  )
}

export const take = staffAction({
  capability: 'forms:manage',
  input: z.object(id),
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'presa')(await takeRequest(viewer, typed.id)),
})

export const assign = staffAction({
  capability: 'forms:manage',
  input: z.object({ ...id, personId: z.union([z.uuid(), z.literal('').transform(() => null)]) }),
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'assegnata')(await assignRequest(viewer, typed.id, typed.personId)),
})

export const ask = staffAction({
  capability: 'forms:manage',
  input: z.object({
    ...id,
    words: line(2_000).min(1, 'Scrivi che cosa manca'),
    dueOn: z
      .string()
      .default('')
      .refine((text) => parseDay(text) !== null, { error: 'Scrivi il giorno entro cui rispondere' }),
  }),
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'chiesta')(await askIntegration(viewer, typed)),
})

export const reject = staffAction({
  capability: 'forms:manage',
  input: z.object({ ...id, reason: line(2_000).min(1, 'Scrivi il motivo: lo legge la famiglia') }),
  run: async (viewer, typed, municipalitySlug) =>
    done(municipalitySlug, 'respinta')(await rejectRequest(viewer, typed)),
})

const short = z.string().trim().max(60).default('')

/** The first press shows what would happen; the second, with what was shown, does it. */
export const decide = staffAction({
  capability: 'forms:manage',
  input: z.object({
    ...id,
    intent: z.enum(['preview', 'confirm']).default('preview'),
    seen: short,
    note: line(500).default(''),
    classId: short,
    dietCode: short,
    bandCode: short,
    from: short,
    to: short,
  }),
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
