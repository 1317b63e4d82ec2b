import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { exactTimeInRome, numericDay } from '#lib/words/format-day.ts'
import { type CountSheet, isSuspended, type SheetCount } from './count-sheet.ts'

const HEADINGS = [
  'Giorno',
  'Cucina',
  'Foglio',
  'Scuola',
  'Servizio',
  'Classe',
  'Dieta',
  'Pasti',
  'Pasti nel foglio prima',
  'Assenti',
  'Versione',
  'Ora del conteggio',
  'Motivo della nuova versione',
  'Rischio di reazione grave',
  'Altra dieta chiesta',
]

const keyOf = ({ className, dietCode }: { className: string; dietCode: string }): string =>
  `${className}\n${dietCode}`

/** What was prepared before and is no more stays as a line of no meals: a cook must not miss it. */
function rowsOf({ day, kitchenName, number }: CountSheet, count: SheetCount): (string | number)[][] {
  const { schoolName, serviceName, version, frozenAt, reason, lines, before } = count
  const head = [numericDay(day), csvText(kitchenName), number, csvText(schoolName), csvText(serviceName)]
  const counted = [version, exactTimeInRome(frozenAt), csvText(reason)]
  const earlier = new Map((before?.lines ?? []).map((line) => [keyOf(line), line.meals]))
  const now = new Set(lines.map(keyOf))
  const mealsBefore = (key: string) => (before ? (earlier.get(key) ?? 0) : '')
  const gone = (before?.lines ?? []).filter((line) => line.meals > 0 && !now.has(keyOf(line)))
  if (isSuspended(count) && gone.length === 0) return [[...head, '', '', 0, '', '', ...counted, '', '']]
  return [
    ...lines.map((line) => [
      ...[...head, csvText(line.className), csvText(line.dietCode), line.meals, mealsBefore(keyOf(line))],
      ...[line.absent, ...counted, line.severe, line.asked],
    ]),
    ...gone.map((line) => [
      ...[...head, csvText(line.className), csvText(line.dietCode), 0, line.meals, '', ...counted, '', ''],
    ]),
  ]
}

/** A sheet of a kitchen for a spreadsheet: a row per school, class and diet code. No names. */
export const countSheetCsv = (sheet: CountSheet): string =>
  italianCsv([HEADINGS, ...sheet.counts.flatMap((count) => rowsOf(sheet, count))])
