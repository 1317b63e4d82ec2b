import { counted } from '#lib/words/counted.ts'

export type ShownFigures = {
  households: number
  persons: number
  read: number
  asked: number
  acknowledged: number
  mailsSent: number
  mailsWaiting: number
  mailsRefused: number
}

const mailsInWords = ({ mailsSent, mailsWaiting, mailsRefused }: ShownFigures): string =>
  [
    mailsSent > 0 && counted(mailsSent, 'spedita', 'spedite'),
    mailsWaiting > 0 && `${mailsWaiting} in coda`,
    mailsRefused > 0 && counted(mailsRefused, 'non arrivata', 'non arrivate'),
  ]
    .filter(Boolean)
    .join(', ') || 'nessuna'

/** How far a communication has come: "Letta da", "12 di 38" and so on. */
export function figuresInWords(figures: ShownFigures): { term: string; value: string }[] {
  const { households, persons, read, asked, acknowledged } = figures
  return [
    {
      term: 'Destinatari',
      value: `${counted(persons, 'persona', 'persone')} di ${counted(households, 'famiglia', 'famiglie')}`,
    },
    { term: 'Letta da', value: `${read} di ${persons}` },
    ...(asked > 0 ? [{ term: 'Confermata da', value: `${acknowledged} di ${asked}` }] : []),
    { term: 'E-mail', value: mailsInWords(figures) },
  ]
}
