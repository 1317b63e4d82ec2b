import type { StaffRole } from '#lib/access/viewer.ts'
import { birthFromFiscalCode, type FiscalCode, parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { listInWords } from '#lib/words/list.ts'
import {
  type AskedColleague,
  type AskedEnd,
  type AskedRoles,
  type ColleagueFacts,
  type HeldRole,
  type OfficeColleague,
  roleState,
} from './colleague.ts'

/** The name of each role, for a person who has it or gives it. */
export const STAFF_ROLE_NAMES: Readonly<Record<StaffRole, string>> = {
  operator: 'Operatrice o operatore',
  accountant: 'Contabile',
  manager: 'Responsabile',
  editor: 'Redazione del Comune',
  reader: 'Lettura per il Comune',
  kitchen: 'Cucina',
  school_office: 'Segreteria scolastica',
  teacher: 'Insegnante',
}

/** What each role may do, in one line. */
export const STAFF_ROLE_DUTIES: Readonly<Record<StaffRole, string>> = {
  operator:
    'Conteggi, calendario, famiglie, diete, menù, moduli e comunicazioni; non cambia prezzi e pagamenti.',
  accountant: 'Tariffe, pagamenti e fatture; legge i conteggi e le famiglie.',
  manager: 'Tutto, anche i colleghi, le impostazioni e il registro.',
  editor: 'Notizie, documenti e impostazioni del sito; legge i numeri, senza nomi.',
  reader: 'Legge i numeri e i totali: nessun nome, nessuna dieta.',
  kitchen: 'Vede i pasti da preparare, per classe e codice di dieta: nessun nome.',
  school_office: 'Vede chi mangia oggi nelle classi della sua scuola: nessuna dieta.',
  teacher: 'Vede chi mangia oggi nelle sue classi: nessuna dieta.',
}

/** "Insegnante, 3A, Primaria Alighieri" or "Cucina, Centro cottura": the role with the place that it is for. */
export function roleInWords({
  role,
  schoolName,
  className,
  kitchenName,
}: Pick<HeldRole, 'role' | 'schoolName' | 'className' | 'kitchenName'>): string {
  const place = [className, schoolName, kitchenName].filter(Boolean).join(', ')
  return place ? `${STAFF_ROLE_NAMES[role]}, ${place}` : STAFF_ROLE_NAMES[role]
}

/** "dal 1/9/2026 al 31/8/2027" */
export const periodInWords = ({ from, to }: { from: Day; to: Day | null }): string =>
  to === null
    ? dated`dal ${numericDay(from)}, senza una fine`
    : dated`dal ${numericDay(from)} fino al ${numericDay(to)}`

/** The roles that a colleague has and will have, each with its dates; of a past one, all that they had. */
export function rolesInWords({ roles }: Pick<OfficeColleague, 'roles'>, today: Day): string[] {
  const alive = roles.filter((role) => roleState(role, today) !== 'over')
  return (alive.length > 0 ? alive : roles).map((role) => {
    const held = `${roleInWords(role)}, ${role.endedAt ? heldInWords(role) : periodInWords(role)}`
    return roleState(role, today) === 'coming' ? `${held} (da venire)` : held
  })
}

/** When a role counts, and who gave and ended it. */
export function heldInWords(role: HeldRole): string {
  const { from, to, endedAt, givenBy, endedBy } = role
  const until = endedAt ? { from, to: null } : { from, to }
  const ends = endedAt
    ? dated`dal ${numericDay(from)}; tolto il ${instantInWords(new Date(endedAt))}${endedBy ? ` da ${endedBy}` : ''}`
    : `${periodInWords(until)}${to && endedBy ? ` (lo ha deciso ${endedBy})` : ''}`
  return givenBy ? `${ends}. Dato da ${givenBy}` : ends
}

/** A role that is given, in words, with its own last day. */
type GivenRole = { what: string; to: Day | null }

/** What an invitation does, a sentence a line. */
export function inviteInWords(
  asked: AskedColleague & AskedRoles,
  { known, today }: ColleagueFacts,
  roles: readonly GivenRole[],
): string[] {
  const name = known?.name ?? `${asked.givenName} ${asked.familyName}`
  return [
    known
      ? `${name} è già nell’anagrafe: nome e recapiti restano quelli.`
      : `${name}${birthInWords(asked, today)} non è ancora nell’anagrafe: entra con SPID o CIE di quel codice fiscale.`,
    ...givenInWords(name, asked, roles),
    asked.email
      ? `Parte un’e-mail a ${asked.email}, con l’indirizzo da cui entrare.`
      : `Non parte nessun messaggio: di’ tu a ${name} di entrare con SPID o CIE.`,
  ]
}

/** What giving roles does, a sentence for each. */
export const givenInWords = (
  name: string,
  { from }: Pick<AskedRoles, 'from'>,
  roles: readonly GivenRole[],
): string[] => roles.map(({ what, to }) => `${name} ha un ruolo: ${what}, ${periodInWords({ from, to })}.`)

function birthInWords({ fiscalCode, birthDay }: AskedColleague, today: Day): string {
  const read = birthFromFiscalCode(parseFiscalCode(fiscalCode) as FiscalCode, today)
  const born = birthDay ?? read?.birthDay
  return born ? dated`, data di nascita ${numericDay(born)},` : ''
}

/** What ending a role does, or letting it go on, a sentence a line. */
export function endInWords(
  asked: AskedEnd,
  role: HeldRole,
  { colleague, today }: { colleague: Pick<OfficeColleague, 'name' | 'roles'>; today: Day },
): string[] {
  const { name } = colleague
  const what = roleInWords(role)
  const left = colleague.roles.filter(
    ({ id, ...other }) => id !== role.id && roleState(other, today) === 'now',
  )
  const rest =
    left.length > 0
      ? `Altri ruoli di ${name} restano: ${listInWords(left.map(roleInWords), 'it')}.`
      : `${name} non ha altri ruoli: nell’area del gestore non entra più.`
  if (asked.end === 'never') return [`${name} resta: ${what}, senza una fine.`]
  if (asked.end === 'day')
    return [
      dated`${name} resta: ${what}, fino al ${numericDay(asked.lastDay)} compreso.`,
      `Dal giorno dopo: ${rest}`,
    ]
  return [
    `${name} non è più: ${what}. Vale da subito, anche per le pagine già aperte.`,
    rest,
    'Quello che ha fatto resta scritto nel registro con il suo nome.',
  ]
}
