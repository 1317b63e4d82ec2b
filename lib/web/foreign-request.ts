import { log } from '#lib/kernel/log.ts'

const EVERY_MS = 60_000

/** Of each component: when its last line was written, and how many requests came since then. */
const counts = new Map<string, { writtenAt: number; since: number }>()

/**
 * Counts a request to change something that does not come from our pages, and says so in one line a minute: a web page can make
 * its visitors' browsers send as many as it likes, and they must fill neither a table nor the log.
 * @param component that refused it
 */
export function reportForeignRequest(component: string, now: number = performance.now()): void {
  const count = counts.get(component)
  if (count && now - count.writtenAt < EVERY_MS) {
    count.since += 1
    return
  }
  log().warn(
    { component, more: count?.since ?? 0 },
    `${component}: refused a request that does not come from our pages`,
  )
  counts.set(component, { writtenAt: now, since: 0 })
}
