/** A source of numbers from 0 to 1 that a seed repeats (mulberry32): two commits get the same arrivals. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * The instants, in milliseconds from the start, at which visitors arrive who know nothing of each other (a Poisson process):
 * the time between two of them is exponential.
 */
export function poissonArrivals(perSecond: number, seconds: number, random: () => number): number[] {
  const meanMs = 1_000 / perSecond
  const pauseMs = () => -Math.log(1 - random()) * meanMs
  const instants: number[] = []
  for (let at = pauseMs(); at < seconds * 1_000; at += pauseMs()) instants.push(at)
  return instants
}
