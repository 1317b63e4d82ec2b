/** What `work` costs this thread, in milliseconds of CPU: neither other threads nor the waiting for a core count. */
function cpuMsOf(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

const TRIES = 6

/**
 * The least that `work` costs in several tries. One try may pay for compiling, for collecting garbage or for a cold cache; what an input
 * costs by itself it costs each time. The tries end with the first that stays within `enoughMs`.
 */
export function leastCpuMsOf(work: () => unknown, enoughMs: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < TRIES && least > enoughMs; attempt += 1)
    least = Math.min(least, cpuMsOf(work))
  return least
}
