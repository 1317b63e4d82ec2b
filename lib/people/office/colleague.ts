import { OFFICE_ROLES, type StaffRole } from '#lib/access/viewer.ts'
import {
  birthAgrees,
  birthFromFiscalCode,
  type FiscalCode,
  isAdult,
  parseFiscalCode,
} from '#lib/identity/fiscal-code.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { codeDisagrees, isSameName } from './hand-over.ts'

/** A role as it is asked for; `place`: the one school, class or kitchen that it is for. */
export type AskedRole = { role: StaffRole; place: string | null }

/** The roles without a place, in the order in which a form offers them. A role of a kitchen without one is of all schools. */
export const ROLES_WITHOUT_PLACE = [...OFFICE_ROLES, 'reader', 'kitchen'] as const
const ROLES_WITH_PLACE = ['kitchen', 'school_office', 'teacher'] as const

/** A role as a form sends it: "manager", or with its place "teacher:<class>". Null for a role that is not given so. */
export function readAskedRole(text: string): AskedRole | null {
  const colon = text.indexOf(':')
  if (colon < 0) {
    const role = ROLES_WITHOUT_PLACE.find((given) => given === text)
    return role ? { role, place: null } : null
  }
  const role = ROLES_WITH_PLACE.find((given) => given === text.slice(0, colon))
  const place = text.slice(colon + 1)
  return role && isUuid(place) ? { role, place } : null
}

export const askedRoleText = ({ role, place }: AskedRole): string => (place ? `${role}:${place}` : role)

/** Who is invited to work in the office, as a manager typed it. */
export type AskedColleague = {
  fiscalCode: string
  givenName: string
  familyName: string
  birthDay: Day | null
  email: string | null
}

/** The places of roles: the schools with their classes, of the years that are not over, and the kitchens. */
export type RolePlaces = {
  schools: { id: string; name: string; classes: { id: string; name: string; year: string }[] }[]
  /** `serves`: the names of the schools that it serves today. */
  kitchens: { id: string; name: string; serves: string[] }[]
}

/** From when to when roles are given. */
export type AskedRoles = { roles: AskedRole[]; from: Day; to: Day | null }

/** A role of a colleague, as it is registered. */
export type HeldRole = {
  id: string
  role: StaffRole
  schoolId: string | null
  classId: string | null
  kitchenId: string | null
  /** The name of the school, of the class and of the kitchen that it is for. */
  schoolName: string | null
  className: string | null
  kitchenName: string | null
  /** The last day of the school year of its class. */
  yearEndsOn?: Day | null
  from: Day
  to: Day | null
  /** ISO instant of an end that did not wait for the end of a day. */
  endedAt: string | null
  givenBy: string | null
  endedBy: string | null
}

/** A person of the municipality with the roles that they have or had in its office. */
export type OfficeColleague = { personId: string; name: string; email: string | null; roles: HeldRole[] }

/** Where a role is on a day: it may come, be there or be over. */
export type RoleState = 'coming' | 'now' | 'over'

export function roleState(
  { from, to, endedAt }: Pick<HeldRole, 'from' | 'to' | 'endedAt'>,
  today: Day,
): RoleState {
  if (endedAt !== null || (to !== null && to < today)) return 'over'
  return from > today ? 'coming' : 'now'
}

export type KnownColleague = OfficeColleague & { givenName: string; familyName: string; birthDay: Day | null }

/** What an invitation is judged by. */
export type ColleagueFacts = {
  today: Day
  municipalityName: string
  /** The person whose code was typed. */
  known: KnownColleague | null
  isPupil: boolean
}

/** May this person get these roles? The code and the name must be of one adult. */
export function judgeColleague(
  asked: AskedColleague & AskedRoles,
  { today, known, isPupil }: ColleagueFacts,
): Result<null> {
  const code = parseFiscalCode(asked.fiscalCode) as FiscalCode
  const disagreement = known ? knownOtherwise(asked, known) : codeDisagrees(code, asked)
  if (disagreement) return disagreement
  if (isPupil) return refusedField('fiscalCode', 'households:is-pupil')
  const born = known?.birthDay ?? asked.birthDay ?? birthFromFiscalCode(code, today)?.birthDay
  if (!born) return refusedField('birthDay', 'households:birth-needed')
  if (asked.birthDay && (asked.birthDay !== born || !birthAgrees(code, born)))
    return refusedField('birthDay', 'households:birth-disagrees')
  if (!isAdult(born, today)) return refusedField('fiscalCode', 'colleagues:minor', { born })
  return judgeRoles(asked, known?.roles ?? [], today)
}

