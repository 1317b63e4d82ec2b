import bidiFactory from 'bidi-js'
import type { Direction } from './direction.pdf.ts'
import type { Face, Look, Typefaces } from './typeface.pdf.ts'

const bidi = bidiFactory()

/** A stretch of a text with one look. `href`: where it leads. */
export type StyledRun = { text: string; look: Look; href?: string }

/** What is drawn in one piece: of one run, one typeface and one direction. `said`: the letters in the order of reading. */
export type Piece = { run: StyledRun; face: Face; drawn: string; said: string; x: number; width: number }

/** Pieces in the order of reading, each with its place from the left edge of the line. */
export type TextLine = { pieces: readonly Piece[]; width: number }

/** One letter of the text with all that decides how it is drawn. */
type Letter = { said: string; drawn: string; run: StyledRun; face: Face; level: number }
type Shaped = Omit<Piece, 'x'> & { level: number }

const MARKS_OF_DIRECTION = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/
const JOINERS = /[\p{M}\u200c\u200d]/u
const DASH = /\p{Pd}/u

/** A letter that no typeface has is drawn as its plain form, or as a question mark; a screen reader hears the letter itself. */
function plainForm(letter: string): string {
  const base = letter.normalize('NFKD').replace(/\p{M}/gu, '')
  if (base !== letter && /^[ -~]+$/.test(base)) return base
  return DASH.test(letter) ? '-' : '?'
}

const hasAll = ({ font }: Face, text: string): boolean =>
  [...text].every((letter) => font.hasGlyphForCodePoint(letter.codePointAt(0) as number))

function drawnBy(faces: readonly Face[], letter: string, before: Face | undefined): [string, Face] {
  if (before && JOINERS.test(letter) && hasAll(before, letter)) return [letter, before]
  const face = faces.find((candidate) => hasAll(candidate, letter))
  return face ? [letter, face] : [plainForm(letter), faces[0] as Face]
}

const inDirection = (letter: string, level: number): string =>
  level % 2 === 1 ? (bidi.getMirroredCharacter(letter) ?? letter) : letter

/** What is isolated in a sentence (a name, an amount, a day in numbers) reads from left to right in every language. */
const fromLeftInside = (text: string): string =>
  text.replaceAll('\u2068', '\u2066').replaceAll('\u200f', '\u200e')

/** The letters of a text, and the level of its direction. Marks of direction have done their work then and are not drawn. */
function lettersOf(runs: readonly StyledRun[], direction: Direction, typefaces: Typefaces): Letter[] {
  const text = runs.map((run) => run.text).join('')
  const { levels } = bidi.getEmbeddingLevels(fromLeftInside(text), direction)
  const letters: Letter[] = []
  let index = 0
  for (const run of runs)
    for (const said of run.text) {
      const level = levels[index] ?? 0
      index += said.length
      if (MARKS_OF_DIRECTION.test(said)) continue
      const space = /\s/.test(said) && said !== '\u00a0' && said !== '\n' ? ' ' : said
      const [drawn, face] = drawnBy(typefaces[run.look], inDirection(space, level), letters.at(-1)?.face)
      letters.push({ said: space, drawn, run, face, level })
    }
  return letters
}

const goesOn = (one: Letter, other: Letter): boolean =>
  one.run === other.run && one.face === other.face && one.level === other.level

const widthOf = ({ font }: Face, text: string, size: number): number =>
  (font.layout(text).positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0) * size) / font.unitsPerEm

function shape(letters: readonly Letter[], size: number): Shaped {
  const { run, face, level } = letters[0] as Letter
  const isTurned = (level % 2 === 1) !== face.fromRight
  const drawn = (isTurned ? letters.toReversed() : letters).map((letter) => letter.drawn).join('')
  const said = letters.map((letter) => letter.said).join('')
  return { run, face, level, drawn, said, width: widthOf(face, drawn, size) }
}

/** Cuts letters into the longest stretches that can be drawn in one piece. */
function shaped(letters: readonly Letter[], size: number): Shaped[] {
  const pieces: Shaped[] = []
  let start = 0
  for (let end = 1; end <= letters.length; end++) {
    const [last, next] = [letters[end - 1], letters[end]]
    if (last && next && goesOn(last, next)) continue
    if (last) pieces.push(shape(letters.slice(start, end), size))
    start = end
  }
  return pieces
}

