import * as z from 'zod'
import { type Day, parseDay, weekdayOf } from '#lib/kernel/day.ts'
import { emailInput, fiscalCodeInput } from '#lib/people/invitation.input.ts'
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

const dayOrNone = z
  .string()
  .trim()
  .default('')
  .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi una data che esista.' })
  .transform((text): Day | null => text || null)

const name = z.string().trim().max(80, 'Al massimo 80 caratteri.').default('')

/** Which pupil, and the two presses: the first shows what would happen, the second does it. */
const about = {
  pupilId: z.uuid(),
  householdId: z.uuid(),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
}

/** The form that gives another household some days of a pupil. */
export const secondHouseholdInput = z
  .object({
    ...about,
    fiscalCode: fiscalCodeInput,
    givenName: name,
    familyName: name,
    birthDay: dayOrNone,
    email: z.union([emailInput, z.literal('').transform(() => null)]).default(null),
    firstMonday: day.refine((text) => weekdayOf(text) === 1, { error: 'Scegli un lunedì.' }),
    firstWeek: ownWeekdaysText,
    secondWeek: ownWeekdaysText,
    from: day,
    to: dayOrNone,
    reason,
  })
  .transform(({ firstWeek, secondWeek, ...rest }) => ({
    ...rest,
    firstWeek: firstWeek ?? [],
    secondWeek: secondWeek ?? [],
  }))

/** The form that gives a pupil's own household all meals again. */
export const endSecondHouseholdInput = z.object({ ...about, from: day, reason })
