import { italian, plural, type Words } from '#lib/words/language.ts'

/** Six points already give 60,480 sequences to five attempts (NIST SP 800-63B-4, 3.2.10: at least four, better six). */
export const MIN_POINTS = 6

/** Lengths are in cells of the pad: it is three wide and three high, at any size on the screen. */
type Place = { x: number; y: number }

/** How far from the middle of a point a touch still counts as that point. */
const REACH = 0.36
/** Steps between two positions of the finger: browsers report only some of the positions. */
const STEPS = 12

/** The digit of the point at a position, or an empty string between the points. */
export function pointAt({ x, y }: Place): string {
  const [column, row] = [Math.floor(x), Math.floor(y)]
  if (column < 0 || column > 2 || row < 0 || row > 2) return ''
  return Math.hypot(x - column - 0.5, y - row - 0.5) <= REACH ? String(row * 3 + column + 1) : ''
}

/** Adds the points on the straight line between two positions, in order; each point counts once. */
export function strokeThrough(points: string, from: Place, to: Place): string {
  let reached = points
  for (let step = 0; step <= STEPS; step += 1) {
    const part = step / STEPS
    reached = withPoint(
      reached,
      pointAt({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }),
    )
  }
  return reached
}

/** The sequence with one more point; the same when the point is in it already. */
export const withPoint = (points: string, point: string): string =>
  points.includes(point) ? points : points + point

/** "4 punti scelti" */
export const pointsInWords = (n: number, t: Words = italian): string =>
  n === 0 ? t('Nessun punto scelto') : t(plural('{n} punto scelto', '{n} punti scelti'), { n })

/** The line through the points, for an SVG whose cells are one unit wide. */
export const trailOf = (points: string): string =>
  [...points]
    .map(Number)
    .map((digit) => `${((digit - 1) % 3) + 0.5},${Math.floor((digit - 1) / 3) + 0.5}`)
    .join(' ')
