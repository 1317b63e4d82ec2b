import { MIN_POINTS } from './pattern-stroke.ts'

/** A drawn sequence as the digits of its points: `1` top left … `9` bottom right, as on a telephone. */
export type Sequence = string

export type SequenceFault = 'not-digits' | 'too-short' | 'repeated' | 'too-common'

/** A drawn or typed sequence, without the separators that people put between digits. */
const compact = (text: string): string => text.replace(/[\s.,;-]/g, '')

/**
 * Reads a sequence to compare with the remembered one.
 * @returns the digits, or what is wrong with their form
 */
export function parseSequence(text: string): { sequence: Sequence } | { fault: SequenceFault } {
  const digits = compact(text)
  if (!/^[1-9]*$/.test(digits)) return { fault: 'not-digits' }
  if (digits.length < MIN_POINTS) return { fault: 'too-short' }
  if (new Set(digits).size !== digits.length) return { fault: 'repeated' }
  return { sequence: digits }
}

/** Reads a newly chosen sequence: the shapes that a thief would try first are refused. */
export function parseNewSequence(text: string): { sequence: Sequence } | { fault: SequenceFault } {
  const parsed = parseSequence(text)
  return 'sequence' in parsed && isCommon(parsed.sequence) ? { fault: 'too-common' } : parsed
}

/** Whether it is one of the shapes that people choose first. */
export const isCommon = (sequence: Sequence): boolean => COMMON.has(sequence)

/** The eight ways of turning and mirroring the square, as the digit that each point becomes. */
export const SYMMETRIES: readonly string[] = [
  '123456789',
  '741852963',
  '987654321',
  '369258147',
  '321654987',
  '789456123',
  '147258369',
  '963852741',
]

const turned = (shape: Sequence, symmetry: string): Sequence =>
  shape.replace(/\d/g, (digit) => symmetry[Number(digit) - 1] as string)

const reversed = (shape: Sequence): Sequence => [...shape].reverse().join('')

/** Every unbroken piece that is long enough to be a sequence. */
function pieces(shape: Sequence): Sequence[] {
  const found: Sequence[] = []
  for (let from = 0; from + MIN_POINTS <= shape.length; from += 1) {
    for (let to = from + MIN_POINTS; to <= shape.length; to += 1) found.push(shape.slice(from, to))
  }
  return found
}

const BORDER = '12369874'
/** The border from each of its points: the letters O, C, U, G and L are pieces of it. */
const rings = [...BORDER].map((_, start) => BORDER.slice(start) + BORDER.slice(0, start))
/** A way along the border that ends in the middle: spirals, 6, 9 and P. */
const spirals = rings.flatMap((ring) => [5, 6, 7, 8].map((length) => `${ring.slice(0, length)}5`))

/** One of each family; turning, mirroring, reversing and cutting make the others. */
const FIRST_CHOICES: readonly Sequence[] = [
  ...rings,
  ...spirals,
  // Straight lines, one after the other in the same direction: the order of the digits.
  '123456789',
  // Straight lines there and back: S, 2 and 5.
  '123654789',
  // Z and N.
  '1235789',
  // M and W.
  '7415369',
  // Saw teeth along two lines.
  '142536',
  '1425367',
  // Diagonals there and back.
  '124753689',
  // The four corners, then the four sides: around, and as a Z.
  '13972684',
  '13792468',
]

const COMMON: ReadonlySet<Sequence> = new Set(
  FIRST_CHOICES.flatMap(pieces).flatMap((piece) =>
    SYMMETRIES.flatMap((symmetry) => [turned(piece, symmetry), reversed(turned(piece, symmetry))]),
  ),
)

/** How many shapes are refused. */
export const COMMON_COUNT = COMMON.size
