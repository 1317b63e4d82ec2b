import * as z from 'zod'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import { LONGEST_CLASS } from '#lib/school/office/class-choice.ts'
import { ownWeekdaysText } from '#lib/school/office/structure.input.ts'

const reason = z
  .string('Scrivi il motivo.')
  .trim()
  .min(3, 'Scrivi il motivo.')
  .max(200, 'Al massimo 200 caratteri.')

const day = z
  .string('Scegli il giorno.')
  .trim()
  .refine((text) => parseDay(text) !== null, { error: 'Scegli un giorno che esista.' })
  .transform((text): Day => text)

/** The first press shows what would happen, the second, with what was shown, does it. */
const presses = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
}

export const MOST_MOVED = 60

/** The form that moves pupils to another class from a day on. */
export const enrolmentMoveInput = z.object({
  ...presses,
  serviceId: z.uuid(),
  classId: z
    .string('Scegli la classe in cui vanno.')
    .trim()
    .min(1, 'Scegli la classe in cui vanno.')
    .max(LONGEST_CLASS, `Al massimo ${LONGEST_CLASS} caratteri.`),
  from: day,
  pupils: z
    .array(z.uuid(), 'Scegli almeno un alunno.')
    .min(1, 'Scegli almeno un alunno.')
    .max(MOST_MOVED, `Al massimo ${MOST_MOVED} alunni alla volta.`),
  reason,
})

/** The form that takes the last change of a pupil back. */
export const enrolmentUndoInput = z.object({
  ...presses,
  pupilId: z.uuid(),
  householdId: z.uuid(),
  changeId: z.uuid(),
  reason,
})

/** The form that lets a pupil eat on other weekdays. */
export const enrolmentWeekdaysInput = z.object({
  ...presses,
  pupilId: z.uuid(),
  householdId: z.uuid(),
  serviceId: z.uuid('Scegli il servizio.'),
  weekdays: ownWeekdaysText,
  from: day,
  reason,
})

/** The form that gives an enrolment another last day. */
export const enrolmentEndInput = z.object({
  ...presses,
  pupilId: z.uuid(),
  householdId: z.uuid(),
  serviceId: z.uuid('Scegli il servizio.'),
  last: day,
  reason,
})
