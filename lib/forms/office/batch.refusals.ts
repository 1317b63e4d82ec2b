import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'
import { DECIDED } from '../submission.ts'

/** Why a batch cannot go on, and why one of its requests was set aside. */
export const BATCH_REFUSALS = {
  'forms:batch-empty': says('Scegli almeno una domanda.'),
  'forms:batch-too-many': says(
    plural(
      'Insieme si può decidere {n} domanda al massimo: restringi la ricerca.',
      'Insieme si possono decidere {n} domande al massimo: restringi la ricerca.',
    ),
    { n: 'count' },
  ),
  'forms:batch-begun': says(
    '{who} ha già confermato questo gruppo: si sta facendo, una domanda alla volta.',
    {
      who: 'person',
    },
  ),
  'forms:batch-over': says('Questo gruppo è già finito o annullato: prepara di nuovo le domande rimaste.'),
  'forms:batch-preparing': says('L’anteprima non è ancora pronta: aspetta che finisca.'),
  'forms:batch-words': says('Scrivi che cosa chiedi alla famiglia.'),
  'forms:batch-diet': says('La famiglia chiede una dieta speciale, e nessuno l’ha ancora decisa.'),
  'forms:batch-documents': says('Mancano documenti: guarda la domanda o chiedi un’integrazione.'),
  'forms:batch-waits': says('La famiglia deve ancora rispondere a un’integrazione.'),
  'forms:batch-code': says('Il codice fiscale non torna con il nome o con la data di nascita.'),
  'forms:batch-twice': says('In questo gruppo c’è già un’altra domanda per lo stesso alunno.'),
  'forms:batch-namesake': says(
    'C’è già un alunno con lo stesso nome e la stessa data di nascita nella famiglia {family}: forse è lo stesso.',
    { family: 'text' },
  ),
  'forms:batch-no-class': says(
    'Non si sa in quale classe: scegli la classe nella domanda, o per tutto il gruppo.',
  ),
  'forms:batch-full': says('In {where} i posti sono finiti.', { where: 'text' }),
  'forms:batch-lacks-nothing': says('A questa domanda non manca niente: non c’è che cosa chiedere.'),
  'forms:batch-decided': says('{who} l’ha già decisa: {state}.', { who: 'person', state: DECIDED }),
  'forms:batch-failed': says('Qualcosa è andato storto e per questa domanda non si è fatto niente: riprova.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof BATCH_REFUSALS> {}
}
