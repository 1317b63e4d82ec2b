import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/** What who pays and the delegates read when the office makes two households one, and when it takes that back. */
export const HOUSEHOLD_MERGE_NOTICES = {
  merged: (t: Words): Said => ({
    title: t('Le tue due famiglie sono una sola'),
    text: t(
      'L’ufficio della mensa ha unito due famiglie in cui paga la stessa persona: da ora gli alunni stanno insieme, con un conto solo. I movimenti di prima restano dove sono. Se non ti torna, chiama l’ufficio.',
    ),
  }),
  split: (t: Words): Said => ({
    title: t('L’unione delle due famiglie è annullata'),
    text: t(
      'L’ufficio della mensa ha annullato l’unione: alunni e deleghe sono di nuovo com’erano. Se non ti torna, chiama l’ufficio.',
    ),
  }),
} as const
