/**
 * Caches what `load` returns for a few seconds, per key: for public data that every page needs and that rarely changes.
 * Never for data about a person. A missing value is not cached, so that made-up keys cannot fill the memory; neither is a failure.
 * @param seconds how long an answer may be reused
 */
export function shortLived<T>(
  seconds: number,
  load: (key: string) => Promise<T | null>,
): (key: string) => Promise<T | null> {
  const kept = new Map<string, { until: number; answer: Promise<T | null> }>()
  const forget = (key: string, answer: Promise<T | null>) => {
    if (kept.get(key)?.answer === answer) kept.delete(key)
  }
  return (key) => {
    const known = kept.get(key)
    if (known && known.until > performance.now()) return known.answer
    const answer = load(key)
    kept.set(key, { until: performance.now() + seconds * 1000, answer })
    answer.then(
      (found) => found === null && forget(key, answer),
      () => forget(key, answer),
    )
    return answer
  }
}
