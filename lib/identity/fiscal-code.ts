import { type Day, parseDay } from '#lib/kernel/day.ts'

export type Sex = 'F' | 'M'

/**
 * An Italian fiscal code that passed its checksum.
 * `personal` is the 16-character code that tells birth and sex; `temporary` the 11-digit code given while data are
 * being verified, which tells nothing and shares its form with a company's number.
 */
export type FiscalCode = { code: string; kind: 'personal' | 'temporary' }

/** Source of the tables and rules below: DM 23 December 1976 n. 13813, arts. 2–8, as amended for omocodia. */
const ODD_VALUES: readonly number[] = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]
const MONTHS = 'ABCDEHLMPRST'
const OMOCODIA = 'LMNPQRSTUV'
/** Positions of the digits that the tax office may turn into letters when two people would share a code. */
const DIGIT_POSITIONS = [6, 7, 9, 10, 12, 13, 14] as const
const PERSONAL = /^[A-Z]{6}[\dLMNPQRSTUV]{2}[ABCDEHLMPRST][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z]$/
const FEMALE_DAY_OFFSET = 40

const rank = (char: string): number => (char <= '9' ? Number(char) : char.charCodeAt(0) - 65)

/** The sixteenth character, from the first fifteen. */
function checkLetter(first15: string): string {
  const sum = [...first15].reduce(
    (total, char, index) => total + (index % 2 === 0 ? (ODD_VALUES[rank(char)] as number) : rank(char)),
    0,
  )
  return String.fromCharCode(65 + (sum % 26))
}

/** The eleventh digit's test of temporary codes: every second digit doubled, digits summed, a multiple of ten. */
function temporaryCodeHolds(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0 && !/^0+$/.test(digits)
}

/** The code with omocodia letters turned back into the digits they stand for; used only to read birth and sex. */
const withoutOmocodia = (code: string): string =>
  [...code]
    .map((char, index) =>
      (DIGIT_POSITIONS as readonly number[]).includes(index) && char > '9' ? OMOCODIA.indexOf(char) : char,
    )
    .join('')

/** Birth as the code tells it: two digits of the year, because the code does not know the century. */
function readBirth(code: string): { year: number; month: number; date: number; sex: Sex } {
  const plain = withoutOmocodia(code)
  const day = Number(plain.slice(9, 11))
  const female = day > FEMALE_DAY_OFFSET
  return {
    year: Number(plain.slice(6, 8)),
    month: MONTHS.indexOf(plain.charAt(8)) + 1,
    date: female ? day - FEMALE_DAY_OFFSET : day,
    sex: female ? 'F' : 'M',
  }
}

const civilDay = (year: number, month: number, date: number): Day | null =>
  parseDay(`${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`)

/**
 * Reads a fiscal code as people and registries write it: any case, spaces allowed.
 * @returns null when the form, the birth day or the checksum does not hold. Omocodia codes are codes of their own:
 * they are never rewritten, because the plain form belongs to another person.
 */
export function parseFiscalCode(text: string): FiscalCode | null {
  const code = text.replace(/\s/g, '').toUpperCase()
  if (/^\d{11}$/.test(code)) return temporaryCodeHolds(code) ? { code, kind: 'temporary' } : null
  if (!PERSONAL.test(code) || checkLetter(code.slice(0, 15)) !== code.charAt(15)) return null
  const { year, month, date } = readBirth(code)
  // 29 February of a year that is a leap year in neither century is no birthday.
  const exists = civilDay(1900 + year, month, date) ?? civilDay(2000 + year, month, date)
  return exists ? { code, kind: 'personal' } : null
}

/**
 * The fiscal code inside the `fiscal_number` claim, which eIDAS writes as `TINIT-<code>`.
 * @param prefix `required` refuses a bare code; `optional` is for bridges whose profile says they strip it.
 * @returns null for another country's number (`TINDE-…`) and for codes that do not hold.
 */
export function fiscalCodeFromClaim(claim: unknown, prefix: 'required' | 'optional'): FiscalCode | null {
  if (typeof claim !== 'string' || claim.length > 40) return null
  const match = /^(TIN([A-Z]{2})-)?(.*)$/.exec(claim.trim().toUpperCase())
  if (!match || (match[2] && match[2] !== 'IT')) return null
  if (!match[1] && prefix === 'required') return null
  return parseFiscalCode(match[3] as string)
}

/**
 * Sex and birth day told by a personal code; null for a temporary one.
 * The century is the latest that does not put the birth after `today`, so a person older than a hundred reads as a
 * child: pass the `birthdate` claim to `birthAgrees` where there is one.
 */
export function birthFromFiscalCode(
  { code, kind }: FiscalCode,
  today: Day,
): { birthDay: Day; sex: Sex } | null {
  if (kind === 'temporary') return null
  const { year, month, date, sex } = readBirth(code)
  const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100
  for (const start of [century, century - 100]) {
    const birthDay = civilDay(start + year, month, date)
    if (birthDay && birthDay <= today) return { birthDay, sex }
  }
  return null
}

