/** The most keys that are remembered. Beyond that all are forgotten: memory has a limit, and a flood of made-up keys gains nothing. */
const MOST_KEYS = 10_000

/**
 * A concurrency limit for one process: at most `limit` pieces of work with the same key run at the same time.
 * What comes on top is refused immediately, so a flood on one key costs the others neither connections nor memory.
 * @param limit pieces of work per key
 * @returns a function that runs `work`, or answers `refusal` without running it
 */
export function concurrencyLimit(limit: number) {
  const running = new Map<string, number>()
  return async <T>(key: string, work: () => Promise<T>, refusal: T): Promise<T> => {
    const busy = running.get(key) ?? 0
    if (busy >= limit) return refusal
    running.set(key, busy + 1)
    try {
      return await work()
    } finally {
      const left = (running.get(key) ?? 1) - 1
      if (left === 0) running.delete(key)
      else running.set(key, left)
    }
  }
}

/**
 * A rate limit for one process: at most `limit` events per key in any stretch of the window's length. Events
 * within one hundredth of the window share an entry and leave with the last of them. What is refused is not counted.
 * @param windowMs how long the window is in milliseconds
 * @param now the monotonic clock, in milliseconds
 * @returns whether this event of the key is within the limit
 */
export function rateLimit(
  limit: number,
  windowMs: number,
  now: () => number = () => performance.now(),
): (key: string) => boolean {
  const stepMs = windowMs / 100
  const events = new Map<string, { at: number; count: number }[]>()
  return (key) => {
    const at = now()
    const lately = (events.get(key) ?? []).filter((entry) => entry.at > at - windowMs)
    if (lately.reduce((sum, { count }) => sum + count, 0) >= limit) return false
    const last = lately.at(-1)
    if (last && Math.floor(last.at / stepMs) === Math.floor(at / stepMs)) {
      last.at = at
      last.count += 1
    } else lately.push({ at, count: 1 })
    if (!events.has(key) && events.size >= MOST_KEYS) events.clear()
    events.set(key, lately)
    return true
  }
}

/**
 * Does costly work of one process one piece after another, so that requests in between get their turn.
 * @param mostWaiting pieces that wait behind the one that runs; what comes on top is answered `refusal` immediately
 */
export function oneAfterAnother(mostWaiting: number) {
  let last: Promise<unknown> = Promise.resolve()
  let unfinished = 0
  return async <T>(work: () => Promise<T>, refusal: T): Promise<T> => {
    if (unfinished > mostWaiting) return refusal
    unfinished += 1
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      unfinished -= 1
    }
  }
}

/** Runs the same work once for all who ask for it while it runs. A failure is told to each of them and not kept. */
export function onceForAll<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>()
  return (key, work) => {
    const known = running.get(key)
    if (known) return known
    const result = work().finally(() => running.delete(key))
    running.set(key, result)
    return result
  }
}
