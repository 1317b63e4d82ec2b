import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/**
 * What people read when the office makes two adults one, and when it takes that back. It names no person, family or code: the mail
 * may go to an address that another person reads, and the merge may be a mistake or asked for by who should not have it.
 */
export const ADULT_MERGE_NOTICES = {
  merged: (t: Words): Said => ({
    title: t('L’ufficio ha unito due tue registrazioni'),
    text: t(
      'L’ufficio della mensa ha unito due registrazioni di una persona con il tuo nome: da ora entra con un codice fiscale solo. Accessi e dispositivi di prima non valgono più. Se non ti torna, chiama subito l’ufficio.',
    ),
  }),
  family: (t: Words): Said => ({
    title: t('È cambiato come entra un adulto della tua famiglia'),
    text: t(
      'L’ufficio della mensa ha unito due registrazioni di un adulto che segue i tuoi figli. In Profilo, Deleghe leggi chi li segue. Se non ti torna, chiama subito l’ufficio.',
    ),
  }),
  split: (t: Words): Said => ({
    title: t('L’unione di due registrazioni è annullata'),
    text: t(
      'L’ufficio della mensa ha annullato l’unione: le due registrazioni sono di nuovo com’erano. Se non ti torna, chiama subito l’ufficio.',
    ),
  }),
} as const
