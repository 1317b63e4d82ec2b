import type { MailText, Said } from '#lib/notifications/notification.ts'

import { numericDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'

/** The mail to the invited person: no names of children, and nothing that helps another reader. */
export const invitationMail = (
  facts: { holderName: string; municipalityName: string; url: string; lastDay: string },
  t: Words,
): MailText => ({
  subject: t('Invito alla mensa scolastica di {municipality}', { municipality: facts.municipalityName }),
  text: t(
    `Buongiorno,

{holder} ti ha scelto come genitore delegato per la mensa scolastica di {municipality}: potrai vedere il calendario e disdire i pasti. Non vedrai niente che riguardi i pagamenti.

Per leggere l’invito e rispondere, apri questo indirizzo ed entra con la tua SPID o la tua CIE:
{url}

L’invito vale fino al {day}, una volta sola, e solo per te: con la SPID o la CIE di un’altra persona non si apre.
Se non conosci {holder}, ignora questo messaggio.

Questo messaggio è automatico: non serve rispondere.
`,
    {
      holder: facts.holderName,
      municipality: facts.municipalityName,
      url: facts.url,
      day: numericDay(facts.lastDay, t.language),
    },
  ),
})

type Answer = { givenName: string; delegateName: string; accepted: boolean; url: string }

/** To the holder: the invited has answered. */
const answerMail = ({ givenName, delegateName, accepted, url }: Answer, t: Words): MailText => ({
  subject: accepted
    ? t('{delegate} ha accettato la delega', { delegate: delegateName })
    : t('Il tuo invito non è stato accettato'),
  text: t(
    accepted
      ? `Ciao {name},

{delegate} ha accettato la delega per la mensa scolastica: da ora può vedere il calendario e disdire i pasti.
Puoi vedere le tue deleghe, e revocarle quando vuoi, qui:
{url}

Questo messaggio è automatico: non serve rispondere.
`
      : `Ciao {name},

la persona che avevi invitato come delegato per la mensa scolastica non ha accettato.
Puoi vedere le tue deleghe, e revocarle quando vuoi, qui:
{url}

Questo messaggio è automatico: non serve rispondere.
`,
    { name: givenName, delegate: delegateName, url },
  ),
})

export function answerNotice(answer: Answer, t: Words): Said {
  const mail = answerMail(answer, t)
  return {
    title: mail.subject,
    text: answer.accepted
      ? t('Da ora può vedere il calendario e disdire i pasti. Puoi revocare la delega quando vuoi.')
      : t('Se vuoi, puoi mandare un altro invito.'),
    mail,
  }
}

/** To the holders when a delegate left, to the delegate when a holder revoked. @param by who did it */
export const delegationEndedNotice = (by: string, isLeft: boolean, t: Words): Said =>
  isLeft
    ? {
        title: t('{name} ha lasciato la delega', { name: by }),
        text: t(
          'Da ora non vede più il calendario e non può disdire i pasti. Se serve, puoi invitare un’altra persona.',
        ),
      }
    : {
        title: t('La tua delega è finita'),
        text: t(
          '{name} ha revocato la delega per la mensa: da ora non vedi più il calendario e non puoi disdire i pasti.',
          { name: by },
        ),
      }
