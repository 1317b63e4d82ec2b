import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import type { SideName } from './pupil-merge.ts'

/** A delegate of a household; `pupilIds` null: of all its pupils. */
export type HouseholdDelegate = {
  memberId: string
  personId: string
  name: string
  pupilIds: readonly string[] | null
  to: Day | null
}

/** A household of a pair, with everything that goes along, stays, or forbids that the two are one. */
export type HouseholdSide = {
  id: string
  name: string
  holder: { personId: string; name: string } | null
  pupils: readonly { id: string; name: string; birthDay: Day; serviceIds: readonly string[] }[]
  delegates: readonly HouseholdDelegate[]
  accounts: readonly { serviceId: string; serviceName: string; balanceCents: Cents }[]
  /** Payments under way. */
  openTopUps: number
  /** Requests and transfers that wait for a decision, and people who asked to enter. */
  waiting: number
  /** Invitations without an answer. */
  invitations: number
  /** Counted days with a pupil of it that are not charged yet. */
  charging: number
  /** Refunds that are not over. */
  refunds: number
  /** Pupils of it, or with days in it, whose meals are divided between two families. */
  divided: number
}

/** A service of the pupils that move, with the first day that no kitchen has counted. */
export type HouseholdFacts = {
  one: HouseholdSide
  other: HouseholdSide
  services: readonly { id: string; name: string; firstDay: Day }[]
}

/** A role of a delegate in the household that stays. */
export type GivenDelegation = Pick<HouseholdDelegate, 'personId' | 'name' | 'to'> & {
  pupilIds: readonly string[]
  like: string
}

export type HouseholdMergePlan = {
  kept: HouseholdSide
  gone: HouseholdSide
  pupils: readonly string[]
  ends: readonly string[]
  gives: readonly GivenDelegation[]
  /** Delegates of the household that stays who see its new pupils too. */
  widened: readonly string[]
}

/** The delegations that end, and those that delegates of the household that goes get in the other for its pupils alone. */
function planDelegates(
  kept: HouseholdSide,
  gone: HouseholdSide,
): Result<Pick<HouseholdMergePlan, 'ends' | 'gives'>> {
  const all = gone.pupils.map(({ id }) => id)
  const ends: string[] = []
  const gives: GivenDelegation[] = []
  for (const one of gone.delegates) {
    const own = one.pupilIds ?? all
    const there = kept.delegates.filter(({ personId }) => personId === one.personId)
    const [first, ...more] = there
    if (more.length > 0 || (first && first.to !== one.to))
      return refused('families:roles', { name: one.name })
    ends.push(one.memberId)
    if (first && first.pupilIds === null) continue
    if (first) ends.push(first.memberId)
    const pupilIds = [...new Set([...(first?.pupilIds ?? []), ...own])].toSorted()
    gives.push({ personId: one.personId, name: one.name, to: one.to, pupilIds, like: one.memberId })
  }
  return ok({ ends, gives })
}

const withDebt = ({ accounts }: HouseholdSide) => accounts.find(({ balanceCents }) => balanceCents < 0)

/**
 * What making two households one would do, or what forbids it. One person pays for both: who pays changes by an act of its own. What
 * is under way for the household that goes is ended first, so that nothing of it finds no pupil any more.
 */
export function planHouseholdMerge(facts: HouseholdFacts, keep: SideName): Result<HouseholdMergePlan> {
  const [kept, gone] = keep === 'one' ? [facts.one, facts.other] : [facts.other, facts.one]
  if (!kept.holder || kept.holder.personId !== gone.holder?.personId) return refused('families:holders')
  if (gone.openTopUps > 0) return refused('families:payments', { family: gone.name })
  if (gone.waiting > 0) return refused('families:requests', { family: gone.name })
  if (gone.invitations > 0) return refused('families:invitations', { family: gone.name })
  if (gone.charging > 0) return refused('families:charging')
  const divided = [kept, gone].find((side) => side.divided > 0)
  if (divided) return refused('families:divided', { family: divided.name })
  if (gone.refunds > 0) return refused('families:refunds', { family: gone.name })
  const debt = withDebt(gone)
  if (debt) return refused('families:debt', { family: gone.name, cents: -debt.balanceCents })
  if (gone.pupils.length === 0) return refused('families:empty', { family: gone.name })
  const roles = planDelegates(kept, gone)
  if (!roles.ok) return roles
  const moved = new Set(gone.delegates.map(({ personId }) => personId))
  return ok({
    ...{ kept, gone, pupils: gone.pupils.map(({ id }) => id).toSorted() },
    ...roles.value,
    widened: kept.delegates
      .filter(({ pupilIds, personId }) => pupilIds === null && !moved.has(personId))
      .map(({ name }) => name),
  })
}
