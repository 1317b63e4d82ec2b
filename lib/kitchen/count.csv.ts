import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import type { Day } from '#lib/kernel/day.ts'
import { exactTimeInRome, numericDay } from '#lib/words/format-day.ts'
import type { SchoolCount } from './count.ts'

const HEADINGS = [
  'Giorno',
  'Scuola',
  'Classe',
  'Dieta',
  'Pasti',
  'Assenti',
  'Stato',
  'Versione',
  'Ora del conteggio',
  'Rischio di reazione grave',
  'Altra dieta chiesta',
]

const STATES = { provisional: 'provvisorio', definitive: 'definitivo', suspended: 'sospeso' } as const

function rowsOf(day: Day, now: Date, school: SchoolCount): (string | number)[][] {
  const foot = [STATES[school.state], school.version ?? '', exactTimeInRome(school.frozenAt ?? now)]
  const head = [numericDay(day), csvText(school.schoolName)]
  if (school.state === 'suspended') return [[...head, '', '', 0, '', ...foot, '', '']]
  return school.lines.map((line) => [
    ...head,
    csvText(line.className),
    csvText(line.dietCode),
    line.meals,
    line.absent,
    ...foot,
    line.severe,
    line.asked,
  ])
}

/**
 * The counts of a day for a spreadsheet: a row per school, class and diet. A suspended school has one row that says so.
 * @param now the hour of the reading, for counts that are still provisional
 */
export const countsCsv = (day: Day, now: Date, schools: readonly SchoolCount[]): string =>
  italianCsv([HEADINGS, ...schools.flatMap((school) => rowsOf(day, now, school))])
