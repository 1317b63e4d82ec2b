import * as z from 'zod'
import { parseDay, type Weekday } from '#lib/kernel/day.ts'
import { textLine } from '#lib/web/field.input.ts'
import type { OwnWeekdays } from '../enrolment.ts'

const WEEKDAYS = ['lun', 'mar', 'mer', 'gio', 'ven', 'sab', 'dom']

/** "lun mar gio" or ["lun", "mar"] → [1, 2, 4]: as a person writes the days of a week. */
export const weekdaysText = z.preprocess(
  (given) => (typeof given === 'string' ? given.split(/[\s,;]+/).filter(Boolean) : given),
  z
    .array(z.string(), 'Scrivi i giorni della settimana: lun mar mer gio ven')
    .min(1, 'Scrivi almeno un giorno della settimana: lun mar mer gio ven')
    .max(20, `I giorni si scrivono così: ${WEEKDAYS.join(' ')}`)
    .transform((names, context): Weekday[] => {
      const days = names.map((name) => WEEKDAYS.indexOf(name.trim().toLowerCase().slice(0, 3)) + 1)
      if (days.includes(0))
        context.addIssue({ code: 'custom', message: `I giorni si scrivono così: ${WEEKDAYS.join(' ')}` })
      return [...new Set(days)].sort((a, b) => a - b) as Weekday[]
    }),
)

/** The weekdays of a pupil; none written: all those of the school. */
export const ownWeekdaysText = z
  .string()
  .trim()
  .max(60, `I giorni si scrivono così: ${WEEKDAYS.join(' ')}`)
  .transform((text, context): OwnWeekdays => {
    if (text === '') return null
    const read = weekdaysText.safeParse(text)
    if (read.success) return read.data
    for (const { message } of read.error.issues) context.addIssue({ code: 'custom', message })
    return null
  })

/** [1, 2, 4] → "lun mar gio", as `weekdaysText` reads it. */
export const writtenWeekdays = (weekdays: readonly Weekday[]): string =>
  weekdays.map((weekday) => WEEKDAYS[weekday - 1]).join(' ')

/** "9.30" → "09:30" */
export const timeText = z
  .string('Scrivi fino a che ora si disdice')
  .trim()
  .regex(/^([01]?\d|2[0-3])[:.][0-5]\d$/, 'L’ora si scrive così: 09:30')
  .transform((text) => text.replace('.', ':').padStart(5, '0'))

export const daysBeforeText = z.preprocess(
  (given) => (typeof given === 'string' && /^\s*\d{1,4}\s*$/.test(given) ? Number(given) : given),
  z
    .int('Scrivi quanti giorni prima si disdice: 0 è il giorno stesso')
    .min(0, 'Al minimo 0, il giorno stesso')
    .max(30, 'Al massimo 30 giorni prima'),
)

/** "1A, 1B" or one class in each line. */
export const classesText = z.preprocess(
  (given) =>
    typeof given === 'string'
      ? given
          .split(/[,;\n]/)
          .map((name) => name.trim())
          .filter(Boolean)
      : given,
  z
    .array(
      textLine(40).min(1, 'Scrivi il nome della classe'),
      'Scrivi le classi, separate da virgole: 1A, 1B, 2A',
    )
    .max(200, 'Al massimo 200 classi alla volta')
    .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, {
      error: 'La stessa classe è scritta due volte',
    }),
)

export const mechanographicText = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^([A-Z]{4}[A-Z0-9]{6})?$/, 'Il codice meccanografico ha dieci caratteri, per esempio VREE123456')

export const schoolKind = z.enum(['infanzia', 'primaria', 'secondaria'], {
  error: 'Il tipo di scuola è infanzia, primaria o secondaria',
})

const school = {
  name: textLine(80).min(1, 'Scrivi il nome della scuola'),
  kind: schoolKind,
  street: textLine(120).min(1, 'Scrivi la via e il numero della scuola'),
  mechanographicCode: mechanographicText.default(''),
}

const twoPresses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: textLine(60).default(''),
}

const typedDay = textLine(20).default('')
const revision = z.coerce.number().int().min(0).default(0)

export const newSchoolInput = z.object({ ...school, classes: classesText })
export const schoolInput = z.object({
  schoolId: z.uuid(),
  revision: z.coerce.number().int().min(1),
  ...school,
})
export const schoolEndInput = z.object({ schoolId: z.uuid(), to: typedDay, ...twoPresses })

export const newClassesInput = z.object({ schoolId: z.uuid(), yearId: z.uuid(), classes: classesText })
export const classInput = z.object({
  classId: z.uuid(),
  revision: z.coerce.number().int().min(1),
  name: textLine(40).min(1, 'Scrivi il nome della classe'),
})
export const classEndInput = z.object({ classId: z.uuid(), to: typedDay, ...twoPresses })

export const weekInput = z.object({
  ...{ serviceId: z.uuid(), schoolId: z.uuid(), yearId: z.uuid() },
  weekdays: weekdaysText,
  cutoffTime: timeText,
  cutoffDaysBefore: daysBeforeText,
  ...{ from: typedDay, to: typedDay, revision, ...twoPresses },
})

export const newYearInput = z.object({
  ...{ startsOn: typedDay, endsOn: typedDay, serviceFrom: typedDay, serviceTo: typedDay },
  ...twoPresses,
})

export const yearBoundsInput = z.object({
  yearId: z.uuid(),
  revision: z.coerce.number().int().min(1),
  ...{ startsOn: typedDay, endsOn: typedDay },
})
export const spanInput = z.object({
  yearId: z.uuid(),
  revision: z.coerce.number().int().min(1),
  schoolId: z.union([z.uuid(), z.literal('')]).default(''),
  ...{ serviceFrom: typedDay, serviceTo: typedDay, ...twoPresses },
})

export const holidayInput = z.object({
  yearId: z.uuid(),
  ...{ from: typedDay, to: typedDay },
  reason: textLine(200).min(1, 'Scrivi il motivo: le famiglie lo leggono nel calendario'),
  ...twoPresses,
})

export const holidayEndInput = z.object({ yearId: z.uuid(), day: typedDay, ...twoPresses })

/** "29/06" → "06-29", the day of every year. */
export const yearlyDayText = z
  .string('Scrivi il giorno del patrono')
  .trim()
  .regex(/^\d{1,2}\/\d{1,2}$/, 'Il giorno del patrono si scrive gg/mm, per esempio 29/06')
  .transform((text) =>
    text
      .split('/')
      .map((part) => part.padStart(2, '0'))
      .reverse()
      .join('-'),
  )
  .refine((text) => parseDay(`2028-${text}`) !== null, { error: 'Quel giorno non esiste' })

export const patronInput = z
  .object({
    seen: textLine(5),
    name: textLine(80).default(''),
    day: z.union([z.literal(''), yearlyDayText]).default(''),
  })
  .refine(({ name, day }) => (name === '') === (day === ''), {
    path: ['name'],
    error: 'Scrivi il nome e il giorno, o lascia vuoti tutti e due',
  })

export const openingInput = z.object({ day: typedDay, ...twoPresses })
