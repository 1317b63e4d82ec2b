import type { Catalogue } from '../language.ts'

export const publicSite: Catalogue = {
  'Disdici i pasti, guarda il calendario e il saldo.': 'Cancel meals, see the calendar and the balance.',
  'Scuola dell’infanzia': 'Nursery school',
  'Scuola primaria': 'Primary school',
  'Scuola secondaria di primo grado': 'Lower secondary school',
  Notizie: 'News',
  Documenti: 'Documents',
  Avvisi: 'Notices',
  Comunicati: 'Press releases',
  Moduli: 'Forms',
  Privacy: 'Privacy',
  Tariffe: 'Fees',
  'Regolamenti e carta dei servizi': 'Rules and service charter',
  Informative: 'Privacy notices',
  'da {first} a {last}': 'from {first} to {last}',
  'l’{hour}': '{hour}',
  'le {hour}': '{hour}',
  '{at} del giorno stesso': '{at} on the same day',
  '{at} del giorno prima': '{at} on the day before',
  '{at} di {n} giorni prima': '{at}, {n} days before',
  'Percorso di navigazione': 'Breadcrumb',
  'Pagina precedente': 'Previous page',
  'Pagina {page} di {pages}': 'Page {page} of {pages}',
  'Pagina successiva': 'Next page',
  'Le mie fatture': 'My invoices',
  Profilo: 'Profile',
  'Stato contabile / pagamenti': 'Account statement / payments',
  Oggi: 'Today',
  Prenotazioni: 'Bookings',
  Calendario: 'Calendar',
  Messaggi: 'Messages',
  'Utenti / Servizi': 'Users / Services',
  'Profilo e deleghe': 'Profile and delegates',
  Deleghe: 'Delegations',
  'Accessi e dispositivi': 'Sign-ins and devices',
  'Accessi ai miei dati': 'Access to my data',
  'Scarica i tuoi dati': 'Download your data',
  Assistenza: 'Help',
  Altro: 'More',
  Sezioni: 'Sections',
  Dimostrazione: 'Demonstration',
  'Portale dimostrativo: è tutto inventato.': 'Demonstration portal: everything is invented.',
  '{strong} Chiama {name} al {link} oppure leggi le {link2}.':
    '{strong} Call {name} on {link} or read the {link2}.',
  'Hai bisogno di assistenza?': 'Do you need help?',
  'domande frequenti': 'frequently asked questions',
  'Telefono {link}': 'Phone {link}',
  'PEC {link}': 'PEC (certified email) {link}',
  'Comune di {name}': 'Municipality of {name}',
  'Codice fiscale {fiscalCode}': 'Tax code {fiscalCode}',
  'Sito istituzionale': 'Municipality’s website',
  'Amministrazione trasparente': 'Transparent administration',
  'Gestore della mensa': 'Canteen operator',
  'Leggi le domande frequenti': 'Read the frequently asked questions',
  'Prenota un appuntamento': 'Book an appointment',
  'Segnala un disservizio': 'Report a problem',
  Informazioni: 'Information',
  'Informativa privacy': 'Privacy notice',
  'Note legali': 'Legal notes',
  'Dichiarazione di accessibilità': 'Accessibility statement',
  'Dati aperti': 'Open data',
  'Cambia Comune': 'Change municipality',
  'Refettorio è un portale aperto per le mense scolastiche: famiglie, gestore e Comune vedono gli stessi dati.':
    'Refettorio is an open portal for school canteens: families, operator and municipality see the same data.',
  ', menu personale': ', personal menu',
  'con la sequenza, su questo dispositivo': 'with the sequence, on this device',
  'con l’impronta o il volto, su questo dispositivo': 'with fingerprint or face, on this device',
  'Accesso come {strong}': 'Signed in as {strong}',
  'Area del gestore': 'Operator’s area',
  Esci: 'Sign out',
  'Servizio gestito da': 'Service run by',
  'Accedi{part}': 'Sign in{part}',
  'all’area personale': 'to the personal area',
  'Informazioni per tutti': 'Information for everyone',
  'Mensa scolastica': 'School canteen',
  Refettorio: 'Refettorio',
  'Il portale della mensa scolastica': 'The school canteen portal',
  Urgente: 'Urgent',
  Cerca: 'Search',
  Dal: 'From',
  Al: 'To',
  Categorie: 'Categories',
  Tutte: 'All',
  '{n} notizia': '{n} news item',
  '{n} notizie': '{n} news items',
  '{n} documento': '{n} document',
  '{n} documenti': '{n} documents',
  'Mostra tutto': 'Show all',
  'Nessun risultato per “{text}”': 'No results for “{text}”',
  'Prova con meno parole, o con una parola simile.': 'Try with fewer words, or with a similar word.',
  'Nessun risultato con questi filtri': 'No results with these filters',
  'Nessuna notizia per ora': 'No news for now',
  'Nessun documento per ora': 'No documents for now',
  'Quando il Comune pubblicherà qualcosa, lo troverai qui.':
    'When the municipality publishes something, you will find it here.',
  ', pagina {page} di {pages}': ', page {page} of {pages}',
  Pagine: 'Pages',
  'Mostra i precedenti': 'Show the previous ones',
  'Tempo di lettura:': 'Reading time:',
  Scarica: 'Download',
  'A cura del Comune di {municipalityName}. Pubblicato il':
    'By the Municipality of {municipalityName}. Published on',
  ', aggiornato il': ', updated on',
  'Questa notizia è stata ritirata': 'This news item has been withdrawn',
  'Questa notizia non è più valida': 'This news item is no longer valid',
  'Questo documento è stato ritirato': 'This document has been withdrawn',
  'Questo documento non è più valido': 'This document is no longer valid',
  'Vai a {many}': 'Go to {many}',
  'Non è più pubblica dal {when}.': 'No longer public since {when}.',
  'Non è più pubblico dal {when}.': 'No longer public since {when}.',
  'Motivo: {part}': 'Reason: {part}',
  'non mostrato': 'not shown',
  'Non ci sono ancora numeri': 'There are no figures yet',
  'Compariranno dopo il primo giorno di mensa.': 'They will appear after the first canteen day.',
  'Pasti di {month} per scuola': 'Meals of {month} by school',
  'Giorni di mensa': 'Canteen days',
  'Pasti serviti': 'Meals served',
  'Pasti disdetti': 'Meals cancelled',
  'Avvisi urgenti': 'Urgent notices',
  'Avviso urgente': 'Urgent notice',
  'Cerca il tuo Comune': 'Search for your municipality',
  '1 Comune trovato': '1 municipality found',
  '{count} Comuni trovati': '{count} municipalities found',
  'La mensa scolastica, in un posto solo': 'The school canteen, in one place',
  'Disdici un pasto, controlla il saldo e ricarica. Per cominciare, scegli il Comune della scuola.':
    'Cancel a meal, check the balance and top up. To begin, choose the municipality of the school.',
  'Comuni che usano il portale': 'Municipalities that use the portal',
  'Mostra tutti i Comuni': 'Show all the municipalities',
  'Nessun Comune corrisponde a “{search}”': 'No municipality matches “{search}”',
  'Nessun Comune è ancora attivo': 'No municipality is active yet',
  'Controlla come è scritto, oppure prova con le prime lettere. Il tuo Comune potrebbe non usare questo portale.':
    'Check how it is written, or try with the first letters. Your municipality may not use this portal.',
  'dipende dalla scuola': 'depends on the school',
  'Un pasto costa': 'A meal costs',
  'Puoi disdire entro': 'You can cancel by',
  'Servizio attivo': 'Service active',
  'Nelle scuole di {name} il pasto è già prenotato per ogni giorno di mensa. Se tuo figlio resta a casa, lo disdici da qui':
    'In the schools of {name} the meal is already booked for every canteen day. If your child stays at home, you cancel it from here',
  ' entro {cutoff}': ' by {cutoff}',
  'e non lo paghi.': 'and you do not pay for it.',
  'A chi è rivolto': 'Who it is for',
  'Come fare': 'How to do it',
  'Cosa serve': 'What you need',
  'Cosa si ottiene': 'What you get',
  'Tempi e scadenze': 'Times and deadlines',
  Costi: 'Costs',
  'Accedi al servizio': 'Access the service',
  'Chi può fare cosa': 'Who can do what',
  'Condizioni di servizio': 'Terms of service',
  Contatti: 'Contacts',
  'Indice della pagina': 'Page index',
  Accedi: 'Sign in',
  'Entra con SPID o CIE: sono gli unici due modi, e non serve registrarsi.':
    'Sign in with SPID or CIE: they are the only two ways, and there is no need to register.',
  Controlla: 'Check',
  'Vedi i pasti di ogni figlio, giorno per giorno. Di base ogni giorno di mensa è segnato presente.':
    'See the meals of each child, day by day. By default every canteen day is marked present.',
  Disdici: 'Cancel a meal',
  'Tocca il giorno in cui tuo figlio non mangia a scuola e conferma. Ricevi subito il numero della disdetta.':
    'Tap the day on which your child does not eat at school and confirm. You get the number of the cancellation at once.',
  'Chi è intestatario aggiunge pasti al conto con carta o MyBank e riceve la fattura.':
    'The account holder adds meals to the account by card or MyBank and receives the invoice.',
  'Anno scolastico {yearName}.': 'School year {yearName}.',
  'Disdici entro': 'Cancel by',
  Periodo: 'Period',
  'dal {startsOn} al {endsOn}': 'from {startsOn} to {endsOn}',
  'Il prezzo del pasto non è ancora stato pubblicato.': 'The price of a meal has not been published yet.',
  'Ogni pasto consumato costa {strong}. Il conto si ricarica in anticipo, sempre con un multiplo di questo prezzo: per esempio {ten} per dieci pasti.':
    'Each meal eaten costs {strong}. The account is topped up in advance, always by a multiple of this price: for example {ten} for ten meals.',
  'Paghi con carta VISA o MASTERCARD, oppure con un bonifico MyBank. Per ogni ricarica il genitore intestatario trova la fattura nel portale.':
    'You pay by VISA or MASTERCARD card, or by MyBank transfer. For each top-up the account-holding parent finds the invoice in the portal.',
  'Genitore intestatario, o tutore': 'Account-holding parent, or guardian',
  'Disdice i pasti, vede il saldo, ricarica e riceve le fatture.':
    'Cancels meals, sees the balance, tops up and receives the invoices.',
  'Altro genitore, delegato': 'Other parent, delegated',
  'Vede il calendario dei figli e disdice i pasti. Non vede saldo e pagamenti.':
    'Sees the children’s calendar and cancels meals. Does not see balance and payments.',
  'Per pasti, pagamenti e accesso al portale.': 'For meals, payments and access to the portal.',
  'Per iscrizioni, tariffe e segnalazioni.': 'For enrolments, fees and reports.',
  'Come funziona': 'How it works',
  'Leggi la scheda del servizio': 'Read the service sheet',
  'Alle famiglie degli alunni iscritti alla mensa nelle scuole di {name}.':
    'For the families of pupils enrolled in the canteen in the schools of {name}.',
  'SPID oppure la carta d’identità elettronica (CIE), con il codice fiscale dato alla scuola per il genitore intestatario o per il delegato.':
    'SPID or the electronic identity card (CIE), with the tax code given to the school for the account-holding parent or for the delegate.',
  'Il pasto a scuola nei giorni di mensa, con la dieta richiesta; il calendario di ogni figlio, con il numero di ogni disdetta; il conto con tutti i movimenti e la fattura di ogni ricarica.':
    'The meal at school on canteen days, with the diet requested; the calendar of each child, with the number of each cancellation; the account with all movements and the invoice of each top-up.',
  'Avvisa anche la scuola': 'Tell the school too',
  'Disdire il pasto non giustifica l’assenza: alla scuola primaria e secondaria va comunque comunicata con il quadernino degli avvisi.':
    'Cancelling the meal does not excuse the absence: in primary and secondary schools it must still be reported with the notices booklet (quadernino degli avvisi).',
  'Con SPID o con la carta d’identità elettronica (CIE), dal telefono o dal computer.':
    'With SPID or with the electronic identity card (CIE), from phone or computer.',
  'Accedi ai servizi': 'Access the services',
  'Regolamenti, tariffe e informative sono tra i {link}. Quello che vale per il portale è nelle {link2}.':
    'Rules, fees and privacy notices are among the {link}. What applies to the portal is in the {link2}.',
  'documenti della mensa': 'canteen documents',
  'note legali': 'legal notes',
  'Argomenti: {part}': 'Topics: {part}',
  'Istruzione, alimentazione': 'Education, food',
  'Refettorio, il portale della mensa scolastica': 'Refettorio, the school canteen portal',
  'Refettorio, la mensa scolastica': 'Refettorio, the school canteen',
  'Presenze, pagamenti e notizie della mensa scolastica del tuo Comune.':
    'Attendance, payments and news of your municipality’s school canteen.',
  'Pagina non trovata': 'Page not found',
  'Questa pagina non c’è': 'This page does not exist',
  'Scegli il Comune': 'Choose the municipality',
  'Forse l’indirizzo è scritto male, o la pagina è stata spostata.':
    'Perhaps the address is mistyped, or the page has been moved.',
  'Mensa scolastica di {name}': 'School canteen of {name}',
  Mensa: 'Canteen',
  'Torna alla pagina iniziale': 'Back to the home page',
  'Forse l’indirizzo è scritto male, o quello che cerchi non è tra le cose che puoi vedere.':
    'Perhaps the address is mistyped, or what you are looking for is not among the things you can see.',
  'Se arrivi qui da un messaggio, accedi con la persona a cui era diretto.':
    'If you came here from a message, sign in as the person it was addressed to.',
  'Disdette dei pasti, pagamenti, notizie e documenti della mensa scolastica, con accesso SPID o CIE.':
    'Meal cancellations, payments, news and documents of the school canteen, with SPID or CIE sign-in.',
  'Con SPID o CIE': 'With SPID or CIE',
  'Hai effettuato l’accesso come {name}': 'You are signed in as {name}',
  'Vai ai tuoi pasti': 'Go to your meals',
  'Vai all’area del gestore': 'Go to the operator’s area',
  'Tutte le notizie': 'All the news',
  'Documenti in evidenza': 'Featured documents',
  'Tutti i documenti': 'All the documents',
  'Il servizio di mensa non è attivo': 'The canteen service is not active',
  'Quando il Comune lo attiverà, qui troverai prezzi, giorni e modo di accedere.':
    'When the municipality activates it, you will find here prices, days and how to access it.',
  'Il servizio': 'The service',
  'A chi è rivolta la mensa scolastica, come si usa il portale, tempi, costi e contatti.':
    'Who the school canteen is for, how to use the portal, times, costs and contacts.',
  'Il servizio di mensa scolastica': 'The school canteen service',
  'Refezione scolastica': 'School meals',
  'Servizio non attivo': 'Service not active',
  'Il pranzo a scuola per gli alunni di {name}: ogni giorno di mensa è già prenotato, e da qui si disdice, si ricarica e si legge tutto quello che riguarda il servizio.':
    'Lunch at school for the pupils of {name}: every canteen day is already booked, and from here you cancel, top up and read everything about the service.',
  'Quali dati usa il portale della mensa, perché e per quanto tempo.':
    'Which data the canteen portal uses, why and for how long.',
  'Chi risponde dei dati': 'Who is responsible for the data',
  'Titolare del trattamento è il Comune di {name}, {address}, PEC {link}. {name2} gestisce il servizio di mensa.':
    'The data controller is the Municipality of {name}, {address}, PEC (certified email) {link}. {name2} runs the canteen service.',
  'Responsabile della protezione dei dati (DPO):': 'Data protection officer (DPO):',
  'I moduli e le informative da scaricare sono tra i {link}.':
    'The forms and privacy notices to download are among the {link}.',
  'documenti sulla privacy': 'privacy documents',
  'Quali dati': 'Which data',
  'Nome e codice fiscale di chi accede, come li comunicano SPID o CIE.':
    'Name and tax code of whoever signs in, as communicated by SPID or CIE.',
  'Nome, scuola, classe e tipo di dieta degli alunni iscritti alla mensa.':
    'Name, school, class and type of diet of the pupils enrolled in the canteen.',
  'Presenze e disdette, con data, ora e autore.': 'Presences and cancellations, with date, time and author.',
  'Saldo, ricariche, pasti addebitati e fatture. I dati della carta non passano mai dal portale.':
    'Balance, top-ups, meals charged and invoices. Card details never pass through the portal.',
  Perché: 'Why',
  'Per preparare i pasti giusti ogni giorno, per addebitare solo quelli consumati e per emettere i documenti fiscali. Non servono ad altro e non vengono ceduti.':
    'To prepare the right meals every day, to charge only those eaten and to issue tax documents. They serve no other purpose and are not passed on.',
  'Chi li vede': 'Who sees them',
  'Ogni famiglia vede solo i propri. La cucina vede i numeri e il codice della dieta, non il motivo. Ogni lettura e ogni modifica dei dati degli alunni o dei pagamenti resta in un registro, conservato 24 mesi.':
    'Each family sees only its own. The kitchen sees the numbers and the code of the diet, not the reason. Every reading and every change of pupils’ or payments’ data stays in a register, kept for 24 months.',
  Cookie: 'Cookies',
  'Il portale usa solo i cookie tecnici che servono a restare collegati. Nessun cookie di altri, nessuna statistica che ti segue: per questo non ti chiediamo un consenso.':
    'The portal uses only the technical cookies needed to stay signed in and to remember the language. No cookies of others, no statistics that follow you: that is why we do not ask for consent.',
  'I tuoi diritti': 'Your rights',
  'Puoi chiedere di vedere, correggere o cancellare i tuoi dati scrivendo al Comune all’indirizzo PEC indicato sopra, e puoi rivolgerti al Garante per la protezione dei dati personali.':
    'You can ask to see, correct or delete your data by writing to the municipality at the PEC address above, and you can turn to the Italian data protection authority (Garante per la protezione dei dati personali).',
  'Avvisi, novità e comunicati sulla mensa scolastica.':
    'Notices, news and press releases about the school canteen.',
  'Avvisi, novità e comunicati sulla mensa delle scuole.':
    'Notices, news and press releases about the canteen of the schools.',
  'La mensa scolastica è un servizio del Comune di {name} (codice fiscale {fiscalCode}), gestito da {name2}, {address}, partita IVA {vatNumber}, che incassa le ricariche ed emette le fatture.':
    'The school canteen is a service of the Municipality of {name} (tax code {fiscalCode}), run by {name2}, {address}, VAT number {vatNumber}, which collects the top-ups and issues the invoices.',
  'L’ora che conta': 'The time that counts',
  'Per il termine delle disdette vale l’ora del portale, non quella del tuo dispositivo. Una disdetta è valida quando il portale ne mostra il numero.':
    'For the deadline of cancellations the portal’s time counts, not your device’s. A cancellation is valid when the portal shows its number.',
  'Il software': 'The software',
  'Questo portale è Refettorio, software libero distribuito con licenza EUPL 1.2. Il carattere Titillium Web è distribuito con licenza SIL Open Font License 1.1.':
    'This portal is Refettorio, free software distributed under the EUPL 1.2 licence. The Titillium Web typeface is distributed under the SIL Open Font License 1.1.',
  'Aggiungi il portale alle app': 'Add the portal to your apps',
  'La mensa di {name} tra le app del telefono: senza negozio, senza occupare spazio.':
    'The canteen of {name} among the apps of your phone: no store, no space taken.',
  'Moduli, tariffe, regolamenti e informative: puoi leggerli e scaricarli senza accedere.':
    'Forms, fees, rules and privacy notices: you can read and download them without signing in.',
  'I numeri della mensa scolastica, mese per mese e scuola per scuola, in formato aperto.':
    'The figures of the school canteen, month by month and school by school, in an open format.',
  'I pasti serviti nelle scuole di {name}, mese per mese. Puoi usarli liberamente.':
    'The meals served in the schools of {name}, month by month. You can use them freely.',
  'Come leggerli': 'How to read them',
  'I numeri vengono dai conteggi inviati in cucina, alla chiusura di ogni giorno. I numeri da 1 a':
    'The figures come from the counts sent to the kitchen, when each day is closed. Numbers from 1 to',
  'non sono mostrati, né altri da cui si potrebbero ricavare: così non si può risalire a un alunno. Licenza Creative Commons Attribuzione 4.0 (CC BY 4.0).':
    'are not shown, nor others from which they could be worked out: so nobody can be traced back to a pupil. Creative Commons Attribution 4.0 licence (CC BY 4.0).',
  'Dati aggiornati al {updatedAt}.': 'Data updated on {updatedAt}.',
  'Assistenza e domande frequenti': 'Help and frequently asked questions',
  'Fino a quando posso disdire un pasto?': 'Until when can I cancel a meal?',
  'Entro {cutoff}.': 'By {cutoff}.',
  'Dipende dalla scuola: il termine è scritto accanto a ogni giorno.':
    'It depends on the school: the deadline is written beside each day.',
  'Dopo non si può più modificare, perché la cucina ha già il conteggio. Vale l’ora del portale.':
    'After that it can no longer be changed, because the kitchen already has the count. The portal’s time counts.',
  'Ho disdetto per sbaglio: posso tornare indietro?': 'I cancelled by mistake: can I go back?',
  'Sì, con “Ripristina”, fino allo stesso termine.': 'Yes, with “Restore”, until the same deadline.',
  'Devo avvisare anche la scuola?': 'Do I have to tell the school too?',
  'Sì. Alla scuola primaria e secondaria l’assenza si comunica con il quadernino degli avvisi.':
    'Yes. In primary and secondary schools the absence is reported with the notices booklet (quadernino degli avvisi).',
  'Ho pagato una ricarica ma il saldo non è cambiato': 'I paid for a top-up but the balance has not changed',
  'Non pagare di nuovo. Finché la banca non conferma, la ricarica risulta in verifica; quando conferma, il saldo cambia da solo. Se dopo un giorno è ancora così, chiama {name}.':
    'Do not pay again. Until the bank confirms, the top-up is being verified; when it confirms, the balance changes by itself. If it is still so after a day, call {name}.',
  'Accedo con SPID o CIE ma il portale non mi riconosce':
    'I sign in with SPID or CIE but the portal does not recognise me',
  'Il portale conosce i genitori indicati all’iscrizione, con il loro codice fiscale. Chiama {name}: può controllare i tuoi dati.':
    'The portal knows the parents named at enrolment, with their tax code. Call {name}: they can check how you are registered.',
  'Non ho né SPID né CIE': 'I have neither SPID nor CIE',
  'SPID si chiede a uno dei gestori accreditati; la CIE all’anagrafe del Comune di {name}. Nel frattempo può accedere l’altro genitore, oppure puoi chiamare {name2}.':
    'You ask one of the accredited providers for SPID; for CIE you ask the registry office of the Municipality of {name}. Meanwhile the other parent can sign in, or you can call {name2}.',
  'Le risposte più cercate, e chi può aiutarti.': 'The most sought-after answers, and who can help you.',
  'Domande frequenti': 'Frequently asked questions',
  'Pasti, pagamenti e accesso': 'Meals, payments and access',
  Gestore: 'Operator',
  'Iscrizioni e segnalazioni al Comune': 'Enrolments and reports to the municipality',
  Ente: 'Body',
  'Non più pubblico': 'No longer public',
  'Segui con un lettore di feed': 'Follow with a feed reader',
  'Chi ne ha diritto paga meno, figlio per figlio, dal giorno che l’ufficio decide:':
    'Those who are entitled pay less, child by child, from the day that the office decides:',
  'Una ricarica resta sempre un multiplo del prezzo intero.':
    'A top-up is always a multiple of the full price.',
  'Il prezzo cambia: {when} ogni pasto costa {strong}.':
    'The price changes: {when} each meal costs {strong}.',
  'C’è sciopero, una gita o la scuola è chiusa: devo disdire?':
    'There is a strike or a school trip, or the school is closed: must I cancel?',
  'No. L’ufficio chiude quel giorno per tutti e i pasti non si pagano. Se un giorno chiuso risulta ancora aperto, chiama {name}.':
    'No. The office closes that day for everybody and the meals are not charged. If a closed day still looks open, call {name}.',
  'Devo usare SPID o CIE ogni mattina?': 'Do I have to use SPID or CIE every morning?',
  'No. Dopo il primo accesso scegli «Salva credenziali»: su quel dispositivo entri con l’impronta, il volto o una sequenza che disegni.':
    'No. After the first sign-in choose “Save your credentials”: on that device you enter with fingerprint, face or a sequence that you draw.',
  'Può disdire anche l’altro genitore?': 'Can the other parent cancel too?',
  'Sì. Il genitore intestatario lo invita in «Profilo e deleghe»: l’altro genitore entra con la propria SPID o CIE e disdice i pasti. Non vede saldo e pagamenti.':
    'Yes. The account holder invites them in “Profile and delegates”: the other parent signs in with their own SPID or CIE and cancels meals. They do not see balance and payments.',
  'Mi serve la spesa della mensa per il 730': 'I need the canteen expense for my tax return (730)',
  'Il genitore intestatario la trova in «Stato contabile / pagamenti», «Spese per il 730»: il totale dell’anno, figlio per figlio, da stampare.':
    'The account holder finds it in “Account statement / payments”, “Expenses for the tax return (730)”: the total of the year, child by child, to print.',
}
