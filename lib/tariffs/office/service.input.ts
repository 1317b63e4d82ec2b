import * as z from 'zod'
import { daysBeforeText, timeText, weekdaysText } from '#lib/school/office/structure.input.ts'
import { textLine } from '#lib/web/field.input.ts'
import { price } from './tariff.input.ts'

const twoPresses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: textLine(60).default(''),
}

const typedDay = textLine(20).default('')
const name = textLine(60).min(1, 'Scrivi il nome del servizio')
const revision = z.coerce.number().int().min(1)
const cancelledBy = z.enum(['all', 'holder'], 'Scegli chi disdice')

export const newServiceInput = z.object({
  ...{ name, price, from: typedDay },
  weekdays: weekdaysText,
  cutoffTime: timeText,
  cutoffDaysBefore: daysBeforeText,
  cancelledBy,
  isCooked: z.enum(['si', 'no']).transform((answer) => answer === 'si'),
  isEverywhere: z.enum(['si', 'no']).transform((answer) => answer === 'si'),
  ...twoPresses,
})

export const serviceNameInput = z.object({ serviceId: z.uuid(), revision, name })
export const serviceRuleInput = z.object({
  ...{ serviceId: z.uuid(), revision, cancelledBy, from: typedDay },
  ...twoPresses,
})
export const serviceEndInput = z.object({ serviceId: z.uuid(), revision, to: typedDay, ...twoPresses })
