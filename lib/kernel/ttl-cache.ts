/**
 * Caches what `load` returns for a few seconds, by its arguments: for public data that every page needs and that rarely changes.
 * Never for data about a person. A missing value is not cached, so that made-up arguments cannot fill the memory; neither is a failure.
 * @param seconds how long an answer may be reused
 */
export function shortLived<T, Args extends readonly (string | number)[]>(
  seconds: number,
  load: (...args: Args) => Promise<T | null>,
): (...args: Args) => Promise<T | null> {
  const kept = new Map<string, { until: number; answer: Promise<T | null> }>()
  const forget = (key: string, answer: Promise<T | null>) => {
    if (kept.get(key)?.answer === answer) kept.delete(key)
  }
  return (...args) => {
    const key = JSON.stringify(args)
    const known = kept.get(key)
    if (known && known.until > performance.now()) return known.answer
    const answer = load(...args)
    kept.set(key, { until: performance.now() + seconds * 1000, answer })
    answer.then(
      (found) => found === null && forget(key, answer),
      () => forget(key, answer),
    )
    return answer
  }
}
