import type { Day } from '#lib/kernel/day.ts'
import { type CountLine, mealsInLines } from './count.ts'

/** A line of a count that stands in a sheet. */
export type SheetLine = Omit<CountLine, 'schoolId' | 'serviceId'>

/** The count of a school as a sheet has it. Without a line there are no meals that day: the service is suspended. */
export type SheetCount = {
  schoolId: string
  schoolName: string
  serviceName: string
  version: number
  frozenAt: Date
  /** Why there is a version after the first one; empty otherwise. */
  reason: string
  lines: SheetLine[]
  /** The count of this school in the sheet before; null where it was not in it. */
  before: { version: number; lines: SheetLine[] } | null
  /** The last count of the same weekday in the four weeks before; null where there is none. */
  usual: { day: Day; lines: SheetLine[] } | null
}

/** A version of what a kitchen gets of a day: all schools whose count had gone out up to then. */
export type CountSheet = {
  kitchenName: string
  municipality: string
  day: Day
  /** From 1 on, for each kitchen and day. */
  number: number
  writtenAt: Date
  counts: SheetCount[]
}

/** The newest sheet of a kitchen and day. */
export type NewestSheet = { id: string; kitchenName: string; number: number; writtenAt: Date }

/** Meals that were and are: of a class and diet, or of a diet alone where classes are not compared. */
export type MealsDifference = { className?: string; dietCode: string; from: number; to: number }

/**
 * What is other in the count of a school than what it is compared with. `changed`: than in the sheet before; `added`: the school was
 * not in it; `usual`: than on the same weekday before, in its first count.
 */
export type SchoolDifference = {
  kind: 'changed' | 'added' | 'usual'
  schoolName: string
  serviceName: string
  reason: string
  from: number
  to: number
  /** The day that is compared with, where it is another one. */
  usualDay: Day | null
  lines: MealsDifference[]
}

export const isSuspended = ({ lines }: Pick<SheetCount, 'lines'>): boolean => lines.length === 0

type Keyed = { className?: string; dietCode: string; meals: number }

/** What two readings have more or less of, in the order of classes and diets; what is equal is left out. */
export function mealsDifferences(before: readonly Keyed[], after: readonly Keyed[]): MealsDifference[] {
  const found = new Map<string, MealsDifference>()
  const add = (line: Keyed, which: 'from' | 'to') => {
    const { className, dietCode, meals } = line
    const key = `${className ?? ''}\n${dietCode}`
    const known = found.get(key) ?? {
      ...(className === undefined ? {} : { className }),
      dietCode,
      from: 0,
      to: 0,
    }
    found.set(key, { ...known, [which]: known[which] + meals })
  }
  for (const line of before) add(line, 'from')
  for (const line of after) add(line, 'to')
  const { compare } = new Intl.Collator('it', { numeric: true })
  return [...found.values()]
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => compare(a.className ?? '', b.className ?? '') || compare(a.dietCode, b.dietCode))
}

const withoutClass = (lines: readonly SheetLine[]): Keyed[] =>
  lines.map(({ dietCode, meals }) => ({ dietCode, meals }))

function differenceOf(count: SheetCount, isFirstSheet: boolean): SchoolDifference | null {
  const { schoolName, serviceName, reason, lines, before, usual, version } = count
  const named = { schoolName, serviceName, reason, to: mealsInLines(lines) }
  if (before) {
    if (before.version === version) return null
    const changed = { ...named, kind: 'changed', from: mealsInLines(before.lines), usualDay: null } as const
    // Of a school without meals all there is to know stands in its headline.
    return { ...changed, lines: isSuspended(count) ? [] : mealsDifferences(before.lines, lines) }
  }
  if (!isFirstSheet) return { ...named, kind: 'added', from: 0, usualDay: null, lines: [] }
  if (!usual) return null
  const others = mealsDifferences(withoutClass(usual.lines), withoutClass(lines))
  if (others.length === 0) return null
  return { ...named, kind: 'usual', from: mealsInLines(usual.lines), usualDay: usual.day, lines: others }
}

/**
 * What a kitchen reads first: in the first sheet of a day what is other than on the same weekday before, by diet; in each later one
 * what changed since the sheet before, by class and diet, and which schools came.
 */
export const sheetDifferences = ({
  number,
  counts,
}: Pick<CountSheet, 'number' | 'counts'>): SchoolDifference[] =>
  counts.map((count) => differenceOf(count, number === 1)).filter((found) => found !== null)

/** All meals of a sheet. */
export const mealsInSheet = ({ counts }: Pick<CountSheet, 'counts'>): number =>
  mealsInLines(counts.flatMap(({ lines }) => lines))
