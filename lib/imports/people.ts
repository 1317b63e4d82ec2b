import { codeMismatches, parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import { type Day, parseDay } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { amountIn, type FileAmount } from './amount.ts'
import type { FileFare } from './fare.ts'
import { type ImportField, type PersonBlock, rowAt } from './header.ts'
import type { Mapping } from './mapping.ts'
import { folded, type SheetRow, type TableSheet } from './sheet.ts'
import { dayOfSerial } from './workbook.ts'

/** A person as a file has them: nothing is judged yet. An empty text is what the file does not say. */
export type RawPerson = {
  familyName: string
  givenName: string
  fiscalCode: string
  birthDay: Day | null
  /** A date that cannot be read, as it stands. */
  badDate: string
  email: string
  phone: string
  relation: string
  /** The last day of a delegate. */
  until: Day | null
  badUntil: string
}

/** A pupil with the adults of its rows; without a pupil, an adult who pays with the delegates of the family. */
export type Entry = {
  lines: number[]
  pupil: RawPerson
  isPupil: boolean
  /** What the family had left, as the rows say it; `bad` what cannot be read. */
  balance: FileAmount | { bad: string } | null
  fares: FileFare[]
  school: string
  className: string
  adults: RawPerson[]
  /** Names were in one cell, and neither code nor comma says where the surname ends. */
  isNameSplit: boolean
  /** What the rows contradict. */
  problems: string[]
}

export type ReadPeople = {
  entries: Entry[]
  /** Rows without a pupil or an adult, and what they are. */
  ignored: { line: number; why: string }[]
  rows: number
  /** The sum of the balances as the file has it in a row of its own; null where it has none. */
  totalCents: Cents | null
}

/** What programs write where they know nothing. */
const NOTHING =
  /^(#?nessundato#?|nondisponibile.*|nonnoto|nd|na|null|none|sconosciuto|xxx+|0+|-+|nessuno|nessuna)$/
const meant = (text: string): string => {
  const plain = folded(text)
  return plain === '' || NOTHING.test(plain) ? '' : text.trim()
}

/** A code as it is compared: capitals, without blanks and points. A made-up one of sixteen hexadecimal signs is none. */
export function codeIn(text: string): string {
  const code = meant(text)
    .toUpperCase()
    .replace(/[\s.\-']/g, '')
  return /^[0-9A-F]{16}$/.test(code) ? '' : code
}

const TWO_DIGITS = /^\d{2}$/
const EMPTY_DAYS = ['1900-01-01', '1899-12-30', '1899-12-31']

/** A date, day first or as ISO writes it, or as Excel counts. Two digits of a year are the latest that is not after `today`. */
export function dayIn(text: string, today: Day): { day: Day | null; bad: string } {
  const written = meant(text)
  if (written === '') return { day: null, bad: '' }
  if (/^\d{5}(\.\d+)?$/.test(written)) {
    const serial = dayOfSerial(Number(written))
    if (serial) return dayIn(serial, today)
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$/.exec(written)
  const italian = /^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4}|\d{2})(?: .*)?$/.exec(written)
  const [year = '', month = '', date = ''] = iso
    ? iso.slice(1)
    : italian
      ? [italian[3], italian[2], italian[1]]
      : []
  const dayOf = (full: string) => parseDay(`${full}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`)
  const century = today.slice(0, 2)
  const day = TWO_DIGITS.test(year)
    ? [`${century}${year}`, `${Number(century) - 1}${year}`].map(dayOf).find((one) => one && one <= today)
    : dayOf(year)
  if (!day) return { day: null, bad: written }
  return { day: EMPTY_DAYS.includes(day) ? null : day, bad: '' }
}

const ACCENTED: Record<string, string> = { A: 'À', E: 'È', I: 'Ì', O: 'Ò', U: 'Ù' }
const isShouted = (name: string): boolean => name === name.toUpperCase() && name !== name.toLowerCase()

/** "GIOSUE' D'ANGELO" → "Giosuè D’Angelo" with a plain apostrophe. A name in small letters stays as it is written. */
export function tidyName(text: string): string {
  const name = text.replace(/\s+/g, ' ').replace(/[’`´]/g, "'").trim()
  const accented = name.replace(/([AEIOUaeiou])'(?=\s|$)/g, (_, vowel: string) => {
    const letter = ACCENTED[vowel.toUpperCase()] as string
    return vowel === vowel.toUpperCase() ? letter : letter.toLowerCase()
  })
  if (!isShouted(accented)) return accented
  return accented
    .toLowerCase()
    .replace(/(^|[\s'-])(\p{L})/gu, (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`)
}

const PARTICLES = /^(d|da|dal|dalla|de|degli|dei|del|della|delle|di|la|lo|li|van|von|el|al)$/i

const MOST_WORDS = 8

/** "ROSSI DE LUCA Maria" in one cell: where the surname ends is told by a comma or by the code, else it is a doubt. */
function splitNames(text: string, code: string): { familyName: string; givenName: string; isSure: boolean } {
  const [before, after] = text.split(',').map((part) => part.trim())
  if (before && after) return { familyName: before, givenName: after, isSure: true }
  const words = text.trim().split(/\s+/)
  const parsed = parseFiscalCode(code)
  const cut = (last: number) => ({
    familyName: words.slice(0, last).join(' '),
    givenName: words.slice(last).join(' '),
  })
  if (parsed?.kind === 'personal')
    for (let last = 1; last < Math.min(words.length, MOST_WORDS); last += 1)
      if (codeMismatches(parsed, cut(last)).length === 0) return { ...cut(last), isSure: true }
  const last = PARTICLES.test(words[0] ?? '') ? 2 : 1
  return { ...cut(last), isSure: words.length === 2 }
}

/** No name or code is longer. */
const LONGEST_CELL = 200

type Cells = (block: PersonBlock, field: ImportField) => string

function personIn(
  cell: Cells,
  block: PersonBlock,
  header: string,
  today: Day,
): RawPerson & { isSure: boolean } {
  const fiscalCode = codeIn(cell(block, 'fiscalCode'))
  const both = meant(cell(block, 'bothNames'))
  const names = both
    ? splitNames(both, fiscalCode)
    : {
        familyName: meant(cell(block, 'familyName')),
        givenName: meant(cell(block, 'givenName')),
        isSure: true,
      }
  const { day, bad } = dayIn(cell(block, 'birthDay'), today)
  const until = dayIn(cell(block, 'until'), FURTHEST)
  return {
    familyName: tidyName(names.familyName),
    givenName: tidyName(names.givenName),
    isSure: names.isSure,
    fiscalCode,
    birthDay: day,
    badDate: bad,
    email: meant(cell(block, 'email')).toLowerCase(),
    phone: meant(cell(block, 'phone')),
    relation: meant(cell(block, 'relation')) || header,
    until: until.day,
    badUntil: until.bad,
  }
}

/** Days to come have two digits of a year too. */
const FURTHEST = '2099-12-31'

/** The amount of a row: what the family has, less what it owes. */
function balanceIn(cell: Cells): Entry['balance'] {
  const has = amountIn(cell('pupil', 'balance'))
  const owes = amountIn(cell('pupil', 'debt'))
  if (!owes || (has && 'bad' in has)) return has
  if ('bad' in owes) return owes
  return {
    cents: (has?.cents ?? 0) - Math.abs(owes.cents),
    isAmbiguous: owes.isAmbiguous || (has?.isAmbiguous ?? false),
    text: [has?.text, owes.text].filter(Boolean).join(', '),
  }
}

function faresIn(cell: Cells): FileFare[] {
  const band = meant(cell('pupil', 'band'))
  if (band === '') return []
  const from = dayIn(cell('pupil', 'bandFrom'), FURTHEST)
  const to = dayIn(cell('pupil', 'bandTo'), FURTHEST)
  return [{ band, from: from.day, to: to.day, badDay: from.bad || to.bad }]
}

/** Whether the file itself says that an adult is a delegate. */
export const isDelegate = ({ relation }: RawPerson): boolean => /delegat/i.test(relation)

const isSomeone = ({ familyName, givenName, fiscalCode }: RawPerson): boolean =>
  familyName !== '' || givenName !== '' || fiscalCode !== ''

const CHILD = /figli|alunn|minor|bambin|student/i

/** A numbered person of a household is a child by its title, or by its age. */
function isChild({ relation, birthDay, fiscalCode }: RawPerson, today: Day): boolean {
  if (relation) return CHILD.test(relation)
  const years = Number(today.slice(0, 4)) - 18
  if (birthDay) return Number(birthDay.slice(0, 4)) > years
  const digits = /^.{6}(\d{2})/.exec(fiscalCode)?.[1]
  const born = digits ? 2000 + Number(digits) : 0
  return born > years && born <= Number(today.slice(0, 4))
}

type Layout = {
  /** A column says who the pupil is: else each row is of a family. */
  hasPupils: boolean
  columnOf: ReadonlyMap<string, number>
  blocks: readonly PersonBlock[]
  headers: readonly string[]
}

/** "padre", "madre": what the names of an adult's columns say of them, where no column says it. */
function relationOfHeader({ headers, columnOf }: Layout, block: PersonBlock): string {
  if (!block.startsWith('adult')) return ''
  for (const [target, column] of columnOf) {
    if (!target.startsWith(`${block}.`)) continue
    const [word] = /padre|papa|madre|mamma|delegat[oa]/.exec(folded(headers[column] ?? '')) ?? []
    if (word) return word.startsWith('d') ? 'delegato' : word.startsWith('p') ? 'padre' : 'madre'
  }
  return ''
}

const TOTAL = /^(totale|totali|tot|totaleclasse|totalealunni|totalegenerale|numeroalunni|nalunni|stampato)/
/** A title is read to here. Each expression on it has an end. */
const LONGEST_TITLE = 200
const CLASS_IN_TITLE = /\bclasse[ :]{1,3}(\w{1,12}(?: [a-z]\b)?)/i
const SCHOOL_IN_TITLE =
  /\b(?:plesso|scuola(?: primaria| secondaria| dell['’]infanzia)?)[ :]{1,3}["“«]?([^"”»:–—-]{1,80})/i

type Context = { school: string; className: string }

/** What a row is that has nobody: a title, a total, the names of the columns again. Null: it has somebody. */
function emptyKind(row: SheetRow, layout: Layout): string | null {
  const filled = row.cells.filter((cell) => cell !== '')
  const same = row.cells.filter(
    (cell, at) => cell !== '' && folded(cell) === folded(layout.headers[at] ?? ''),
  )
  if (same.length >= 2 && same.length >= filled.length / 2) return 'i nomi delle colonne, ripetuti'
  if (TOTAL.test(folded(filled[0] ?? ''))) return 'una riga di totale'
  const [only = ''] = filled
  const isAlone = filled.length === 1 && layout.columnOf.size > 1
  return isAlone && !parseFiscalCode(only) ? 'un titolo' : null
}

/** What a row of totals says under the balances. */
function totalIn({ cells }: SheetRow, { columnOf }: Layout): Cents | null {
  const amount = amountIn(cells[columnOf.get('pupil.balance') ?? -1] ?? '')
  return amount && !('bad' in amount) ? amount.cents : null
}

function classIn(row: SheetRow, before: Context): Context {
  const text = row.cells
    .join(' ')
    .slice(0, LONGEST_TITLE)
    .replace(/[ªº°^]|\bsez(?:ione)?\b\.?/gi, ' ')
    .split(/\s+/)
    .join(' ')
  const className = CLASS_IN_TITLE.exec(text)?.[1]
  const [school] = SCHOOL_IN_TITLE.exec(text)?.[1]?.split(/ classe\b/i) ?? []
  return { school: school?.trim() || before.school, className: className?.trim() ?? before.className }
}

/** The pupils and adults of one row. */
function peopleIn(row: SheetRow, layout: Layout, context: Context, today: Day) {
  const cell: Cells = (block, field) =>
    (row.cells[layout.columnOf.get(`${block}.${field}`) ?? -1] ?? '').slice(0, LONGEST_CELL)
  const pupils: Omit<Entry, 'lines' | 'adults' | 'problems'>[] = []
  const money = () => ({ balance: balanceIn(cell), fares: faresIn(cell) })
  const adults: RawPerson[] = []
  for (const block of layout.blocks) {
    const { isSure, ...person } = personIn(cell, block, relationOfHeader(layout, block), today)
    if (!isSomeone(person)) continue
    const isPupil = block.startsWith('pupil') || (block.startsWith('person') && isChild(person, today))
    if (!isPupil) {
      const isTwice = adults.some((one) => one.fiscalCode !== '' && one.fiscalCode === person.fiscalCode)
      if (!isTwice) adults.push(person)
      continue
    }
    const own = `${meant(cell(block, 'class'))} ${meant(cell(block, 'section'))}`.trim()
    const shared = `${meant(cell('pupil', 'class'))} ${meant(cell('pupil', 'section'))}`.trim()
    pupils.push({
      ...{ pupil: person, isPupil: true },
      // Of several pupils in a row the first has what the row says of money.
      ...(pupils.length === 0 ? money() : { balance: null, fares: [] }),
      school: meant(cell(block, 'school')) || meant(cell('pupil', 'school')) || context.school,
      className: own || (block.startsWith('person') ? shared : '') || context.className,
      isNameSplit: !isSure,
    })
  }
  const isHousehold = pupils.length === 0 && adults.length > 0 && !layout.hasPupils
  if (isHousehold)
    pupils.push({
      ...{ pupil: NOBODY, isPupil: false, school: '', className: '', isNameSplit: false },
      ...money(),
    })
  return { pupils, adults }
}

const NOBODY: RawPerson = {
  ...{ familyName: '', givenName: '', fiscalCode: '', birthDay: null, badDate: '', email: '', phone: '' },
  ...{ relation: '', until: null, badUntil: '' },
}

const personKey = ({ fiscalCode, familyName, givenName, birthDay }: RawPerson): string =>
  fiscalCode || `${folded(familyName + givenName)}|${birthDay ?? ''}`

const keyOf = ({ pupil, isPupil, adults }: Pick<Entry, 'pupil' | 'isPupil' | 'adults'>): string =>
  isPupil ? personKey(pupil) : `adult:${adults[0] ? personKey(adults[0]) : ''}`

const isSameAmount = (one: Entry['balance'], other: Entry['balance']): boolean =>
  one === null || other === null || JSON.stringify(one) === JSON.stringify(other)

const isSameText = (one: string, other: string): boolean =>
  one === '' || other === '' || folded(one) === folded(other)

/** A pupil of a second row: adults are added, and what the rows contradict is said. */
function join(first: Entry, second: Entry): void {
  const { pupil } = second
  const differs = [
    isSameText(first.pupil.familyName, pupil.familyName) && isSameText(first.pupil.givenName, pupil.givenName)
      ? ''
      : 'il nome',
    isSameText(first.pupil.birthDay ?? '', pupil.birthDay ?? '') ? '' : 'la data di nascita',
    isSameText(first.className, second.className) && isSameText(first.school, second.school)
      ? ''
      : 'la classe',
    isSameAmount(first.balance, second.balance) ? '' : 'il saldo',
  ].filter(Boolean)
  if (differs.length > 0)
    first.problems.push(
      `Le righe ${first.lines[0]} e ${second.lines[0]} sono ${first.isPupil ? 'dello stesso alunno' : 'della stessa persona'} e non dicono lo stesso: ${differs.join(', ')}.`,
    )
  first.lines.push(...second.lines)
  first.balance ??= second.balance
  for (const fare of second.fares)
    if (!first.fares.some((one) => JSON.stringify(one) === JSON.stringify(fare))) first.fares.push(fare)
  for (const adult of second.adults)
    if (!first.adults.some((one) => personKey(one) === personKey(adult))) first.adults.push(adult)
}

/**
 * The people of a sheet, a pupil an entry: with two blocks of adults in a row, a row for each adult, a row for each household or
 * no adult. Rows of the same pupil are one entry. Titles, totals and repeated headers are told apart; a title may say the class.
 */
export function readPeople(
  sheet: TableSheet,
  { header, columns }: Pick<Mapping, 'header' | 'columns'>,
  today: Day,
): ReadPeople {
  const columnOf = new Map(columns.flatMap((target, at) => (target ? [[target, at] as const] : [])))
  const blocks = [...new Set([...columnOf.keys()].map((target) => target.split('.')[0] as PersonBlock))]
  const hasPupils = columns.some((target) =>
    /^(?:pupil|person)\d?\.(?:fiscalCode|familyName|givenName|bothNames)$/.test(target),
  )
  const layout: Layout = { columnOf, blocks, hasPupils, headers: rowAt(sheet, header)?.cells ?? [] }
  const entries = new Map<string, Entry>()
  const ignored: ReadPeople['ignored'] = []
  let context: Context = { school: '', className: '' }
  let rows = 0
  let totalCents: Cents | null = null
  for (const row of sheet.rows) {
    if (row.line < header) context = classIn(row, context)
    if (row.line <= header) continue
    rows += 1
    const kind = emptyKind(row, layout)
    if (kind) {
      if (kind === 'un titolo') context = classIn(row, context)
      if (kind === 'una riga di totale') totalCents ??= totalIn(row, layout)
      ignored.push({ line: row.line, why: kind })
      continue
    }
    const { pupils, adults } = peopleIn(row, layout, context, today)
    if (pupils.length === 0) ignored.push({ line: row.line, why: 'nessun alunno in questa riga' })
    for (const one of pupils) {
      const entry: Entry = { ...one, lines: [row.line], adults, problems: [] }
      const key = keyOf(entry)
      const known = entries.get(key)
      if (known) join(known, entry)
      else entries.set(key, { ...entry, adults: [...adults] })
    }
  }
  return { entries: [...entries.values()], ignored, rows, totalCents }
}
