/** Two slices of one arm agree when they differ by no more than this: the process is warm. */
const AGREEMENT = 0.05

/** The value below which a share of the sorted numbers lies; 0 without numbers. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)

/** The middle of the numbers; of an even many, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = ascending(numbers)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}

/** A ratio that was taken once in each round: its median, and its quartiles, which say how far to trust it. */
export type Ratio = { median: number; low: number; high: number }

/** The ratio of two arms, taken within each round before the median: what disturbs a round disturbs both. */
export function ratioOf(numerators: readonly number[], denominators: readonly number[]): Ratio {
  const ratios = ascending(numerators.map((value, round) => value / (denominators[round] ?? Number.NaN)))
  return { median: median(ratios), low: percentile(ratios, 0.25), high: percentile(ratios, 0.75) }
}

/** Whether two slices, one after the other, answered as many requests per second. */
export const slicesAgree = (before: number, after: number, tolerance = AGREEMENT): boolean =>
  before > 0 && Math.abs(after - before) / before <= tolerance

/** Whether an arm is warm: enough requests behind it, and its last two slices agree. */
export function isWarm(
  slices: readonly { requests: number; perSecond: number }[],
  leastRequests: number,
): boolean {
  const requests = slices.reduce((sum, slice) => sum + slice.requests, 0)
  const [before, after] = slices.slice(-2)
  return requests >= leastRequests && !!before && !!after && slicesAgree(before.perSecond, after.perSecond)
}
