import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const HOUSEHOLD_MERGE_REFUSALS = {
  'families:holders': says(
    'Nelle due famiglie non paga la stessa persona: prima cambia l’intestatario di una, o unisci i due adulti se sono uno solo.',
  ),
  'families:payments': says(
    'Nella famiglia {family} c’è una ricarica in corso: aspetta che finisca, poi unisci.',
    { family: 'text' },
  ),
  'families:requests': says(
    'Nella famiglia {family} una domanda, o un trasferimento, aspetta: decidi prima, poi unisci.',
    {
      family: 'text',
    },
  ),
  'families:invitations': says(
    'Nella famiglia {family} un invito a una delega aspetta risposta: chi paga lo ritiri prima, o aspetta che scada.',
    { family: 'text' },
  ),
  'families:charging': says(
    'Un pasto già contato non è ancora addebitato: bastano pochi secondi, poi riprova.',
  ),
  'families:divided': says(
    'Nella famiglia {family} i pasti di un alunno sono divisi con un’altra famiglia: prima ridalli tutti a una, poi unisci.',
    { family: 'text' },
  ),
  'families:refunds': says(
    'Nella famiglia {family} c’è un rimborso da decidere o da pagare: chiudilo prima, poi unisci.',
    { family: 'text' },
  ),
  'families:debt': says(
    'La famiglia {family} ha {cents} da pagare, e resterebbe senza alunni: tieni questa, o sistema prima il debito.',
    { family: 'text', cents: 'cents' },
  ),
  'families:empty': says('La famiglia {family} non ha alunni: non c’è niente da unire.', { family: 'text' }),
  'families:roles': says(
    '{name} è delegato in tutte e due le famiglie, fino a giorni diversi: chi paga ritiri prima una delle due deleghe.',
    { name: 'text' },
  ),
  'families:done': says('Intanto {who} ha già unito una di queste due famiglie.', { who: 'person' }),
  'families:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
  'families:not-done': says('Queste due famiglie non sono unite: non c’è niente da annullare.'),
  'families:depends': says('Non si annulla, perché qualcosa è venuto dopo: {what}.', { what: 'texts' }),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof HOUSEHOLD_MERGE_REFUSALS> {}
}
