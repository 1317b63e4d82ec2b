import type { Catalogue } from '../language.ts'

export const formsClient: Catalogue = {
  facoltativo: 'optional',
  'Scegli…': 'Choose…',
  'Tipi accettati: {types}. Al massimo 8 MB.': 'Accepted types: {types}. 8 MB at most.',
  Togli: 'Remove',
  'Le altre risposte sono già salvate.': 'Your other answers are already saved.',
  'Salvataggio…': 'Saving…',
  'Salva e continua': 'Save and continue',
  'Salva la bozza ed esci': 'Save the draft and leave',
  Indietro: 'Back',
  'Invio in corso…': 'Sending…',
  'Invia la domanda': 'Send the request',
  Documenti: 'Documents',
  'La tua risposta': 'Your answer',
  'Manda all’ufficio': 'Send to the office',
  'Vuoi ritirare la domanda?': 'Do you want to withdraw the request?',
  'L’ufficio non la esaminerà più. Resta qui, con il suo numero, e puoi mandarne un’altra.':
    'The office will not look at it any more. It stays here, with its number, and you can send another one.',
  'Ritira la domanda': 'Withdraw the request',
  'Elimina la bozza': 'Delete the draft',
  'Non siamo riusciti a salvare': 'We could not save',
  'Sembra che manchi la rete. Quello che hai scritto è ancora qui: quando torna la rete, premi di nuovo.':
    'You seem to be offline. What you wrote is still here: press again once you are back online.',
  'La sessione è finita': 'Your session has ended',
  'Quello che hai scritto è ancora qui. Accedi di nuovo in un’altra scheda, poi torna in questa e premi di nuovo.':
    'What you wrote is still here. Sign in again in another tab, then come back to this one and press again.',
  'I documenti sono troppo grandi': 'The documents are too large',
  'Tutti insieme possono arrivare a 9 MB. Carica i documenti uno per volta, oppure fotografali di nuovo più piccoli.':
    'Together they may be up to 9 MB. Upload the documents one at a time, or take smaller photographs.',
}
