import type { Day, Month, Weekday } from '#lib/kernel/day.ts'
import type { DayState } from './cutoff.ts'
import type { StateKind } from './meal-state.ts'
import type { MonthGrid } from './month.ts'

/**
 * A day as it travels to the browser and to the app: small, because a month is sent at every look.
 * The deadline is in milliseconds since 1970, 0 where there is none.
 */
export type Cell = readonly [day: Day, kind: StateKind, deadline: number, why?: string]

export type MonthView = {
  pupilId: string
  month: Month
  /** The database's time of this picture, in milliseconds since 1970. */
  at: number
  weekdays: Weekday[]
  /** One row per week; 0 outside the month. */
  weeks: (Cell | 0)[][]
}

/** How many earlier changes without an answer one change may take the place of. */
export const MOST_REPLACED = 20

/** What the server answers to a change, in JSON. */
export type ChangeAnswer =
  | {
      ok: true
      receiptId: string
      receiptNumber: string
      receiptPath: string
      /** Words for the whole: "3 pasti disdetti. Non sono cambiati: 1 non più modificabile." */
      message: string
      at: number
      changed: { pupilId: string; day: Day; kind: StateKind }[]
      notChanged: { pupilId: string; day: Day; reason: string }[]
    }
  | { ok: false; code: string; message: string }

export const cellOf = ({ day, kind, cutoffAt, why }: DayState): Cell => {
  const deadline = cutoffAt?.getTime() ?? 0
  return why === null ? [day, kind, deadline] : [day, kind, deadline, why]
}

/** The day that a cell stands for. */
export const stateOf = ([day, kind, deadline, why]: Cell): DayState => ({
  day,
  kind,
  cutoffAt: deadline > 0 ? new Date(deadline) : null,
  why: why ?? null,
})

/** The days of a month, in their order. */
export const shownCells = ({ weeks }: MonthView): Cell[] =>
  weeks.flat().filter((cell): cell is Cell => cell !== 0)

/** A month ready for the browser. */
export const monthView = (page: {
  child: { id: string }
  month: Month
  now: Date
  grid: MonthGrid
  states: ReadonlyMap<Day, DayState>
}): MonthView => ({
  pupilId: page.child.id,
  month: page.month,
  at: page.now.getTime(),
  weekdays: page.grid.columns,
  weeks: page.grid.weeks.map((week) =>
    week.map((day) => {
      const state = day === null ? undefined : page.states.get(day)
      return state ? cellOf(state) : 0
    }),
  ),
})

/** A day whose deadline has passed while the page stayed open. */
export function kindAt(kind: StateKind, deadline: number, now: number): StateKind {
  if (now < deadline) return kind
  if (kind === 'present') return 'presentLate'
  return kind === 'absent' ? 'absentLate' : kind
}
