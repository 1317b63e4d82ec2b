import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/** What adults read when the office moves a pupil or ends an enrolment: no name and no class, because it goes by e-mail too. */
export const ENROLMENT_CHANGE_NOTICES = {
  moved: (t: Words): Said => ({
    title: t('Un tuo figlio cambia classe a mensa'),
    text: t(
      'L’ufficio della mensa ha registrato il cambio di classe o di scuola. In Servizi leggi quale e da quando. Le disdette già fatte restano. Se non ti torna, chiama l’ufficio.',
    ),
  }),
  weekdays: (t: Words): Said => ({
    title: t('Cambiano i giorni di mensa di un tuo figlio'),
    text: t(
      'L’ufficio della mensa ha cambiato i giorni della settimana in cui un tuo figlio mangia a mensa. In Servizi leggi quali e da quando. Le disdette già fatte restano. Se non ti torna, chiama l’ufficio.',
    ),
  }),
  households: (t: Words): Said => ({
    title: t('Cambia di chi sono i pasti di un tuo figlio'),
    text: t(
      'L’ufficio della mensa ha deciso di quale famiglia sono i pasti di un tuo figlio, giorno per giorno. In Prenotazioni vedi quali sono i tuoi: questi li disdici e li paghi tu. I pasti già contati restano di chi li ha pagati. Se non ti torna, chiama l’ufficio.',
    ),
  }),
  ended: (t: Words): Said => ({
    title: t('L’iscrizione alla mensa di un tuo figlio finisce'),
    text: t(
      'L’ufficio della mensa ha registrato l’ultimo giorno di mensa di un tuo figlio. In Servizi leggi quale. Il saldo resta alla famiglia. Se non ti torna, chiama l’ufficio.',
    ),
  }),
} as const
