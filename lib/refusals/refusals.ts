import { TOP_UP_SENTENCES } from '#lib/payments/top-up.refusals.ts'
import { type Details, inWords } from '#lib/words/details.ts'
import { italian, phrase, type Words } from '#lib/words/language.ts'

/**
 * Every refusal has words. A new code does not compile until it has its sentence; `{name}` is filled from the details.
 * The sentences say what happened, what is safe and what to do.
 */
const SENTENCES = {
  // any request
  'request:invalid': 'Controlla i campi segnalati: qualcosa non è scritto come serve.',
  'request:foreign-origin': 'La richiesta non arriva da questo portale. Ricarica la pagina e riprova.',
  'request:signed-out': 'La sessione è finita. Accedi di nuovo: quello che avevi già salvato resta salvato.',
  'request:not-found': 'Non troviamo quello che cerchi, oppure non è tra le cose che puoi vedere.',
  'request:key-reused':
    'Questa conferma era già servita per una richiesta diversa. Ricarica la pagina e riprova.',
  // remembered devices
  'devices:not-digits': 'Scrivi solo i numeri dei punti, da 1 a 9.',
  'devices:too-short': 'Scegli almeno sei punti.',
  'devices:repeated': 'Ogni punto si può usare una volta sola.',
  'devices:too-common':
    'È una delle forme che si provano per prime: una lettera, un bordo, una spirale o righe in fila. Scegline una meno prevedibile.',
  'devices:not-the-same': 'Le due sequenze non sono uguali. Disegnale di nuovo tutte e due.',
  'devices:too-many': 'Ricordiamo al massimo {max} dispositivi. Scollegane uno che non usi più, poi riprova.',
  'devices:passkey-refused':
    'Il dispositivo non ha confermato la tua impronta, il volto o il codice. Riprova, oppure usa la sequenza.',
  // meals
  'meals:too-late': 'Il termine per cambiare questo pasto era {cutoff}. Non è più possibile modificarlo.',
  'meals:day-closed':
    'Il conteggio di questo giorno è già stato inviato in cucina. Non è più possibile modificarlo.',
  'meals:no-service': 'In questo giorno la mensa non c’è.',
  'meals:not-enrolled': 'In questo giorno il servizio non è previsto per questo alunno.',
  'meals:already-so': 'Risulta già come vuoi tu: forse l’altro genitore ha fatto la stessa modifica.',
  'meals:nothing-to-change':
    'Nessun pasto da cambiare: i giorni scelti sono già come li vuoi o non si possono più modificare.',
  'meals:too-many-days': 'Puoi cambiare al massimo {max} pasti per volta.',
  'meals:no-days': 'Scegli almeno un giorno, oppure un periodo.',
  'meals:no-pupil': 'Scegli per quale figlio vale la modifica.',
  'meals:bad-day': 'Una delle date non esiste. Scegli i giorni dal calendario.',
  'meals:period-reversed': 'Il periodo finisce prima di cominciare. Controlla le due date.',
  'meals:one-household': 'Questi figli appartengono a nuclei diversi: fai una modifica per ciascun nucleo.',
  'meals:unknown-action':
    'Non è chiaro se vuoi disdire o ripristinare il pasto. Ricarica la pagina e riprova.',
  // invoices
  'invoices:address-known':
    'Il tuo indirizzo c’è già. Per cambiarlo vai in Servizi, nei dati dell’intestatario.',
  // news and documents
  'content:not-found':
    'Non troviamo più questo contenuto: forse un’altra persona l’ha spostato. Torna all’elenco.',
  'content:changed-meanwhile':
    'Intanto {who} ha salvato un’altra versione. Il tuo testo è ancora qui sotto: copialo, ricarica la pagina e unisci le due versioni.',
  'content:not-accessible':
    'Prima di pubblicare correggi i punti segnalati nel controllo di accessibilità: {count} da sistemare.',
  'content:expires-first': 'La scadenza viene prima della pubblicazione. Controlla le due date.',
  'content:expires-in-the-past': 'La scadenza è già passata: scegline una futura, oppure lasciala vuota.',
  'content:already-live':
    'È già pubblica: le modifiche si pubblicano subito. Per farle uscire più tardi, pubblicale in quel momento.',
  'content:not-public': 'Non è pubblica: non c’è niente da ritirare.',
  'content:nothing-new': 'Questa versione è già quella pubblicata.',
  'content:unknown-version': 'Questa versione non c’è.',
  'content:unknown-picture':
    'Il testo mostra un’immagine che non è stata caricata qui. Toglila e inseriscila di nuovo.',
  'content:bad-moment': 'Una data non è scritta come serve: scegli giorno e ora dal calendario.',
  // communications
  'communications:money-to-delegates':
    'Chi ha il saldo negativo lo deve sapere solo chi paga: scegli “Riguarda i pagamenti”.',
  'communications:field-needs-money':
    'Il saldo si può scrivere solo in una comunicazione sui pagamenti: scegli “Riguarda i pagamenti”.',
  'communications:unknown-field':
    'Tra parentesi graffe possono stare solo {nome}, {saldo} e {debito}. Controlla come sono scritti.',
  'communications:field-in-title':
    'Il titolo va anche nelle e-mail: lì non possono stare {nome}, {saldo} o {debito}. Scrivili nel testo.',
  'communications:no-audience': 'Scegli a chi mandarla.',
  'communications:due-without-question':
    'C’è un giorno entro cui confermare, ma non è chiesta nessuna conferma. Togli il giorno o chiedi la conferma.',
  'communications:unknown-code':
    'Il codice fiscale {code} non è di nessun alunno o genitore di questo Comune. Controllalo o toglilo.',
  'communications:unknown-audience':
    'Una scuola, una classe o una famiglia scelta non c’è più. Ricarica la pagina e scegli di nuovo.',
  'communications:audience-too-long':
    'Puoi scegliere una per una al massimo {max} famiglie. Per di più, scegli le scuole o le classi.',
  'communications:changed-meanwhile':
    'Intanto {who} ha salvato un’altra versione. Quello che hai scritto è ancora qui: copialo, ricarica la pagina e unisci le due versioni.',
  'communications:not-accessible':
    'Prima correggi i punti segnalati nel controllo di accessibilità: {count} da sistemare.',
  'communications:no-recipients': 'Non c’è nessun destinatario: cambia la scelta di chi la riceve.',
  'communications:preview-changed':
    'Intanto il numero dei destinatari è cambiato. Non è partito niente: rileggi la prova e conferma di nuovo.',
  'communications:no-reason': 'Scrivi perché la correggi: lo leggono le famiglie che l’hanno ricevuta.',
  'communications:over': 'È stata ritirata: non si può più cambiare. Scrivine una nuova.',
  'communications:cannot-wait': 'Una correzione esce subito: lascia vuoto il momento.',
  'communications:in-the-past':
    'Il momento scelto è già passato. Scegline uno futuro, oppure lascialo vuoto.',
  'communications:expires-first': 'Scade prima di uscire. Controlla le due date.',
  'communications:due-passed': 'Il giorno entro cui confermare è già passato. Scegline un altro.',
  'communications:not-submitted': 'Nessuno ha chiesto di approvare questa versione.',
  'communications:not-scheduled': 'Non è programmata: non c’è niente da annullare.',
  'communications:not-public': 'Non è pubblicata: non si può fare.',
  'communications:nothing-asked': 'Per questa comunicazione non è chiesta nessuna conferma.',
  'communications:reminded-already':
    'Un promemoria è già partito nelle ultime {hours} ore. Aspetta domani prima di mandarne un altro.',
  'communications:nobody-to-remind': 'L’hanno già fatto tutti: non c’è nessuno a cui ricordarlo.',
  'communications:withdrawn': phrase(
    'L’ufficio ha ritirato questa comunicazione: non serve più confermarla.',
  ),
  'communications:corrected-meanwhile': phrase(
    'Intanto l’ufficio ha corretto questa comunicazione. Rileggila qui sotto, poi conferma.',
  ),
  'communications:expired': phrase('Questa comunicazione è scaduta: non serve più confermarla.'),
  // questionnaires
  'questionnaires:published': 'È già pubblicato: le domande non si cambiano più. Per correggerlo, duplicalo.',
  'questionnaires:changed-meanwhile':
    'Intanto {who} ha salvato un’altra versione. Quello che hai scritto è ancora qui sotto: copialo, ricarica la pagina e unisci le due versioni.',
  'questionnaires:not-ready': 'Prima di pubblicare completa i punti segnalati: {count} da sistemare.',
  'questionnaires:nobody-asked':
    'Nelle scuole e classi scelte non c’è nessun iscritto: scegli altri destinatari.',

  'questionnaires:not-open': 'Il questionario non è aperto: non c’è niente da fare.',
  'questionnaires:reminded-today': 'Il promemoria di oggi è già partito. Puoi mandarne un altro domani.',
  'questionnaires:check-answers': phrase(
    'Controlla le risposte segnalate. Quello che hai scritto è ancora qui.',
  ),
  'questionnaires:required': phrase('Manca la risposta a questa domanda.'),
  'questionnaires:not-a-choice': phrase('Scegli una delle risposte possibili.'),
  'questionnaires:too-long': phrase('Il testo è troppo lungo: al massimo 2000 caratteri.'),
  'questionnaires:over': phrase(
    'Il questionario si è chiuso il {when}: non si può più rispondere. La tua risposta non è stata registrata.',
  ),
  'questionnaires:already-answered': phrase(
    'Una risposta c’è già: ha risposto prima l’altro genitore, oppure l’avevi già mandata tu. Vale la prima. Questa non è stata registrata.',
  ),
  'questionnaires:answered-meanwhile': phrase(
    'Hai già mandato una risposta da un’altra finestra. Quello che hai scritto qui non è stato registrato: ricarica la pagina per cambiare la risposta già mandata.',
  ),
  // files
  'files:empty': 'Il file “{name}” è vuoto.',
  'files:too-big': 'Il file “{name}” è troppo grande: al massimo {max}.',
  'files:unknown-type':
    'Il file “{name}” non è di un tipo accettato (PDF, Word, Excel, OpenDocument, P7M, immagini PNG, JPEG o WebP), oppure contiene macro.',
  'files:not-a-picture': 'Il file “{name}” non è un’immagine PNG, JPEG o WebP.',
  'files:too-many': 'Puoi allegare al massimo {max} file.',
  'files:unavailable':
    'L’archivio dei file non risponde. Non è stato salvato niente: riprova tra qualche minuto.',
  // settings
  'settings:unreadable-colour':
    'Con questo colore il contrasto è {ratio}: ne serve almeno {least}. Scegline uno più scuro.',
  'settings:changed-meanwhile':
    'Intanto {who} ha cambiato le impostazioni. Quello che hai scritto è ancora qui: ricarica la pagina per vedere come sono adesso.',
  // delegates
  'delegates:own-code': 'Questo è il tuo codice fiscale: come intestatario puoi già fare tutto.',
  'delegates:already':
    'Questa persona è già tua delegata. Per cambiare i bambini o la scadenza, revoca la delega e invitala di nuovo.',
  'delegates:end-passed': 'La delega finirebbe in un giorno già passato. Scegli un giorno da oggi in poi.',
  'delegates:too-many': 'Hai già {max} inviti senza risposta. Ritirane uno, poi invita di nuovo.',
  'delegates:not-for-you':
    'Questo invito è per un’altra persona. Entra con la SPID o la CIE della persona invitata.',
  'delegates:invitation-over':
    'Questo invito non vale più: è già stato usato, ritirato o è scaduto. Chiedi di mandartene un altro.',
  'delegates:needs-identity': 'Per rispondere a un invito esci ed entra di nuovo con SPID o CIE.',
  // contacts and households
  'contacts:code-wrong': 'Il codice non è questo. Ti restano {left} tentativi.',
  'contacts:code-over': 'Questo codice non vale più. Chiedine un altro.',
  'contacts:too-many-codes': 'Hai chiesto troppi codici. Riprova tra un’ora.',
  'contacts:too-many-texts':
    'A questo numero abbiamo già mandato troppi codici, forse chiesti da altri. Riprova più tardi, al massimo domani.',
  'contacts:phone-same': 'È già il tuo numero, verificato: non c’è niente da cambiare.',
  'households:already-holder': 'Questa persona è già l’intestataria: non c’è niente da cambiare.',
  // notifications
  'notifications:unknown-service': phrase(
    'Questo browser usa un servizio di notifiche che non conosciamo. Puoi ricevere le notifiche per e-mail.',
  ),
  'notifications:too-many-devices': phrase(
    'Le notifiche arrivano al massimo su {max} dispositivi. Togline uno che non usi più, poi riprova.',
  ),
  'notifications:too-many-tries': phrase('Hai già fatto molte prove. Riprova tra un’ora.'),
  'notifications:nothing-to-retry':
    'Non c’è niente da rispedire: quello che è in dubbio potrebbe essere arrivato.',
  // kitchen and calendar
  'calendar:no-service-day': 'In questo giorno la mensa non è prevista: non c’è niente da sospendere.',
  'calendar:already-suspended': 'Il servizio di questo giorno è già sospeso.',
  'calendar:preview-changed': 'Intanto i numeri sono cambiati. Rileggi l’anteprima e conferma di nuovo.',
  // tariffs
  'tariffs:changed-meanwhile':
    'Intanto {who} ha cambiato le tariffe. Quello che hai scritto è ancora qui: ricarica la pagina per vedere come sono adesso.',
  'tariffs:day-taken': 'C’è già un prezzo che comincia {day}. Scegli un altro giorno, oppure annulla quello.',
  'tariffs:same-price': 'In quel giorno il prezzo è già questo: non c’è niente da cambiare.',
  'tariffs:too-far': 'Il giorno è tra più di due anni: controlla la data.',
  'tariffs:out-of-range': 'Il prezzo va da {least} a {most}.',
  'tariffs:no-such-price': 'Questo prezzo non c’è più: forse un’altra persona l’ha annullato.',
  'tariffs:price-begun':
    'Questo prezzo è già cominciato, oppure è l’unico: non si può annullare. Scrivine uno nuovo.',
  'tariffs:code-taken': 'C’è già una fascia con il codice {code}.',
  'tariffs:code-taken-here': 'Scegli un altro codice.',
  'tariffs:band-without-price':
    'In quel giorno la fascia {band} non ha ancora un prezzo. Scegli un giorno dopo.',
  'tariffs:no-fare': 'Da quel giorno l’alunno paga già il prezzo intero.',
  // menus
  'menus:no-meal-to-rate': phrase('Per questo giorno non c’è un pasto da giudicare.'),
  'menus:not-served-yet': phrase('Potrai dire com’è andata dopo il pasto.'),
  'menus:was-absent': phrase('In questo giorno risulta assente: non c’è un pasto da giudicare.'),
  'menus:rating-too-late': phrase('Si può dire com’è andata entro {days} giorni dal pasto.'),
  'menus:nothing-said': phrase('Scegli almeno una faccia.'),
  'menus:unknown-dish': phrase('Uno dei piatti non era in tavola quel giorno. Ricarica la pagina e riprova.'),
  'menus:dish-exists': 'C’è già un piatto che si chiama “{name}”.',
  'menus:dish-changed-meanwhile':
    'Intanto {who} ha cambiato questo piatto. Quello che hai scritto è ancora qui: ricarica la pagina per vedere com’è adesso.',
  'menus:dish-in-use': 'Questo piatto è in un menù pubblicato: prima toglilo da lì e pubblica di nuovo.',
  'menus:changed-meanwhile':
    'Intanto {who} ha salvato un’altra versione di questo menù. Ricarica la pagina e rifai la modifica.',
  'menus:not-ready': 'Prima di pubblicare sistema i punti segnalati: {count}.',
  'menus:overlap':
    'Nelle stesse scuole e negli stessi giorni c’è già il menù “{name}”. Cambia le date, le scuole, oppure ritiralo.',
  'menus:dates-reversed': 'Il menù finisce prima di cominciare. Controlla le due date.',
  'menus:nothing-new': 'Questa versione è già quella pubblicata.',
  'menus:not-public': 'Questo menù non è pubblicato: non c’è niente da ritirare.',
  'menus:sheet-wrong': 'Il file ha {count} righe da correggere. Non è stato importato niente.',
  'menus:sheet-empty': 'Il file non ha righe da importare.',
  'menus:not-on-that-day': 'In quel giorno questo piatto non è nel menù di nessuna delle scuole scelte.',
  'menus:same-dish': 'Scegli un piatto diverso da quello previsto.',
  'menus:needs-allergens': 'Dichiara prima gli allergeni di “{name}”: le famiglie devono poterli leggere.',
  'menus:needs-replacement': 'Scrivi che cosa mangia chi segue la dieta {diet}.',
  'menus:day-passed': 'Questo giorno è già passato: il menù servito non si può più cambiare.',
  // leftovers
  'leftovers:not-a-number': 'Scrivi un numero, per esempio {example}.',
  'leftovers:no-service': 'In quel giorno, in quella scuola, la mensa non c’era.',
  // calendars on the phone
  'feeds:too-many': 'Puoi chiedere al massimo {max} indirizzi al giorno. Riprova domani.',
  // online forms
  'forms:not-open': phrase(
    'Questo modulo non si può compilare adesso: {why}. Quello che hai scritto resta nella bozza.',
  ),
  'forms:changed-elsewhere': phrase(
    'Intanto la bozza è cambiata in un’altra scheda o su un altro dispositivo. Quello che hai scritto è ancora qui sotto: ricarica la pagina per vedere l’altra versione.',
  ),
  'forms:form-changed': phrase(
    'Intanto l’ufficio ha aggiornato il modulo. Le tue risposte sono rimaste: rileggi il riepilogo e invia di nuovo.',
  ),
  'forms:incomplete': phrase('Manca ancora qualcosa nel passo “{step}”. Completalo, poi invia.'),
  'forms:already-sent': phrase(
    'C’è già una domanda come questa, per lo stesso alunno o la stessa famiglia. La trovi in Moduli online.',
  ),
  'forms:no-draft': phrase(
    'Non troviamo più questa bozza: forse l’hai già inviata. Guarda in Moduli online.',
  ),
  'forms:too-many-documents': phrase('Puoi caricare al massimo {max} documenti per domanda.'),
  'forms:wrong-document': phrase('Il file “{name}” non va bene qui: servono {types}.'),
  'forms:no-document': phrase('Scegli il documento da caricare.'),
  'forms:decided': phrase('Questa domanda è già {state}: non si può più cambiare.'),
  'forms:no-integration': phrase('Per questa domanda non è stata chiesta nessuna integrazione.'),
  'forms:bad-due-day': 'Scegli un giorno tra domani e il {latest}.',
  'forms:edited-elsewhere':
    'Intanto {who} ha cambiato il modulo. Quello che hai scritto è ancora qui: copialo, poi ricarica la pagina.',
  'forms:not-ready': 'Prima di pubblicare correggi i punti segnalati: {count} da sistemare.',
  'forms:bad-window': 'Controlla le date: il modulo deve aprirsi prima di chiudersi.',
  'forms:window-over': 'La chiusura è già passata: scegline una futura, oppure lasciala vuota.',
  'forms:nothing-new': 'Questa versione è già quella pubblicata.',
  'forms:not-published': 'Il modulo non è pubblicato: non c’è niente da chiudere.',
  'forms:no-such-part': 'Questa parte del modulo non c’è più. Ricarica la pagina.',
  'forms:too-early': 'Il primo giorno possibile è {first}: per quelli prima il conteggio è già in cucina.',
  'forms:no-enrolment': 'In quel periodo l’alunno non è iscritto alla mensa.',
  'forms:already-enrolled': 'L’alunno è già iscritto alla mensa in quel periodo ({where}).',
  'forms:pupil-elsewhere':
    'Questo codice fiscale è di un alunno di un’altra famiglia. Controlla con le famiglie prima di accogliere la domanda.',
  'forms:period-reversed': phrase('Il periodo finisce prima di cominciare. Controlla le due date.'),
  'forms:choose-class': 'Scegli la classe.',
  'forms:choose-diet': 'Scegli la dieta.',
  'forms:choose-band': 'Scegli la fascia.',
  'forms:choose-day': 'Scrivi il giorno.',
  'forms:preview-changed': 'Intanto qualcosa è cambiato. Rileggi che cosa succederà, poi conferma di nuovo.',
  ...TOP_UP_SENTENCES,
} as const

export type RefusalCode = keyof typeof SENTENCES

/** Whether a text from an address is one of our codes. */
export const isRefusalCode = (code: unknown): code is RefusalCode =>
  typeof code === 'string' && Object.hasOwn(SENTENCES, code)

/** The sentence of a refusal, with its details filled in. */
export const refusalInWords = (code: RefusalCode, details: Details = {}, t: Words = italian): string =>
  inWords(SENTENCES[code], details, t)
