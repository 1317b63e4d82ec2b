'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { sheetText } from '#lib/kernel/csv.ts'
import { ok, type Refused, type Result } from '#lib/kernel/result.ts'
import { recordLeftovers } from '#lib/kitchen/leftover.commands.ts'
import { leftoversInput } from '#lib/kitchen/leftover.input.ts'
import { archiveDish, saveDish } from '#lib/menus/office/dish.commands.ts'
import {
  createMenu,
  importSheet,
  publishMenu,
  saveCopiedWeek,
  saveFrame,
  saveMenuSettings,
  saveReplacements,
  saveWeek,
  withdrawMenu,
} from '#lib/menus/office/menu.commands.ts'
import {
  copyWeekInput,
  dishInput,
  keepFrameInput,
  menuChangeInput,
  menuFrameInput,
  menuWeekInput,
  publishMenuInput,
  readOrImportInput,
  replacementsInput,
  showRatingsInput,
} from '#lib/menus/office/menu.input.ts'
import { officeMenuSheet } from '#lib/menus/office/menu.queries.ts'
import { announceChange, withdrawChange } from '#lib/menus/office/menu-change.commands.ts'
import { onlyId } from '#lib/web/field.input.ts'

/** On to the page that says what was done: the browser's *reload* repeats nothing. */
function on<T>(result: Result<T>, path: (value: T) => string): Refused {
  if (result.ok) redirect(path(result.value))
  return result
}
const menuPage = (municipalitySlug: string, tail = '') => `/admin/${municipalitySlug}/menu${tail}`
const capability = 'menus:write'

export const keepDish = staffAction({
  capability,
  input: dishInput,
  run: async (viewer, { at, fields }, municipalitySlug) =>
    on(await saveDish(viewer, at, fields), () => menuPage(municipalitySlug, '/piatti?fatto=salvato')),
})

export const dropDish = staffAction({
  capability,
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) =>
    on(await archiveDish(viewer, id), () => menuPage(municipalitySlug, '/piatti?fatto=tolto')),
})

export const newMenu = staffAction({
  capability,
  input: menuFrameInput,
  run: async (viewer, frame, municipalitySlug) =>
    on(await createMenu(viewer, frame), ({ id }) => menuPage(municipalitySlug, `/${id}`)),
})

export const keepFrame = staffAction({
  capability,
  input: keepFrameInput,
  run: async (viewer, { id, version, ...frame }, municipalitySlug) =>
    on(await saveFrame(viewer, id, version, frame), () => menuPage(municipalitySlug, `/${id}?fatto=salvato`)),
})

export const keepWeek = staffAction({
  capability,
  input: menuWeekInput,
  run: async (viewer, { id, version, week, days }, municipalitySlug) =>
    on(await saveWeek(viewer, id, version, { week, days }), () =>
      menuPage(municipalitySlug, `/${id}?settimana=${week}&fatto=salvato`),
    ),
})

export const copyWeekTo = staffAction({
  capability,
  input: copyWeekInput,
  run: async (viewer, { id, version, from, to }, municipalitySlug) =>
    on(await saveCopiedWeek(viewer, id, version, { from, to }), () =>
      menuPage(municipalitySlug, `/${id}?settimana=${to}&fatto=copiata`),
    ),
})

export const keepReplacements = staffAction({
  capability,
  input: replacementsInput,
  run: async (viewer, { id, version, replacements }, municipalitySlug) =>
    on(await saveReplacements(viewer, id, version, replacements), () =>
      menuPage(municipalitySlug, `/${id}?fatto=salvato`),
    ),
})

/** First reads a sheet and says what it would do, then, pressed again, does it. */
export const readOrImport = staffAction({
  capability,
  input: readOrImportInput,
  run: async (viewer, { id, version, step, text: typed, file }, municipalitySlug) => {
    const text = typed.trim() === '' && file ? sheetText(await file.arrayBuffer()) : typed
    if (step === 'anteprima') {
      const reading = await officeMenuSheet(viewer, id, text)
      return reading.ok ? ok({ text, ...reading.value }) : reading
    }
    const done = await importSheet(viewer, id, version, text)
    if (!done.ok) return done
    redirect(menuPage(municipalitySlug, `/${id}?fatto=importato`))
  },
})

export const putBeforeFamilies = staffAction({
  capability,
  input: publishMenuInput,
  run: async (viewer, { id, version }, municipalitySlug) =>
    on(await publishMenu(viewer, id, version), () => menuPage(municipalitySlug, `/${id}?fatto=pubblicato`)),
})

export const takeAway = staffAction({
  capability,
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) =>
    on(await withdrawMenu(viewer, id), () => menuPage(municipalitySlug, `/${id}?fatto=ritirato`)),
})

export const announce = staffAction({
  capability,
  input: menuChangeInput,
  run: async (viewer, asked, municipalitySlug) =>
    on(await announceChange(viewer, asked), () => menuPage(municipalitySlug, '?fatto=annunciato')),
})

export const takeChangeBack = staffAction({
  capability,
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) =>
    on(await withdrawChange(viewer, id), () => menuPage(municipalitySlug, '?fatto=annullato')),
})

export const showOpinions = staffAction({
  capability,
  input: showRatingsInput,
  run: async (viewer, { show }, municipalitySlug) =>
    on(await saveMenuSettings(viewer, show === 'si'), () =>
      menuPage(municipalitySlug, '/giudizi?fatto=salvato'),
    ),
})

export const keepLeftovers = staffAction({
  capability,
  input: leftoversInput,
  run: async (viewer, entry, municipalitySlug) =>
    on(await recordLeftovers(viewer, entry), () =>
      menuPage(municipalitySlug, `/avanzi?fatto=salvato&scuola=${entry.schoolId}&giorno=${entry.day}`),
    ),
})
