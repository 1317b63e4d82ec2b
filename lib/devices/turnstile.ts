/**
 * Lets at most `limit` pieces of work with the same key be under way in this process; what comes on top is turned away
 * at once. A flood on one key costs nothing to the others: neither connections nor memory.
 */
export function turnstile(limit: number) {
  const under = new Map<string, number>()
  return async <T>(key: string, work: () => Promise<T>, turnedAway: T): Promise<T> => {
    const busy = under.get(key) ?? 0
    if (busy >= limit) return turnedAway
    under.set(key, busy + 1)
    try {
      return await work()
    } finally {
      const left = (under.get(key) ?? 1) - 1
      if (left === 0) under.delete(key)
      else under.set(key, left)
    }
  }
}
