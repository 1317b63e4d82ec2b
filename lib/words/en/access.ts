import type { Catalogue } from '../language.ts'

export const access: Catalogue = {
  'Accesso non riuscito': 'Sign-in failed',
  'Il gestore della tua identità ha ricevuto più volte credenziali sbagliate.':
    'Your identity provider received wrong credentials several times.',
  'Controlla nome utente e password sul sito del tuo gestore, poi riprova.':
    'Check user name and password on your provider’s site, then try again.',
  'Serve un livello di sicurezza più alto': 'A higher security level is needed',
  'Qui si entra con SPID o CIE di livello 2: oltre alla password serve un secondo passaggio, come un codice o l’app del gestore.':
    'Here you sign in with level 2 SPID or CIE: besides the password a second step is needed, such as a code or the provider’s app.',
  'Riprova scegliendo l’accesso di livello 2. Se il tuo gestore non te lo propone, chiedigli di attivarlo.':
    'Try again choosing level 2. If your provider does not offer it, ask them to activate it.',
  'È passato troppo tempo': 'Too much time has passed',
  'L’accesso non è stato completato nel tempo previsto dal tuo gestore.':
    'The sign-in was not completed in the time allowed by your provider.',
  'Ricomincia da capo: bastano un paio di minuti.': 'Start again: it takes a couple of minutes.',
  'Non hai dato il consenso': 'You did not give consent',
  'Per farti entrare ci servono nome, cognome, data di nascita e codice fiscale, e il tuo gestore ha bisogno del tuo consenso per inviarceli.':
    'To let you in we need first name, surname, date of birth and tax code, and your provider needs your consent to send them to us.',
  'Riprova e, quando il gestore te lo chiede, acconsenti all’invio dei dati.':
    'Try again and, when the provider asks you, agree to sending the data.',
  'La tua identità digitale è sospesa': 'Your digital identity is suspended',
  'Il tuo gestore ci dice che l’identità è sospesa o revocata, oppure che le credenziali sono bloccate.':
    'Your provider tells us that the identity is suspended or revoked, or that the credentials are blocked.',
  'Solo il tuo gestore può riattivarla. Intanto puoi entrare con l’altro metodo, se lo hai.':
    'Only your provider can reactivate it. Meanwhile you can sign in with the other method, if you have it.',
  'Hai annullato l’accesso': 'You cancelled the sign-in',
  'Non è successo nulla: nessun dato ci è arrivato.': 'Nothing happened: no data reached us.',
  'Quando vuoi, puoi ricominciare.': 'You can start again whenever you want.',
  'Serve la tua identità personale': 'Your personal identity is needed',
  'Hai usato un’identità professionale o di un’azienda. La mensa riguarda la tua famiglia: si entra con l’identità di cittadino.':
    'You used a professional or company identity. The canteen concerns your family: sign in with your identity as a citizen.',
  'Riprova con la tua identità SPID personale o con la tua CIE.':
    'Try again with your personal SPID identity or with your CIE.',
  'Si entra solo con SPID o CIE': 'You can only sign in with SPID or CIE',
  'L’accesso è avvenuto con un metodo diverso da questi due.':
    'The sign-in used a method other than these two.',
  'Riprova e scegli SPID oppure la Carta d’identità elettronica.':
    'Try again and choose SPID or the electronic identity card (CIE).',
  'Manca il codice fiscale': 'The tax code is missing',
  'Il tuo gestore non ci ha inviato il codice fiscale, che ci serve per riconoscere la tua famiglia.':
    'Your provider did not send us the tax code, which we need to recognise your family.',
  'Riprova e acconsenti all’invio di tutti i dati, oppure usa l’altro metodo.':
    'Try again and agree to sending all the data, or use the other method.',
  'Codice fiscale non valido': 'Tax code not valid',
  'Il codice fiscale ricevuto non è un codice fiscale italiano valido, oppure non corrisponde alla data di nascita.':
    'The tax code we received is not a valid Italian one, or does not match the date of birth.',
  'Controlla i dati della tua identità presso il gestore. Se sono giusti, scrivi all’ufficio mensa.':
    'Check the data of your identity with the provider. If they are right, write to the canteen office.',
  'Serve una persona adulta': 'An adult is needed',
  'I servizi della mensa sono per i genitori e i tutori: bisogna avere compiuto 18 anni.':
    'The canteen services are for parents and guardians: you must be at least 18 years old.',
  'Chiedi a un genitore di entrare con la sua identità.': 'Ask a parent to sign in with their identity.',
  'Mancano alcuni dati': 'Some data are missing',
  'Il tuo gestore non ci ha inviato nome, cognome o data di nascita.':
    'Your provider did not send us first name, surname or date of birth.',
  'Riprova e acconsenti all’invio di tutti i dati.': 'Try again and agree to sending all the data.',
  'Devi farti riconoscere di nuovo': 'You need to be recognised again',
  'Il gestore ha usato un riconoscimento fatto tempo fa. Per proteggere i dati della tua famiglia ce ne serve uno di adesso.':
    'The provider used a recognition from some time ago. To protect your family’s data we need one made now.',
  'Riprova inserendo di nuovo le credenziali.': 'Try again, entering the credentials once more.',
  'Questo accesso non è più valido': 'This sign-in is no longer valid',
  'È passato troppo tempo, la pagina era già stata usata, oppure l’accesso è cominciato in un altro browser o i cookie sono bloccati.':
    'Too much time has passed, the page had already been used, or the sign-in began in another browser or cookies are blocked.',
  'Ricomincia da questa pagina, nello stesso browser.': 'Start again from this page, in the same browser.',
  'Non abbiamo potuto verificare la risposta': 'We could not verify the answer',
  'La risposta del sistema di identità non ha superato i nostri controlli, perciò non ti abbiamo fatto entrare.':
    'The answer of the identity system did not pass our checks, so we did not let you in.',
  'Riprova. Se succede ancora, scrivi all’ufficio mensa indicando l’ora.':
    'Try again. If it happens again, write to the canteen office giving the time.',
  'SPID e CIE non rispondono': 'SPID and CIE are not answering',
  'Il sistema di identità in questo momento non è raggiungibile. Non dipende da te.':
    'The identity system cannot be reached at the moment. It is not your fault.',
  'Riprova fra qualche minuto.': 'Try again in a few minutes.',
  'Richiesta non riconosciuta': 'Request not recognised',
  'La richiesta non è partita da questo sito.': 'The request did not come from this site.',
  'Ricomincia dalla pagina di accesso.': 'Start again from the sign-in page.',
  'Qualcosa si è rotto da noi': 'Something broke on our side',
  'L’accesso non è riuscito per un nostro errore, che abbiamo registrato. Nessun dato è cambiato.':
    'The sign-in failed because of an error of ours, which we have recorded. No data have changed.',
  'Riprova fra qualche minuto. Se succede ancora, scrivi all’ufficio mensa indicando l’ora.':
    'Try again in a few minutes. If it happens again, write to the canteen office giving the time.',
  'Il tuo gestore ha interrotto l’accesso senza dirci perché.':
    'Your provider stopped the sign-in without telling us why.',
  'Riprova fra poco. Se succede ancora, chiedi al tuo gestore.':
    'Try again shortly. If it happens again, ask your provider.',
  'È il sistema unico di accesso ai servizi online della Pubblica Amministrazione. Se hai già un’identità digitale, entra con le tue credenziali, di livello 2.':
    'It is the single system for signing in to the online services of the Italian public administration. If you already have a digital identity, sign in with your level 2 credentials.',
  'Entra con SPID': 'Sign in with SPID',
  'Non hai SPID?': 'No SPID?',
  'Scopri come richiederlo': 'Find out how to request it',
  'CIE, Carta d’identità elettronica': 'CIE, electronic identity card',
  'La tua carta d’identità elettronica è anche la chiave per i servizi pubblici online: con l’app CieID sul telefono, oppure con il lettore sul computer.':
    'Your electronic identity card is also the key to public online services: with the CieID app on the phone, or with the reader on the computer.',
  'Entra con CIE': 'Sign in with CIE',
  'Non hai CIE?': 'No CIE?',
  'Scopri come ottenerla': 'Find out how to get it',
  'Non ti abbiamo fatto entrare': 'We did not let you in',
  'La sequenza non è quella giusta, oppure questo dispositivo non è più tra quelli che ricordiamo. Dopo cinque sequenze sbagliate si entra solo con SPID o CIE.':
    'The sequence is not the right one, or this device is no longer among those we remember. After five wrong sequences you can only sign in with SPID or CIE.',
  'Scegli come entrare': 'Choose how to sign in',
  'Torna all’accesso': 'Back to sign-in',
  'Cosa puoi fare.': 'What you can do.',
  'Codice per l’assistenza: {strong}': 'Code for the help desk: {strong}',
  'Ti serve aiuto?': 'Do you need help?',
  'Esci da tutti i dispositivi': 'Sign out of all devices',
  'Mensa scolastica di {name}. Si entra con SPID o con CIE: non servono altre password.':
    'School canteen of {name}. You sign in with SPID or with CIE: no other passwords are needed.',
  'Hai già effettuato l’accesso come {name}': 'You are already signed in as {name}',
  Continua: 'Continue',
  'Riceviamo solo nome, cognome, data di nascita e codice fiscale, e da SPID l’indirizzo e-mail. Servono a riconoscere la tua famiglia.':
    'We only receive first name, surname, date of birth and tax code, and from SPID the email address. They serve to recognise your family.',
  'Accesso non ancora abilitato': 'You are not enabled yet',
  '{givenName}, la mensa di {name} non ti conosce ancora':
    '{givenName}, the canteen of {name} does not know you yet',
  'Il tuo accesso è riuscito, ma il tuo codice fiscale non è collegato a nessuna famiglia iscritta.':
    'Your sign-in succeeded, but your tax code is not linked to any enrolled family.',
  'Cosa puoi fare': 'What you can do',
  '{strong} Può invitarti dal portale, in «Profilo e deleghe»: poi vedi il calendario e disdici i pasti anche tu.':
    '{strong} They can invite you from the portal, in “Profile and delegates”: then you see the calendar and cancel meals too.',
  'L’altro genitore ha già fatto l’iscrizione?': 'Has the other parent already enrolled?',
  '{strong} Forse il codice fiscale è stato scritto male nel modulo: il gestore lo controlla e ti abilita.':
    '{strong} Perhaps the tax code was mistyped in the form: the operator checks it and enables you.',
  'L’iscrizione è a tuo nome?': 'Is the enrolment in your name?',
  '{strong} Chiedi al gestore come fare: dopo, potrai entrare da qui.':
    '{strong} Ask the operator what to do: afterwards you can sign in from here.',
  'Non hai ancora fatto l’iscrizione?': 'Have you not enrolled yet?',
  '{strong} Scegli il Comune della scuola, non quello in cui abiti.':
    '{strong} Choose the municipality of the school, not the one where you live.',
  'La scuola è in un altro Comune?': 'Is the school in another municipality?',
  'A chi rivolgerti': 'Who to contact',
  'Scegli un altro Comune': 'Choose another municipality',
  'Conferma chi sei': 'Confirm who you are',
  'Torna indietro senza cambiare niente': 'Go back without changing anything',
  Accessibilità: 'Accessibility',
  'Il Comune di {name} vuole che chiunque possa usare la mensa online, con qualsiasi mezzo.':
    'The Municipality of {name} wants everyone to be able to use the canteen online, with any means.',
  'Come è fatto il portale': 'How the portal is made',
  'È progettato sulle linee guida WCAG 2.2, livello AA: si usa con la sola tastiera e con un lettore di schermo, anche ingrandito al 400% e anche senza JavaScript. Ogni stato è detto con una parola e un disegno, mai solo con un colore.':
    'It is designed on the WCAG 2.2 guidelines, level AA: it can be used with the keyboard alone and with a screen reader, also enlarged to 400% and also without JavaScript. Every state is told with a word and a drawing, never only with a colour.',
  'Documenti ufficiali': 'Official documents',
  'Dichiarazione di accessibilità pubblicata su AgID': 'Accessibility statement published on AgID',
  'Obiettivi di accessibilità dell’ente': 'Accessibility goals of the body',
  'Segnala un problema': 'Report a problem',
  'Se qualcosa non si legge o non si riesce a usare, scrivi a {link} o telefona al {phone}: indica la pagina e che cosa stavi facendo. Il Comune risponde entro 30 giorni.':
    'If something cannot be read or used, write to {link} or call {phone}: say which page and what you were doing. The municipality answers within 30 days.',
  'Se la risposta non arriva o non basta, puoi rivolgerti al Difensore civico per il digitale, presso l’Agenzia per l’Italia digitale.':
    'If the answer does not come or is not enough, you can turn to the digital ombudsman (Difensore civico per il digitale), at the Agency for Digital Italy.',
  'Per andare avanti entra di nuovo con SPID o CIE. Poi torni dove eri, con quello che avevi scritto.':
    'To go on, sign in again with SPID or CIE. Then you go back where you were, with what you had written.',
  'Lo chiediamo perché riguarda i dati di altre persone: così nessuno può farlo al posto tuo da un computer lasciato aperto.':
    'We ask because it is about other people’s data: so nobody can do it in your place from a computer left open.',
  'Lo chiediamo per le cose più delicate, come le deleghe e i contatti: così nessuno può farle al posto tuo da un telefono lasciato aperto.':
    'We ask for the most delicate things, like delegations and contacts: so nobody can do them in your place from a phone left open.',
}
