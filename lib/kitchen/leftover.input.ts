import * as z from 'zod'
import type { Course } from '#lib/menus/dish.ts'
import { courseField, dayField, fieldsWithPrefix } from '#lib/menus/office/menu.input.ts'
import { type Amount, gramsFrom, shareFrom } from './leftover.ts'

/** What was left, by course: `a-<course>` in kilograms or per cent, by the unit chosen. */
export const leftoversInput = z
  .looseObject({
    day: dayField('Scegli il giorno'),
    schoolId: z.uuid('Scegli la scuola'),
    classId: z.union([z.uuid(), z.literal('').transform(() => null)]).default(null),
    unit: z.enum(['kg', 'percento'], 'Scegli come hai misurato'),
  })
  .transform(({ day: on, schoolId, classId, unit, ...rest }, context) => {
    const amounts = fieldsWithPrefix(rest, 'a-').flatMap(
      ([name, [text]]): (Amount & { course: Course })[] => {
        const at = courseField.safeParse(name).data
        if (!at || text === undefined) return []
        const grams = unit === 'kg' ? gramsFrom(text) : null
        const share = unit === 'kg' ? null : shareFrom(text)
        if (grams !== null) return [{ course: at, grams, share: null }]
        if (share !== null) return [{ course: at, grams: null, share }]
        const error = unit === 'kg' ? 'Scrivi i chili, per esempio 1,25' : 'Scrivi un numero da 0 a 100'
        context.addIssue({ code: 'custom', path: [`a-${name}`], message: error })
        return []
      },
    )
    if (amounts.length === 0)
      context.addIssue({ code: 'custom', path: ['a-primo'], message: 'Scrivi almeno una quantità' })
    return { day: on, schoolId, classId, amounts }
  })
