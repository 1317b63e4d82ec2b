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
  refused: (t: Words): Said => ({
    title: t('Il Comune nuovo non ha accolto un tuo figlio alla mensa'),
    text: t(
      'Il Comune a cui l’ufficio della mensa aveva mandato i dati di un tuo figlio non lo ha accolto. L’ufficio decide se riprenderlo: intanto vale l’ultimo giorno che leggi in Servizi. Se non ti torna, chiama l’ufficio.',
    ),
  }),
  closed: (t: Words): Said => ({
    title: t('Il passaggio di un tuo figlio a un altro Comune è chiuso'),
    text: t(
      'L’ufficio della mensa ha chiuso il passaggio di un tuo figlio a un altro Comune, senza riprenderlo: vale l’ultimo giorno che leggi in Servizi. Il Comune nuovo non ha i suoi dati. Se non ti torna, chiama l’ufficio.',
    ),
  }),
} as const
