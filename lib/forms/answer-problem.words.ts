import { plural } from '#lib/words/language.ts'
import { type Saying, sayer, says } from '#lib/words/sentences.ts'

/** What may be wrong with an answer, and how to put it right. */
const ANSWER_PROBLEMS = {
  'too-long': says(plural('Usa al massimo {n} carattere.', 'Usa al massimo {n} caratteri.'), { n: 'count' }),
  'no-such-day': says('Scrivi una data che esista, per esempio 24/11/2026.'),
  'no-number': says('Scrivi un numero, per esempio 12 oppure 12,50.'),
  'too-small': says('Il numero più piccolo è {least}.', { least: 'decimal' }),
  'too-big': says('Il numero più grande è {most}.', { most: 'decimal' }),
  'no-fiscal-code': says(
    'Controlla il codice fiscale: ha 16 lettere e cifre, o 11 cifre se è provvisorio, e questo non torna.',
  ),
  'codes-disagree': says(
    'Il codice fiscale e la data di nascita non vanno d’accordo: controllali tutti e due.',
  ),
  'no-option': says('Scegli una delle risposte.'),
  'no-declaration': says('Per andare avanti serve la tua dichiarazione.'),
  'no-pupil': says('Scegli per chi è la domanda.'),
  'no-choice': says('Scegli una risposta.'),
  'no-answer': says('Scrivi una risposta.'),
  'no-document': says('Carica il documento.'),
  'too-many-documents': says(plural('Carica al massimo {n} documento.', 'Carica al massimo {n} documenti.'), {
    n: 'count',
  }),
  'wrong-document': says('Uno dei documenti non è di un tipo accettato: toglilo e caricane un altro.'),
} as const

export type FormAnswerProblem = Saying<typeof ANSWER_PROBLEMS>

export const answerProblemInWords = sayer(ANSWER_PROBLEMS)
