import type { Said } from '#lib/notifications/notification.ts'
import type { Words } from '#lib/words/language.ts'

/**
 * What both people read when the office changes who pays. It names no person and no amount: the mail may go to an address that
 * another person reads, and a change may be a mistake.
 */
export const HAND_OVER_NOTICES = {
  becomes: (t: Words): Said => ({
    title: t('Sei l’intestatario della mensa'),
    text: t(
      'L’ufficio della mensa ha registrato che da adesso paghi tu e ricevi tu le fatture. Nel portale vedi il saldo, e i movimenti da oggi in poi. Se non ti torna, chiama subito l’ufficio.',
    ),
  }),
  leaves: (t: Words): Said => ({
    title: t('Non sei più l’intestatario della mensa'),
    text: t(
      'L’ufficio della mensa ha registrato che da adesso paga un’altra persona. Le ricariche e le fatture fatte finora restano tue e le trovi nel portale. Se non ti torna, chiama subito l’ufficio.',
    ),
  }),
  returns: (t: Words): Said => ({
    title: t('Sei di nuovo l’intestatario della mensa'),
    text: t(
      'L’ufficio della mensa ha annullato il cambio dell’intestatario: paghi e ricevi le fatture come prima. Se non ti torna, chiama subito l’ufficio.',
    ),
  }),
  stepsBack: (t: Words): Said => ({
    title: t('Il cambio dell’intestatario è annullato'),
    text: t(
      'L’ufficio della mensa ha annullato il cambio: da adesso non paghi più per questa famiglia. Le ricariche e le fatture fatte finora restano tue e le trovi nel portale. Se non ti torna, chiama subito l’ufficio.',
    ),
  }),
} as const
