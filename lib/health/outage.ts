const MINUTE_MS = 60_000

/** A time in which the portal did not answer; whole minutes. */
export type Outage = { from: Date; to: Date }

type Interval = { from: Date; to: Date }

/** A shorter one is a restart: a page that tries again has passed over it. */
const SHORTEST_MS = 3 * MINUTE_MS

/**
 * The outages between heartbeats: a minute without one is a minute in which no process answered. Before the first heartbeat
 * of all there was no portal, and after the last one nothing is known yet: neither is an outage.
 * @param beats the minutes in which the portal answered, in order; with the nearest ones outside `within`, an outage that
 * crosses its edge is seen
 * @param within only what lies in it is returned, cut at its ends
 */
export function outagesIn(beats: readonly Date[], within: Interval): Outage[] {
  return beats.slice(1).flatMap((next, index) => {
    const last = beats[index] as Date
    const from = Math.max(last.getTime() + MINUTE_MS, within.from.getTime())
    const to = Math.min(next.getTime(), within.to.getTime())
    return to - from >= SHORTEST_MS ? [{ from: new Date(from), to: new Date(to) }] : []
  })
}
