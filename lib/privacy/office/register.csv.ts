import { csvText, italianCsv, italianCsvLines } from '#lib/kernel/csv.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { exactTimeInRome, numericDay } from '#lib/words/format-day.ts'
import type { RegisterLine } from './register.ts'
import { actInWords, actorInWords, changesInWords, subjectInWords, whyInWords } from './register.words.ts'

const HEAD = ['Giorno', 'Ora', 'Chi', 'Operazione', 'Su', 'Che cosa è cambiato', 'Perché']

const cellsOf = (line: RegisterLine): string[] => [
  numericDay(dayInRome(line.at)),
  exactTimeInRome(line.at),
  csvText(actorInWords(line)),
  csvText(actInWords(line)),
  csvText(subjectInWords(line)),
  csvText(changesInWords(line).join('; ')),
  csvText(whyInWords(line)),
]

/** The lines of a search as a file, page by page, in the words of the page. */
export async function* registerCsv(pages: AsyncIterable<readonly RegisterLine[]>): AsyncGenerator<string> {
  yield italianCsv([HEAD])
  for await (const lines of pages) yield italianCsvLines(lines.map(cellsOf))
}
