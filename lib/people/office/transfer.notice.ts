import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/** What adults read when pupils go to another municipality: no name, because it goes by e-mail too. */
export const TRANSFER_NOTICES = {
  sent: (t: Words): Said => ({
    title: t('La mensa di un tuo figlio passa a un altro Comune'),
    text: t(
      'L’ufficio della mensa ha mandato i dati di un tuo figlio al Comune nuovo, che lo iscrive e ti avvisa. In Servizi leggi l’ultimo giorno qui. Il saldo resta qui. Se non ti torna, chiama l’ufficio.',
    ),
  }),
  takenBack: (t: Words): Said => ({
    title: t('Un tuo figlio resta iscritto alla mensa'),
    text: t(
      'L’ufficio della mensa ha ripreso il passaggio di un tuo figlio a un altro Comune: iscrizione e disdette sono di nuovo quelle di prima. Se non ti torna, chiama l’ufficio.',
    ),
  }),
} as const
