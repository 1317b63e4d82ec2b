'use server'

import { redirect } from 'next/navigation'
import { CONTENT_KINDS, type ContentKind } from '#lib/content/content.ts'
import {
  askContentReview,
  publishContent,
  restoreContent,
  saveContent,
  sendBackContent,
  uploadContentPicture,
  withdrawContent,
} from '#lib/content/office/content.commands.ts'
import {
  askReviewInput,
  contentPictureInput,
  publishContentInput,
  restoreContentInput,
  saveContentInput,
  sendBackContentInput,
  withdrawContentInput,
} from '#lib/content/office/content.input.ts'
import { staffAction } from '#lib/entry/action.request.ts'
import { instantTyped } from '#lib/kernel/instant-field.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'

/** Back to the item's page, which says what was done: the browser's *reload* repeats nothing. */
const done =
  (municipalitySlug: string, of: ContentKind, what: string) => (result: Result<{ id: string }>) => {
    if (!result.ok) return result
    redirect(`/admin/${municipalitySlug}/${CONTENT_KINDS[of].path}/${result.value.id}?fatto=${what}`)
  }

/** Writes a new version of something, or something new. */
export const saveDraft = staffAction({
  capability: 'content:write',
  input: saveContentInput,
  run: async (viewer, { kind: of, keptId, keptTitle, removed, files, ...draft }, municipalitySlug) => {
    const kept = keptId
      .map((id, index) => ({ id, title: keptTitle[index] ?? '' }))
      .filter((file) => !removed.includes(file.id))
    const urgent = draft.urgent && of === 'news'
    return done(
      municipalitySlug,
      of,
      'salvata',
    )(await saveContent(viewer, of, { ...draft, urgent, kept, added: files }))
  },
})

/** Makes the latest version public, now or from a moment, for ever or until a moment. */
export const publish = staffAction({
  capability: 'content:publish',
  input: publishContentInput,
  run: async (viewer, { kind: of, id, version, ...typed }, municipalitySlug) => {
    const [opensAt, closesAt] = [instantTyped(typed.publishAt), instantTyped(typed.expireAt)]
    if ((typed.publishAt && !opensAt) || (typed.expireAt && !closesAt)) return refused('content:bad-moment')
    return done(
      municipalitySlug,
      of,
      'pubblicata',
    )(await publishContent(viewer, id, version, { opensAt, closesAt }))
  },
})

export const askReview = staffAction({
  capability: 'content:write',
  input: askReviewInput,
  run: async (viewer, { kind: of, id, note }, municipalitySlug) =>
    done(municipalitySlug, of, 'in-revisione')(await askContentReview(viewer, id, note)),
})

export const sendBack = staffAction({
  capability: 'content:publish',
  input: sendBackContentInput,
  run: async (viewer, { kind: of, id, note }, municipalitySlug) =>
    done(municipalitySlug, of, 'rimandata')(await sendBackContent(viewer, id, note)),
})

export const withdraw = staffAction({
  capability: 'content:publish',
  input: withdrawContentInput,
  run: async (viewer, { kind: of, id, note }, municipalitySlug) =>
    done(municipalitySlug, of, 'ritirata')(await withdrawContent(viewer, id, note)),
})

export const restoreVersion = staffAction({
  capability: 'content:write',
  input: restoreContentInput,
  run: async (viewer, { kind: of, id, version }, municipalitySlug) =>
    done(municipalitySlug, of, 'ripristinata')(await restoreContent(viewer, id, version)),
})

/** A picture for the text that is being written. */
export const addPicture = staffAction({
  capability: 'content:write',
  input: contentPictureInput,
  run: async (viewer, { file }) => {
    const result = await uploadContentPicture(viewer, file)
    return result.ok ? ok(result.value) : result
  },
})
