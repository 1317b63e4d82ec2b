import type { Catalogue } from '../language.ts'

export const questionnaires: Catalogue = {
  Questionari: 'Surveys',
  Questionario: 'Survey',
  'Che cosa pensi della mensa: bastano pochi minuti.':
    'What you think of the canteen: it takes a few minutes.',
  'Nessun questionario': 'No surveys',
  'Quando il gestore ne apre uno per i tuoi figli lo trovi qui, e ti avvisiamo.':
    'When the canteen operator opens one for your children you will find it here, and we will tell you.',
  'Fino al {when}': 'Until {when}',
  'Chiuso il {when}': 'Closed on {when}',
  'Chiuso il {when}.': 'Closed on {when}.',
  'Puoi rispondere fino al {when}.': 'You can answer until {when}.',
  Risposto: 'Answered',
  'Da compilare': 'To fill in',
  'Non compilato': 'Not filled in',
  anonimo: 'anonymous',
  'con i risultati': 'with results',
  'Per tutta la famiglia': 'For the whole family',
  'Per {name}': 'For {name}',
  'Grazie, la risposta è arrivata': 'Thank you, your answer has arrived',
  'Rispondi per {name}': 'Answer for {name}',
  'Torna ai questionari': 'Back to surveys',
  'È stata tenuta senza il tuo nome.': 'It was kept without your name.',
  'Puoi cambiarla da questa pagina fino alla fine.': 'You can change it on this page until the end.',
  'Per {name} la risposta c’è già': 'There is already an answer for {name}',
  'La tua famiglia ha già risposto': 'Your family has already answered',
  'Ha risposto {by}, il {when}. Solo chi ha risposto può cambiare la risposta.':
    '{by} answered on {when}. Only the person who answered can change the answer.',
  'Vale la prima risposta arrivata, tua o dell’altro genitore. Il portale non sa che cosa c’è scritto.':
    'The first answer counts, yours or the other parent’s. The portal does not know what it says.',
  'Cambia la risposta': 'Change the answer',
  'Manda la risposta': 'Send the answer',
  'I risultati': 'The results',
  'Grazie a chi ha risposto. I risultati li legge l’ufficio.':
    'Thanks to everyone who answered. The office reads the results.',
  'Questo questionario è anonimo': 'This survey is anonymous',
  'Questo questionario porta il tuo nome': 'This survey carries your name',
  'Il portale sa che la tua famiglia ha risposto, ma non che cosa: le risposte sono tenute separate, senza nome e senza ora.':
    'The portal knows that your family has answered, but not what: answers are kept apart, without name and without time.',
  'Nessuno legge le risposte prima della fine. I numeri più piccoli di 5 non si mostrano.':
    'Nobody reads the answers before the end. Numbers smaller than 5 are not shown.',
  'I testi si leggono come li scrivi: non scrivere nomi né cose che ti fanno riconoscere.':
    'Texts are read as you write them: do not write names or things that tell who you are.',
  'Dopo l’invio non puoi cambiare la risposta: non sapremmo quale è la tua.':
    'After sending you cannot change your answer: we would not know which one is yours.',
  'L’ufficio può sapere chi ha risposto e che cosa.': 'The office can know who answered and what.',
  'Puoi cambiare la risposta fino alla fine.': 'You can change your answer until the end.',
  'Dopo la fine trovi qui i risultati: solo numeri, mai testi né nomi.':
    'After the end you find the results here: numbers only, never texts or names.',
  'I risultati li legge solo l’ufficio.': 'Only the office reads the results.',
  Risposta: 'Answer',
  Quanti: 'How many',
  Grafico: 'Chart',
  'non mostrato': 'not shown',
  'Hanno risposto in meno di 5: non mostriamo niente, per non far riconoscere nessuno.':
    'Fewer than 5 answered: we show nothing, so that nobody can be recognised.',
  '1 risposta': '1 answer',
  '{n} risposte': '{n} answers',
  'media {mean} su 5': 'average {mean} out of 5',
  // refusals
  'Controlla le risposte segnalate. Quello che hai scritto è ancora qui.':
    'Check the answers marked below. What you wrote is still here.',
  'Manca la risposta a questa domanda.': 'The answer to this question is missing.',
  'Scegli una delle risposte possibili.': 'Choose one of the possible answers.',
  'Il testo è troppo lungo: al massimo 2000 caratteri.': 'The text is too long: 2000 characters at most.',
  'Una risposta c’è già: ha risposto prima l’altro genitore, oppure l’avevi già mandata tu. Vale la prima. Questa non è stata registrata.':
    'There is already an answer: the other parent answered first, or you had already sent it. The first one counts. This one was not recorded.',
  'Hai già mandato una risposta da un’altra finestra. Quello che hai scritto qui non è stato registrato: ricarica la pagina per cambiare la risposta già mandata.':
    'You have already sent an answer from another window. What you wrote here was not recorded: reload the page to change the answer you sent.',
}
