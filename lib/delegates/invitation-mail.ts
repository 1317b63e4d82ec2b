import { numericDay } from '#lib/day.ts'
import type { MailText } from '#lib/notifications/mail.ts'

/** The letter to whoever is invited: no names of children, and nothing that helps anybody else. */
export const invitationMail = (facts: {
  holderName: string
  municipalityName: string
  url: string
  lastDay: string
}): MailText => ({
  subject: `Invito alla mensa scolastica di ${facts.municipalityName}`,
  text: `Buongiorno,

${facts.holderName} ti ha scelto come genitore delegato per la mensa scolastica di ${facts.municipalityName}: potrai vedere il calendario e disdire i pasti. Non vedrai niente che riguardi i pagamenti.

Per leggere l’invito e rispondere, apri questo indirizzo ed entra con la tua SPID o la tua CIE:
${facts.url}

L’invito vale fino al ${numericDay(facts.lastDay)}, una volta sola, e solo per te: con la SPID o la CIE di un’altra persona non si apre.
Se non conosci ${facts.holderName}, ignora questo messaggio.

Questo messaggio è automatico: non serve rispondere.
`,
})

/** To the holder: the invited has answered. */
export const answerMail = (facts: {
  givenName: string
  delegateName: string
  accepted: boolean
  url: string
}): MailText => ({
  subject: facts.accepted
    ? `${facts.delegateName} ha accettato la delega`
    : 'Il tuo invito non è stato accettato',
  text: `Ciao ${facts.givenName},

${
  facts.accepted
    ? `${facts.delegateName} ha accettato la delega per la mensa scolastica: da ora può vedere il calendario e disdire i pasti.`
    : 'la persona che avevi invitato come delegato per la mensa scolastica non ha accettato.'
}
Puoi vedere le tue deleghe, e revocarle quando vuoi, qui:
${facts.url}

Questo messaggio è automatico: non serve rispondere.
`,
})
