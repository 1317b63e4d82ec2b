'use server'

import { redirect } from 'next/navigation'
import { rememberDevice, revokeDevice, revokeSession } from '#lib/devices/device.commands.ts'
import {
  beginPasskeyInput,
  finishPasskeyInput,
  ownAccessInput,
  rememberDeviceInput,
} from '#lib/devices/device.input.ts'
import {
  beginPasskey,
  readRegistration,
  registerPasskey,
  removePasskey,
} from '#lib/devices/passkey.commands.ts'
import { keepDeviceCookie, thisBrowser } from '#lib/devices/this-browser.request.ts'
import { personAction } from '#lib/entry/action.request.ts'
import { ok } from '#lib/kernel/result.ts'

const done = (municipalitySlug: string, what: string): never =>
  redirect(`/${municipalitySlug}/profilo/accessi?fatto=${what}`)

export const remember = personAction({
  capability: 'access:manage',
  input: rememberDeviceInput,
  budget: 'own:change',
  fresh: true,
  secrets: ['sequenza', 'ripetuta'],
  run: async (viewer, typed, municipalitySlug) => {
    const { sequenza: sequence, ripetuta: repeated } = typed
    const remembered = await rememberDevice(viewer, await thisBrowser(), { sequence, repeated })
    if (!remembered.ok) return remembered
    await keepDeviceCookie(remembered.value)
    return done(municipalitySlug, 'ricordato')
  },
})

export const startPasskey = personAction({
  capability: 'access:manage',
  input: beginPasskeyInput,
  budget: 'own:change',
  fresh: true,
  run: async (viewer) => ok(await beginPasskey(viewer)),
})

export const finishPasskey = personAction({
  capability: 'access:manage',
  input: finishPasskeyInput,
  budget: 'own:change',
  fresh: true,
  secrets: ['risposta'],
  run: async (viewer, { risposta }, municipalitySlug) => {
    const registered = await registerPasskey(viewer, await thisBrowser(), readRegistration(risposta))
    if (!registered.ok) return registered
    await keepDeviceCookie(registered.value)
    return done(municipalitySlug, 'ricordato')
  },
})

export const forgetDevice = personAction({
  capability: 'access:manage',
  input: ownAccessInput,
  budget: 'own:change',
  fresh: true,
  run: async (viewer, { id }, municipalitySlug) => {
    const revoked = await revokeDevice(viewer, id)
    return revoked.ok ? done(municipalitySlug, 'scollegato') : revoked
  },
})

export const forgetPasskey = personAction({
  capability: 'access:manage',
  input: ownAccessInput,
  budget: 'own:change',
  fresh: true,
  run: async (viewer, { id }, municipalitySlug) => {
    const removed = await removePasskey(viewer, id)
    return removed.ok ? done(municipalitySlug, 'impronta') : removed
  },
})

/** Closing an access takes an access away and gives none: it needs no new identity. */
export const closeAccess = personAction({
  capability: 'access:manage',
  input: ownAccessInput,
  budget: 'own:change',
  run: async (viewer, { id }, municipalitySlug) => {
    const revoked = await revokeSession(viewer, id)
    return revoked.ok ? done(municipalitySlug, 'chiuso') : revoked
  },
})
