import type { Day } from '#lib/kernel/day.ts'
import { longDate } from '#lib/words/format-day.ts'
import { italian, phrase, type Words } from '#lib/words/language.ts'

const OWN = {
  none: phrase('Nessuna risposta'),
  accepted: phrase('Accettata'),
  yes: phrase('Sì'),
  no: phrase('No'),
  'new-pupil': phrase('Un altro figlio'),
} as const

/** An answer in words of the portal, where others are in those of the family or of the office. A day is as a form sends it. */
export type OwnAnswer = { is: keyof typeof OWN } | { is: 'day'; day: Day }

export const ownAnswerInWords = (answer: OwnAnswer, t: Words = italian): string =>
  answer.is === 'day' ? longDate(answer.day, t.language) : t(OWN[answer.is])
