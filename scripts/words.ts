import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { BROWSER_FILE, catalogueFile } from '#lib/words/catalogues.adapter.ts'
import { LOCALES, TRANSLATED } from '#lib/words/locales.ts'
import { problemsIn, synchronised } from './lib/catalogue-file.ts'
import { browserSentences, readSources, saysOf } from './lib/sentences.ts'

/**
 * `npm run words`: brings every catalogue to what the sources say, and prints what is still to be translated. New sentences
 * come without a translation, changed ones with that of before, marked "fuzzy"; what nothing says any more goes.
 * @returns an exit code: 1 while something is to be done
 */
export async function main(): Promise<number> {
  const sources = readSources()
  const said = saysOf(sources)
  writeFileSync(BROWSER_FILE, `${JSON.stringify(browserSentences(sources), null, 2)}\n`)
  const problems = TRANSLATED.flatMap((language) => {
    const file = catalogueFile(language)
    const text = synchronised(language, existsSync(file) ? readFileSync(file, 'utf8') : null, said)
    writeFileSync(file, text)
    const wrong = problemsIn(language, text, said)
    console.log(
      `${LOCALES[language].name}: ${said.size} frasi, ${wrong.length === 0 ? 'tutte a posto' : `${wrong.length} da sistemare`}`,
    )
    return wrong
  })
  if (problems.length > 0) console.log(problems.join('\n'))
  return problems.length > 0 ? 1 : 0
}
