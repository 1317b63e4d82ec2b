import type { Catalogue } from '../language.ts'

/** What the portal tells people by itself: inbox, mails, lock screens, calendars. Letters are each in one piece. */
export const letters: Catalogue = {
  'Ciao {name},': 'Hello {name},',
  '{text}\n\nTutto il resto è nel portale:\n{url}\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    '{text}\n\nEverything else is in the portal:\n{url}\n\nThis message is automatic: there is no need to reply.\n',
  'Mensa scolastica di {name}\nPer scegliere quali messaggi ricevere: {url}\n':
    'School canteen of {name}\nTo choose which messages you receive: {url}\n',
  'Apri il portale della mensa per leggere.': 'Open the school canteen portal to read it.',
  'Prova: le notifiche funzionano': 'Trial: notifications work',
  'È la prova che hai chiesto tu. Se la leggi, da qui ti arriveranno anche le altre.':
    'This is the trial you asked for. If you can read it, the others will arrive here too.',
  'La tua e-mail non riceve i nostri messaggi': 'Your email does not receive our messages',
  'Il suo server li rifiuta: forse l’indirizzo è scritto male o non esiste più. Finché non lo cambi, i messaggi li trovi solo qui.':
    'Its server refuses them: perhaps the address is misspelt or no longer exists. Until you change it, you find our messages only here.',

  'Pasto disdetto: {day}': 'Meal cancelled: {day}',
  '{who} ha disdetto il pasto di {day}.': '{who} cancelled the meal of {day}.',
  'L’ufficio della mensa ha disdetto il pasto di {day}.': 'The canteen office cancelled the meal of {day}.',
  '{who} ha disdetto {n} pasti: {days}.': '{who} cancelled {n} meals: {days}.',
  'L’ufficio della mensa ha disdetto {n} pasti: {days}.': 'The canteen office cancelled {n} meals: {days}.',
  'Pasto ripristinato: {day}': 'Meal restored: {day}',
  '{who} ha ripristinato il pasto di {day}.': '{who} restored the meal of {day}.',
  'L’ufficio della mensa ha ripristinato il pasto di {day}.':
    'The canteen office restored the meal of {day}.',
  '{who} ha ripristinato {n} pasti: {days}.': '{who} restored {n} meals: {days}.',
  'L’ufficio della mensa ha ripristinato {n} pasti: {days}.':
    'The canteen office restored {n} meals: {days}.',
  '{days} e un altro giorno': '{days} and one more day',
  '{days} e altri {n} giorni': '{days} and {n} more days',
  'Niente mensa {day}: sciopero': 'No school lunch on {day}: strike',
  'Niente mensa {day}: chiusura': 'No school lunch on {day}: closed',
  'Niente mensa {day}: uscita didattica': 'No school lunch on {day}: school trip',
  '{reason}.\nRiguarda: {schools}.': '{reason}.\nIt is about: {schools}.',
  'Non devi disdire e i pasti già addebitati tornano sul tuo saldo.':
    'You do not have to cancel, and meals already charged go back to your balance.',
  'Non devi disdire e il pasto non si paga.': 'You do not have to cancel, and the meal is not charged.',
  'Menù cambiato {day}': 'Menu changed on {day}',
  '{new} al posto di {old}. {reason}.': '{new} instead of {old}. {reason}.',

  'C’è una nuova comunicazione per te': 'There is a new communication for you',
  'Una comunicazione che hai ricevuto è stata corretta': 'A communication you received has been corrected',
  'C’è una comunicazione che aspetta te': 'A communication is waiting for you',
  'Ti chiediamo di confermare che l’hai letta.': 'Please confirm that you have read it.',
  'Puoi ancora rispondere: {title}': 'You can still answer: {title}',
  'Nuovo questionario: {title}': 'New survey: {title}',
  'Il questionario si compila in pochi minuti, anche dal telefono. C’è tempo fino al {when}.':
    'It takes a few minutes to answer, on a phone too. You have until {when}.',

  'Domanda {number} ricevuta': 'Request {number} received',
  'Abbiamo ricevuto la tua domanda il {when}. Il numero di protocollo è {number}: conservalo. Ti scriviamo quando l’ufficio decide o se manca qualcosa.':
    'We received your request on {when}. The protocol number is {number}: keep it. We write to you when the office decides, or if something is missing.',
  'Domanda {number} in esame': 'Request {number} being examined',
  'L’ufficio ha cominciato a guardare la tua domanda.': 'The office has begun to look at your request.',
  'Domanda {number}: manca qualcosa': 'Request {number}: something is missing',
  'Per decidere ci serve ancora qualcosa da te, entro il {day}. Nella pagina della domanda trovi che cosa, e puoi rispondere lì.':
    'To decide we still need something from you, by {day}. The page of the request says what, and you can answer there.',
  'Per decidere ci serve ancora qualcosa da te. Nella pagina della domanda trovi che cosa, e puoi rispondere lì.':
    'To decide we still need something from you. The page of the request says what, and you can answer there.',
  'Domanda {number} accolta': 'Request {number} accepted',
  'La tua domanda è stata accolta. Nella pagina della domanda leggi da quando vale.':
    'Your request has been accepted. The page of the request says from when it counts.',
  'Domanda {number} non accolta': 'Request {number} not accepted',
  'La tua domanda non è stata accolta. Nella pagina della domanda leggi il motivo.':
    'Your request has not been accepted. The page of the request says why.',

  'Il saldo della mensa è finito': 'Your canteen balance has run out',
  'Il saldo non basta più per un pasto. Ricarica appena puoi.':
    'Your balance is no longer enough for a meal. Top up as soon as you can.',
  'Il saldo della mensa sta per finire': 'Your canteen balance is running low',
  'Restano pochi pasti. Puoi ricaricare dal portale quando vuoi.':
    'Only a few meals are left. You can top up in the portal whenever you like.',
  'La ricarica non è riuscita': 'The top-up did not work',
  'Il pagamento non è andato a buon fine e non hai pagato nulla. Puoi riprovare quando vuoi.':
    'The payment did not go through and you have paid nothing. You can try again whenever you like.',
  'La tua fattura è pronta': 'Your invoice is ready',
  'Le tue fatture sono pronte': 'Your invoices are ready',
  'Con il tuo indirizzo ora è completa: puoi scaricarla dal portale.':
    'With your address it is now complete: you can download it from the portal.',
  'Con il tuo indirizzo ora sono complete: puoi scaricarle dal portale.':
    'With your address they are now complete: you can download them from the portal.',
  'Ricarica mensa {n} pasto': 'School canteen top-up, {n} meal',
  'Ricarica mensa {n} pasti': 'School canteen top-up, {n} meals',

  'Un nuovo dispositivo è stato ricordato': 'A new device is now remembered',
  'Buongiorno,\n\nil {when} abbiamo salvato le tue credenziali su questo dispositivo: {device}.\nDa lì ora si entra con la sequenza, l’impronta o il volto.\n\nSe non l’hai fatto tu, entra con SPID o CIE e scollegalo da qui:\n{url}\n\nMensa scolastica di {municipality}':
    'Hello,\n\non {when} we saved your credentials on this device: {device}.\nFrom there you can now sign in with the sequence, your fingerprint or your face.\n\nIf it was not you, sign in with SPID or CIE and disconnect it here:\n{url}\n\nSchool canteen of {municipality}',
  'Abbiamo scollegato un tuo dispositivo': 'We have disconnected one of your devices',
  'Buongiorno,\n\nil {when} abbiamo smesso di ricordare questo dispositivo: {device}.\nQualcuno ha sbagliato la sequenza cinque volte. Per prudenza abbiamo chiuso anche gli accessi aperti da lì. Niente altro è cambiato.\n\nPer entrare serve di nuovo SPID o CIE; poi, se vuoi, puoi ricordarlo un’altra volta:\n{url}\n\nMensa scolastica di {municipality}':
    'Hello,\n\non {when} we stopped remembering this device: {device}.\nSomebody drew a wrong sequence five times. To be safe we also closed the sign-ins opened from there. Nothing else has changed.\n\nTo sign in you need SPID or CIE again; then, if you like, you can have it remembered once more:\n{url}\n\nSchool canteen of {municipality}',
  'Buongiorno,\n\nil {when} abbiamo smesso di ricordare questo dispositivo: {device}.\nLe sue credenziali sono state usate da due browser diversi: potrebbero essere state copiate, oppure una risposta si è persa per strada. Per prudenza abbiamo chiuso anche gli accessi aperti da lì. Niente altro è cambiato.\n\nPer entrare serve di nuovo SPID o CIE; poi, se vuoi, puoi ricordarlo un’altra volta:\n{url}\n\nMensa scolastica di {municipality}':
    'Hello,\n\non {when} we stopped remembering this device: {device}.\nIts credentials were used by two different browsers: they may have been copied, or an answer was lost on the way. To be safe we also closed the sign-ins opened from there. Nothing else has changed.\n\nTo sign in you need SPID or CIE again; then, if you like, you can have it remembered once more:\n{url}\n\nSchool canteen of {municipality}',
  '{device}: da lì ora si entra con la sequenza, l’impronta o il volto. Se non l’hai fatto tu, scollegalo.':
    '{device}: from there you can now sign in with the sequence, your fingerprint or your face. If it was not you, disconnect it.',
  '{device}: per entrare da lì serve di nuovo SPID o CIE.':
    '{device}: to sign in from there you need SPID or CIE again.',
  '{browser} su {system}': '{browser} on {system}',

  'Invito alla mensa scolastica di {municipality}': 'Invitation to the school canteen of {municipality}',
  'Buongiorno,\n\n{holder} ti ha scelto come genitore delegato per la mensa scolastica di {municipality}: potrai vedere il calendario e disdire i pasti. Non vedrai niente che riguardi i pagamenti.\n\nPer leggere l’invito e rispondere, apri questo indirizzo ed entra con la tua SPID o la tua CIE:\n{url}\n\nL’invito vale fino al {day}, una volta sola, e solo per te: con la SPID o la CIE di un’altra persona non si apre.\nSe non conosci {holder}, ignora questo messaggio.\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello,\n\n{holder} chose you as delegated parent for the school canteen of {municipality}: you will see the calendar and be able to cancel meals. You will see nothing about payments.\n\nTo read the invitation and answer, open this address and sign in with your SPID or your CIE:\n{url}\n\nThe invitation is valid until {day}, once only, and only for you: it does not open with the SPID or CIE of another person.\nIf you do not know {holder}, ignore this message.\n\nThis message is automatic: there is no need to reply.\n',
  '{delegate} ha accettato la delega': '{delegate} accepted the delegation',
  'Il tuo invito non è stato accettato': 'Your invitation was not accepted',
  'Ciao {name},\n\n{delegate} ha accettato la delega per la mensa scolastica: da ora può vedere il calendario e disdire i pasti.\nPuoi vedere le tue deleghe, e revocarle quando vuoi, qui:\n{url}\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello {name},\n\n{delegate} accepted the delegation for the school canteen: from now on they can see the calendar and cancel meals.\nYou can see your delegations, and revoke them whenever you like, here:\n{url}\n\nThis message is automatic: there is no need to reply.\n',
  'Ciao {name},\n\nla persona che avevi invitato come delegato per la mensa scolastica non ha accettato.\nPuoi vedere le tue deleghe, e revocarle quando vuoi, qui:\n{url}\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello {name},\n\nthe person you invited as a delegate for the school canteen did not accept.\nYou can see your delegations, and revoke them whenever you like, here:\n{url}\n\nThis message is automatic: there is no need to reply.\n',
  'Da ora può vedere il calendario e disdire i pasti. Puoi revocare la delega quando vuoi.':
    'From now on they can see the calendar and cancel meals. You can revoke the delegation whenever you like.',
  'Se vuoi, puoi mandare un altro invito.': 'If you like, you can send another invitation.',
  '{name} ha lasciato la delega': '{name} gave up the delegation',
  'Da ora non vede più il calendario e non può disdire i pasti. Se serve, puoi invitare un’altra persona.':
    'From now on they no longer see the calendar and cannot cancel meals. If you need to, you can invite somebody else.',
  'La tua delega è finita': 'Your delegation has ended',
  '{name} ha revocato la delega per la mensa: da ora non vedi più il calendario e non puoi disdire i pasti.':
    '{name} revoked the delegation for the canteen: from now on you no longer see the calendar and cannot cancel meals.',

  'Mensa di {name}': 'School lunch of {name}',
  'Mensa: {name}': 'School lunch: {name}',
  'Mensa: {name} è assente': 'School lunch: {name} is absent',
  'Niente mensa per {name}': 'No school lunch for {name}',
  'Si può disdire fino alle {deadline}.': 'It can be cancelled until {deadline}.',
  'Menù comune: {dishes}.': 'Common menu: {dishes}.',
  'L’orario del pranzo lo decide la scuola: qui è indicativo.':
    'The school decides the time of lunch: the one here is approximate.',
  'Il pasto è disdetto.': 'The meal is cancelled.',
  '{name} mangia a mensa: puoi disdire fino alle {time}':
    '{name} eats at the canteen: you can cancel until {time}',
  Alunno: 'Pupil',
  'Importo (euro)': 'Amount (euro)',
  'Saldo (euro)': 'Balance (euro)',
  'Registrato il': 'Recorded on',
  'Registrato alle': 'Recorded at',

  'Il codice per confermare la tua e-mail': 'The code to confirm your email',
  'Buongiorno,\n\nqualcuno, speriamo tu, ha chiesto di usare questo indirizzo per i messaggi della mensa scolastica.\nIl codice per confermarlo è:\n\n{code}\n\nVale {minutes} minuti. Se non l’hai fatto tu, ignora questo messaggio: senza il codice non cambia niente.\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello,\n\nsomebody, we hope you, asked to use this address for the messages of the school canteen.\nThe code to confirm it is:\n\n{code}\n\nIt is valid for {minutes} minutes. If it was not you, ignore this message: without the code nothing changes.\n\nThis message is automatic: there is no need to reply.\n',
  'Mensa di {municipality}: il codice per confermare questo numero è {code}. Vale {minutes} minuti. Non l’hai chiesto? Ignoralo.':
    '{municipality} school canteen: the code to confirm this number is {code}. Valid for {minutes} minutes. Not you? Ignore it.',
  'Il telefono che la mensa ha per te è cambiato':
    'The phone number that the canteen has for you has changed',
  'Ciao {name},\n\nchi è entrato con la tua SPID o la tua CIE ha cambiato o tolto il numero a cui la mensa scolastica ti chiama in caso di urgenza.\nSe non l’hai fatto tu, chiama subito il gestore della mensa.\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello {name},\n\nwhoever signed in with your SPID or your CIE has changed or removed the number that the school canteen calls in an emergency.\nIf it was not you, call the canteen operator at once.\n\nThis message is automatic: there is no need to reply.\n',
  '{name} ti invita come delegato': '{name} invites you to be a delegate',
  'Puoi accettare o rifiutare qui: non serve l’e-mail che ti abbiamo mandato. L’invito vale 14 giorni.':
    'You can accept or decline here: you do not need the email that we sent you. The invitation is valid for 14 days.',
  'La tua e-mail per la mensa scolastica è cambiata': 'Your email for the school canteen has changed',
  'Ciao {name},\n\nda ora i messaggi della mensa scolastica vanno a un altro indirizzo, confermato da chi è entrato con la tua SPID o la tua CIE.\nSe non l’hai fatto tu, chiama subito il gestore della mensa.\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello {name},\n\nfrom now on the messages of the school canteen go to another address, confirmed by whoever signed in with your SPID or your CIE.\nIf it was not you, call the canteen operator at once.\n\nThis message is automatic: there is no need to reply.\n',
  carta: 'card',
  'Ricarica accreditata: {amount}': 'Top-up credited: {amount}',
  'Ciao {name},\n\nla tua ricarica è stata accreditata.\n\nServizio: {service}\nImporto: {amount} ({meals})\nPagamento: {method}, {when}\nNuovo saldo: {balance}\nFattura: {invoice}\n\nIl dettaglio e la fattura da scaricare sono nel portale:\n{url}\n\nQuesto messaggio è automatico: non serve rispondere.\n':
    'Hello {name},\n\nyour top-up has been credited.\n\nService: {service}\nAmount: {amount} ({meals})\nPayment: {method}, {when}\nNew balance: {balance}\nInvoice: {invoice}\n\nThe details and the invoice to download are in the portal:\n{url}\n\nThis message is automatic: there is no need to reply.\n',
  'La tua ricarica di {meals} è sul conto. La fattura è la {invoice}.':
    'Your top-up of {meals} is in the account. The invoice is {invoice}.',
}
