import type { Day } from '#lib/day.ts'
import type { StateKind } from '#lib/meals/states.ts'

/**
 * What this tab has changed since it was opened. Going back in the browser may show a page drawn before the change: the
 * newer of the two pictures wins, by the server's clock. Written only after a click, so it stays empty on the server.
 */
const known = new Map<string, { kind: StateKind; at: number }>()

export function remember(pupilId: string, day: Day, kind: StateKind, at: number): void {
  known.set(`${pupilId} ${day}`, { kind, at })
}

/** The state to show for a day that a page drawn at `at` calls `kind`. */
export function latestKnown(pupilId: string, day: Day, kind: StateKind, at: number): StateKind {
  const change = known.get(`${pupilId} ${day}`)
  return change && change.at > at ? change.kind : kind
}
