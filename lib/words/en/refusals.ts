import type { Catalogue } from '../language.ts'

export const refusals: Catalogue = {
  'Controlla i campi segnalati: qualcosa non è scritto come serve.':
    'Check the fields marked: something is not written as needed.',
  'La richiesta non arriva da questo portale. Ricarica la pagina e riprova.':
    'The request does not come from this portal. Reload the page and try again.',
  'La sessione è finita. Accedi di nuovo: quello che avevi già salvato resta salvato.':
    'Your session has ended. Sign in again: what you had already saved stays saved.',
  'Non troviamo quello che cerchi, oppure non è tra le cose che puoi vedere.':
    'We cannot find what you are looking for, or it is not among the things you can see.',
  'Questa conferma era già servita per una richiesta diversa. Ricarica la pagina e riprova.':
    'This confirmation had already been used for a different request. Reload the page and try again.',
  'Scrivi solo i numeri dei punti, da 1 a 9.': 'Type only the numbers of the points, from 1 to 9.',
  'Scegli almeno sei punti.': 'Choose at least six points.',
  'Ogni punto si può usare una volta sola.': 'Each point can be used only once.',
  'È una delle forme che si provano per prime: una lettera, un bordo, una spirale o righe in fila. Scegline una meno prevedibile.':
    'It is one of the shapes that people try first: a letter, an edge, a spiral or rows in line. Choose a less predictable one.',
  'Le due sequenze non sono uguali. Disegnale di nuovo tutte e due.':
    'The two sequences are not the same. Draw both again.',
  'Ricordiamo al massimo {max} dispositivi. Scollegane uno che non usi più, poi riprova.':
    'We remember at most {max} devices. Disconnect one that you no longer use, then try again.',
  'Il dispositivo non ha confermato la tua impronta, il volto o il codice. Riprova, oppure usa la sequenza.':
    'The device did not confirm your fingerprint, face or code. Try again, or use the sequence.',
  'Il termine per cambiare questo pasto era {cutoff}. Non è più possibile modificarlo.':
    'The deadline to change this meal was {cutoff}. It can no longer be changed.',
  'Il conteggio di questo giorno è già stato inviato in cucina. Non è più possibile modificarlo.':
    'The count of this day has already been sent to the kitchen. It can no longer be changed.',
  'In questo giorno il servizio non è previsto per questo alunno.':
    'The service is not planned for this pupil on this day.',
  'Risulta già come vuoi tu: forse l’altro genitore ha fatto la stessa modifica.':
    'It is already as you want it: perhaps the other parent made the same change.',
  'Nessun pasto da cambiare: i giorni scelti sono già come li vuoi o non si possono più modificare.':
    'No meal to change: the chosen days are already as you want them or can no longer be changed.',
  'Puoi cambiare al massimo {max} pasti per volta.': 'You can change at most {max} meals at a time.',
  'Scegli almeno un giorno, oppure un periodo.': 'Choose at least one day, or a period.',
  'Scegli per quale figlio vale la modifica.': 'Choose which child the change is for.',
  'Una delle date non esiste. Scegli i giorni dal calendario.':
    'One of the dates does not exist. Choose the days from the calendar.',
  'Il periodo finisce prima di cominciare. Controlla le due date.':
    'The period ends before it begins. Check the two dates.',
  'Questi figli appartengono a nuclei diversi: fai una modifica per ciascun nucleo.':
    'These children belong to different households: make one change for each household.',
  'Non è chiaro se vuoi disdire o ripristinare il pasto. Ricarica la pagina e riprova.':
    'It is not clear whether you want to cancel or restore the meal. Reload the page and try again.',
  'Il tuo indirizzo c’è già. Per cambiarlo vai in Servizi, nei dati dell’intestatario.':
    'Your address is already there. To change it go to Services, in the account holder’s data.',
  'L’ufficio ha ritirato questa comunicazione: non serve più confermarla.':
    'The office has withdrawn this communication: it no longer needs to be confirmed.',
  'Intanto l’ufficio ha corretto questa comunicazione. Rileggila qui sotto, poi conferma.':
    'Meanwhile the office has corrected this communication. Read it again below, then confirm.',
  'Questa comunicazione è scaduta: non serve più confermarla.':
    'This communication has expired: it no longer needs to be confirmed.',
  'Manca la risposta a questa domanda.': 'The answer to this question is missing.',
  'Scegli una delle risposte possibili.': 'Choose one of the possible answers.',
  'Il questionario si è chiuso il {when}: non si può più rispondere. La tua risposta non è stata registrata.':
    'The survey closed on {when}: it can no longer be answered. Your answer was not recorded.',
  'Una risposta c’è già: ha risposto prima l’altro genitore, oppure l’avevi già mandata tu. Vale la prima. Questa non è stata registrata.':
    'There is already an answer: the other parent answered first, or you had already sent it. The first one counts. This one was not recorded.',
  'Il file “{name}” è vuoto.': 'The file “{name}” is empty.',
  'Il file “{name}” è troppo grande: al massimo {max}.': 'The file “{name}” is too big: at most {max}.',
  'Il file “{name}” non è di un tipo accettato (PDF, Word, Excel, OpenDocument, P7M, immagini PNG, JPEG o WebP), oppure contiene macro.':
    'The file “{name}” is not of an accepted type (PDF, Word, Excel, OpenDocument, P7M, PNG, JPEG or WebP pictures), or it contains macros.',
  'Il file “{name}” non è un’immagine PNG, JPEG o WebP.':
    'The file “{name}” is not a PNG, JPEG or WebP picture.',
  'Puoi allegare al massimo {max} file.': 'You can attach at most {max} files.',
  'L’archivio dei file non risponde. Non è stato salvato niente: riprova tra qualche minuto.':
    'The file archive is not answering. Nothing was saved: try again in a few minutes.',
  'Questo è il tuo codice fiscale: come intestatario puoi già fare tutto.':
    'This is your own tax code: as the account holder you can already do everything.',
  'Questa persona è già tua delegata. Per cambiare i bambini o la scadenza, revoca la delega e invitala di nuovo.':
    'This person is already your delegate. To change the children or the end date, revoke the delegation and invite them again.',
  'La delega finirebbe in un giorno già passato. Scegli un giorno da oggi in poi.':
    'The delegation would end on a day already past. Choose a day from today on.',
  'Hai già {max} inviti senza risposta. Ritirane uno, poi invita di nuovo.':
    'You already have {max} unanswered invitations. Withdraw one, then invite again.',
  'Questo invito è per un’altra persona. Entra con la SPID o la CIE della persona invitata.':
    'This invitation is for another person. Sign in with the SPID or CIE of the invited person.',
  'Questo invito non vale più: è già stato usato, ritirato o è scaduto. Chiedi di mandartene un altro.':
    'This invitation is no longer valid: it has already been used, withdrawn or it has expired. Ask to be sent another one.',
  'Per rispondere a un invito esci ed entra di nuovo con SPID o CIE.':
    'To answer an invitation sign out and sign in again with SPID or CIE.',
  'Il codice non è questo. Ti restano {left} tentativi.':
    'The code is not this one. You have {left} attempts left.',
  'Questo codice non vale più. Chiedine un altro.': 'This code is no longer valid. Ask for another one.',
  'A questo numero abbiamo già mandato troppi codici, forse chiesti da altri. Riprova più tardi, al massimo domani.':
    'We have already sent too many codes to this number, perhaps asked for by others. Try again later, tomorrow at the latest.',
  'È già il tuo numero, verificato: non c’è niente da cambiare.':
    'It is already your number, verified: there is nothing to change.',
  'Hai chiesto troppi codici. Riprova tra un’ora.':
    'You have asked for too many codes. Try again in an hour.',
  'Questo browser usa un servizio di notifiche che non conosciamo. Puoi ricevere le notifiche per e-mail.':
    'This browser uses a notification service that we do not know. You can receive notifications by email.',
  'Le notifiche arrivano al massimo su {max} dispositivi. Togline uno che non usi più, poi riprova.':
    'Notifications reach at most {max} devices. Remove one that you no longer use, then try again.',
  'Hai già fatto molte prove. Riprova tra un’ora.':
    'You have already made many attempts. Try again in an hour.',
  'Per questo giorno non c’è un pasto da giudicare.': 'There is no meal to rate on this day.',
  'Potrai dire com’è andata dopo il pasto.': 'You will be able to say how it went after the meal.',
  'In questo giorno risulta assente: non c’è un pasto da giudicare.':
    'On this day the pupil is marked absent: there is no meal to rate.',
  'Si può dire com’è andata entro {days} giorni dal pasto.':
    'You can say how it went within {days} days of the meal.',
  'Scegli almeno una faccia.': 'Choose at least one face.',
  'Uno dei piatti non era in tavola quel giorno. Ricarica la pagina e riprova.':
    'One of the dishes was not served that day. Reload the page and try again.',
  'Puoi chiedere al massimo {max} indirizzi al giorno. Riprova domani.':
    'You can ask for at most {max} addresses a day. Try again tomorrow.',
  'Questo modulo non si può compilare adesso: {why}. Quello che hai scritto resta nella bozza.':
    'This form cannot be filled in now: {why}. What you wrote stays in the draft.',
  'Intanto la bozza è cambiata in un’altra scheda o su un altro dispositivo. Quello che hai scritto è ancora qui sotto: ricarica la pagina per vedere l’altra versione.':
    'Meanwhile the draft was changed in another tab or on another device. What you wrote is still below: reload the page to see the other version.',
  'Intanto l’ufficio ha aggiornato il modulo. Le tue risposte sono rimaste: rileggi il riepilogo e invia di nuovo.':
    'Meanwhile the office has updated the form. Your answers are still there: read the summary again and send it again.',
  'Manca ancora qualcosa nel passo “{step}”. Completalo, poi invia.':
    'Something is still missing in the step “{step}”. Complete it, then send.',
  'C’è già una domanda come questa, per lo stesso alunno o la stessa famiglia. La trovi in Moduli online.':
    'There is already a request like this one, for the same pupil or the same family. You find it in Online forms.',
  'Non troviamo più questa bozza: forse l’hai già inviata. Guarda in Moduli online.':
    'We cannot find this draft any more: perhaps you have already sent it. Look in Online forms.',
  'Puoi caricare al massimo {max} documenti per domanda.':
    'You can upload at most {max} documents per request.',
  'Il file “{name}” non va bene qui: servono {types}.':
    'The file “{name}” is not suitable here: {types} are needed.',
  'Scegli il documento da caricare.': 'Choose the document to upload.',
  'Questa domanda è già {state}: non si può più cambiare.':
    'This request is already {state}: it can no longer be changed.',
  'Per questa domanda non è stata chiesta nessuna integrazione.':
    'No additional documents have been asked for this request.',
}
