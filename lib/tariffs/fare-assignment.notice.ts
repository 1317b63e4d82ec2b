import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/** What the payer reads when a child's price changes: no name, no amount and no reason, because it goes by e-mail too. */
export const fareNotice = (t: Words): Said => ({
  title: t('Il prezzo del pasto di un tuo figlio cambia'),
  text: t(
    'L’ufficio ha aggiornato il prezzo del pasto di un tuo figlio. In Servizi leggi quanto costa e da quando.',
  ),
})
