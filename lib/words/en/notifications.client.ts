import type { Catalogue } from '../language.ts'

export const notificationsClient: Catalogue = {
  'E-mail': 'Email',
  Dispositivi: 'Devices',
  'Avvisami quando restano': 'Tell me when there are this many left',
  pasti: 'meals',
  'Ore tranquille': 'Quiet hours',
  'In queste ore non suona niente: quello che può aspettare arriva dopo. Non aspettano i cambi dei pasti di oggi e gli avvisi di sicurezza.':
    'Nothing rings in these hours: what can wait arrives afterwards. Changes to today’s meals and security notices do not wait.',
  'Usa le ore tranquille': 'Use quiet hours',
  Dalle: 'From',
  Alle: 'To',
  'Salva le scelte': 'Save choices',
  'Il browser non ha potuto attivarle. Riprova più tardi: intanto ti scriviamo per e-mail.':
    'The browser could not switch them on. Try again later: meanwhile we write to you by email.',
  'Per attivarle serve un browser con JavaScript.': 'Switching them on needs a browser with JavaScript.',
  'Questo browser non riceve notifiche: prova dal telefono, oppure usa l’e-mail.':
    'This browser does not receive notifications: try from your phone, or use email.',
  'Questo dispositivo riceve le notifiche.': 'This device receives notifications.',
  'Rispondi alla domanda del browser…': 'Answer the browser’s question…',
  'Attiva su questo dispositivo': 'Switch on for this device',
  'Il browser ti chiederà il permesso. Puoi toglierlo quando vuoi.':
    'The browser will ask for your permission. You can take it back whenever you like.',
  'Su iPhone e iPad arrivano solo se il portale è fra le app: {steps}, poi apri il portale da lì e torna qui.':
    'On iPhone and iPad they arrive only when the portal is among the apps: {steps}, then open the portal from there and come back here.',
  'ecco come si fa': 'here is how',
  'Le hai bloccate per questo sito. Per riattivarle apri le impostazioni del browser, cerca “Notifiche” fra i permessi di questo sito, scegli “Consenti” e ricarica la pagina.':
    'You blocked them for this site. To switch them on again open the browser’s settings, find “Notifications” among this site’s permissions, choose “Allow” and reload the page.',
}
