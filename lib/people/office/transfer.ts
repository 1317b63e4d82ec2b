import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { type EnrolmentPlan, type EnrolmentStretch, endAfter } from '#lib/school/enrolment.ts'
import { sentName, type TransferAdult, type TransferContent, type TransferPupil } from './arrival.ts'
import { PUPIL_BLOCKS } from './registration.ts'
import { type HouseholdDaysPlan, rulesFrom, type StandingRule } from './second-household.ts'

export type TransferState = 'sent' | 'accepted' | 'refused' | 'withdrawn'

/** What the office of the municipality that is left asks for. `pupilId` null: all pupils of the family. */
export type AskedTransfer = {
  householdId: string
  toId: string
  pupilId: string | null
  last: Day
  /** The family asked that its diets go along. */
  withDiets: boolean
  reason: string
}

/** One service in which a pupil is enrolled today or later. */
export type LeftService = {
  serviceId: string
  name: string
  enrolments: readonly EnrolmentStretch[]
  /** The first day that no kitchen has counted. */
  firstDay: Day
  meals: readonly { day: Day; isCancelled: boolean }[]
}

export type LeavingPupil = Omit<TransferPupil, 'services'> & {
  id: string
  services: readonly LeftService[]
  /** Days that another household has of the pupil (`meal_household_rule`), with the credit on its accounts, in cents. */
  rules: readonly (StandingRule & { householdName: string; credit: Cents })[]
  isUnderWay: boolean
}

export type TransferFacts = {
  today: Day
  householdName: string
  /** The municipality to which they go; null: none that receives pupils. */
  townName: string | null
  holder: TransferAdult | null
  delegates: readonly TransferAdult[]
  pupils: readonly LeavingPupil[]
  /** Requests about these pupils that wait for a decision. */
  waiting: number
  accounts: readonly { name: string; balanceCents: Cents; goOn: readonly string[] }[]
}

export type LeavingEnrolment = {
  pupilId: string
  serviceId: string
  plan: EnrolmentPlan
  /** Meals that were to come after the last day. */
  meals: number
}

/** A second household of a pupil whose days end with the last one here. */
export type EndedRules = Pick<HouseholdDaysPlan, 'shorten' | 'drop' | 'add'> & {
  pupilId: string
  pupilName: string
  households: readonly { id: string; name: string; credit: Cents }[]
}

export type TransferPlan = {
  townName: string
  content: TransferContent
  ends: readonly LeavingEnrolment[]
  divided: readonly EndedRules[]
  /** What stays on accounts of which no other pupil goes on. */
  left: readonly { name: string; balanceCents: Cents }[]
  /** Delegates who are not named to the other municipality. */
  staying: readonly string[]
}

/**
 * What handing pupils over to another municipality would do, or why it cannot be. Nothing that was counted changes, and money stays: what
 * goes along is the content of the plan.
 */
export function planTransfer(asked: AskedTransfer, facts: TransferFacts): Result<TransferPlan> {
  const { townName, holder, pupils } = facts
  if (!townName) return refusedField('toId', 'transfers:no-town')
  if (!holder) return refused('transfers:no-holder')
  if (pupils.length === 0) return refused('transfers:no-pupil')
  if (pupils.length > PUPIL_BLOCKS.length)
    return refusedField('pupilId', 'transfers:too-many', { most: PUPIL_BLOCKS.length })
  const under = pupils.find(({ isUnderWay }) => isUnderWay)
  if (under) return refused('transfers:under-way', { name: sentName(under) })
  const ends = endsOf(asked.last, pupils)
  if (!ends.ok) return ends
  const going = new Set(pupils.map(({ id }) => id))
  const [delegate = null, ...others] = facts.delegates
  return ok({
    townName,
    content: {
      householdName: facts.householdName,
      holder,
      delegate,
      pupils: pupils.map((pupil) => contentOf(pupil, asked.withDiets)),
    },
    ends: ends.value,
    divided: pupils.flatMap((pupil) => endedRules(pupil, asked.last)),
    left: facts.accounts
      .filter(({ balanceCents, goOn }) => balanceCents !== 0 && goOn.every((id) => going.has(id)))
      .map(({ name, balanceCents }) => ({ name, balanceCents })),
    staying: others.map(sentName),
  })
}

