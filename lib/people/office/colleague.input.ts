import * as z from 'zod'
import { parseDay } from '#lib/kernel/day.ts'
import { emailInput, fiscalCodeInput } from '#lib/people/invitation.input.ts'
import { type AskedEnd, readAskedRole } from './colleague.ts'

const name = (missing: string) => z.string(missing).trim().min(1, missing).max(80, 'Al massimo 80 caratteri.')

const day = (missing: string) =>
  z
    .string(missing)
    .trim()
    .min(1, missing)
    .refine((text) => parseDay(text) !== null, { error: 'Scrivi una data che esista.' })

const optionalDay = z
  .string()
  .trim()
  .default('')
  .refine((text) => text === '' || parseDay(text) !== null, { error: 'Scrivi una data che esista.' })
  .transform((text) => text || null)

/** The marks of the preview that was read: the first press shows what happens, the second does it. */
const confirmation = {
  intent: z.enum(['preview', 'confirm']).default('preview'),
  seen: z.string().max(60).default(''),
}

const MOST_ROLES = 60

const roles = {
  roles: z
    .array(z.string().max(80), 'Scegli almeno un ruolo.')
    .min(1, 'Scegli almeno un ruolo.')
    .max(MOST_ROLES, `Al massimo ${MOST_ROLES} ruoli insieme.`)
    .transform((texts) => [...new Set(texts)].map(readAskedRole))
    .refine((asked) => asked.every((role) => role !== null), { error: 'Scegli tra i ruoli che vedi.' })
    .transform((asked) => asked.filter((role) => role !== null)),
  from: day('Scrivi da quando vale.'),
  to: optionalDay,
}

/** The form that invites a colleague by fiscal code. */
export const colleagueInput = z.object({
  ...confirmation,
  fiscalCode: fiscalCodeInput,
  givenName: name('Scrivi il nome.'),
  familyName: name('Scrivi il cognome.'),
  birthDay: optionalDay,
  email: z.union([emailInput, z.literal('').transform(() => null)]),
  ...roles,
})

export type InvitedColleague = z.output<typeof colleagueInput>

/** The form that gives a colleague one more role. */
export const colleagueRoleInput = z.object({ ...confirmation, personId: z.uuid(), ...roles })

export type GivenRoles = z.output<typeof colleagueRoleInput>

/** The form that ends a role, or changes its end. */
export const roleEndInput = z
  .object({
    ...confirmation,
    roleId: z.uuid(),
    end: z.enum(['now', 'day', 'never'], 'Scegli quando finisce.'),
    lastDay: optionalDay,
  })
  .refine(({ end, lastDay }) => end !== 'day' || lastDay !== null, {
    path: ['lastDay'],
    error: 'Scrivi l’ultimo giorno.',
  })
  .transform(({ end, lastDay, ...rest }) => ({
    ...rest,
    asked: (end === 'day' ? { end, lastDay: lastDay as string } : { end }) as AskedEnd,
  }))

export type EndedRole = z.output<typeof roleEndInput>
