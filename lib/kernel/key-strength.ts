/** Different bytes that a key must have: 32 random bytes have 30 on average, and hardly ever fewer than 24. */
const FEWEST_BYTES = 16
/** The same for the characters of a text: 32 random hexadecimal digits have 14 on average. */
const FEWEST_CHARACTERS = 8

/** Whether a text is a shorter one, several times. */
const isRepeated = (text: string): boolean => `${text}${text}`.indexOf(text, 1) < text.length

/** Whether a key in base64 was made up by a person and not drawn at random: constant, repeated, or of few different bytes. */
export function isWeakKey(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64')
  return new Set(bytes).size < FEWEST_BYTES || isRepeated(bytes.toString('latin1'))
}

/** The same for a secret that is used as a text. */
export const isWeakText = (text: string): boolean =>
  new Set(text).size < FEWEST_CHARACTERS || isRepeated(text)
