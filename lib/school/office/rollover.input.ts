import * as z from 'zod'
import { isUuid } from '#lib/kernel/uuid.ts'
import { textLine } from '#lib/web/field.input.ts'
import { DECISIONS } from './rollover.ts'

const revision = z.coerce.number().int().min(0).max(1_000_000_000).default(0)

/** What a roll-over begins with, and its rules. No id of a form: no renewal is asked for. */
export const rolloverRulesInput = z.object({
  yearId: z.uuid(),
  revision,
  renewalFormId: z.union([z.literal(''), z.uuid()]).default(''),
  diets: z.array(textLine(12)).max(200).default([]),
})

export const MOST_CLASSES = 2_000

/** Where the classes go: "<class>:<class>", "<class>:esce" or "<class>:" for not decided. */
export const rolloverClassesInput = z.object({
  rolloverId: z.uuid(),
  revision,
  to: z
    .array(z.string().max(80))
    .max(MOST_CLASSES)
    .default([])
    .transform((pairs, context) =>
      pairs.map((pair) => {
        const [classId = '', to = ''] = pair.split(':')
        const isRead = isUuid(classId) && (to === '' || to === 'esce' || isUuid(to))
        if (!isRead) context.addIssue({ code: 'custom', message: 'Scegli dove va ogni classe.' })
        return { classId, toClassId: to === '' || to === 'esce' ? null : to, leaves: to === 'esce' }
      }),
    ),
})

/** How many pupils one page of the list decides at one time. */
export const ROLLOVER_PAGE = 100

export const rolloverPupilsInput = z.object({
  rolloverId: z.uuid(),
  revision,
  decision: z.enum(DECISIONS, 'Scegli che cosa fanno.'),
  toClassId: z.union([z.literal(''), z.uuid()]).default(''),
  pupils: z
    .array(z.uuid(), 'Scegli almeno un alunno.')
    .min(1, 'Scegli almeno un alunno.')
    .max(ROLLOVER_PAGE, `Al massimo ${ROLLOVER_PAGE} alunni alla volta.`),
  back: textLine(400).default(''),
})

export const missingClassesInput = z.object({ rolloverId: z.uuid(), revision })

export const rolloverInput = z.object({
  rolloverId: z.uuid(),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: textLine(60).default(''),
})

export const rolloverStopInput = z.object({ rolloverId: z.uuid() })
