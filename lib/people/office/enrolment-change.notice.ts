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
  ended: (t: Words): Said => ({
    title: t('L’iscrizione alla mensa di un tuo figlio finisce'),
    text: t(
      'L’ufficio della mensa ha registrato l’ultimo giorno di mensa di un tuo figlio. In Servizi leggi quale. Il saldo resta alla famiglia. Se non ti torna, chiama l’ufficio.',
    ),
  }),
} as const
