import { exactTimeInRome, longDayWithYear } from '#lib/words/format-day.ts'
import { mealsByDiet, mealsInLines, warningsOf } from './count.ts'
import { warningInWords } from './count.words.ts'
import { type CountSheet, isSuspended, mealsInSheet, type SheetCount, type SheetLine } from './count-sheet.ts'
import { differencesInWords, differencesTitle, mealsInWords, noDifferences } from './count-sheet.words.ts'

/** "STD 18, D01 2" */
const dietsInWords = (lines: readonly Pick<SheetLine, 'dietCode' | 'meals'>[]): string =>
  mealsByDiet(lines)
    .map(({ dietCode, meals }) => `${dietCode} ${meals}`)
    .join(', ')

function classesInWords(lines: readonly SheetLine[]): string[] {
  const classes = Map.groupBy(lines, ({ className }) => className)
  return [...classes].map(
    ([name, own]) => `- ${name}: ${mealsInWords(mealsInLines(own))} (${dietsInWords(own)})`,
  )
}

/** "versione 1, delle 09:30:03" */
export const versionInWords = ({ version, frozenAt }: Pick<SheetCount, 'version' | 'frozenAt'>): string =>
  `versione ${version}, delle ${exactTimeInRome(frozenAt)}`

function schoolInWords(count: SheetCount): string {
  const { reason, lines } = count
  const place = `${count.schoolName}, ${count.serviceName}`
  if (isSuspended(count) && reason)
    return `${place}: MENSA SOSPESA, niente pasti (${versionInWords(count)}).\nMotivo: ${reason}`
  return [
    `${place}: ${mealsInWords(mealsInLines(lines))} (${versionInWords(count)})`,
    ...(reason ? [`Motivo della nuova versione: ${reason}`] : []),
    ...(lines.length > 0 ? [`Diete: ${dietsInWords(lines)}`] : []),
    ...warningsOf(lines).map((warning) => `ATTENZIONE ${warningInWords(warning)}`),
    ...classesInWords(lines),
  ].join('\n')
}

function differences(sheet: CountSheet): string {
  const found = differencesInWords(sheet)
  if (found.length === 0) return noDifferences(sheet)
  return found.map(({ head, lines }) => [head, ...lines.map((line) => `- ${line}`)].join('\n')).join('\n')
}

/** The mail of a sheet: what is other first, then numbers by school, class and diet code. No name of a pupil is in it. */
export function countMail(sheet: CountSheet): { subject: string; text: string } {
  const { kitchenName, municipality, day, number, counts } = sheet
  const isAgain = number > 1
  return {
    subject: `${isAgain ? 'Conteggio cambiato' : 'Conteggio'} di ${longDayWithYear(day)}: ${mealsInWords(mealsInSheet(sheet))}${isAgain ? ` (foglio ${number})` : ''}`,
    text: `Per ${kitchenName}: i pasti di ${longDayWithYear(day)}, foglio ${number}.
${isAgain ? 'Prende il posto dei fogli di prima.\n' : ''}
${differencesTitle(sheet)}:
${differences(sheet)}

${counts.map(schoolInWords).join('\n\n')}

I numeri sono divisi per codice della dieta, senza nomi. Il foglio è allegato, da stampare e per Excel.
Quando l’avete letto, ditelo nel portale: «Conteggi», «Ho visto».
Mensa scolastica di ${municipality}
`,
  }
}
