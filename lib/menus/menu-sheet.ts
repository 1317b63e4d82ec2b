import { readCsv } from '#lib/kernel/csv.ts'
import { type Allergen, allergenFrom, inAnnexOrder } from './allergen.ts'
import { COURSES, type Course, type Dish, dishKey, isCourse } from './dish.ts'
import { cellKey, type Rotation } from './rotation.ts'

/** The columns of the sheet; those after *piatto* may be missing. */
export const SHEET_COLUMNS = [
  'settimana',
  'giorno',
  'portata',
  'piatto',
  'allergeni',
  'non_adatto_a',
] as const

const LONGEST_SHEET = 1_000
const LONGEST_NAME = 120
/** Written where a dish has none of the fourteen; an empty cell means that they are not declared. */
const NONE = 'nessuno'

const WEEKDAYS = ['lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì', 'sabato', 'domenica']

export type NewDish = Omit<Dish, 'id' | 'ingredients'>

export type SheetReading = {
  /** Sentences for the lines that cannot be read, by their number in the file. */
  problems: { line: number; problem: string }[]
  /** By `week-weekday`, the names of the dishes. */
  days: Record<string, string[]>
  /** Dishes that the municipality does not have yet. */
  newDishes: NewDish[]
  lines: number
}

export type SheetContext = {
  weeks: number
  diets: readonly { code: string; name: string }[]
  dishes: readonly Dish[]
}

const plain = (text: string): string => text.normalize('NFC').trim().toLowerCase()
const bare = (text: string): string => plain(text).normalize('NFD').replace(/\p{M}/gu, '')

/** A weekday as offices write it: "lunedì", "lunedi", "lun", "1". 0 for anything else. */
export function weekdayFrom(text: string): number {
  const word = bare(text)
  if (/^[1-7]$/.test(word)) return Number(word)
  return WEEKDAYS.findIndex((name) => bare(name) === word || bare(name).slice(0, 3) === word) + 1
}

const courseFrom = (text: string): Course | null => {
  const word = bare(text)
  if (isCourse(word)) return word
  const named = Object.entries(COURSES).find(([, name]) => bare(name) === word)
  if (named) return named[0] as Course
  return word.startsWith('frutta') || word.startsWith('dessert') ? 'frutta' : null
}

const listed = (text: string): string[] =>
  text
    .split(/[,/|]/)
    .map((part) => part.trim())
    .filter(Boolean)

type Cells = Record<(typeof SHEET_COLUMNS)[number], string>

function readLine(cells: Cells, context: SheetContext) {
  const problems: string[] = []
  const week = /^\d{1,2}$/.test(cells.settimana) ? Number(cells.settimana) : 0
  if (week < 1 || week > context.weeks) problems.push(`la settimana va da 1 a ${context.weeks}`)
  const weekday = weekdayFrom(cells.giorno)
  if (weekday === 0) problems.push('il giorno si scrive per intero, per esempio “lunedì”')
  const course = courseFrom(cells.portata)
  if (!course) problems.push(`la portata è una di: ${Object.values(COURSES).join(', ').toLowerCase()}`)
  if (cells.piatto === '') problems.push('manca il piatto')
  if (cells.piatto.length > LONGEST_NAME)
    problems.push(`il nome del piatto ha più di ${LONGEST_NAME} caratteri`)
  const words = listed(cells.allergeni)
  const declared = words.map((word) => [word, allergenFrom(word)] as const)
  const allergens: Allergen[] | null =
    words.length === 0
      ? null
      : plain(cells.allergeni) === NONE
        ? []
        : inAnnexOrder(declared.flatMap(([, code]) => code ?? []))
  if (plain(cells.allergeni) !== NONE)
    for (const [word, code] of declared)
      if (!code) problems.push(`“${word}” non è uno dei quattordici allergeni`)
  const diets = listed(cells.non_adatto_a).map(
    (word) =>
      [
        word,
        context.diets.find(({ code, name }) => plain(code) === plain(word) || plain(name) === plain(word)),
      ] as const,
  )
  for (const [word, diet] of diets) if (!diet) problems.push(`la dieta “${word}” non c’è`)
  return {
    problems,
    week,
    weekday,
    dish: {
      name: cells.piatto.replace(/\s+/g, ' '),
      course: course ?? 'primo',
      allergens,
      unsuitedDiets: diets.flatMap(([, diet]) => diet?.code ?? []),
    } satisfies NewDish,
  }
}

const cellsOf = (row: readonly string[], columns: readonly string[]): Cells =>
  Object.fromEntries(SHEET_COLUMNS.map((name) => [name, row[columns.indexOf(name)] ?? ''])) as Cells

/**
 * Reads a rotation from a sheet: a line per dish. A dish that the municipality already has is taken as it is, even if the sheet
 * says of it: an import never changes what is declared.
 */
export function readSheet(text: string, context: SheetContext): SheetReading {
  const [head, ...rows] = readCsv(text)
  const reading: SheetReading = { problems: [], days: {}, newDishes: [], lines: rows.length }
  const columns = (head?.cells ?? []).map((cell) => bare(cell).replaceAll(' ', '_'))
  const missing = SHEET_COLUMNS.slice(0, 4).filter((name) => !columns.includes(name))
  if (missing.length > 0) {
    reading.problems.push({ line: 1, problem: `mancano le colonne: ${missing.join(', ')}` })
    return reading
  }
  if (rows.length > LONGEST_SHEET) {
    reading.problems.push({ line: 1, problem: `più di ${LONGEST_SHEET} righe: dividi il file` })
    return reading
  }
  const known = new Map(context.dishes.map((dish) => [dishKey(dish.name), dish.name]))
  for (const row of rows) {
    const { problems, week, weekday, dish } = readLine(cellsOf(row.cells, columns), context)
    const key = dishKey(dish.name)
    const cell = cellKey(week, weekday)
    const day = reading.days[cell] ?? []
    reading.days[cell] = day
    if (problems.length === 0 && day.some((name) => dishKey(name) === key))
      problems.push('questo piatto c’è già in questo giorno')
    for (const problem of problems) reading.problems.push({ line: row.line, problem })
    if (problems.length > 0) continue
    if (!known.has(key)) {
      known.set(key, dish.name)
      reading.newDishes.push(dish)
    }
    day.push(known.get(key) as string)
  }
  return reading
}

/** The days of a reading as a rotation, once every dish has an id. */
export const rotationFrom = (days: SheetReading['days'], idOf: (name: string) => string): Rotation =>
  Object.fromEntries(
    Object.entries(days)
      .filter(([, names]) => names.length > 0)
      .map(([key, names]) => [key, names.map(idOf)]),
  )