/** Whose the meals are is decided again where the pupil goes: nothing of a rule crosses. */
function endedRules(pupil: LeavingPupil, last: Day): EndedRules[] {
  const touched = pupil.rules.filter(({ to }) => to === null || to > last)
  if (touched.length === 0) return []
  const { shorten, drop, add } = rulesFrom(pupil.rules, { from: addDays(last, 1), rules: [] })
  const households = new Map(
    touched.map(({ householdId: id, householdName: name, credit }) => [id, { id, name, credit }]),
  )
  return [
    {
      ...{ shorten, drop, add },
      pupilId: pupil.id,
      pupilName: sentName(pupil),
      households: [...households.values()],
    },
  ]
}

function endsOf(last: Day, pupils: readonly LeavingPupil[]): Result<LeavingEnrolment[]> {
  const ends: LeavingEnrolment[] = []
  for (const { id: pupilId, services } of pupils)
    for (const { serviceId, enrolments, firstDay, meals } of services) {
      const plan = endAfter(enrolments, last)
      if (!plan) continue
      if (addDays(last, 1) < firstDay)
        return refusedField('last', 'enrolments:too-early', { first: addDays(firstDay, -1) })
      const after = meals.filter(({ day, isCancelled }) => day > last && !isCancelled)
      ends.push({ pupilId, serviceId, plan, meals: after.length })
    }
  return ok(ends)
}

const contentOf = (
  { fiscalCode, givenName, familyName, birthDay, where, services, diet }: LeavingPupil,
  withDiets: boolean,
): TransferPupil => ({
  ...{ fiscalCode, givenName, familyName, birthDay, where },
  services: services.map(({ name }) => name),
  diet: withDiets ? diet : null,
})

/** A transfer of which the municipality that is left keeps track. */
export type Departure = {
  id: string
  householdId: string
  householdName: string
  pupils: readonly string[]
  townName: string
  last: Day
  withDiets: boolean
  reason: string
  state: TransferState
  sentAt: Date
  sentBy: string
  answeredAt: Date | null
  answer: string | null
  /** Whether the enrolments can be put back as they were. */
  mayRestore: boolean
}

/** The fields of a registration that says what the other municipality has sent, by the names of its form. */
export function registrationOf(
  { holder, delegate, pupils }: TransferContent,
  { last, today }: { last: Day; today: Day },
): Record<string, string> {
  const person = (
    block: string,
    {
      fiscalCode,
      givenName,
      familyName,
      birthDay,
    }: Pick<TransferPupil, 'fiscalCode' | 'givenName' | 'familyName'> & {
      birthDay: Day | null
    },
  ) => ({
    [`${block}-fiscalCode`]: fiscalCode ?? '',
    [`${block}-givenName`]: givenName,
    [`${block}-familyName`]: familyName,
    [`${block}-birthDay`]: birthDay ?? '',
  })
  const adult = (block: string, one: TransferAdult) => ({
    ...person(block, one),
    [`${block}-email`]: one.email ?? '',
    [`${block}-phone`]: one.phone ?? '',
  })
  return Object.assign(
    adult('holder', holder),
    delegate ? adult('delegate', delegate) : {},
    ...pupils.map((pupil, at) => {
      const block = PUPIL_BLOCKS[at] as string
      return {
        ...person(block, pupil),
        ...(last > today ? { [`${block}-from`]: addDays(last, 1) } : {}),
        ...(pupil.diet ? { [`${block}-diet`]: 'si' } : {}),
      }
    }),
  )
}
