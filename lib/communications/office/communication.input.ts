import * as z from 'zod'
import { idOrNone, momentText, storedMoment, textLine, tickBox } from '#lib/web/field.input.ts'
import { isKind } from '../communication.ts'

const ids = z.array(z.uuid()).max(500).default([])

const count = z.coerce.number().int().min(0)

/** One a textLine, or with commas: as they are copied from a spreadsheet. */
const codesIn = (text: string): string[] => [
  ...new Set(
    text
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
  ),
]

export const saveCommunicationInput = z.object({
  id: idOrNone,
  baseVersion: z.coerce.number().int().min(0).max(100_000),
  kind: z.string().refine(isKind, 'Scegli il tipo'),
  about: z.enum(['service', 'money'], 'Scegli di che cosa parla'),
  title: textLine(120).min(1, 'Scrivi il titolo'),
  body: z.string().max(500_000),
  to: z.enum(['everybody', 'services', 'schools', 'classes', 'households'], 'Scegli a chi mandarla'),
  services: ids,
  schools: ids,
  classes: ids,
  households: ids,
  codes: z.string().max(10_000).default('').transform(codesIn),
  inDebt: tickBox,
  acknowledgement: z.enum(['none', 'household', 'person']).default('none'),
  acknowledgeBy: z.string().max(20),
  expiresAt: storedMoment,
  reason: textLine(300).default(''),
  keptId: ids,
  keptTitle: z.array(textLine(160)).max(500).default([]),
  removed: ids,
  files: z.array(z.file()).max(20).default([]),
})

const item = { id: z.uuid(), version: z.coerce.number().int().min(1).max(100_000) }

export const submitCommunicationInput = z.object({
  ...item,
  publishAt: momentText,
  note: textLine(300).default(''),
})

export const sendBackCommunicationInput = z.object({
  ...item,
  note: textLine(300).min(1, 'Scrivi che cosa va cambiato'),
})

export const approveCommunicationInput = z.object({
  ...item,
  publishAt: momentText,
  households: count,
  persons: count,
})

export const withdrawCommunicationInput = z.object({
  ...item,
  note: textLine(300).min(1, 'Scrivi il motivo: lo legge chi l’ha ricevuta'),
})

export const remindCommunicationInput = z.object({
  id: z.uuid(),
  target: z.enum(['unread', 'unacknowledged']),
})

export const communicationPictureInput = z.object({ file: z.file() })
