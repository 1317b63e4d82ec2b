import type { MailText } from '#lib/notifications/mail.ts'

type Facts = {
  deviceName: string
  /** As written in Italy: "lunedì 23 novembre 2026 alle 10:12". */
  when: string
  /** Address of the page where devices are listed. */
  accessesUrl: string
  town: string
}

const close = ({ town }: Facts): string => `\n\nMensa scolastica di ${town}`

/** To the owner, when a device is remembered: whoever did not ask for it learns of it. */
export const deviceAddedMail = (facts: Facts): MailText => ({
  subject: 'Un nuovo dispositivo è stato ricordato',
  text: `Buongiorno,\n\n${facts.when} abbiamo salvato le tue credenziali su questo dispositivo: ${facts.deviceName}.\nDa lì ora si entra con la sequenza, l’impronta o il volto.\n\nSe non sei stato tu, entra con SPID o CIE e scollegalo da qui:\n${facts.accessesUrl}${close(facts)}`,
})

/** To the owner, when we forget a device by ourselves. */
export const deviceForgottenMail = (facts: Facts, reason: 'failures' | 'copied'): MailText => {
  const why =
    reason === 'failures'
      ? 'Qualcuno ha sbagliato la sequenza cinque volte.'
      : 'Le sue credenziali sono state usate da due browser diversi: potrebbero essere state copiate, oppure una risposta si è persa per strada.'
  return {
    subject: 'Abbiamo scollegato un tuo dispositivo',
    text: `Buongiorno,\n\n${facts.when} abbiamo smesso di ricordare questo dispositivo: ${facts.deviceName}.\n${why} Per prudenza abbiamo chiuso anche gli accessi aperti da lì. Niente altro è cambiato.\n\nPer entrare serve di nuovo SPID o CIE; poi, se vuoi, puoi ricordarlo un’altra volta:\n${facts.accessesUrl}${close(facts)}`,
  }
}
