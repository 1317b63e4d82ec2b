/** How low a balance went: under the holder's own threshold, or to less than one meal. */
export type LowBalance = 'few' | 'none'

/** How many whole meals a balance pays; negative when they are owed. */
export const mealsLeft = (balanceCents: number, unitCents: number): number =>
  Math.floor(balanceCents / unitCents)

/**
 * Did this charge take the balance across a threshold? Once per crossing: a balance that was low already says nothing new.
 * The yardstick is the dearest meal of the household's children, also on days when that child did not eat: a cheaper child's day does not hide a crossing.
 * @param units.before that of the day charged before this one, so that a price that rises between the two is told
 * @param threshold whole meals at which the holder wants to know
 */
export function crossedThreshold(
  before: number,
  after: number,
  { units, threshold }: { units: { before: number; after: number }; threshold: number },
): LowBalance | null {
  const [had, has] = [mealsLeft(before, units.before), mealsLeft(after, units.after)]
  if (had > 0 && has <= 0) return 'none'
  if (had > threshold && has <= threshold) return 'few'
  return null
}