const sumOf = (pieces: readonly { width: number }[]): number =>
  pieces.reduce((sum, { width }) => sum + width, 0)

/** The order from left to right (rule L2 of Unicode's algorithm): what runs from the right is turned, the deepest first. */
function fromLeft(pieces: readonly Shaped[]): Shaped[] {
  const order = [...pieces]
  const deepest = Math.max(0, ...pieces.map(({ level }) => level))
  for (let level = deepest; level > 0; level--)
    for (let start = 0; start < order.length; start++) {
      let end = start
      while (end < order.length && (order[end] as Shaped).level >= level) end++
      order.splice(start, end - start, ...order.slice(start, end).reverse())
      start = end
    }
  return order
}

const isSpace = ({ said }: Letter): boolean => said === ' ' || said === '\n'

/** A line with its places. The space at its end counts for no width, and parts the last word from the next for who hears them. */
function lineOf(letters: readonly Letter[], direction: Direction, size: number): TextLine {
  const words = shaped(letters.slice(0, letters.findLastIndex((letter) => !isSpace(letter)) + 1), size)
  const width = sumOf(words)
  const places = new Map<Shaped, number>()
  let x = 0
  for (const piece of fromLeft(words)) {
    places.set(piece, x)
    x += piece.width
  }
  const [space] = shaped(
    letters.slice(-1).filter(({ said }) => said === ' '),
    size,
  )
  const after = space ? [{ ...space, x: direction === 'rtl' ? -space.width : width }] : []
  return { pieces: [...words.map((piece) => ({ ...piece, x: places.get(piece) ?? 0 })), ...after], width }
}

/** A word with the space after it. */
type Word = { letters: readonly Letter[]; width: number; space: number }

/** No line of a page holds a longer word: what a very long one costs has a limit. */
const MOST_LETTERS = 500

function wordsOf(letters: readonly Letter[], size: number): Word[] {
  const words: Word[] = []
  let start = 0
  for (let end = 0; end < letters.length; end++) {
    const isLast = end === letters.length - 1 || end - start === MOST_LETTERS
    if (!isLast && !isSpace(letters[end] as Letter)) continue
    const word = letters.slice(start, end + 1)
    const black = word.filter((letter) => !isSpace(letter))
    const [width, whole] = [black, word.filter(({ said }) => said !== '\n')].map((part) =>
      sumOf(shaped(part, size)),
    ) as [number, number]
    words.push({ letters: word, width, space: whole - width })
    start = end + 1
  }
  return words
}

/** Parts of a word that is wider than a line, each as long as fits: by the width of each letter alone, which is near enough. */
function partsOf({ letters }: Word, most: number, size: number): Word[] {
  const parts: Word[] = []
  let start = 0
  let used = 0
  for (const [index, { face, drawn }] of letters.entries()) {
    const width = widthOf(face, drawn, size)
    if (used + width > most && index > start) {
      parts.push(...wordsOf(letters.slice(start, index), size))
      start = index
      used = 0
    }
    used += width
  }
  return [...parts, ...wordsOf(letters.slice(start), size)]
}

/**
 * The lines of a paragraph, broken at spaces; a word that is wider than the line is broken where it must be.
 * @param size of the letters, and `width` of the lines, in points
 */
export function linesOf(
  runs: readonly StyledRun[],
  typefaces: Typefaces,
  { direction, size, width: most }: { direction: Direction; size: number; width: number },
): TextLine[] {
  const lines: TextLine[] = []
  let line: Letter[] = []
  let used = 0
  const end = () => {
    lines.push(lineOf(line, direction, size))
    line = []
    used = 0
  }
  const words = wordsOf(lettersOf(runs, direction, typefaces), size)
  for (const word of words.flatMap((whole) => (whole.width > most ? partsOf(whole, most, size) : whole))) {
    if (line.length > 0 && used + word.width > most) end()
    line.push(...word.letters)
    used += word.width + word.space
    if (word.letters.at(-1)?.said === '\n') end()
  }
  if (line.length > 0) end()
  return lines
}
