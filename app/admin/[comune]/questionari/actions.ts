'use server'

import { redirect } from 'next/navigation'
import * as z from 'zod'
import { staffAction } from '#lib/entry/action.request.ts'
import { instantTyped } from '#lib/kernel/instant-field.ts'
import type { Result } from '#lib/kernel/result.ts'
import {
  discardQuestionnaire,
  duplicateQuestionnaire,
  publishQuestionnaire,
  remindQuestionnaire,
  saveQuestionnaire,
  stopQuestionnaire,
} from '#lib/questionnaires/office/questionnaire.commands.ts'
import { readQuestions, rearrangeQuestions } from '#lib/questionnaires/questionnaire.ts'

const line = (max: number) => z.string().trim().max(max)
const tick = z.literal('on').optional().transform(Boolean)
const moment = z
  .string()
  .default('')
  .refine((text) => text === '' || instantTyped(text) !== null, {
    error: 'Scegli giorno e ora dal calendario.',
  })
  .transform((text) => instantTyped(text))

/** Back to the questionnaire's page, which says what was done: the browser's *reload* repeats nothing. */
const done =
  (municipalitySlug: string, what: string, place = '') =>
  (result: Result<{ id: string }>) => {
    if (!result.ok) return result
    redirect(`/admin/${municipalitySlug}/questionari/${result.value.id}?fatto=${what}${place}`)
  }

/** Saves the draft; the same form adds, moves and removes questions. */
export const saveDraft = staffAction({
  capability: 'questionnaires:write',
  input: z
    .looseObject({
      id: z.union([z.uuid(), z.literal('').transform(() => null)]),
      version: z.coerce.number().int().min(0),
      title: line(160),
      intro: line(2000),
      per: z.enum(['child', 'household']),
      anonymous: tick,
      showsResults: tick,
      schools: z.array(z.uuid()).default([]),
      classes: z.array(z.uuid()).default([]),
      opensAt: moment,
      closesAt: moment,
      act: z.string().max(20).default('save'),
    })
    // Adding a first question may come before the title; a draft that is saved must be found again in the list.
    .refine(({ act, title }) => act !== 'save' || title !== '', {
      path: ['title'],
      error: 'Scrivi il titolo: serve anche a ritrovare la bozza',
    }),
  run: async (viewer, { id, version, schools, classes, act, ...typed }, municipalitySlug) => {
    const questions = rearrangeQuestions(readQuestions(typed), act)
    const place = act === 'add' ? `#domanda-${questions.length}` : ''
    return done(
      municipalitySlug,
      'salvato',
      place,
    )(
      await saveQuestionnaire(
        viewer,
        { id, version },
        { ...typed, schoolIds: schools, classIds: classes, questions },
      ),
    )
  },
})

const one = z.object({ id: z.uuid() })

/** Opens it to the families, now or from its moment. */
export const publish = staffAction({
  capability: 'questionnaires:publish',
  input: z.object({ id: z.uuid(), version: z.coerce.number().int().min(1) }),
  run: async (viewer, { id, version }, municipalitySlug) =>
    done(municipalitySlug, 'pubblicato')(await publishQuestionnaire(viewer, id, version)),
})

/** Ends it now; before its beginning, makes it a draft again. */
export const stop = staffAction({
  capability: 'questionnaires:publish',
  input: one,
  run: async (viewer, { id }, municipalitySlug) =>
    done(municipalitySlug, 'fermato')(await stopQuestionnaire(viewer, id)),
})

export const remind = staffAction({
  capability: 'questionnaires:publish',
  input: one,
  run: async (viewer, { id }, municipalitySlug) => {
    const result = await remindQuestionnaire(viewer, id)
    return result.ok ? done(municipalitySlug, 'ricordato')({ ok: true, value: { id } }) : result
  },
})

export const duplicate = staffAction({
  capability: 'questionnaires:write',
  input: one,
  run: async (viewer, { id }, municipalitySlug) =>
    done(municipalitySlug, 'duplicato')(await duplicateQuestionnaire(viewer, id)),
})

export const discard = staffAction({
  capability: 'questionnaires:write',
  input: one,
  run: async (viewer, { id }, municipalitySlug) => {
    const result = await discardQuestionnaire(viewer, id)
    if (!result.ok) return result
    redirect(`/admin/${municipalitySlug}/questionari`)
  },
})
