'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import { savePatron } from '#lib/school/office/patron.commands.ts'
import {
  addHoliday,
  createYear,
  previewHoliday,
  previewHolidayEnd,
  previewYear,
  takeHolidayBack,
} from '#lib/school/office/school-year.commands.ts'
import { changeBounds, changeSpan, previewSpan } from '#lib/school/office/span.commands.ts'
import {
  holidayEndInput,
  holidayInput,
  newYearInput,
  patronInput,
  spanInput,
  yearBoundsInput,
} from '#lib/school/office/structure.input.ts'

const capability = 'structure:manage'

const yearsPage = (slug: string, done: string): never =>
  redirect(`/admin/${slug}/impostazioni/anni?fatto=${done}`)

export const newYear = staffAction({
  capability,
  input: newYearInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewYear(viewer, asked)
      return preview.ok ? ok({ ...preview.value, typed: asked }) : preview
    }
    const created = await createYear(viewer, asked, fingerprint)
    return created.ok ? yearsPage(slug, 'creato') : created
  },
})

export const closeDays = staffAction({
  capability,
  input: holidayInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewHoliday(viewer, asked)
      const { from, to, reason } = asked
      return preview.ok ? ok({ ...preview.value, typed: { from, to, reason } }) : preview
    }
    const added = await addHoliday(viewer, asked, fingerprint)
    return added.ok ? yearsPage(slug, 'chiuso') : added
  },
})

export const changePatron = staffAction({
  capability,
  input: patronInput,
  run: async (viewer, { seen, name, day }, slug) => {
    const saved = await savePatron(viewer, day === '' ? null : { name, day }, seen)
    return saved.ok ? yearsPage(slug, 'patrono') : saved
  },
})

export const openDay = staffAction({
  capability,
  input: holidayEndInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewHolidayEnd(viewer, asked)
      return preview.ok ? ok({ ...preview.value, typed: { day: asked.day } }) : preview
    }
    const taken = await takeHolidayBack(viewer, asked, fingerprint)
    return taken.ok ? yearsPage(slug, 'riaperto') : taken
  },
})

export const correctYear = staffAction({
  capability,
  input: yearBoundsInput,
  run: async (viewer, asked, slug) => {
    const changed = await changeBounds(viewer, asked)
    return changed.ok ? yearsPage(slug, 'corretto') : changed
  },
})

export const correctSpan = staffAction({
  capability,
  input: spanInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewSpan(viewer, asked)
      const { schoolId, serviceFrom, serviceTo } = asked
      return preview.ok ? ok({ ...preview.value, typed: { schoolId, serviceFrom, serviceTo } }) : preview
    }
    const changed = await changeSpan(viewer, asked, fingerprint)
    return changed.ok ? yearsPage(slug, 'mensa') : changed
  },
})
