import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import type { QuestionResult } from '../questionnaire.ts'

const HIDDEN = 'non mostrato'

/** Results as a spreadsheet: one row per possible answer, then the answers in words. What is hidden on screen is hidden here. */
export function resultsCsv(
  results: readonly QuestionResult[],
  texts: Readonly<Record<string, readonly string[]>>,
): string {
  const rows = results.flatMap(({ question, bars, answered }, index) => {
    const number = index + 1
    const words = csvText(question.words)
    const written = (texts[question.id] ?? []).map((text) => [number, words, csvText(text), ''])
    if (question.kind === 'text') return [[number, words, 'risposte', answered ?? HIDDEN], ...written]
    return bars.map((bar) => [number, words, csvText(bar.label), bar.people ?? HIDDEN])
  })
  return italianCsv([['numero', 'domanda', 'risposta', 'quanti'], ...rows])
}
