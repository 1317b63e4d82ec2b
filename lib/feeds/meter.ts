/** Keys remembered at once; beyond, all are forgotten: memory has a limit, and a flood of invented keys gains nothing. */
const MOST_KEYS = 10_000

/**
 * Lets at most `limit` events per key through in each window, in this process.
 * @param windowMs how long a window lasts, from the first event in it
 * @param now the monotonic clock, in milliseconds
 */
export function meter(
  limit: number,
  windowMs: number,
  now: () => number = () => performance.now(),
): (key: string) => boolean {
  const windows = new Map<string, { until: number; seen: number }>()
  return (key) => {
    const at = now()
    const known = windows.get(key)
    if (known && known.until > at) {
      known.seen += 1
      return known.seen <= limit
    }
    if (windows.size >= MOST_KEYS) windows.clear()
    windows.set(key, { until: at + windowMs, seen: 1 })
    return true
  }
}
