import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const QUESTIONNAIRE_REFUSALS = {
  'questionnaires:check-answers': says(
    'Controlla le risposte segnalate. Quello che hai scritto è ancora qui.',
  ),
  'questionnaires:required': says('Manca la risposta a questa domanda.'),
  'questionnaires:not-a-choice': says('Scegli una delle risposte possibili.'),
  'questionnaires:too-long': says('Il testo è troppo lungo: al massimo 2000 caratteri.'),
  'questionnaires:over': says(
    'Il questionario si è chiuso il {when}: non si può più rispondere. La tua risposta non è stata registrata.',
    { when: 'instant' },
  ),
  'questionnaires:already-answered': says(
    'Una risposta c’è già: ha risposto prima l’altro genitore, oppure l’avevi già mandata tu. Vale la prima. Questa non è stata registrata.',
  ),
  'questionnaires:answered-meanwhile': says(
    'Hai già mandato una risposta da un’altra finestra. Quello che hai scritto qui non è stato registrato: ricarica la pagina per cambiare la risposta già mandata.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof QUESTIONNAIRE_REFUSALS> {}
}
