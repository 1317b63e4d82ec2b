import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const ADULT_MERGE_REFUSALS = {
  'adults:not-alike': says(
    'Nome, cognome o data di nascita non sono quelli di una persona sola: correggi prima il dato sbagliato, poi unisci.',
  ),
  'adults:colleague': says(
    '{name} lavora nell’ufficio: due colleghi non si uniscono. Togli prima il ruolo sbagliato, o correggi il codice.',
    { name: 'text' },
  ),
  'adults:paid': says(
    'Chi ha il codice {code} ha pagato e ha fatture a suo nome, che restano sue: tieni questa persona, e scegli il codice giusto.',
    { code: 'text' },
  ),
  'adults:requests': says('Una domanda di {name} (codice {code}) aspetta: decidila prima, poi unisci.', {
    name: 'text',
    code: 'text',
  }),
  'adults:roles': says(
    'Nella famiglia {family} i due sono delegati di alunni diversi, fino a giorni diversi: chi paga ritiri prima una delle due deleghe.',
    { family: 'text' },
  ),
  'adults:check-document': says(
    'Sono entrati tutti e due, ciascuno con la propria SPID o CIE: di solito sono due persone. Unisci solo se un documento dice che i due codici sono della stessa.',
  ),
  'adults:done': says('Intanto {who} ha già unito uno di questi due adulti.', { who: 'person' }),
  'adults:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
  'adults:not-done': says('Questi due adulti non sono uniti: non c’è niente da annullare.'),
  'adults:depends': says('Non si annulla, perché qualcosa è venuto dopo: {what}.', { what: 'texts' }),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof ADULT_MERGE_REFUSALS> {}
}
