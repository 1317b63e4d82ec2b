import type { Catalogue } from '../language.ts'

export const common: Catalogue = {
  Lingua: 'Language',
  'Vai al contenuto principale': 'Skip to main content',
  'Vai al piè di pagina': 'Skip to footer',
  'Scegli un’ora.': 'Choose a time.',
  'Scrivi l’ora così: 21:00.': 'Enter the time like this: 21:00.',
  'Scrivi un numero da 1 a 20.': 'Enter a number from 1 to 20.',
  'Scrivi al massimo 60 caratteri.': 'Enter at most 60 characters.',
  'Scrivi la via e il numero civico.': 'Enter street and number.',
  'Scrivi il CAP.': 'Enter the postcode.',
  'Il CAP ha cinque cifre, per esempio 37060.': 'The postcode has five digits, for example 37060.',
  'Scrivi il Comune.': 'Enter the municipality.',
  'Scrivi la sigla della provincia.': 'Enter the abbreviation of the province.',
  'La sigla della provincia ha due lettere, per esempio VR.':
    'The abbreviation of the province has two letters, for example VR.',
  'Scrivi il codice fiscale della persona.': 'Enter the person’s tax code.',
  'Controlla il codice fiscale: ha 16 lettere e cifre, e questo non torna.':
    'Check the tax code: it has 16 letters and digits, and this one is not right.',
  'Scrivi l’indirizzo e-mail.': 'Enter the email address.',
  'L’indirizzo è troppo lungo.': 'The address is too long.',
  'Scrivi l’indirizzo per intero, per esempio nome@example.it.':
    'Enter the whole address, for example name@example.it.',
  'Scegli almeno un bambino.': 'Choose at least one child.',
  'Scrivi una data che esista.': 'Enter a date that exists.',
  'Scrivi il codice di sei cifre.': 'Enter the six-digit code.',
  'Il codice ha sei cifre: lo trovi nell’e-mail.': 'The code has six digits: you find it in the email.',
  'Il codice ha sei cifre: lo trovi nell’SMS.': 'The code has six digits: you find it in the text message.',
  'Il numero è troppo lungo.': 'The number is too long.',
  'Controlla il numero: un cellulare è come 333 1234567, un numero estero comincia con +.':
    'Check the number: an Italian mobile is like 333 1234567, a foreign number begins with +.',
  'Menù della mensa, {school}': 'Canteen menu, {school}',
  'Moduli, tariffe, regolamenti e informative della mensa scolastica.':
    'Forms, fees, rules and privacy notices of the school canteen.',
  'Scelte delle notifiche': 'Notification choices',
  'Scegli se accettare o rifiutare.': 'Choose whether to accept or decline.',
  Comunicazione: 'Communication',
  'dal {day}': 'from {day}',
  'dall’{day}': 'from {day}',
  'al {day}': 'to {day}',
  'all’{day}': 'to {day}',
  gratuito: 'free',
}
