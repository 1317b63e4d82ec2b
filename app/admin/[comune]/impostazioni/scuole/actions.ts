'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok, type Result } from '#lib/kernel/result.ts'
import { decideWeek, previewWeek } from '#lib/school/office/schedule.commands.ts'
import {
  addClasses,
  changeSchool,
  createSchool,
  endClass,
  endSchool,
  previewClassEnd,
  previewSchoolEnd,
  renameClass,
} from '#lib/school/office/school.commands.ts'
import {
  classEndInput,
  classInput,
  newClassesInput,
  newSchoolInput,
  schoolEndInput,
  schoolInput,
  weekInput,
  writtenWeekdays,
} from '#lib/school/office/structure.input.ts'

const capability = 'structure:manage'

const schoolPage = (slug: string, schoolId: string, done: string): never =>
  redirect(`/admin/${slug}/impostazioni/scuole/${schoolId}?fatto=${done}`)

/** What a first press answers: the preview, and what was typed for the fields. */
const shown = <T extends object>(preview: Result<T>, typed: Record<string, string>) =>
  preview.ok ? ok({ ...preview.value, typed }) : preview

export const newSchool = staffAction({
  capability,
  input: newSchoolInput,
  run: async (viewer, { classes, mechanographicCode, ...school }, slug) => {
    const created = await createSchool(
      viewer,
      { ...school, mechanographicCode: mechanographicCode || null },
      classes,
    )
    return created.ok ? schoolPage(slug, created.value.schoolId, 'creata') : created
  },
})

export const saveSchool = staffAction({
  capability,
  input: schoolInput,
  run: async (viewer, { schoolId, revision, mechanographicCode, ...school }, slug) => {
    const saved = await changeSchool(
      viewer,
      { schoolId, revision },
      { ...school, mechanographicCode: mechanographicCode || null },
    )
    return saved.ok ? schoolPage(slug, schoolId, 'salvata') : saved
  },
})

export const closeSchool = staffAction({
  capability,
  input: schoolEndInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint)
      return shown(await previewSchoolEnd(viewer, asked), { to: asked.to })
    const ended = await endSchool(viewer, asked, fingerprint)
    return ended.ok ? schoolPage(slug, asked.schoolId, 'chiusa') : ended
  },
})

export const moreClasses = staffAction({
  capability,
  input: newClassesInput,
  run: async (viewer, { classes, ...place }, slug) => {
    const added = await addClasses(viewer, place, classes)
    return added.ok ? schoolPage(slug, place.schoolId, 'classi') : added
  },
})

export const saveClass = staffAction({
  capability,
  input: classInput,
  run: async (viewer, { name, ...seen }, slug) => {
    const saved = await renameClass(viewer, seen, name)
    return saved.ok ? schoolPage(slug, saved.value.schoolId, 'classe') : saved
  },
})

export const closeClass = staffAction({
  capability,
  input: classEndInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint)
      return shown(await previewClassEnd(viewer, asked), { to: asked.to })
    const ended = await endClass(viewer, asked, fingerprint)
    return ended.ok ? schoolPage(slug, ended.value.schoolId, 'classe-chiusa') : ended
  },
})

export const changeWeek = staffAction({
  capability,
  input: weekInput,
  run: async (viewer, { intent, fingerprint, revision, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint)
      return shown(await previewWeek(viewer, asked), {
        weekdays: writtenWeekdays(asked.weekdays),
        cutoffTime: asked.cutoffTime,
        cutoffDaysBefore: String(asked.cutoffDaysBefore),
        from: asked.from,
        to: asked.to,
      })
    const decided = await decideWeek(viewer, asked, { revision, fingerprint })
    return decided.ok ? schoolPage(slug, asked.schoolId, 'settimana') : decided
  },
})
