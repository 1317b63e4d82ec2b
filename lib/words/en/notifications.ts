import type { Catalogue } from '../language.ts'

export const notifications: Catalogue = {
  Notifiche: 'Notifications',
  'Notifiche, nessuna da leggere': 'Notifications, none unread',
  'Notifiche, {n} da leggere': 'Notifications, {n} unread',
  'Da leggere': 'Unread',
  'Nessuna notifica': 'No notifications',
  'Qui trovi tutto quello che il portale ti dice: pasti cambiati, giorni senza mensa, pagamenti.':
    'Here you find everything the portal tells you: changed meals, days without canteen, payments.',
  'Segna tutto come letto': 'Mark all as read',
  'Le notifiche restano qui dodici mesi.': 'Notifications stay here for twelve months.',
  'Hai letto tutto.': 'You have read everything.',
  '{n} da leggere.': '{n} unread.',
  'Scegli che cosa ti arriva': 'Choose what you receive',
  'Non riceve': 'Does not receive',
  'I nostri messaggi a questo indirizzo tornano indietro: scrivine un altro.':
    'Our messages to this address come back: write another one.',
  'La tua e-mail non riceve': 'Your email address does not receive',
  'Cambia l’e-mail': 'Change email',
  'I messaggi a {email} tornano indietro: finché non la cambi, li trovi solo qui.':
    'Messages to {email} come back: until you change it, you find them only here.',
  'Pagine delle notifiche': 'Pages of notifications',
  'Più recenti': 'Newer',
  'Meno recenti': 'Older',
  'Scelte salvate.': 'Choices saved.',
  'Fatto: da ora le notifiche arrivano anche su questo dispositivo. Prova se funziona.':
    'Done: from now on notifications also arrive on this device. Try whether it works.',
  'Fatto: a quel dispositivo non arriva più niente.': 'Done: nothing arrives on that device any more.',
  'Prova mandata: guarda se ti è arrivata. Per un’e-mail può servire qualche minuto.':
    'Trial sent: see whether it arrived. An email can take a few minutes.',
  profilo: 'profile',
  'Non abbiamo la tua e-mail': 'We do not have your email address',
  'Scrivila nel tuo {profile}: senza, le notifiche le trovi solo qui nel portale.':
    'Write it in your {profile}: without it you find notifications only here in the portal.',
  'I messaggi a {email} tornano indietro. Cambiala nel tuo {profile}.':
    'Messages to {email} come back. Change it in your {profile}.',
  'Le e-mail vanno a {email}. Puoi cambiarla nel tuo {profile}.':
    'Emails go to {email}. You can change it in your {profile}.',
  Scelte: 'Choices',
  'Che cosa ti arriva': 'What you receive',
  'Nel portale trovi sempre tutto. Qui scegli che cosa ricevere anche per e-mail e sul telefono.':
    'In the portal you always find everything. Here you choose what to receive by email and on your phone too.',
  'Su questo e su altri dispositivi': 'On this and other devices',
  Prova: 'Trial',
  'Ti mandiamo subito un messaggio vero, per e-mail e sui dispositivi qui sopra: così sai se funziona.':
    'We send you a real message at once, by email and to the devices above: so you know whether it works.',
  'Manda una prova': 'Send a trial',
  'Sul telefono una notifica appare anche a portale chiuso. Sullo schermo bloccato non si leggono nomi di bambini, diete o importi.':
    'On a phone a notification appears even when the portal is closed. The lock screen shows no names of children, diets or amounts.',
  'In questo portale le notifiche sui dispositivi non sono attive: ti scriviamo per e-mail.':
    'In this portal notifications on devices are not switched on: we write to you by email.',
  'Dal {day}. Ultima notifica il {last}.': 'Since {day}. Last notification on {last}.',
  'Dal {day}.': 'Since {day}.',
  Togli: 'Remove',
  'Pasti e giorni di mensa': 'Meals and canteen days',
  'Comunicazioni e moduli': 'Communications and forms',
  Pagamenti: 'Payments',
  'Deleghe e sicurezza': 'Delegates and security',
  'Pasti disdetti o ripristinati': 'Meals cancelled or restored',
  'Quando li cambia l’altro genitore o l’ufficio.': 'When the other parent or the office changes them.',
  'Giorni senza mensa': 'Days without canteen',
  'Scioperi, chiusure e uscite che riguardano i tuoi figli.':
    'Strikes, closures and trips that concern your children.',
  'Nuova comunicazione': 'New communication',
  'Gli avvisi del gestore della mensa.': 'Notices from the canteen’s operator.',
  'Comunicazione da confermare': 'Communication to acknowledge',
  'Quando ti chiediamo di confermare che hai letto.': 'When we ask you to confirm that you have read it.',
  'Comunicazione sui pagamenti': 'Communication about payments',
  'Solleciti e informazioni sul saldo: li riceve solo chi paga.':
    'Reminders and information on the balance: only whoever pays gets them.',
  'Nuovo questionario': 'New survey',
  'Quando puoi dire la tua.': 'When you can have your say.',
  'Menù cambiato': 'Menu changed',
  'Quando un piatto annunciato cambia.': 'When an announced dish changes.',
  'Moduli online': 'Online forms',
  'Come procede quello che hai mandato.': 'How what you sent is getting on.',
  'Ricarica accreditata': 'Top-up credited',
  'Con la fattura, quando è pronta.': 'With the invoice, when it is ready.',
  'Ricarica non riuscita': 'Top-up failed',
  'Quando un pagamento non va a buon fine.': 'When a payment does not go through.',
  'Saldo in esaurimento': 'Balance running low',
  'Quando restano pochi pasti, e quando il saldo finisce.':
    'When few meals are left, and when the balance runs out.',
  'Fattura pronta': 'Invoice ready',
  'Quando una fattura che aspettava i tuoi dati è completa.':
    'When an invoice that waited for your details is complete.',
  'Risposta a una delega': 'Answer to an invitation',
  'Quando la persona invitata accetta o rifiuta.': 'When the invited person accepts or declines.',
  'Delega finita': 'Delegation ended',
  'Quando una delega è revocata o lasciata.': 'When a delegation is revoked or given up.',
  'Dispositivi e accessi': 'Devices and access',
  'Quando un dispositivo è ricordato o scollegato da noi. L’e-mail parte sempre, per la tua sicurezza.':
    'When a device is remembered or disconnected by us. The email always goes, for your safety.',
  'Invito a una delega': 'Invitation to be a delegate',
  'Quando un genitore ti sceglie come delegato.': 'When a parent chooses you as a delegate.',
  'E-mail che non riceve': 'Email address that does not receive',
  'Quando il tuo indirizzo rifiuta i nostri messaggi.': 'When your address refuses our messages.',
  'Prova delle notifiche': 'Trial of notifications',
  'Una prova che hai chiesto tu.': 'A trial that you asked for.',
  'Prezzo del pasto': 'Price of a meal',
  'Quando cambia quello che paghi per un figlio.': 'When what you pay for a child changes.',
  'Il prezzo del pasto di un tuo figlio cambia': 'The price of a meal of one of your children changes',
  'L’ufficio ha aggiornato il prezzo del pasto di un tuo figlio. In Servizi leggi quanto costa e da quando.':
    'The office has updated the price of a meal of one of your children. In Services you read how much it costs and from when.',
}
