import type { Finding } from '../payment-alarm.ts'
import type { TopUpState } from '../top-up.ts'

/** What the office reads of each finding: a name, and what to do about it. */
export const FINDING_WORDS: Readonly<Record<Finding, { name: string; todo: string }>> = {
  surplus: {
    name: 'Preso due volte',
    todo: 'Restituisci la somma in più dal pannello del gestore dei pagamenti.',
  },
  reversed: {
    name: 'Restituito dal gestore dei pagamenti',
    todo: 'Se è accreditato, il saldo e la fattura contano soldi che non ci sono più: correggili.',
  },
  'late-success': {
    name: 'Riuscito dopo la scadenza',
    todo: 'È accreditato. Guarda se intanto la famiglia ha pagato una seconda volta.',
  },
  mismatch: {
    name: 'Non corrisponde all’ordine',
    todo: 'Cerca l’ordine nel pannello del gestore dei pagamenti: importo, valuta o numero sono diversi dai nostri.',
  },
  'unknown-answer': {
    name: 'Risposta che il portale non capisce',
    todo: 'Cerca l’ordine nel pannello del gestore dei pagamenti e guarda se è pagato.',
  },
  'credited-but-not-paid': {
    name: 'Accreditato, ma non risulta più pagato',
    todo: 'Cerca l’ordine nel pannello del gestore dei pagamenti: se davvero non è pagato, il saldo va corretto.',
  },
  'mode-mixed': {
    name: 'Ordine di prova in un portale vero, o il contrario',
    todo: 'Il portale non lo chiede più. Avvisa l’assistenza.',
  },
  'still-open': {
    name: 'Mai finito',
    todo: 'Dopo l’ultimo controllo il gestore dei pagamenti lo dà ancora in corso. Cerca l’ordine nel suo pannello, poi chiedi di nuovo.',
  },
  'creation-failed': {
    name: 'Il gestore dei pagamenti rifiuta le ricariche',
    todo: 'Non apre la pagina di pagamento: di solito la chiave è scaduta o revocata. Chiamalo; finché non è a posto le famiglie non possono ricaricare.',
  },
  'forged-notifications': {
    name: 'Notifiche non riconosciute',
    todo: 'Qualcuno ha provato a far credere pagato questo ordine. Niente è stato accreditato per questo: avvisa l’assistenza.',
  },
}

/** The state of a top-up as the office reads it. */
export const TOP_UP_STATE_WORDS: Readonly<Record<TopUpState, string>> = {
  created: 'appena iniziata',
  redirected: 'pagina di pagamento aperta',
  pending: 'in corso',
  paid: 'accreditata',
  failed: 'non riuscita',
  canceled: 'annullata',
  expired: 'scaduta',
}
