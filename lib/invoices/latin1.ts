/**
 * Basic Latin and Latin-1, the only characters that the Sistema di Interscambio accepts:
 * a curly apostrophe, a long dash or "€" in a name makes it reject the whole file.
 */

const pairs = (text: string): [string, string][] =>
  text.split(' ').map((pair) => [pair.charAt(0), pair.slice(1)])

const MARKS = `‘' ’' ‚' ′' ʼ' “" ”" „" ″" ‐- ‑- ‒- –- —- −- …... •· €EUR ™(TM)`
const LETTERS = 'œoe łl đd ıi ħh ŋng ŧt ẞSS'
/** Ukrainian as on passports, and the Russian letters that Ukrainian lacks. */
const CYRILLIC =
  'аa бb вv гh ґg дd еe єie жzh зz иy іi їi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юiu яia ёe'

const WRITTEN_OTHERWISE: ReadonlyMap<string, string> = new Map(pairs(`${MARKS} ${LETTERS} ${CYRILLIC}`))

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function otherwise(character: string): string | undefined {
  const same = WRITTEN_OTHERWISE.get(character)
  if (same !== undefined) return same
  const small = WRITTEN_OTHERWISE.get(character.toLowerCase())
  return small === undefined ? undefined : capitalised(small)
}

const isLatin1 = (character: string): boolean => /^[\x20-\x7e\xa1-\xac\xae-\xff]$/.test(character)

function transliterated(character: string): string {
  if (isLatin1(character)) return character
  if (/\s/.test(character)) return ' '
  const known = otherwise(character)
  if (known !== undefined) return known
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '')
  return [...bare].filter(isLatin1).join('')
}

/** A letter of which nothing would be left: it has no Latin form that we know. */
const isLost = (character: string): boolean =>
  /\p{L}/u.test(character) && otherwise(character) === undefined && transliterated(character) === ''

/** Whether a text can be rewritten without losing a letter: of a name that would lose one, a person writes the Latin form. */
export const isLatinReadable = (text: string): boolean =>
  toLatin1(text, text.length) !== '' && ![...text.normalize('NFC')].some(isLost)

/**
 * Rewrites a text in Latin-1 on one line: accents that exist there stay ("è"), others go ("ș" → "s"),
 * typographic marks become plain ones, Cyrillic names are transliterated, emoji and other scripts disappear.
 * @param maxLength in characters; a longer text is cut.
 */
export function toLatin1(text: string, maxLength: number): string {
  const latin = [...text.normalize('NFC')].map(transliterated).join('')
  return latin.replace(/ {2,}/g, ' ').trim().slice(0, maxLength).trim()
}
