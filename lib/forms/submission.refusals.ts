import { phrase, plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'
import { DECIDED } from './submission.ts'

/** Why a form cannot be filled in now. */
const NOT_OPEN = {
  draft: phrase('non è pubblicato'),
  submitted: phrase('non è pubblicato'),
  scheduled: phrase('in programma'),
  expired: phrase('concluso'),
  withdrawn: phrase('chiuso in anticipo'),
} as const

export const SUBMISSION_REFUSALS = {
  'forms:not-open': says(
    'Questo modulo non si può compilare adesso: {why}. Quello che hai scritto resta nella bozza.',
    { why: NOT_OPEN },
  ),
  'forms:changed-elsewhere': says(
    'Intanto la bozza è cambiata in un’altra scheda o su un altro dispositivo. Quello che hai scritto è ancora qui sotto: ricarica la pagina per vedere l’altra versione.',
  ),
  'forms:form-changed': says(
    'Intanto l’ufficio ha aggiornato il modulo. Le tue risposte sono rimaste: rileggi il riepilogo e invia di nuovo.',
  ),
  'forms:incomplete': says('Manca ancora qualcosa nel passo “{step}”. Completalo, poi invia.', {
    step: 'text',
  }),
  'forms:already-sent': says(
    'C’è già una domanda come questa, per lo stesso alunno o la stessa famiglia. La trovi in Moduli online.',
  ),
  'forms:no-draft': says('Non troviamo più questa bozza: forse l’hai già inviata. Guarda in Moduli online.'),
  'forms:too-many-documents': says(
    plural(
      'Puoi caricare al massimo {n} documento per domanda.',
      'Puoi caricare al massimo {n} documenti per domanda.',
    ),
    { n: 'count' },
  ),
  'forms:wrong-document': says('Il file “{name}” non va bene qui: servono {types}.', {
    name: 'text',
    types: 'phrases',
  }),
  'forms:no-document': says('Scegli il documento da caricare.'),
  'forms:decided': says('Questa domanda è già {state}: non si può più cambiare.', { state: DECIDED }),
  'forms:no-integration': says('Per questa domanda non è stata chiesta nessuna integrazione.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof SUBMISSION_REFUSALS> {}
}
