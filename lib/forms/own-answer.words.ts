import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { italian, phrase, type Words } from '#lib/words/language.ts'

const OWN = {
  none: phrase('Nessuna risposta'),
  accepted: phrase('Accettata'),
  yes: phrase('Sì'),
  no: phrase('No'),
  'new-pupil': phrase('Un altro figlio'),
} as const

/** An answer in words of the portal, where others are in those of the family or of the office. A day is as a form sends it. */
export type OwnAnswer = { is: keyof typeof OWN } | { is: 'day'; day: Day } | { is: 'euro'; cents: Cents }

export function ownAnswerInWords(answer: OwnAnswer, t: Words = italian): string {
  if (answer.is === 'day') return longDate(answer.day, t.language)
  return answer.is === 'euro' ? formatEuro(answer.cents, t.language) : t(OWN[answer.is])
}
