import type { WaitingWork } from './waiting-work.ts'

/** A school year of the municipality. `isCurrent`: the one that runs, or the last that began, or else the first to come. */
export type FrameYear = { name: string; isCurrent: boolean }

/** What stands around every page of the office. */
export type OfficeFrame = { waiting: WaitingWork[]; years: FrameYear[] }

/** The school year of a page: the one that its address asks for (`?anno=`), or the current one; null before there is any. */
export function yearInSight(years: readonly FrameYear[], asked: string | null): string | null {
  const known = years.find(({ name }) => name === asked) ?? years.find(({ isCurrent }) => isCurrent)
  return known?.name ?? null
}
