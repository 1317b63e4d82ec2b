import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const PUPIL_MERGE_REFUSALS = {
  'merges:contradict': says(
    '{service}: negli stessi giorni i due sono iscritti in modo diverso ({one}; {other}), o con diete o giorni diversi. Correggi prima classe, dieta o giorni di uno dei due.',
    { service: 'text', one: 'text', other: 'text' },
  ),
  'merges:fares': says(
    '{service}: negli stessi giorni i due hanno fasce diverse ({one} e {other}). Togli prima quella sbagliata.',
    { service: 'text', one: 'text', other: 'text' },
  ),
  'merges:requests': says(
    'Nella famiglia {family} una domanda su questo alunno aspetta: decidila prima, poi unisci.',
    { family: 'text' },
  ),
  'merges:divided': says(
    'Nella famiglia {family} i pasti di questo alunno sono divisi con un’altra famiglia: prima ridalli tutti a una, poi unisci.',
    { family: 'text' },
  ),
  'merges:debt': says(
    'La famiglia {family} resterebbe con {cents} da pagare e senza questo alunno: tieni il suo, o sistema prima il debito.',
    { family: 'text', cents: 'cents' },
  ),
  'merges:done': says('Intanto {who} ha già unito uno di questi due alunni.', { who: 'person' }),
  'merges:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
  'merges:not-done': says('Questi due alunni non sono uniti: non c’è niente da annullare.'),
  'merges:depends': says('Non si annulla, perché qualcosa è venuto dopo: {what}.', { what: 'texts' }),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof PUPIL_MERGE_REFUSALS> {}
}
