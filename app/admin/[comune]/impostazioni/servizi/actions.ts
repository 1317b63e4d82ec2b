'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { decimalString } from '#lib/kernel/money.ts'
import { ok, type Result } from '#lib/kernel/result.ts'
import { writtenWeekdays } from '#lib/school/office/structure.input.ts'
import {
  createService,
  decideRule,
  endService,
  previewRule,
  previewService,
  previewServiceEnd,
  renameService,
} from '#lib/tariffs/office/service.commands.ts'
import {
  newServiceInput,
  serviceEndInput,
  serviceNameInput,
  serviceRuleInput,
} from '#lib/tariffs/office/service.input.ts'

const capability = 'structure:manage'

const servicePage = (slug: string, serviceId: string, done: string): never =>
  redirect(`/admin/${slug}/impostazioni/servizi/${serviceId}?fatto=${done}`)

/** What a first press answers: the preview, and what was typed for the fields. */
const shown = <T extends object>(preview: Result<T>, typed: Record<string, string>) =>
  preview.ok ? ok({ ...preview.value, typed }) : preview

const yesOrNo = (answer: boolean): string => (answer ? 'si' : 'no')

export const newService = staffAction({
  capability,
  input: newServiceInput,
  run: async (viewer, { intent, fingerprint, price: cents, ...typed }, slug) => {
    const asked = { ...typed, cents }
    if (intent === 'preview' || !fingerprint)
      return shown(await previewService(viewer, asked), {
        name: asked.name,
        price: decimalString(cents).replace('.', ','),
        from: asked.from,
        weekdays: writtenWeekdays(asked.weekdays),
        cutoffTime: asked.cutoffTime,
        cutoffDaysBefore: String(asked.cutoffDaysBefore),
        cancelledBy: asked.cancelledBy,
        isCooked: yesOrNo(asked.isCooked),
        isEverywhere: yesOrNo(asked.isEverywhere),
      })
    const created = await createService(viewer, asked, fingerprint)
    return created.ok ? servicePage(slug, created.value.serviceId, 'creato') : created
  },
})

export const saveName = staffAction({
  capability,
  input: serviceNameInput,
  run: async (viewer, { name, ...seen }, slug) => {
    const saved = await renameService(viewer, seen, name)
    return saved.ok ? servicePage(slug, seen.serviceId, 'nome') : saved
  },
})

export const changeRule = staffAction({
  capability,
  input: serviceRuleInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint)
      return shown(await previewRule(viewer, asked), { cancelledBy: asked.cancelledBy, from: asked.from })
    const decided = await decideRule(viewer, asked, fingerprint)
    return decided.ok ? servicePage(slug, asked.serviceId, 'disdette') : decided
  },
})

export const closeService = staffAction({
  capability,
  input: serviceEndInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint)
      return shown(await previewServiceEnd(viewer, asked), { to: asked.to })
    const ended = await endService(viewer, asked, fingerprint)
    return ended.ok ? servicePage(slug, asked.serviceId, 'chiuso') : ended
  },
})
