import { addDays, type Day, parseDay, type Weekday, weekdayOf } from '#lib/kernel/day.ts'

const MONTHS = [
  ...['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno'],
  ...['luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'],
] as const
const WEEKDAYS = ['lunedi', 'martedi', 'mercoledi', 'giovedi', 'venerdi', 'sabato', 'domenica'] as const
const NEAR: Readonly<Record<string, number>> = { ieri: -1, oggi: 0, domani: 1, dopodomani: 2 }

const IN_FIGURES = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?$/
const IN_WORDS = /^(\d{1,2}) ([a-z]{3,9})(?: (\d{4}))?$/
const LONGEST = 40

/** Without capitals, accents, "il" and the sign of the first: "Lunedì 1° dicembre" is "lunedi 1 dicembre". */
const plain = (typed: string): string =>
  typed
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[°º]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^il /, '')

/** The place of a name, or of its first three letters, among names: 0 for the first, and -1 where it is none of them. */
const placeAmong = (names: readonly string[], word: string): number =>
  names.findIndex((name) => name === word || name.slice(0, 3) === word)

const isoOf = (year: number, month: number, date: number): Day | null =>
  parseDay(`${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`)

/** Days between two, whichever comes first. */
const distance = (a: Day, b: Day): number => Math.abs(Date.parse(a) - Date.parse(b))

/** A day without its year is the nearest: in January "20/12" is last December. */
function nearestYear(month: number, date: number, today: Day): Day | null {
  const year = Number(today.slice(0, 4))
  const days = [year - 1, year, year + 1].map((one) => isoOf(one, month, date)).filter((day) => day !== null)
  return days.toSorted((a, b) => distance(a, today) - distance(b, today))[0] ?? null
}

function dated(date: number, month: number, year: string | undefined, today: Day): Day | null {
  if (year === undefined) return nearestYear(month, date, today)
  return isoOf(Number(year.length === 2 ? `20${year}` : year), month, date)
}

/** The first such day from today on. */
const nextWeekday = (weekday: Weekday, today: Day): Day =>
  addDays(today, (weekday - weekdayOf(today) + 7) % 7)

function dayInWords(words: string, today: Day): Day | null {
  const [, date, name, year] = IN_WORDS.exec(words) ?? []
  const month = name === undefined ? -1 : placeAmong(MONTHS, name)
  return date === undefined || month < 0 ? null : dated(Number(date), month + 1, year, today)
}

/**
 * Reads a day as people write it in Italy: "3/12", "3.12.26", "giovedì 3 dicembre", "domani", "giovedì" (the next one). The name of a
 * weekday beside a date is not checked. Null for what is no day.
 */
export function readTypedDay(typed: string, today: Day): Day | null {
  if (typed.length > LONGEST) return null
  const words = plain(typed)
  const near = NEAR[words]
  if (near !== undefined) return addDays(today, near)
  const iso = parseDay(words)
  if (iso) return iso
  const [first = '', ...rest] = words.split(' ')
  const weekday = placeAmong(WEEKDAYS, first)
  // "mar" alone may begin any name.
  if (weekday >= 0 && rest.length === 0)
    return first.length > 3 ? nextWeekday((weekday + 1) as Weekday, today) : null
  const date = weekday >= 0 ? rest.join(' ') : words
  const [, day, month, year] = IN_FIGURES.exec(date) ?? []
  if (day !== undefined && month !== undefined) return dated(Number(day), Number(month), year, today)
  return dayInWords(date, today)
}
