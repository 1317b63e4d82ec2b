import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/** What a family reads when the office decides a diet: no name and no diet, because it goes by e-mail too. */
export const dietNotice = (t: Words): Said => ({
  title: t('La dieta di un tuo figlio è aggiornata'),
  text: t('L’ufficio ha deciso la dieta di un tuo figlio. In Servizi leggi quale e da quando.'),
})
