'use server'

import { redirect } from 'next/navigation'
import { thisBrowser } from '#lib/devices/this-browser.request.ts'
import { familyAction } from '#lib/entry/action.request.ts'
import { allNotificationsInput, choicesInput, subscriptionInput } from '#lib/notifications/choices.input.ts'
import {
  removePushDevice,
  saveChoices,
  subscribeDevice,
  tryNotifications,
} from '#lib/notifications/notification.commands.ts'
import { onlyId } from '#lib/web/field.input.ts'

const done = (municipalitySlug: string, what: string): never =>
  redirect(`/${municipalitySlug}/profilo/notifiche?fatto=${what}`)

export const save = familyAction({
  capability: 'notifications:read',
  input: choicesInput,
  budget: 'own:change',
  run: async (viewer, typed, municipalitySlug) => {
    const saved = await saveChoices(viewer, {
      ticked: typed.scelte,
      isQuiet: typed.silenzio !== undefined,
      quietFrom: typed.dalle,
      quietTo: typed.alle,
      lowBalanceMeals: typed.soglia,
    })
    return saved.ok ? done(municipalitySlug, 'scelte') : saved
  },
})

export const subscribe = familyAction({
  capability: 'notifications:read',
  input: subscriptionInput,
  budget: 'own:change',
  secrets: ['endpoint', 'p256dh', 'auth'],
  run: async (viewer, typed, municipalitySlug) => {
    const { name } = await thisBrowser()
    const subscribed = await subscribeDevice(viewer, { ...typed, name })
    return subscribed.ok ? done(municipalitySlug, 'attivo') : subscribed
  },
})

export const remove = familyAction({
  capability: 'notifications:read',
  input: onlyId,
  budget: 'own:change',
  run: async (viewer, { id }, municipalitySlug) => {
    const removed = await removePushDevice(viewer, id)
    return removed.ok ? done(municipalitySlug, 'tolto') : removed
  },
})

export const tryOut = familyAction({
  capability: 'notifications:read',
  input: allNotificationsInput,
  budget: 'notifications:try',
  run: async (viewer, _, municipalitySlug) => {
    const tried = await tryNotifications(viewer)
    return tried.ok ? done(municipalitySlug, 'prova') : tried
  },
})
