import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'
import { protocolInWords } from '../protocol.ts'
import type { ShownSection } from '../shown-answers.words.ts'
import { STATES_IN_WORDS, type SubmissionState } from '../submission.ts'

export type SubmissionRow = {
  year: number
  number: number
  submittedAt: Date
  state: SubmissionState
  about: string
  personName: string
  decidedAt: Date | null
  shown: readonly ShownSection[]
}

const HEAD = ['Protocollo', 'Inviata', 'Stato', 'Decisa', 'Per', 'Inviata da']

/** Submissions for a spreadsheet: one row each, one column for every question that any of them answered. */
export function submissionsCsv(rows: readonly SubmissionRow[]): string {
  const questions = [
    ...new Set(
      rows.flatMap(({ shown }) => shown.flatMap((section) => section.rows.map(({ label }) => label))),
    ),
  ]
  const lines = rows.map((row) => {
    const answers = new Map(
      row.shown.flatMap((section) => section.rows.map(({ label, value }) => [label, value] as const)),
    )
    return [
      protocolInWords(row),
      instantInWords(row.submittedAt),
      italian(STATES_IN_WORDS[row.state]),
      row.decidedAt ? instantInWords(row.decidedAt) : '',
      csvText(row.about),
      csvText(row.personName),
      ...questions.map((question) => csvText(answers.get(question) ?? '')),
    ]
  })
  return italianCsv([[...HEAD, ...questions.map(csvText)], ...lines])
}
