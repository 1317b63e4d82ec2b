'use server'

import { redirect } from 'next/navigation'
import * as z from 'zod'
import { isKind } from '#lib/communications/communication.ts'
import {
  saveCommunication,
  uploadCommunicationPicture,
} from '#lib/communications/office/communication.commands.ts'
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

const tick = z.literal('on').optional().transform(Boolean)
const line = (max: number) => z.string().trim().max(max)
const ids = z.array(z.uuid()).max(500).default([])
const moment = z.string().max(40).default('')
const count = z.coerce.number().int().min(0)

/** Back to the communication's page, which says what was done: reloading it repeats nothing. */
const done = (municipalitySlug: string, what: string) => (result: Result<{ id: string }>) => {
  if (!result.ok) return result
  redirect(`/admin/${municipalitySlug}/comunicazioni/${result.value.id}?fatto=${what}`)
}

/** One a line, or with commas: as they are copied from a spreadsheet. */
const codesIn = (text: string): string[] => [
  ...new Set(
    text
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
  ),
]

export const save = staffAction({
  capability: 'communications:write',
  input: z.object({
    id: z.union([z.uuid(), z.literal('').transform(() => null)]),
    baseVersion: z.coerce.number().int().min(0).max(100_000),
    kind: z.string().refine(isKind, 'Scegli il tipo'),
    about: z.enum(['service', 'money'], 'Scegli di che cosa parla'),
    title: line(120).min(1, 'Scrivi il titolo'),
    body: z.string().max(500_000),
    to: z.enum(['everybody', 'services', 'schools', 'classes', 'households'], 'Scegli a chi mandarla'),
    services: ids,
    schools: ids,
    classes: ids,
    households: ids,
    codes: z.string().max(10_000).default('').transform(codesIn),
    inDebt: tick,
    acknowledgement: z.enum(['none', 'household', 'person']).default('none'),
    acknowledgeBy: z.string().max(20).default(''),
    expiresAt: moment,
    reason: line(300).default(''),
    keptId: ids,
    keptTitle: z.array(line(160)).max(500).default([]),
    removed: ids,
    files: z.array(z.file()).max(20).default([]),
  }),
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

const item = { id: z.uuid(), version: z.coerce.number().int().min(1).max(100_000) }

export const submit = staffAction({
  capability: 'communications:write',
  input: z.object({ ...item, publishAt: moment, note: line(300).default('') }),
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
  input: z.object({ ...item, note: line(300).min(1, 'Scrivi che cosa va cambiato') }),
  run: async (viewer, { id, note }, municipalitySlug) =>
    done(municipalitySlug, 'rimandata')(await sendBackCommunication(viewer, id, note)),
})

export const approve = staffAction({
  capability: 'communications:approve',
  input: z.object({ ...item, publishAt: moment, households: count, persons: count }),
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
  input: z.object({ id: z.uuid() }),
  run: async (viewer, { id }, municipalitySlug) =>
    done(municipalitySlug, 'annullata')(await unscheduleCommunication(viewer, id)),
})

export const withdraw = staffAction({
  capability: 'communications:approve',
  input: z.object({ ...item, note: line(300).min(1, 'Scrivi il motivo: lo legge chi l’ha ricevuta') }),
  run: async (viewer, { id, note }, municipalitySlug) =>
    done(municipalitySlug, 'ritirata')(await withdrawCommunication(viewer, id, note)),
})

export const remind = staffAction({
  capability: 'communications:write',
  input: z.object({ id: z.uuid(), target: z.enum(['unread', 'unacknowledged']) }),
  run: async (viewer, { id, target }, municipalitySlug) =>
    done(municipalitySlug, 'ricordata')(await remindRecipients(viewer, id, target)),
})

/** A picture for the text that is being written. */
export const addPicture = staffAction({
  capability: 'communications:write',
  input: z.object({ file: z.file() }),
  run: async (viewer, { file }) => {
    const result = await uploadCommunicationPicture(viewer, file)
    return result.ok ? ok(result.value) : result
  },
})
