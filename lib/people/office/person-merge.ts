import { birthFromFiscalCode, parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { isSameName } from './hand-over.ts'
import type { SideName } from './pupil-merge.ts'

/** A role that an adult has in a family. `pupilIds`: the only pupils of a delegate; null: all. */
export type AdultRole = {
  id: string
  householdId: string
  householdName: string
  role: 'holder' | 'delegate'
  pupilIds: readonly string[] | null
  to: Day | null
}

/** An adult of a pair, with everything that goes along, stays, or forbids that they are one. */
export type AdultSide = {
  id: string
  givenName: string
  familyName: string
  birthDay: Day | null
  fiscalCode: string
  email: string | null
  phone: string | null
  roles: readonly AdultRole[]
  /** Has a role in the office, now or later. */
  isStaff: boolean
  /** A person has entered with a code of this one. */
  hasEntered: boolean
  /** Payments and invoices in this name: they are proofs, and keep it. */
  payments: number
  /** Requests that wait for a decision. */
  waiting: number
  /** Requests that are decided. */
  documents: number
}

export type AdultPairFacts = { one: AdultSide; other: AdultSide; today: Day }

/** Two adults who may be one person. */
export type AdultPair = { one: ListedAdult; other: ListedAdult }
export type ListedAdult = { id: string; name: string; birthDay: Day | null; families: readonly string[] }

/** What becomes of the code that is not chosen. */
export const OTHER_CODES = ['closes', 'opens'] as const

/** What a colleague chose: who stays, whose name and code, what becomes of the other code, and whether a document was seen. */
export type AdultChoice = {
  keep: SideName
  name: SideName
  code: SideName
  otherCode: (typeof OTHER_CODES)[number]
  checked: boolean
}

/** A role that the one who stays gets, after the roles `ends` are over; `from` begins where the role `like` began. */
export type FollowingRole = Pick<AdultRole, 'householdId' | 'householdName' | 'role' | 'pupilIds' | 'to'> & {
  like: string
}

export type AdultMergePlan = {
  kept: AdultSide
  gone: AdultSide
  values: { givenName: string; familyName: string; birthDay: Day | null; code: string; otherCode: string }
  swapsCodes: boolean
  opensOther: boolean
  ends: readonly string[]
  gives: readonly FollowingRole[]
  /** Contacts that the one who stays has not, and gets. */
  contacts: readonly ('email' | 'phone')[]
}

const nameOf = ({ givenName, familyName }: Pick<AdultSide, 'givenName' | 'familyName'>): string =>
  `${givenName} ${familyName}`

const bornOf = ({ birthDay, fiscalCode }: AdultSide, today: Day): Day | null => {
  const code = parseFiscalCode(fiscalCode)
  return birthDay ?? (code && birthFromFiscalCode(code, today)?.birthDay) ?? null
}

const areAlike = (a: AdultSide, b: AdultSide): boolean =>
  (['familyName', 'givenName'] as const).every(
    (field) => isSameName(a[field], b[field]) || isSameName(b[field], a[field]),
  )

/** Roles of one person in one household as one role: who pays pays, a delegate of some pupils has those of both. */
function joined(roles: readonly AdultRole[]): Omit<FollowingRole, 'like'> {
  const [first] = roles as [AdultRole]
  const { householdId, householdName } = first
  if (roles.some(({ role }) => role === 'holder'))
    return { householdId, householdName, role: 'holder', pupilIds: null, to: null }
  const isOfAll = roles.some(({ pupilIds }) => pupilIds === null)
  return {
    ...{ householdId, householdName, role: 'delegate' },
    pupilIds: isOfAll ? null : [...new Set(roles.flatMap(({ pupilIds }) => pupilIds ?? []))].toSorted(),
    to: roles.some(({ to }) => to === null)
      ? null
      : (roles
          .map(({ to }) => to as Day)
          .toSorted()
          .at(-1) ?? null),
  }
}

const isLike = (a: Omit<FollowingRole, 'like'>, b: Omit<FollowingRole, 'like'>): boolean =>
  a.role === b.role && a.to === b.to && String(a.pupilIds) === String(b.pupilIds)

/**
 * The roles that end, and those that the one who stays gets for them. Delegations of one family with other pupils and another end are
 * refused: together they would be more than either.
 */
export function planRoles(
  kept: readonly AdultRole[],
  gone: readonly AdultRole[],
): Result<Pick<AdultMergePlan, 'ends' | 'gives'>> {
  const ends: string[] = []
  const gives: FollowingRole[] = []
  for (const householdId of [...new Set(gone.map((role) => role.householdId))].toSorted()) {
    const going = gone.filter((role) => role.householdId === householdId)
    const there = kept.filter((role) => role.householdId === householdId)
    ends.push(...going.map(({ id }) => id))
    const wanted = joined([...there, ...going])
    if (there.length === 1 && isLike(joined(there), wanted)) continue
    const all = [...there, ...going]
    if (new Set(all.map(({ to }) => to)).size > 1 && !all.some((role) => isLike(joined([role]), wanted)))
      return refused('adults:roles', { family: wanted.householdName })
    ends.push(...there.map(({ id }) => id))
    const like = [...going, ...there].find(({ role }) => role === wanted.role) as AdultRole
    gives.push({ ...wanted, like: like.id })
  }
  return ok({ ends, gives })
}

/**
 * What making two adults one would do, or what forbids it. A merge opens a family and its money to a person, so it is refused where
 * names or birth days are not those of one, for colleagues, for who has paid unless they stay, and while a request waits; where both
 * have entered, each as themselves, only after a document was seen.
 */
export function planAdultMerge(facts: AdultPairFacts, choice: AdultChoice): Result<AdultMergePlan> {
  const { one, other, today } = facts
  const [kept, gone] = choice.keep === 'one' ? [one, other] : [other, one]
  const [born, otherBorn] = [bornOf(kept, today), bornOf(gone, today)]
  if (!areAlike(one, other) || (born && otherBorn && born !== otherBorn)) return refused('adults:not-alike')
  const staff = [kept, gone].find(({ isStaff }) => isStaff)
  if (staff) return refused('adults:colleague', { name: nameOf(staff) })
  const waits = [kept, gone].find(({ waiting }) => waiting > 0)
  if (waits) return refused('adults:requests', { name: nameOf(waits), code: waits.fiscalCode })
  if (gone.payments > 0) return refused('adults:paid', { code: gone.fiscalCode })
  if (one.hasEntered && other.hasEntered && !choice.checked)
    return refusedField('checked', 'adults:check-document')
  const roles = planRoles(kept.roles, gone.roles)
  if (!roles.ok) return roles
  const named = choice.name === 'one' ? one : other
  const swapsCodes = choice.code !== choice.keep
  const [code, otherCode] = swapsCodes
    ? [gone.fiscalCode, kept.fiscalCode]
    : [kept.fiscalCode, gone.fiscalCode]
  return ok({
    ...{ kept, gone, swapsCodes, opensOther: choice.otherCode === 'opens' },
    values: {
      ...{ givenName: named.givenName, familyName: named.familyName },
      ...{ birthDay: kept.birthDay ?? gone.birthDay, code, otherCode },
    },
    ...roles.value,
    contacts: (['email', 'phone'] as const).filter((field) => kept[field] === null && gone[field] !== null),
  })
}
