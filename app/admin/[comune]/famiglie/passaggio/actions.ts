'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { previewRollover, previewRolloverUndoing } from '#lib/school/office/rollover.commands.ts'
import {
  missingClassesInput,
  rolloverClassesInput,
  rolloverInput,
  rolloverPupilsInput,
  rolloverRulesInput,
  rolloverStopInput,
} from '#lib/school/office/rollover.input.ts'
import {
  decideClasses,
  decidePupils,
  makeMissingClasses,
  saveRules,
} from '#lib/school/office/rollover-draft.commands.ts'
import { confirmRollover, stopRollover } from '#lib/school/office/rollover-work.commands.ts'

const capability = 'registry:correct'

const rolloverAt = (slug: string, done: string): never =>
  redirect(`/admin/${slug}/famiglie/passaggio?fatto=${done}`)

export const keepRules = staffAction({
  capability,
  input: rolloverRulesInput,
  run: async (viewer, asked, slug) => {
    const saved = await saveRules(viewer, asked)
    return saved.ok ? rolloverAt(slug, 'regole') : saved
  },
})

export const keepClasses = staffAction({
  capability,
  input: rolloverClassesInput,
  run: async (viewer, asked, slug) => {
    const saved = await decideClasses(viewer, asked)
    return saved.ok ? rolloverAt(slug, 'classi') : saved
  },
})

export const makeClasses = staffAction({
  capability: 'structure:manage',
  input: missingClassesInput,
  run: async (viewer, asked, slug) => {
    const made = await makeMissingClasses(viewer, asked)
    return made.ok ? rolloverAt(slug, 'create') : made
  },
})

/** Comes back to the page of the list from which the pupils were chosen. */
export const keepPupils = staffAction({
  capability,
  input: rolloverPupilsInput,
  run: async (viewer, { back, ...asked }, slug) => {
    const saved = await decidePupils(viewer, asked)
    if (!saved.ok) return saved
    const query = new URLSearchParams(back)
    query.set('fatto', 'alunni')
    redirect(`/admin/${slug}/famiglie/passaggio/alunni?${query}`)
  },
})

export const goOver = staffAction({
  capability,
  input: rolloverInput,
  run: async (viewer, { rolloverId, intent, fingerprint }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewRollover(viewer, rolloverId)
      return preview.ok ? ok({ ...preview.value, typed: {} }) : preview
    }
    const done = await confirmRollover(viewer, { act: 'do', rolloverId, fingerprint })
    return done.ok ? rolloverAt(slug, done.value.waits ? 'in-corso' : 'passati') : done
  },
})

export const goBack = staffAction({
  capability,
  input: rolloverInput,
  run: async (viewer, { rolloverId, intent, fingerprint }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewRolloverUndoing(viewer, rolloverId)
      return preview.ok ? ok({ ...preview.value, typed: {} }) : preview
    }
    const done = await confirmRollover(viewer, { act: 'undo', rolloverId, fingerprint })
    return done.ok ? rolloverAt(slug, done.value.waits ? 'in-corso' : 'annullato') : done
  },
})

export const stop = staffAction({
  capability,
  input: rolloverStopInput,
  run: async (viewer, { rolloverId }, slug) => {
    const stopped = await stopRollover(viewer, rolloverId)
    return stopped.ok ? rolloverAt(slug, 'fermato') : stopped
  },
})
