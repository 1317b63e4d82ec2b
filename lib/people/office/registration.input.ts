import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { ownWeekdaysText } from '#lib/school/office/structure.input.ts'
import { phoneInput } from '../contact.input.ts'
import { emailInput, fiscalCodeInput, pupilCodeInput } from '../invitation.input.ts'
import { type AskedRegistration, BLOCK_FIELDS, PUPIL_BLOCKS } from './registration.ts'

const name = (missing: string) => z.string(missing).trim().min(1, missing).max(80, 'Al massimo 80 caratteri.')

const day = z
  .string()
  .trim()
  .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi una data che esista.' })
  .transform((text) => text || null)

const tellsBirth = (code: string | null): boolean => code !== null && !/^\d/.test(code)

/** Without a code, and with a provisional one of eleven digits, nothing tells the birth day. */
const BIRTH_NEEDED = {
  path: ['birthDay'],
  error: 'Scrivi la data di nascita: senza codice, o da un codice provvisorio, non si legge.',
}

const personFields = {
  fiscalCode: fiscalCodeInput,
  givenName: name('Scrivi il nome.'),
  familyName: name('Scrivi il cognome.'),
  birthDay: day,
}

const adultInput = z
  .object({
    ...personFields,
    email: z.union([z.literal('').transform(() => null), emailInput]),
    phone: phoneInput.shape.phone.transform((phone) => phone?.number ?? null),
  })
  .refine(({ fiscalCode, birthDay }) => birthDay || tellsBirth(fiscalCode), BIRTH_NEEDED)

const bandInput = z
  .string()
  .regex(/^[0-9a-f-]{36}:[A-Z0-9-]{1,20}$/)
  .transform((text) => {
    const [serviceId = '', code = ''] = text.split(':')
    return { serviceId, code }
  })
  .refine(({ serviceId }) => z.uuid().safeParse(serviceId).success)

const pupilInput = z
  .object({
    ...personFields,
    fiscalCode: pupilCodeInput,
    classId: z.uuid('Scegli la classe.'),
    services: z.array(z.uuid()).min(1, 'Scegli almeno un servizio.').max(10),
    from: day,
    diet: z.string().transform((ticked) => ticked === 'si'),
    weekdays: ownWeekdaysText,
    band: z.union([z.literal('').transform(() => null), bandInput], 'Scegli tra le fasce che vedi.'),
  })
  .refine(({ fiscalCode, birthDay }) => birthDay || tellsBirth(fiscalCode), BIRTH_NEEDED)

/** Every field of the form as it arrives: a text, or the ticks of a list. */
const LONGEST = 200
const field = z.string().max(LONGEST, 'Al massimo 200 caratteri.').default('')
const blockShape = (block: string) =>
  Object.fromEntries(BLOCK_FIELDS.map((fieldName) => [`${block}-${fieldName}`, field]))
const servicesShape = Object.fromEntries(
  PUPIL_BLOCKS.map((block) => [`${block}-services`, z.array(z.string().max(LONGEST)).max(10).default([])]),
)

const sent = z
  .object({
    householdId: z.union([z.uuid(), z.literal('')]).default(''),
    transferId: z.union([z.uuid(), z.literal('')]).default(''),
    intent: z.enum(['preview', 'confirm']).default('preview'),
    seen: z.string().max(60).default(''),
    checked: z.literal('si').optional().transform(Boolean),
  })
  .and(
    z.object({
      ...blockShape('holder'),
      ...blockShape('delegate'),
      ...Object.assign({}, ...PUPIL_BLOCKS.map(blockShape)),
      ...servicesShape,
    }) as z.ZodType<Record<string, string | string[]>>,
  )

type Raw = Readonly<Record<string, unknown>>

const textIn = (raw: Raw, fieldName: string): string => {
  const value = raw[fieldName]
  return typeof value === 'string' ? value : ''
}

/** The fields of one person of the form, under the names of their rule. */
const blockIn = (raw: Raw, block: string): Record<string, unknown> => ({
  ...Object.fromEntries(BLOCK_FIELDS.map((fieldName) => [fieldName, textIn(raw, `${block}-${fieldName}`)])),
  services: raw[`${block}-services`],
})

/** A block that only has what the form proposed is empty: no person was written there. */
const isWritten = (raw: Raw, block: string): boolean =>
  ['fiscalCode', 'givenName', 'familyName', 'birthDay'].some((fieldName) =>
    textIn(raw, `${block}-${fieldName}`).trim(),
  )

function read<S extends z.ZodType>(
  rule: S,
  raw: Raw,
  block: string,
  ctx: z.RefinementCtx,
): z.output<S> | null {
  const parsed = rule.safeParse(blockIn(raw, block))
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues)
    ctx.addIssue({ code: 'custom', path: [`${block}-${String(path[0] ?? 'fiscalCode')}`], message })
  return null
}

/** What was typed, by the name of its field, for the form that shows it again. */
const typedIn = (raw: Raw): Record<string, string> =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([fieldName, value]) =>
      Array.isArray(value)
        ? [[`${fieldName}[]`, value.join(',')]]
        : typeof value === 'string' && value !== ''
          ? [[fieldName, value]]
          : [],
    ),
  )

/**
 * The form that registers a family or adds pupils to one: the holder (only of a new family), a delegate if there is one, one or more
 * pupils. Each wrong field is named.
 */
export const registrationInput = sent.transform((raw, ctx) => {
  const { householdId, transferId, intent, seen, checked } = raw
  const isNew = householdId === ''
  const holder = isNew ? read(adultInput, raw, 'holder', ctx) : null
  const delegate = isNew && isWritten(raw, 'delegate') ? read(adultInput, raw, 'delegate', ctx) : null
  const blocks = PUPIL_BLOCKS.filter((block, at) => at === 0 || isWritten(raw, block))
  const pupils = blocks.flatMap((block) => {
    const pupil = read(pupilInput, raw, block, ctx)
    if (!pupil) return []
    const { services, diet, ...fields } = pupil
    return [{ ...fields, block, serviceIds: services, asksDiet: diet }]
  })
  const asked: AskedRegistration = {
    householdId: householdId || null,
    ...(transferId ? { transferId } : {}),
    ...{ holder, delegate, pupils },
  }
  const { intent: _, seen: __, checked: ___, householdId: ____, transferId: _____, ...fields } = raw
  return { intent, seen, checked, asked, typed: typedIn(fields) }
})

export type Registration = z.output<typeof registrationInput>
