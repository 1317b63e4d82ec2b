import * as z from 'zod'

const MOST_PLACES = 999

/** Empty: the class has no limit. */
export const placesInput = z.object({
  classId: z.uuid(),
  places: z
    .string()
    .trim()
    .default('')
    .refine((text) => text === '' || (/^\d{1,3}$/.test(text) && Number(text) <= MOST_PLACES), {
      error: 'Scrivi un numero fino a 999, o lascia vuoto',
    })
    .transform((text) => (text === '' ? null : Number(text))),
})
