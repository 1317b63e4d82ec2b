import type { Catalogue } from '../language.ts'

/** The public menu, the families' menus, opinions and calendars for the phone, where the server draws them. */
export const menus: Catalogue = {
  // courses
  Primo: 'First course',
  Secondo: 'Main course',
  'Piatto unico': 'One-dish meal',
  Contorno: 'Side dish',
  Pane: 'Bread',
  'Frutta o dessert': 'Fruit or dessert',
  // allergens, in the words of the regulation
  'cereali contenenti glutine': 'cereals containing gluten',
  crostacei: 'crustaceans',
  uova: 'eggs',
  pesce: 'fish',
  arachidi: 'peanuts',
  soia: 'soybeans',
  'latte e lattosio': 'milk and lactose',
  'frutta a guscio': 'nuts',
  sedano: 'celery',
  senape: 'mustard',
  'semi di sesamo': 'sesame seeds',
  'anidride solforosa e solfiti': 'sulphur dioxide and sulphites',
  lupini: 'lupin',
  molluschi: 'molluscs',
  'Allergeni: {names}.': 'Allergens: {names}.',
  'Nessuno dei 14 allergeni.': 'None of the 14 allergens.',
  'Allergeni non ancora dichiarati: chiedi al gestore.':
    'Allergens not declared yet: ask the canteen company.',
  // a day
  '{instead} al posto di {planned}': '{instead} instead of {planned}',
  'Niente in sostituzione di {planned}': 'Nothing in place of {planned}',
  '{planned} non è per questa dieta e la sostituzione non è scritta: chiedi al gestore.':
    '{planned} is not for this diet and no replacement is written: ask the canteen company.',
  'Cambio di menù: era {planned}. {reason}.': 'Menu change: it was {planned}. {reason}.',
  'Mensa chiusa: {reason}.': 'No canteen: {reason}.',
  'In questo giorno la mensa non c’è.': 'There is no canteen on this day.',
  'Menù non ancora pubblicato.': 'Menu not published yet.',
  // the public page
  Menù: 'Menu',
  'Menù della mensa': 'Canteen menu',
  'Menù della mensa scolastica': 'School canteen menu',
  'Menù comune': 'Standard menu',
  Scuola: 'School',
  Dieta: 'Diet',
  Mostra: 'Show',
  'Settimana precedente': 'Previous week',
  'Settimana successiva': 'Next week',
  'Nessun menù pubblicato': 'No menu published',
  'Nessun menù pubblicato per questa scuola': 'No menu published for this school',
  'Quando il gestore lo pubblicherà, lo troverai qui.':
    'You will find it here as soon as the canteen company publishes it.',
  'Che cosa si mangia a scuola, settimana per settimana e scuola per scuola, con gli allergeni scritti a parole e le sostituzioni per le diete.':
    'What children eat at school, week by week and school by school, with allergens in words and replacements for diets.',
  'Gli allergeni sono i quattordici dell’allegato II del Regolamento (UE) 1169/2011, come li ha dichiarati il gestore. In cucina si usano tutti: tracce degli altri non si possono escludere.':
    'The allergens are the fourteen of Annex II of Regulation (EU) 1169/2011, as declared by the canteen company. All of them are used in the kitchen: traces of the others cannot be ruled out.',
  'Le sostituzioni sono quelle scritte dal gestore per le diete più comuni. Questo menù non sostituisce la dieta concordata per il singolo bambino.':
    'The replacements are those written by the canteen company for the most common diets. This menu does not replace the diet agreed for a single child.',
  'Chi ha una dieta personale segue quella concordata con il gestore.':
    'Children with a personal diet follow the one agreed with the canteen company.',
  'Per qualsiasi dubbio telefona al gestore: {phone}.': 'If in doubt, call the canteen company: {phone}.',
  'Da stampare o da riusare': 'To print or reuse',
  'Per appenderlo in cucina stampa questa pagina dal menù del tuo browser: una settimana sta su un foglio. Oppure prendi tutta la rotazione, una settimana per foglio.':
    'To hang it in the kitchen, print this page from your browser’s menu: one week fits on one sheet. Or take the whole rotation, one week per sheet.',
  'Tutte le settimane': 'All weeks',
  'Menù: tutte le settimane': 'Menu: all weeks',
  '{menu}, settimana {week} di {weeks}': '{menu}, week {week} of {weeks}',
  'Settimane che cominciano lunedì: {days}': 'Weeks beginning on Monday: {days}',
  'Torna al menù della settimana': 'Back to the week’s menu',
  'Scarica in CSV': 'Download as CSV',
  'Scarica in JSON': 'Download as JSON',
  'Ultimo aggiornamento: {when}. Dati aperti con licenza CC BY 4.0.':
    'Last update: {when}. Open data under the CC BY 4.0 licence.',
  // my child's menu
  'Menù dei figli': 'Children’s menus',
  'Il menù di {name}': '{name}’s menu',
  'Oggi a mensa': 'At the canteen today',
  'Il menù dei tuoi figli, con le sostituzioni': 'Your children’s menus, with replacements',
  'Per {name}, dieta {diet}: {replacements}.': 'For {name}, diet {diet}: {replacements}.',
  'Per {name}, dieta {diet}: oggi nel menù non ci sono sostituzioni scritte.':
    'For {name}, diet {diet}: no replacements are written in today’s menu.',
  'Da chiedere al gestore: che cosa mangia al posto di {dishes}.':
    'Ask the canteen company what comes instead of {dishes}.',
  'Nei giorni qui sotto le sostituzioni per la dieta {diet} sono scritte accanto al piatto. Un piatto senza sostituzione non vuol dire che sia adatto: vale la dieta concordata con il gestore.':
    'On the days below, replacements for the diet {diet} are written beside the dish. A dish without a replacement is not thereby suitable: the diet agreed with the canteen company applies.',
  'In questa settimana la mensa non c’è.': 'There is no canteen this week.',
  'Nessun alunno iscritto alla mensa oggi': 'No child enrolled in the canteen today',
  'Piace a {share} bambini su 100 di questa scuola': 'Liked by {share} in 100 children of this school',
  'Nel calendario del telefono': 'On your phone’s calendar',
  // how it went
  'Com’è andata a tavola': 'How lunch went',
  'Com’è andata a tavola?': 'How did lunch go?',
  'Com’è andata a {name}?': 'How did it go for {name}?',
  'Chiedilo al bambino e scegli una faccia per piatto. Puoi saltare quelli che non ricorda.':
    'Ask your child and choose a face for each dish. Skip those they do not remember.',
  'Racconta {day}': 'Tell us about {day}',
  'Cambia il giudizio di {day}': 'Change your opinion of {day}',
  'Grazie, il giudizio è arrivato': 'Thank you, we have your opinion',
  'Lo puoi cambiare per sette giorni dal pasto.': 'You can change it for seven days after the meal.',
  // calendars for the phone
  'Calendario sul telefono': 'Calendar on your phone',
  'I giorni di mensa, le assenze e il menù di ogni figlio nel calendario che usi già, con un avviso prima del termine. Niente diete e niente soldi.':
    'Each child’s canteen days, absences and menu in the calendar you already use, with an alert before the deadline. No diets and no money.',
  'Hai un indirizzo attivo, creato il {when}.': 'You have an active address, created on {when}.',
  'Se l’hai perso o l’ha visto qualcun altro creane uno nuovo: il vecchio smette di funzionare.':
    'If you lost it or somebody else saw it, create a new one: the old one stops working.',
  'Revoca l’indirizzo': 'Revoke the address',
  'I calendari che lo usano non si aggiornano più. I giorni già scaricati restano finché non li togli.':
    'Calendars that use it are no longer updated. Days already downloaded stay until you remove them.',
  Revoca: 'Revoke',
  'Indirizzo revocato': 'Address revoked',
  'Nessun alunno iscritto alla mensa.': 'No child enrolled in the canteen.',
  'Come si aggiunge': 'How to add it',
  'Il calendario del telefono può essere in ritardo. Per disdire fa fede solo il portale.':
    'The phone’s calendar may lag behind. Only the portal counts for cancelling a meal.',
  'Su iPhone e iPad': 'On iPhone and iPad',
  'Apri Calendario e tocca Calendari, in basso.': 'Open Calendar and tap Calendars at the bottom.',
  'Tocca Aggiungi calendario, poi Aggiungi calendario con iscrizione.':
    'Tap Add Calendar, then Add Subscription Calendar.',
  'Incolla l’indirizzo e tocca Iscriviti.': 'Paste the address and tap Subscribe.',
  'Togli la spunta da Rimuovi avvisi, se vuoi l’avviso prima del termine.':
    'Untick Remove Alerts if you want the alert before the deadline.',
  'Con Google Calendar': 'With Google Calendar',
  'Da un computer apri calendar.google.com.': 'Open calendar.google.com on a computer.',
  'Accanto ad Altri calendari premi il più, poi Da URL.':
    'Press the plus sign beside Other calendars, then From URL.',
  'Incolla l’indirizzo e premi Aggiungi calendario.': 'Paste the address and press Add calendar.',
  'Google rilegge il calendario anche solo una volta al giorno e non suona gli avvisi dei calendari aggiunti così: imposta tu una notifica, e per l’ultimo minuto guarda sempre il portale.':
    'Google may read the calendar only once a day and does not sound the alerts of calendars added this way: set a notification yourself, and for the last minute always look at the portal.',
  'Con Outlook': 'With Outlook',
  'Apri il calendario e premi Aggiungi calendario.': 'Open the calendar and press Add calendar.',
  'Scegli Sottoscrivi dal Web.': 'Choose Subscribe from web.',
  'Incolla l’indirizzo, dai un nome e premi Importa.': 'Paste the address, give it a name and press Import.',
  'Outlook rilegge il calendario ogni qualche ora.': 'Outlook reads the calendar again every few hours.',
}
