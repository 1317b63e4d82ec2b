'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import {
  answerClasses,
  confirmImport,
  continueImport,
  decideDoubts,
  discardImport,
  mapImport,
  stopImport,
  undoImport,
  uploadImport,
} from '#lib/imports/office/import.commands.ts'
import {
  classesInput,
  confirmImportInput,
  decisionsInput,
  mappingInput,
  uploadInput,
} from '#lib/imports/office/import.input.ts'
import type { Refused, Result } from '#lib/kernel/result.ts'
import { onlyId } from '#lib/web/field.input.ts'

const capability = 'registry:correct'

/** On to the page of the import: the browser's *reload* repeats nothing. */
function on(result: Result<{ id: string }>, municipalitySlug: string, tail = ''): Refused {
  if (result.ok) redirect(`/admin/${municipalitySlug}/importa/${result.value.id}${tail}`)
  return result
}

export const upload = staffAction({
  capability,
  input: uploadInput,
  run: async (viewer, { file }, municipalitySlug) => on(await uploadImport(viewer, file), municipalitySlug),
})

export const map = staffAction({
  capability,
  input: mappingInput,
  run: async (viewer, form, municipalitySlug) => on(await mapImport(viewer, form), municipalitySlug),
})

export const sayClasses = staffAction({
  capability,
  input: classesInput,
  run: async (viewer, { id, answers }, municipalitySlug) =>
    on(await answerClasses(viewer, id, answers), municipalitySlug),
})

export const decide = staffAction({
  capability,
  input: decisionsInput,
  run: async (viewer, { id, decisions }, municipalitySlug) =>
    on(await decideDoubts(viewer, id, decisions), municipalitySlug, '?vedi=doubtful&fatto=deciso'),
})

export const apply = staffAction({
  capability,
  input: confirmImportInput,
  run: async (viewer, { id, seen }, municipalitySlug) =>
    on(await confirmImport(viewer, id, seen), municipalitySlug),
})

export const again = staffAction({
  capability,
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => on(await continueImport(viewer, id), municipalitySlug),
})

export const stop = staffAction({
  capability,
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => on(await stopImport(viewer, id), municipalitySlug),
})

export const undo = staffAction({
  capability,
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => on(await undoImport(viewer, id), municipalitySlug),
})

export const discard = staffAction({
  capability,
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) => {
    const done = await discardImport(viewer, id)
    if (done.ok) redirect(`/admin/${municipalitySlug}/importa?fatto=buttata`)
    return done
  },
})
