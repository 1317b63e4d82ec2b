import type { Day } from '#lib/kernel/day.ts'
import type { Said } from '#lib/notifications/notification.ts'
import { instantInWords, longDate } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import type { Move } from './submission.ts'

/** The receipt, which the sender of a submission reads immediately. @param number "12/2026" */
export const receivedNotice = (number: string, at: Date, t: Words): Said => ({
  title: t('Domanda {number} ricevuta', { number }),
  text: t(
    'Abbiamo ricevuto la tua domanda il {when}. Il numero di protocollo è {number}: conservalo. Ti scriviamo quando l’ufficio decide o se manca qualcosa.',
    { when: instantInWords(at, t), number },
  ),
})

/**
 * What they read when the office moves it. The words of the office stay in the portal: a mail says only that there is something
 * to read.
 * @returns null for a move that is no news
 */
export function moveNotice(kind: Move, number: string, dueOn: Day | null): ((t: Words) => Said) | null {
  switch (kind) {
    case 'taken':
      return (t) => ({
        title: t('Domanda {number} in esame', { number }),
        text: t('L’ufficio ha cominciato a guardare la tua domanda.'),
      })
    case 'asked':
      return (t) => ({
        title: t('Domanda {number}: manca qualcosa', { number }),
        text: dueOn
          ? t(
              'Per decidere ci serve ancora qualcosa da te, entro il {day}. Nella pagina della domanda trovi che cosa, e puoi rispondere lì.',
              { day: longDate(dueOn, t.language) },
            )
          : t(
              'Per decidere ci serve ancora qualcosa da te. Nella pagina della domanda trovi che cosa, e puoi rispondere lì.',
            ),
      })
    case 'accepted':
      return (t) => ({
        title: t('Domanda {number} accolta', { number }),
        text: t('La tua domanda è stata accolta. Nella pagina della domanda leggi da quando vale.'),
      })
    case 'corrected':
      return (t) => ({
        title: t('Domanda {number}: la decisione è corretta', { number }),
        text: t(
          'L’ufficio ha corretto la decisione sulla tua domanda. Nella pagina della domanda leggi che cosa vale e da quando.',
        ),
      })
    case 'rejected':
      return (t) => ({
        title: t('Domanda {number} non accolta', { number }),
        text: t('La tua domanda non è stata accolta. Nella pagina della domanda leggi il motivo.'),
      })
    default:
      return null
  }
}
