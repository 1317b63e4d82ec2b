import type { WaitingKind, WaitingWork } from './waiting-work.ts'

/** The last time that a colleague took work of a kind in hand. */
export type WorkTake = {
  id: string
  kind: WaitingKind
  takenById: string
  takenBy: string
  takenAt: Date
  /** Null while it is in hand. */
  endedAt: Date | null
  endedBy: string | null
  isDone: boolean
}

/** A line of *Oggi*: what waits, and who has it. */
export type DeskLine = WaitingWork & { take: WorkTake | null }

/** What was taken before the oldest of what waits came is another piece of work. */
const isAbout = (take: Pick<WorkTake, 'takenAt'>, { oldest }: Pick<WaitingWork, 'oldest'>): boolean =>
  take.takenAt >= oldest

/** The take that holds for work as it waits now; null where no colleague has it. */
export function takeOf(work: WaitingWork, takes: readonly WorkTake[]): WorkTake | null {
  const take = takes.find(({ kind }) => kind === work.kind)
  return take && isAbout(take, work) ? take : null
}

/** Whether work is in a colleague's hands. */
export const isInHand = (take: WorkTake | null): take is WorkTake & { endedAt: null } =>
  take !== null && take.endedAt === null
