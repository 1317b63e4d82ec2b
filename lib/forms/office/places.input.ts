import * as z from 'zod'
import { readPage } from '#lib/web/pagination.ts'

const MOST_PLACES = 999
const MOST_CLASSES = 200

/** Empty: the class has no limit. */
const places = z
  .string()
  .trim()
  .refine((text) => text === '' || (/^\d{1,3}$/.test(text) && Number(text) <= MOST_PLACES), {
    error: 'Scrivi un numero fino a 999, o lascia vuoto',
  })
  .transform((text) => (text === '' ? null : Number(text)))

/** The places of the classes of a school, line by line, each with those that the page showed: what was not touched is left alone. */
export const placesInput = z
  .object({
    yearName: z.string().regex(/^\d{4}\/\d{4}$/),
    page: z.string().default('').transform(readPage),
    classes: z.array(z.uuid()).min(1).max(MOST_CLASSES),
    shown: z.array(places).max(MOST_CLASSES),
    places: z.array(places).max(MOST_CLASSES),
  })
  .refine(
    ({ classes, shown, places: typed }) => shown.length === classes.length && typed.length === classes.length,
  )
  .transform(({ yearName, page, classes, shown, places: typed }) => ({
    yearName,
    page,
    changed: classes.flatMap((classId, at) =>
      typed[at] === shown[at] ? [] : [{ classId, places: typed[at] ?? null }],
    ),
  }))
