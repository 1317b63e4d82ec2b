import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const HAND_OVER_REFUSALS = {
  'households:already-holder': says('Questa persona è già l’intestataria: non c’è niente da cambiare.'),
  'households:code-of-known': says(
    'Questo codice fiscale è di {name}. Il nome scritto qui è un altro: controlla il codice e il nome.',
    { name: 'text' },
  ),
  'households:code-of-holder': says(
    'Questo codice fiscale è di {name}, che paga già per la famiglia {families}. Il nome scritto qui è un altro: controlla il codice e il nome.',
    { name: 'text', families: 'texts' },
  ),
  'households:code-disagrees': says(
    'Il codice fiscale e il nome non sono della stessa persona: controlla i campi segnati.',
  ),
  'households:family-name-disagrees': says(
    'Le prime tre lettere del codice fiscale non sono di questo cognome.',
  ),
  'households:given-name-disagrees': says(
    'Le lettere del codice fiscale dalla quarta alla sesta non sono di questo nome.',
  ),
  'households:birth-disagrees': says('Il codice fiscale dice un’altra data di nascita.'),
  'households:birth-needed': says(
    'Con un codice di 11 cifre scrivi anche la data di nascita: il codice non la dice.',
  ),
  'households:minor': says(
    'Chi ha questo codice fiscale è nato il {born}: l’intestatario ha almeno diciotto anni.',
    { born: 'date' },
  ),
  'households:is-pupil': says('Questo codice fiscale è di un alunno: scrivi quello di un adulto.'),
  'households:changed-meanwhile': says(
    'Intanto {who} ha cambiato l’intestatario: adesso è {holder}. La tua conferma non ha cambiato niente.',
    { who: 'person', holder: 'person' },
  ),
  'households:preview-changed': says(
    'Intanto qualcosa è cambiato. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
  'households:undo-over': says(
    'Questo cambio non si può più annullare. Se serve, cambia di nuovo l’intestatario.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof HAND_OVER_REFUSALS> {}
}
