import { addDays, type Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { type EnrolmentPlan, type EnrolmentStretch, isSameWeek } from '#lib/school/enrolment.ts'
import type { AdultPair } from './person-merge.ts'
import type { ToldApart } from './told-apart.ts'

/** Two pupils who may be one child. */
export type DoublePair = {
  one: DoublePupil
  other: DoublePupil
}
export type DoublePupil = {
  id: string
  name: string
  birthDay: Day
  familyName: string
  where: string | null
}

/** Adults, or families, that may be one: told, so that a person looks. */
export type DoubleAdults = { name: string; families: { id: string; name: string }[] }

/** Two who are one since, from where that is undone. */
export type MergedPair = { keptId: string; goneId: string; name: string; doneAt: Date; doneBy: string }

export type Doubles = {
  pupils: DoublePair[]
  more: boolean
  adults: AdultPair[]
  holders: DoubleAdults[]
  merged: MergedPair[]
  mergedAdults: MergedPair[]
  mergedHouseholds: MergedPair[]
  apart: ToldApart[]
}

/** A merge that holds, of one of two pupils, adults or households. */
export type StandingMerge = {
  id: string
  keptId: string
  goneId: string
  fingerprint: string
  doneAt: Date
  doneBy: string
  doneById: string
}

/** One of the two, as the registry has them. */
export const SIDES = ['one', 'other'] as const
export type SideName = (typeof SIDES)[number]

export type MergeStretch = EnrolmentStretch & { serviceId: string; where: string }
export type MergeFare = { id: string; serviceId: string; band: string; from: Day; to: Day }

/** A pupil of a pair, with everything that goes along or stays. */
export type MergeSide = {
  id: string
  givenName: string
  familyName: string
  birthDay: Day
  fiscalCode: string | null
  householdId: string
  householdName: string
  enrolments: readonly MergeStretch[]
  fares: readonly MergeFare[]
  /** Accepted cancellations of days that no kitchen has counted. */
  cancelled: readonly { serviceId: string; day: Day }[]
  /** Requests about the pupil that wait for a decision, and diets that are asked for. */
  waiting: number
  /** Whether the meals are divided between two families, now or later. */
  isDivided: boolean
  /** Delegates of some pupils who have this one. */
  delegates: readonly { memberId: string; name: string }[]
  /** Meals that were charged: they stay where they are. */
  chargedMeals: number
  documents: number
  /** Services in which the household eats only by this pupil, with the balance of its account. */
  alone: readonly { serviceId: string; balanceCents: Cents }[]
}

/** A service of either, with the first day of it that no kitchen has counted. */
export type MergeService = { id: string; name: string; firstDay: Day }

export type MergeFacts = { one: MergeSide; other: MergeSide; services: readonly MergeService[] }

/** What a colleague chose: which of the two stays, and whose name, birth day and code it has. */
export type MergeChoice = { keep: SideName; name: SideName; birth: SideName; code: SideName }

export type NewFare = { serviceId: string; band: string; from: Day; to: Day }

export type MergePlan = {
  kept: MergeSide
  gone: MergeSide
  values: { givenName: string; familyName: string; birthDay: Day; swapsCodes: boolean }
  enrolments: readonly { serviceId: string; firstDay: Day; ofGone: EnrolmentPlan; ofKept: EnrolmentPlan }[]
  fares: { cut: readonly { id: string; to: Day }[]; drop: readonly string[]; give: readonly NewFare[] }
  /** Delegates who get the pupil that stays. */
  delegates: readonly string[]
}

type Period = { from: Day; to: Day }

/** A period without the days of others: what is left of it, in order. */
export function uncovered<P extends Period>(period: P, others: readonly Period[]): P[] {
  let left: P[] = [period]
  for (const other of others)
    left = left.flatMap((piece) => {
      if (other.to < piece.from || other.from > piece.to) return [piece]
      return [
        ...(other.from > piece.from ? [{ ...piece, to: addDays(other.from, -1) }] : []),
        ...(other.to < piece.to ? [{ ...piece, from: addDays(other.to, 1) }] : []),
      ]
    })
  return left
}

const meets = (a: Period, b: Period): boolean => a.from <= b.to && b.from <= a.to

/** What of a period lies at or after a day; null where nothing does. */
const tailOf = <P extends Period>(period: P, first: Day): P | null =>
  period.to < first ? null : { ...period, from: period.from > first ? period.from : first }

const ofService = <T extends { serviceId: string }>(all: readonly T[], { id }: MergeService): T[] =>
  all.filter(({ serviceId }) => serviceId === id)

const eatsTheSame = (a: EnrolmentStretch, b: EnrolmentStretch): boolean =>
  a.classId === b.classId &&
  a.dietCode === b.dietCode &&
  a.severe === b.severe &&
  isSameWeek(a.weekdays, b.weekdays)

type ServicePlan = Pick<MergePlan, 'fares'> & MergePlan['enrolments'][number]

const UNCHANGED: EnrolmentPlan = { end: [], drop: [], rediet: [], enrol: [] }

/** What the pupil that stays takes over in one service, from the first day that no kitchen has counted. */
function planService(kept: MergeSide, gone: MergeSide, service: MergeService): Result<ServicePlan> {
  const { firstDay } = service
  const there = ofService(kept.enrolments, service)
  const going = ofService(gone.enrolments, service).flatMap((one) => {
    const tail = tailOf(one, firstDay)
    return tail ? [{ one, tail }] : []
  })
  for (const { tail } of going) {
    const against = there.find((one) => meets(one, tail) && !eatsTheSame(one, tail))
    if (against)
      return refused('merges:contradict', { service: service.name, one: against.where, other: tail.where })
  }
  const fares = planFares(kept, gone, service)
  if (!fares.ok) return fares
  return ok({
    serviceId: service.id,
    firstDay,
    fares: fares.value,
    ofGone: {
      ...UNCHANGED,
      end: going
        .filter(({ one }) => one.from < firstDay)
        .map(({ one }) => ({ id: one.id, to: addDays(firstDay, -1) })),
      drop: going.filter(({ one }) => one.from >= firstDay).map(({ one }) => one.id),
    },
    ofKept: {
      ...UNCHANGED,
      enrol: going
        .flatMap(({ tail }) => uncovered(tail, there))
        .map(({ schoolId, classId, yearId, dietCode, severe, weekdays, from, to }) => ({
          ...{ schoolId, classId, yearId, dietCode, severe, weekdays, from, to },
        })),
    },
  })
}

function planFares(kept: MergeSide, gone: MergeSide, service: MergeService): Result<MergePlan['fares']> {
  const { firstDay } = service
  const there = ofService(kept.fares, service)
  const going = ofService(gone.fares, service).flatMap((one) => {
    const tail = tailOf(one, firstDay)
    return tail ? [{ one, tail }] : []
  })
  const against = there.find((one) => going.some(({ tail }) => meets(one, tail) && one.band !== tail.band))
  if (against)
    return refused('merges:fares', {
      service: service.name,
      one: against.band,
      other: going.find(({ tail }) => tail.band !== against.band)?.tail.band ?? '',
    })
  return ok({
    cut: going
      .filter(({ one }) => one.from < firstDay)
      .map(({ one }) => ({ id: one.id, to: addDays(firstDay, -1) })),
    drop: going.filter(({ one }) => one.from >= firstDay).map(({ one }) => one.id),
    give: going
      .flatMap(({ tail }) => uncovered(tail, there))
      .map(({ serviceId, band, from, to }) => ({ serviceId, band, from, to })),
  })
}

const valuesOf = ({ one, other }: MergeFacts, choice: MergeChoice): MergePlan['values'] => {
  const side = (name: SideName): MergeSide => (name === 'one' ? one : other)
  const { givenName, familyName } = side(choice.name)
  return {
    givenName,
    familyName,
    birthDay: side(choice.birth).birthDay,
    swapsCodes: choice.code !== choice.keep,
  }
}

/**
 * What making two pupils one would do, or what forbids it: enrolments, diets or bands that contradict each other on the same days,
 * requests that wait, a debt that no pupil of its family would be left to pay. Nothing before the first day that no kitchen has counted
 * changes, and nothing that was charged.
 */
export function planMerge(facts: MergeFacts, choice: MergeChoice): Result<MergePlan> {
  const [kept, gone] = choice.keep === 'one' ? [facts.one, facts.other] : [facts.other, facts.one]
  const waits = [kept, gone].find(({ waiting }) => waiting > 0)
  if (waits) return refused('merges:requests', { family: waits.householdName })
  const divided = [kept, gone].find(({ isDivided }) => isDivided)
  if (divided) return refused('merges:divided', { family: divided.householdName })
  const services: ServicePlan[] = []
  for (const service of facts.services) {
    const planned = planService(kept, gone, service)
    if (!planned.ok) return planned
    services.push(planned.value)
  }
  const isOneFamily = kept.householdId === gone.householdId
  const debt = isOneFamily ? undefined : gone.alone.find(({ balanceCents }) => balanceCents < 0)
  if (debt) return refused('merges:debt', { family: gone.householdName, cents: -debt.balanceCents })
  return ok({
    kept,
    gone,
    values: valuesOf(facts, choice),
    enrolments: services.map(({ fares: _, ...of }) => of),
    fares: {
      cut: services.flatMap(({ fares }) => fares.cut),
      drop: services.flatMap(({ fares }) => fares.drop),
      give: services.flatMap(({ fares }) => fares.give),
    },
    delegates: isOneFamily
      ? gone.delegates
          .filter(({ memberId }) => !kept.delegates.some((one) => one.memberId === memberId))
          .map(({ memberId }) => memberId)
      : [],
  })
}