/** The code is of a known person, who has another name than the typed one. */
function knownOtherwise(asked: AskedColleague, { givenName, familyName }: KnownColleague) {
  const known = { givenName, familyName }
  const field = (['familyName', 'givenName'] as const).find((name) => !isSameName(asked[name], known[name]))
  return field
    ? refusedField(field, 'households:code-of-known', { name: `${givenName} ${familyName}` })
    : null
}

/** May these roles be given, beside those that the person has? */
export function judgeRoles(
  { roles, from, to }: AskedRoles,
  held: readonly HeldRole[],
  today: Day,
): Result<null> {
  if (from < today) return refusedField('from', 'colleagues:begins-before-today')
  if (to !== null && to < from) return refusedField('to', 'colleagues:ends-before-it-begins')
  const twice = held.find(
    (role) =>
      role.endedAt === null &&
      roles.some((asked) => asked.role === role.role && asked.place === placeOfRole(role)) &&
      overlap({ from, to }, role),
  )
  return twice ? refusedField('roles', 'colleagues:has-role') : ok(null)
}

/** The one place of a role; null for a role of the whole municipality. */
export const placeOfRole = ({
  schoolId,
  classId,
  kitchenId,
}: Pick<HeldRole, 'schoolId' | 'classId' | 'kitchenId'>): string | null => classId ?? kitchenId ?? schoolId

type Period = { from: Day; to: Day | null }
const overlap = (one: Period, other: Period): boolean =>
  (other.to === null || one.from <= other.to) && (one.to === null || other.from <= one.to)

/** When a role is to end: at this instant, after a day, or not at all. */
export type AskedEnd = { end: 'now' } | { end: 'day'; lastDay: Day } | { end: 'never' }

/** The last day that an end leaves; null for none. An immediate end leaves none: the day before the first. */
export const lastDayAfter = (asked: AskedEnd, { from }: Pick<HeldRole, 'from'>): Day | null => {
  if (asked.end === 'now') return addDays(from, -1)
  return asked.end === 'day' ? asked.lastDay : null
}

const isBeyondYear = (
  lastDay: Day | null,
  { role, yearEndsOn }: Pick<HeldRole, 'role' | 'yearEndsOn'>,
): boolean =>
  role === 'teacher' && typeof yearEndsOn === 'string' && (lastDay === null || lastDay > yearEndsOn)

/** A teacher's role ends with the school year of its class, also where a later end was asked for. */
export const lastDayInYear = (asked: Day | null, role: Pick<HeldRole, 'role' | 'yearEndsOn'>): Day | null =>
  isBeyondYear(asked, role) ? (role.yearEndsOn ?? null) : asked

/** @param withoutManager the days that would lose their last manager, as the database counts them */
export function judgeEnd(
  asked: AskedEnd,
  role: HeldRole,
  { today, withoutManager }: { today: Day; withoutManager: boolean },
): Result<null> {
  if (roleState(role, today) === 'over') return refused('colleagues:role-over')
  if (asked.end === 'day' && asked.lastDay < today)
    return refusedField('lastDay', 'colleagues:ends-before-today')
  if (asked.end === 'day' && asked.lastDay < role.from)
    return refusedField('lastDay', 'colleagues:ends-before-it-begins')
  if (asked.end !== 'now' && isBeyondYear(lastDayAfter(asked, role), role))
    return refused('colleagues:year-ends', { last: role.yearEndsOn as Day })
  if (asked.end !== 'now' && lastDayAfter(asked, role) === role.to) return refused('colleagues:same-end')
  return withoutManager ? refused('colleagues:last-manager') : ok(null)
}

/** What a press of a form of colleagues answers before it is confirmed. */
export type ColleaguePreview = { lines: string[]; seen: string; after: string }
