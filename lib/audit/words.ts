/** What each operation of the register is called where people read it. A test finds every operation that the code writes. */
const WORDS: Readonly<Record<string, string>> = {
  'calendar.suspend': 'Sospensione della mensa',
  'calendar-feed.created': 'Indirizzo del calendario creato',
  'calendar-feed.revoked': 'Indirizzo del calendario revocato',
  'contacts:address-changed': 'Indirizzo cambiato',
  'contacts:code-sent': 'Codice mandato per una nuova e-mail',
  'contacts:email-confirmed': 'E-mail confermata',
  'contacts:phone-changed': 'Telefono cambiato',
  'content.created': 'Bozza creata',
  'content.published': 'Notizia o documento pubblicato',
  'content.restored': 'Versione precedente ripresa',
  'content.review-asked': 'Revisione chiesta',
  'content.saved': 'Bozza salvata',
  'content.sent-back': 'Bozza rimandata a chi scrive',
  'content.withdrawn': 'Notizia o documento ritirato',
  'delegates:accepted': 'Delega accettata',
  'delegates:declined': 'Invito rifiutato',
  'delegates:invited': 'Invito mandato a un delegato',
  'delegates:left': 'Rinuncia a una delega',
  'delegates:revoked': 'Delega revocata',
  'delegates:withdrawn': 'Invito ritirato',
  'device.remember': 'Dispositivo ricordato',
  'device.revoke': 'Dispositivo scollegato',
  'device.sequence': 'Sequenza cambiata',
  'diet.read': 'Lettura del significato della dieta',
  'file.uploaded': 'File caricato',
  'household.read': 'Lettura della scheda della famiglia',
  'household:handed-over': 'Cambio dell’intestatario',
  'invoices:address-given': 'Indirizzo dato per le fatture',
  'invoices:downloaded': 'Fattura scaricata',
  'ledger:statement-downloaded': 'Movimenti scaricati',
  'leftovers.recorded': 'Avanzi registrati',
  'meals.cancel': 'Disdetta',
  'meals.rated': 'Giudizio su un pasto',
  'meals.restore': 'Ripristino di un pasto',
  'menus.change-announced': 'Cambio di menù annunciato',
  'menus.change-withdrawn': 'Cambio di menù annullato',
  'menus.dish-archived': 'Piatto tolto dall’elenco',
  'menus.dish-saved': 'Piatto salvato',
  'menus.imported': 'Menù importato da un file',
  'menus.published': 'Menù pubblicato',
  'menus.saved': 'Menù salvato',
  'menus.settings': 'Cambiate le scelte sui giudizi',
  'menus.withdrawn': 'Menù ritirato',
  'passkey.register': 'Impronta o volto aggiunti',
  'passkey.remove': 'Impronta o volto tolti',
  'privacy:exported': 'Scaricati tutti i dati',
  'registers:exported': 'Registro esportato per un’autorità',
  'session.revoke': 'Accesso chiuso',
  'settings.saved': 'Cambiate le impostazioni del Comune',
  'top-up:alarm': 'Controllo di una ricarica',
  'top-up:forged-notifications': 'Notifiche di pagamento non riconosciute',
  'top-up:settled': 'Ricarica accreditata',
  'top-up:start': 'Ricarica iniziata',
}

/** "Disdetta"; an operation without words is named as the register writes it, never hidden. */
export const operationInWords = (action: string): string => WORDS[action] ?? action

const SIGN_INS: Readonly<Record<string, string>> = {
  signed_in: 'Accesso riuscito',
  signed_out: 'Uscita',
  signed_out_everywhere: 'Uscita da tutti i dispositivi',
}

/** How a sign-in ended; a refusal keeps its code, which the page of the error explains. */
export const signInInWords = (outcome: string): string =>
  SIGN_INS[outcome] ?? `Accesso non riuscito (${outcome})`
