import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { onlyId } from '#lib/web/field.input.ts'
import { BALANCE_OWNERS } from '../balance.ts'
import { isTarget, type Target } from '../header.ts'
import { PAYERS } from '../mapping.ts'
import { MOST_COLUMNS } from '../sheet.ts'

/** The file; what it is, its bytes say. */
export const uploadInput = z.object({ file: z.instanceof(File, { error: 'Scegli il file con gli alunni.' }) })

const day = z
  .string()
  .trim()
  .max(10)
  .default('')
  .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi una data che esista.' })
  .transform((text) => text || null)

const columnFields = Object.fromEntries(
  Array.from({ length: MOST_COLUMNS }, (_, at) => [`c${at}`, z.string().max(40).default('')]),
)

/** What each column is, and what is asked once for the whole file. */
export const mappingInput = z
  .object({
    id: z.uuid(),
    sheet: z.coerce.number().int().min(0).max(200).default(0),
    header: z.coerce.number().int().min(1).max(20_000),
    intent: z.enum(['look', 'check']).default('check'),
    payer: z.enum(PAYERS, { error: 'Scegli chi paga: il file non lo dice.' }).or(z.literal('')).default(''),
    other: z.enum(['delegate', 'none']).default('none'),
    yearId: z.uuid({ error: 'Scegli l’anno scolastico.' }),
    services: z.array(z.uuid()).max(10).default([]),
    from: day,
    balanceOwner: z.enum(BALANCE_OWNERS).or(z.literal('')).default(''),
    balanceDay: day,
  })
  .and(z.object(columnFields) as unknown as z.ZodType<Record<string, string>>)
  .transform(({ id, sheet, header, intent, payer, other, yearId, services, from, ...fields }) => ({
    ...{ id, sheet, header, intent, payer, other, yearId, services, from },
    ...{ balanceOwner: fields.balanceOwner, balanceDay: fields.balanceDay },
    columns: Array.from({ length: MOST_COLUMNS }, (_, at): Target => {
      const text = (fields as unknown as Record<string, string>)[`c${at}`] ?? ''
      return isTarget(text) ? text : ''
    }),
  }))

export type MappingForm = z.output<typeof mappingInput>

/** Decisions on doubts, a field for each finding by its position: `d12`. */
export const decisionsInput = z.looseObject({ id: z.uuid() }).transform(({ id, ...fields }) => ({
  id,
  decisions: Object.entries(fields).flatMap(([name, value]) => {
    const position = /^d(\d{1,6})$/.exec(name)?.[1]
    return position && (value === 'take' || value === 'skip')
      ? [{ position: Number(position), decision: value as 'take' | 'skip' }]
      : []
  }),
}))

const CLASS_FIELD = 'classe:'
const LONGEST_KEY = 120
const UUID_OR_NONE = /^(none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Which class of the year each unknown one of the file is, a field for each: `classe:<key>`. */
export const classesInput = z.looseObject({ id: z.uuid() }).transform(({ id, ...fields }) => ({
  id,
  answers: Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      name.startsWith(CLASS_FIELD) &&
      name.length <= LONGEST_KEY &&
      typeof value === 'string' &&
      UUID_OR_NONE.test(value)
        ? [[name.slice(CLASS_FIELD.length), value]]
        : [],
    ),
  ),
}))

export const confirmImportInput = onlyId.extend({ seen: z.string().min(1).max(60) })
