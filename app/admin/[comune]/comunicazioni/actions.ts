'use server'

import { redirect } from 'next/navigation'
import {
  saveCommunication,
  uploadCommunicationPicture,
} from '#lib/communications/office/communication.commands.ts'
import {
  approveCommunicationInput,
  communicationPictureInput,
  remindCommunicationInput,
  saveCommunicationInput,
  sendBackCommunicationInput,
  submitCommunicationInput,
  withdrawCommunicationInput,
} from '#lib/communications/office/communication.input.ts'
import {
  approveCommunication,
  remindRecipients,
  sendBackCommunication,
  submitCommunication,
  unscheduleCommunication,
  withdrawCommunication,
} from '#lib/communications/office/publication.commands.ts'
import { staffAction } from '#lib/entry/action.request.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { instantTyped } from '#lib/kernel/instant-field.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { onlyId } from '#lib/web/field.input.ts'

/** Back to the communication's page, which says what was done: reloading it repeats nothing. */
const done = (municipalitySlug: string, what: string) => (result: Result<{ id: string }>) => {
  if (!result.ok) return result
  redirect(`/admin/${municipalitySlug}/comunicazioni/${result.value.id}?fatto=${what}`)
}

export const save = staffAction({
  capability: 'communications:write',
  input: saveCommunicationInput,
  run: async (viewer, input, municipalitySlug) => {
    const [expiresAt, acknowledgeBy] = [instantTyped(input.expiresAt), parseDay(input.acknowledgeBy)]
    if ((input.expiresAt && !expiresAt) || (input.acknowledgeBy && !acknowledgeBy))
      return refused('content:bad-moment')
    const { to, kind, about, title, body, acknowledgement, reason, inDebt } = input
    const kept = input.keptId
      .map((id, index) => ({ id, title: input.keptTitle[index] ?? '' }))
      .filter((file) => !input.removed.includes(file.id))
    const saved = await saveCommunication(viewer, {
      ...{ id: input.id, baseVersion: input.baseVersion, kind, about, title, body, acknowledgement, reason },
      audience: { to, ids: to === 'everybody' ? [] : input[to], inDebt },
      fiscalCodes: to === 'households' ? input.codes : [],
      acknowledgeBy,
      expiresAt,
      kept,
      added: input.files,
    })
    return done(municipalitySlug, 'salvata')(saved)
  },
})

export const submit = staffAction({
  capability: 'communications:write',
  input: submitCommunicationInput,
  run: async (viewer, { id, version, publishAt: typed, note }, municipalitySlug) => {
    const publishAt = instantTyped(typed)
    if (typed && !publishAt) return refused('content:bad-moment')
    return done(
      municipalitySlug,
      'chiesta',
    )(await submitCommunication(viewer, id, version, { publishAt, note }))
  },
})

export const sendBack = staffAction({
  capability: 'communications:approve',
  input: sendBackCommunicationInput,
  run: async (viewer, { id, note }, municipalitySlug) =>
    done(municipalitySlug, 'rimandata')(await sendBackCommunication(viewer, id, note)),
})

export const approve = staffAction({
  capability: 'communications:approve',
  input: approveCommunicationInput,
  run: async (viewer, { id, version, publishAt: typed, households, persons }, municipalitySlug) => {
    const publishAt = instantTyped(typed)
    if (typed && !publishAt) return refused('content:bad-moment')
    const asked = { publishAt, seen: { households, persons } }
    const result = await approveCommunication(viewer, id, version, asked)
    return done(municipalitySlug, publishAt ? 'programmata' : 'pubblicata')(result)
  },
})

export const unschedule = staffAction({
  capability: 'communications:approve',
  input: onlyId,
  run: async (viewer, { id }, municipalitySlug) =>
    done(municipalitySlug, 'annullata')(await unscheduleCommunication(viewer, id)),
})

export const withdraw = staffAction({
  capability: 'communications:approve',
  input: withdrawCommunicationInput,
  run: async (viewer, { id, note }, municipalitySlug) =>
    done(municipalitySlug, 'ritirata')(await withdrawCommunication(viewer, id, note)),
})

export const remind = staffAction({
  capability: 'communications:write',
  input: remindCommunicationInput,
  run: async (viewer, { id, target }, municipalitySlug) =>
    done(municipalitySlug, 'ricordata')(await remindRecipients(viewer, id, target)),
})

/** A picture for the text that is being written. */
export const addPicture = staffAction({
  capability: 'communications:write',
  input: communicationPictureInput,
  run: async (viewer, { file }) => {
    const result = await uploadCommunicationPicture(viewer, file)
    return result.ok ? ok(result.value) : result
  },
})
