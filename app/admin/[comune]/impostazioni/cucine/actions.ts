'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'
import {
  changeKitchen,
  createKitchen,
  moveSchool,
  previewServing,
  previewTakingBack,
  takeMoveBack,
} from '#lib/kitchen/office/kitchen.commands.ts'
import { kitchenInput, moveInput, newKitchenInput, takeBackInput } from '#lib/kitchen/office/kitchen.input.ts'
import { saveKitchenSetting } from '#lib/kitchen/office/kitchen-setting.commands.ts'
import { kitchenSettingInput } from '#lib/kitchen/office/kitchen-setting.input.ts'

const capability = 'structure:manage'

const kitchenPage = (slug: string, kitchenId: string, done: string): never =>
  redirect(`/admin/${slug}/impostazioni/cucine/${kitchenId}?fatto=${done}`)

export const newKitchen = staffAction({
  capability,
  input: newKitchenInput,
  run: async (viewer, kitchen, slug) => {
    const created = await createKitchen(viewer, kitchen)
    return created.ok ? kitchenPage(slug, created.value.kitchenId, 'creata') : created
  },
})

export const saveKitchen = staffAction({
  capability,
  input: kitchenInput,
  run: async (viewer, { kitchenId, revision, ...kitchen }, slug) => {
    const saved = await changeKitchen(viewer, { kitchenId, revision }, kitchen)
    return saved.ok ? kitchenPage(slug, kitchenId, 'salvata') : saved
  },
})

export const serveSchool = staffAction({
  capability,
  input: moveInput,
  run: async (viewer, { intent, fingerprint, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewServing(viewer, asked)
      const { schoolId, from, to } = asked
      return preview.ok ? ok({ ...preview.value, typed: { schoolId, from, to } }) : preview
    }
    const moved = await moveSchool(viewer, asked, fingerprint)
    return moved.ok ? kitchenPage(slug, asked.kitchenId, 'scuola') : moved
  },
})

export const takeBack = staffAction({
  capability,
  input: takeBackInput,
  run: async (viewer, { intent, fingerprint, kitchenId, ...asked }, slug) => {
    if (intent === 'preview' || !fingerprint) {
      const preview = await previewTakingBack(viewer, asked)
      return preview.ok ? ok({ ...preview.value, typed: {} }) : preview
    }
    const taken = await takeMoveBack(viewer, asked, fingerprint)
    return taken.ok ? kitchenPage(slug, kitchenId, 'ritirato') : taken
  },
})

export const saveSetting = staffAction({
  capability,
  input: kitchenSettingInput,
  run: async (viewer, setting, slug) => {
    const saved = await saveKitchenSetting(viewer, setting)
    return saved.ok ? redirect(`/admin/${slug}/impostazioni/cucine?fatto=attesa`) : saved
  },
})
