import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { ALLERGEN_CODES, type Allergen } from '../allergen.ts'
import { COURSE_ORDER, type Course } from '../dish.ts'
import { MOST_WEEKS } from '../rotation.ts'
import { WITHOUT } from './menu.fields.ts'

export const dayField = (error: string) => z.string(error).refine((text) => parseDay(text) !== null, error)
export const courseField = z.enum(COURSE_ORDER as [Course, ...Course[]], 'Scegli la portata')
const allergen = z.enum(ALLERGEN_CODES as [Allergen, ...Allergen[]])
const code = z.string().regex(/^[A-Z0-9-]{1,12}$/)
export const versionField = z.coerce.number().int().min(1)

/** A dish as its form sends it. `declared` tells "none of the fourteen" from "not declared yet". */
export const dishInput = z
  .object({
    id: z.union([z.uuid(), z.literal('').transform(() => null)]),
    revision: z.coerce.number().int().min(0),
    name: z
      .string('Scrivi il nome del piatto')
      .transform((text) => text.replace(/\s+/g, ' ').trim())
      .pipe(z.string().min(1, 'Scrivi il nome del piatto').max(120, 'Al massimo 120 caratteri')),
    course: courseField,
    ingredients: z.string().trim().max(1000, 'Al massimo 1000 caratteri'),
    declared: z.enum(['si', 'no'], 'Scegli se gli allergeni sono dichiarati'),
    allergens: z.array(allergen).default([]),
    diets: z.array(code).default([]),
  })
  .refine(({ declared, allergens }) => declared === 'si' || allergens.length === 0, {
    path: ['declared'],
    error: 'Hai spuntato degli allergeni: scegli “Sì”',
  })
  .transform(({ id, revision, declared, allergens, diets, ...dish }) => ({
    at: id === null ? null : { id, revision },
    fields: { ...dish, allergens: declared === 'si' ? allergens : null, unsuitedDiets: diets },
  }))

/** Name, dates, schools and length of a menu. */
export const menuFrameInput = z
  .object({
    name: z
      .string('Scrivi il nome del menù')
      .trim()
      .min(1, 'Scrivi il nome del menù')
      .max(80, 'Al massimo 80 caratteri'),
    startsOn: dayField('Scegli il primo giorno'),
    endsOn: dayField('Scegli l’ultimo giorno'),
    weeks: z.coerce
      .number()
      .int()
      .min(1, 'Almeno una settimana')
      .max(MOST_WEEKS, `Al massimo ${MOST_WEEKS} settimane`),
    firstWeek: z.coerce.number().int().min(1),
    schoolIds: z.array(z.uuid(), 'Scegli almeno una scuola').min(1, 'Scegli almeno una scuola').max(1000),
  })
  .refine(({ firstWeek, weeks }) => firstWeek <= weeks, {
    path: ['firstWeek'],
    error: 'Il menù comincia da una delle sue settimane',
  })

/** Fields of a form by a prefix: `d-1` and `d-3` are the answers for 1 and 3. Empty answers are left out. */
export function fieldsWithPrefix(form: Record<string, unknown>, prefix: string): [string, string[]][] {
  return Object.entries(form).flatMap(([name, value]): [string, string[]][] => {
    if (!name.startsWith(prefix)) return []
    const values = (Array.isArray(value) ? value : [value]).filter(
      (text): text is string => typeof text === 'string' && text !== '',
    )
    return [[name.slice(prefix.length), values]]
  })
}

/** A week of the grid: `g-<weekday>` holds the dishes of a day, in any number. */
export const menuWeekInput = z
  .looseObject({ id: z.uuid(), version: versionField, week: z.coerce.number().int().min(1).max(MOST_WEEKS) })
  .transform(({ id, version, week, ...rest }) => ({
    id,
    version,
    week,
    days: Object.fromEntries(
      fieldsWithPrefix(rest, 'g-').map(([weekday, ids]) => [Number(weekday), [...new Set(ids)]]),
    ),
  }))
  .refine(({ days }) => Object.keys(days).every((weekday) => /^[1-7]$/.test(weekday)))
  .refine(({ days }) => Object.values(days).every((ids) => ids.every((id) => z.uuid().safeParse(id).success)))

const oneOf = (values: string[]): string | null => (values[0] === WITHOUT ? null : (values[0] as string))

/** Replacements: `r-<dish>-<diet>` holds a dish, or `senza`. An empty choice is not written at all. */
export const replacementsInput = z
  .looseObject({ id: z.uuid(), version: versionField })
  .transform(({ id, version, ...rest }) => {
    const replacements: Record<string, Record<string, string | null>> = {}
    for (const [key, values] of fieldsWithPrefix(rest, 'r-')) {
      const [dish, diet] = [key.slice(0, 36), key.slice(37)]
      if (values.length > 0) replacements[dish] = { ...replacements[dish], [diet]: oneOf(values) }
    }
    return { id, version, replacements }
  })
  .refine(({ replacements }) =>
    Object.entries(replacements).every(
      ([dish, instead]) =>
        z.uuid().safeParse(dish).success &&
        Object.entries(instead).every(
          ([diet, id]) => code.safeParse(diet).success && (id === null || z.uuid().safeParse(id).success),
        ),
    ),
  )

/** A change of one day; `r-<diet>` is what a diet eats that does not eat the new dish. */
export const menuChangeInput = z
  .looseObject({
    day: dayField('Scegli il giorno'),
    schoolIds: z.array(z.uuid(), 'Scegli almeno una scuola').min(1, 'Scegli almeno una scuola'),
    dishId: z.uuid('Scegli il piatto previsto'),
    newDishId: z.uuid('Scegli il piatto nuovo'),
    reason: z.string().trim().min(1, 'Scrivi il motivo: le famiglie lo leggono').max(200),
  })
  .transform(({ day: on, schoolIds, dishId, newDishId, reason, ...rest }) => ({
    day: on,
    schoolIds,
    dishId,
    newDishId,
    reason,
    replacements: Object.fromEntries(
      fieldsWithPrefix(rest, 'r-').flatMap(([diet, values]) =>
        values.length > 0 ? [[diet, oneOf(values)] as const] : [],
      ),
    ),
  }))
  .refine(({ replacements }) =>
    Object.entries(replacements).every(
      ([diet, id]) => code.safeParse(diet).success && (id === null || z.uuid().safeParse(id).success),
    ),
  )

export const keepFrameInput = z.object({ id: z.uuid(), version: versionField }).and(menuFrameInput)

export const copyWeekInput = z.object({
  id: z.uuid(),
  version: versionField,
  from: versionField,
  to: versionField,
})

const LONGEST_SHEET = 200_000

export const readOrImportInput = z.object({
  id: z.uuid(),
  version: versionField,
  step: z.enum(['anteprima', 'importa']),
  text: z.string().max(LONGEST_SHEET, 'Il testo è troppo lungo').default(''),
  file: z.file().max(LONGEST_SHEET, 'Il file è troppo grande').optional(),
})

export const publishMenuInput = z.object({ id: z.uuid(), version: versionField })

export const showRatingsInput = z.object({ show: z.enum(['si', 'no']) })
