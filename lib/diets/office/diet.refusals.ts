import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const DIET_REFUSALS = {
  'diets:nothing-changes': says('È già così: non c’è niente da cambiare.'),
  'diets:preview-changed': says(
    'Intanto qualcosa è cambiato. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
  'diets:choose-day': says('Scrivi il giorno.'),
  'diets:too-early': says(
    'L’ultimo giorno può essere {first} o dopo: per quelli prima il conteggio è già in cucina.',
    { first: 'day' },
  ),
  'diets:period-reversed': says('Il periodo finisce prima di cominciare. Controlla le due date.'),
  'diets:code-taken': says('C’è già una dieta con il codice {code}.', { code: 'text' }),
  'diets:unknown-code': says(
    'Una delle diete scelte non c’è più, o è già fatta di altre. Ricarica la pagina.',
  ),
  'diets:needs-successor': says('Questa dieta ce l’hanno ancora: {who}. Scegli a quale dieta passano.', {
    who: 'text',
  }),
  'diets:held-before': says('Prima di quel giorno ce l’hanno già: {who}. Scegli un giorno prima.', {
    who: 'text',
  }),
  'diets:successor-ends': says('La dieta scelta non vale per tutto quel periodo: scegline un’altra.'),
  'diets:changed-meanwhile': says(
    'Intanto {who} ha cambiato questa dieta. Ricarica la pagina per vedere com’è adesso.',
    { who: 'person' },
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof DIET_REFUSALS> {}
}
