import type { Day } from '#lib/kernel/day.ts'
import { exactTimeInRome, longDayWithYear } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import { type CountLine, mealsByDiet, mealsInLines, type SchoolCount, warningsOf } from './count.ts'
import { warningInWords } from './count.words.ts'

/** What of a count a kitchen reads in its mail. */
export type MailedCount = Pick<
  SchoolCount,
  'schoolName' | 'serviceName' | 'state' | 'version' | 'frozenAt' | 'reason' | 'lines'
>

const mealsInWords = (meals: number): string => italian(plural('{n} pasto', '{n} pasti'), { n: meals })

const dietsInWords = (lines: readonly CountLine[]): string =>
  mealsByDiet(lines)
    .map(({ dietCode, meals }) => `${dietCode} ${meals}`)
    .join(', ')

function classesInWords(lines: readonly CountLine[]): string[] {
  const classes = Map.groupBy(lines, ({ className }) => className)
  return [...classes].map(
    ([name, own]) => `- ${name}: ${mealsInWords(mealsInLines(own))} (${dietsInWords(own)})`,
  )
}

/** "versione 1, delle 09:30:03" */
const versionOf = ({ version, frozenAt }: MailedCount): string =>
  `versione ${version}${frozenAt ? `, delle ${exactTimeInRome(frozenAt)}` : ''}`

function schoolInWords(count: MailedCount): string {
  const { state, reason, lines } = count
  const place = `${count.schoolName}, ${count.serviceName}`
  if (state === 'suspended')
    return `${place}: MENSA SOSPESA, niente pasti (${versionOf(count)}).${reason ? `\nMotivo: ${reason}` : ''}`
  return [
    `${place}: ${mealsInWords(mealsInLines(lines))} (${versionOf(count)})`,
    ...(reason ? [`Motivo della nuova versione: ${reason}`] : []),
    ...(lines.length > 0 ? [`Diete: ${dietsInWords(lines)}`] : []),
    ...warningsOf(lines).map((warning) => `ATTENZIONE ${warningInWords(warning)}`),
    ...classesInWords(lines),
  ].join('\n')
}

/** The mail of a day's count: numbers by school, class and diet code. No name of a pupil is in it. */
export function countMail(
  { kitchen, municipality, day }: { kitchen: string; municipality: string; day: Day },
  counts: readonly MailedCount[],
): { subject: string; text: string } {
  const total = mealsInLines(counts.flatMap(({ state, lines }) => (state === 'suspended' ? [] : lines)))
  const isAgain = counts.some(({ version }) => (version ?? 1) > 1)
  return {
    subject: `${isAgain ? 'Conteggio cambiato' : 'Conteggio'} di ${longDayWithYear(day)}: ${mealsInWords(total)}`,
    text: `Per ${kitchen}: i pasti di ${longDayWithYear(day)}.
${isAgain ? 'Questo conteggio prende il posto di quello di prima, per le scuole scritte qui.\n' : ''}
${counts.map(schoolInWords).join('\n\n')}

I numeri sono divisi per codice della dieta, senza nomi.
Mensa scolastica di ${municipality}
`,
  }
}