/** Whether a declared birth day is the one written in the code, in any century. Temporary codes cannot disagree. */
export function birthAgrees({ code, kind }: FiscalCode, birthDay: Day): boolean {
  if (kind === 'temporary') return true
  const { year, month, date } = readBirth(code)
  const [y, m, d] = birthDay.split('-').map(Number) as [number, number, number]
  return y % 100 === year && m === month && d === date
}

/** Eighteen years completed on `today`; who was born on 29 February comes of age on 1 March of a common year. */
export function isAdult(birthDay: Day, today: Day): boolean {
  const eighteenth = `${Number(birthDay.slice(0, 4)) + 18}${birthDay.slice(4)}`
  return eighteenth <= today
}

/** Latin letters that do not come apart into a plain letter and an accent. */
const PLAIN: Record<string, string> = { Đ: 'D', Ð: 'D', Ł: 'L', Ø: 'O', Æ: 'AE', Œ: 'OE', Þ: 'TH' }
const bare = (name: string): string =>
  name
    .normalize('NFD')
    .toUpperCase()
    .replace(/[ĐÐŁØÆŒÞ]/g, (letter) => PLAIN[letter] as string)
    .replace(/[^A-Z]/g, '')
const consonantsOf = (name: string): string => bare(name).replace(/[AEIOU]/g, '')
const vowelsOf = (name: string): string => bare(name).replace(/[^AEIOU]/g, '')
const threeLetters = (consonants: string, vowels: string): string => `${consonants}${vowels}XXX`.slice(0, 3)

const familyNameLetters = (name: string): string => threeLetters(consonantsOf(name), vowelsOf(name))

function givenNameLetters(name: string): string {
  const consonants = consonantsOf(name)
  const chosen = consonants.length > 3 ? `${consonants[0]}${consonants[2]}${consonants[3]}` : consonants
  return threeLetters(chosen, vowelsOf(name))
}

/** What of a person a code contradicts. */
export type CodeMismatch = 'familyName' | 'givenName' | 'birthDay'

/** A name of more words may be in the code with its first ones only: married names, given names after a comma. */
function lettersAgree(letters: string, name: string, lettersOf: (name: string) => string): boolean {
  const words = name.trim().split(/\s+/)
  return words.some((_, last) => lettersOf(words.slice(0, last + 1).join('')) === letters)
}

/**
 * What of a name and a birth day a code contradicts; empty when they agree. A temporary code contradicts nothing.
 * Another birth day is a mistake in one of the two. Other letters of a name are a doubt: a person who has seen a document decides.
 */
export function codeMismatches(
  { code, kind }: FiscalCode,
  person: { familyName: string; givenName: string; birthDay?: Day | null },
): CodeMismatch[] {
  if (kind === 'temporary') return []
  const mismatches: CodeMismatch[] = []
  if (!lettersAgree(code.slice(0, 3), person.familyName, familyNameLetters)) mismatches.push('familyName')
  if (!lettersAgree(code.slice(3, 6), person.givenName, givenNameLetters)) mismatches.push('givenName')
  if (person.birthDay && !birthAgrees({ code, kind }, person.birthDay)) mismatches.push('birthDay')
  return mismatches
}

/** Whether two codes differ by omocodia alone: the letters that the tax office puts for digits, and the check letter. */
export const differByOmocodia = (one: string, other: string): boolean =>
  one !== other && withoutOmocodia(one.slice(0, 15)) === withoutOmocodia(other.slice(0, 15))

export type FiscalCodeParts = {
  familyName: string
  givenName: string
  birthDay: Day
  sex: Sex
  /** Cadastral code of the birthplace; Verona when not given. */
  place?: string
  /** How many digits, from the right, carry omocodia letters (0–7): a way to tell invented namesakes apart. */
  omocodia?: number
}

/** The code that the tax office's rules give to these data. For invented people of the demonstration and the tests. */
export function makeFiscalCode({
  familyName,
  givenName,
  birthDay,
  sex,
  place = 'L781',
  omocodia = 0,
}: FiscalCodeParts): string {
  const [year, month, date] = birthDay.split('-') as [string, string, string]
  const day = String(Number(date) + (sex === 'F' ? FEMALE_DAY_OFFSET : 0)).padStart(2, '0')
  const chars = [
    ...familyNameLetters(familyName),
    ...givenNameLetters(givenName),
    ...year.slice(2),
    MONTHS.charAt(Number(month) - 1),
    ...day,
    ...place,
  ]
  for (const position of DIGIT_POSITIONS.slice(DIGIT_POSITIONS.length - omocodia)) {
    chars[position] = OMOCODIA.charAt(Number(chars[position]))
  }
  const first15 = chars.join('')
  return first15 + checkLetter(first15)
}
