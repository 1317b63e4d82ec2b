import { addDays, type Day, type Weekday } from '#lib/kernel/day.ts'

/** The weekdays on which a pupil eats, Monday first; null: all those of the school. */
export type OwnWeekdays = readonly Weekday[] | null

/** Changes of one pupil's enrolments: what ends, what goes, what eats otherwise, what begins. */
export type EnrolmentPlan = {
  end: readonly { id: string; to: Day }[]
  drop: readonly string[]
  rediet: readonly { id: string; dietCode: string; severe: boolean }[]
  enrol: readonly {
    schoolId: string
    classId: string
    yearId: string
    dietCode: string
    severe: boolean
    weekdays: OwnWeekdays
    from: Day
    to: Day
  }[]
}

/** An accepted cancellation of a day that no kitchen has counted, and the schools that have a meal on that day. */
export type OpenCancellation = { day: Day; schoolId: string; servedIn: readonly string[] }

/** A stretch of a pupil's enrolment, as it stands. */
export type EnrolmentStretch = {
  id: string
  schoolId: string
  classId: string
  yearId: string
  dietCode: string
  /** Risks a severe reaction. */
  severe: boolean
  weekdays: OwnWeekdays
  from: Day
  to: Day
}

/** A class into which a pupil may go, with the last day of the service in its school. */
export type Destination = { classId: string; schoolId: string; yearId: string; to: Day }

const UNCHANGED: EnrolmentPlan = { end: [], drop: [], rediet: [], enrol: [] }

/**
 * The rest of an enrolment in another class, from a day on: the diets that hold in it go along. Null where the pupil has no enrolment
 * from that day on; `moved` is what leaves its class, none when the pupil is in the class already.
 */
export function moveToClass<E extends EnrolmentStretch>(
  enrolments: readonly E[],
  chosen: Destination,
  from: Day,
): { plan: EnrolmentPlan; moved: readonly E[] } | null {
  const touched = enrolments.filter(
    (enrolled) => enrolled.to >= from && enrolled.from <= chosen.to && enrolled.yearId === chosen.yearId,
  )
  if (touched.length === 0) return null
  const moved = touched.filter(({ classId }) => classId !== chosen.classId)
  const there = moved.map((enrolled) => ({
    schoolId: chosen.schoolId,
    classId: chosen.classId,
    yearId: chosen.yearId,
    dietCode: enrolled.dietCode,
    severe: enrolled.severe,
    weekdays: enrolled.weekdays,
    from: [enrolled.from, from].toSorted()[1] as Day,
    to: [enrolled.to, chosen.to].toSorted()[0] as Day,
  }))
  return { moved, plan: replacing(enrolments, moved, there, from) }
}

/** From a day on, some stretches give way to others. One that only goes on with an earlier stretch prolongs it. */
function replacing(
  enrolments: readonly EnrolmentStretch[],
  gone: readonly EnrolmentStretch[],
  instead: EnrolmentPlan['enrol'],
  from: Day,
): EnrolmentPlan {
  const resumed = instead.flatMap((stretch) => {
    const before = enrolments.find((earlier) => continues(earlier, stretch))
    return before ? [{ id: before.id, stretch }] : []
  })
  return {
    ...UNCHANGED,
    end: [
      ...gone.filter((enrolled) => enrolled.from < from).map(({ id }) => ({ id, to: addDays(from, -1) })),
      ...resumed.map(({ id, stretch }) => ({ id, to: stretch.to })),
    ],
    drop: gone.filter((enrolled) => enrolled.from >= from).map(({ id }) => id),
    enrol: instead.filter((stretch) => !resumed.some((one) => one.stretch === stretch)),
  }
}

type Stretch = Omit<EnrolmentStretch, 'id'>

/** Whether a stretch only goes on with an earlier one: who comes back to the class that was left has one enrolment, as before. */
const continues = (earlier: Stretch, stretch: Stretch): boolean =>
  addDays(earlier.to, 1) === stretch.from &&
  earlier.classId === stretch.classId &&
  earlier.yearId === stretch.yearId &&
  earlier.dietCode === stretch.dietCode &&
  earlier.severe === stretch.severe &&
  isSameWeek(earlier.weekdays, stretch.weekdays)

/**
 * The weekdays to keep for a pupil in a school: null where they are all of its week, undefined where none of them is a day of it.
 */
export function weekWithin(asked: OwnWeekdays, school: readonly Weekday[]): OwnWeekdays | undefined {
  if (asked === null || school.every((day) => asked.includes(day))) return null
  return school.some((day) => asked.includes(day)) ? asked : undefined
}

export const isSameWeek = (one: OwnWeekdays, other: OwnWeekdays): boolean =>
  (one?.join() ?? '') === (other?.join() ?? '')

/**
 * The rest of an enrolment on other weekdays, from a day on: class, diets and last day go along. Null where nothing goes on from that
 * day; `changed` is what eats otherwise.
 */
export function eatOn<E extends EnrolmentStretch>(
  enrolments: readonly E[],
  weekdays: OwnWeekdays,
  from: Day,
): { plan: EnrolmentPlan; changed: readonly E[] } | null {
  const touched = enrolments.filter(({ to }) => to >= from)
  if (touched.length === 0) return null
  const changed = touched.filter((enrolled) => !isSameWeek(enrolled.weekdays, weekdays))
  const otherwise = changed.map((enrolled) => ({
    ...restOf(enrolled),
    weekdays,
    from: [enrolled.from, from].toSorted()[1] as Day,
  }))
  return { changed, plan: replacing(enrolments, changed, otherwise, from) }
}

const restOf = ({ schoolId, classId, yearId, dietCode, severe, to }: Stretch) => ({
  ...{ schoolId, classId, yearId, dietCode, severe, to },
})

/** Ends what goes on after a last day. Null where nothing does. */
export function endAfter(enrolments: readonly EnrolmentStretch[], last: Day): EnrolmentPlan | null {
  const touched = enrolments.filter(({ to }) => to > last)
  if (touched.length === 0) return null
  return {
    ...UNCHANGED,
    end: touched.filter(({ from }) => from <= last).map(({ id }) => ({ id, to: last })),
    drop: touched.filter(({ from }) => from > last).map(({ id }) => id),
  }
}

/** The accepted cancellations of a pupil who goes to another school: those that go along, and those of days without a meal there. */
export function cancellationsOnMove(
  cancellations: readonly OpenCancellation[],
  chosen: Pick<Destination, 'schoolId' | 'to'>,
  from: Day,
): { going: Day[]; unneeded: Day[] } {
  const moved = cancellations.filter(
    ({ day, schoolId }) => day >= from && day <= chosen.to && schoolId !== chosen.schoolId,
  )
  const isServed = ({ servedIn }: OpenCancellation) => servedIn.includes(chosen.schoolId)
  return {
    going: moved.filter(isServed).map(({ day }) => day),
    unneeded: moved.filter((one) => !isServed(one)).map(({ day }) => day),
  }
}
