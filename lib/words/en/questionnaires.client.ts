import type { Catalogue } from '../language.ts'

export const questionnairesClient: Catalogue = {
  '(facoltativa)': '(optional)',
  'Puoi scegliere più risposte.': 'You can choose more than one answer.',
  'Non c’è rete: la risposta non è partita. Quello che hai scritto è ancora qui: quando torna la rete, premi di nuovo il pulsante.':
    'There is no connection: your answer was not sent. What you wrote is still here: when the connection is back, press the button again.',
  'La sessione è finita: la risposta non è partita. Quello che hai scritto è ancora qui: entra di nuovo da un’altra finestra, poi premi ancora il pulsante.':
    'Your session has ended: your answer was not sent. What you wrote is still here: sign in again in another window, then press the button again.',
  'Mancano delle risposte': 'Some answers are missing',
  'Invio…': 'Sending…',
}
