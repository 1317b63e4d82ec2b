import { italian, plural } from '#lib/words/language.ts'
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
    mailsSent > 0 && italian(plural('{n} spedita', '{n} spedite'), { n: mailsSent }),
    mailsWaiting > 0 && `${mailsWaiting} in coda`,
    mailsRefused > 0 && italian(plural('{n} non arrivata', '{n} non arrivate'), { n: mailsRefused }),
  ]
    .filter(Boolean)
    .join(', ') || 'nessuna'

/** How far a communication has come: "Letta da", "12 di 38" and so on. */
export function figuresInWords(figures: ShownFigures): { term: string; value: string }[] {
  const { households, persons, read, asked, acknowledged } = figures
  return [
    {
      term: 'Destinatari',
      value: `${italian(plural('{n} persona', '{n} persone'), { n: persons })} di ${italian(plural('{n} famiglia', '{n} famiglie'), { n: households })}`,
    },
    { term: 'Letta da', value: `${read} di ${persons}` },
    ...(asked > 0 ? [{ term: 'Confermata da', value: `${acknowledged} di ${asked}` }] : []),
    { term: 'E-mail', value: mailsInWords(figures) },
  ]
}
