import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/** What adults read when the office registers a family or enrols a pupil: no name, because it goes by e-mail too. */
export const REGISTRATION_NOTICES = {
  registered: (t: Words): Said => ({
    title: t('La tua famiglia è registrata alla mensa'),
    text: t(
      'L’ufficio della mensa ha registrato la tua famiglia. Nel portale trovi il calendario e le disdette, e in Servizi la classe e da quando. Se non ti torna, chiama l’ufficio.',
    ),
  }),
  pupilAdded: (t: Words): Said => ({
    title: t('L’ufficio ha iscritto un tuo figlio alla mensa'),
    text: t(
      'Nel calendario trovi i giorni di mensa e puoi disdire; in Servizi leggi la classe e da quando. Se non ti torna, chiama l’ufficio.',
    ),
  }),
} as const
