import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const DEVICE_REFUSALS = {
  'devices:not-digits': says('Scrivi solo i numeri dei punti, da 1 a 9.'),
  'devices:too-short': says('Scegli almeno sei punti.'),
  'devices:repeated': says('Ogni punto si può usare una volta sola.'),
  'devices:too-common': says(
    'È una delle forme che si provano per prime: una lettera, un bordo, una spirale o righe in fila. Scegline una meno prevedibile.',
  ),
  'devices:not-the-same': says('Le due sequenze non sono uguali. Disegnale di nuovo tutte e due.'),
  'devices:too-many': says(
    plural(
      'Ricordiamo al massimo {n} dispositivo. Scollegalo se non lo usi più, poi riprova.',
      'Ricordiamo al massimo {n} dispositivi. Scollegane uno che non usi più, poi riprova.',
    ),
    { n: 'count' },
  ),
  'devices:passkey-refused': says(
    'Il dispositivo non ha confermato la tua impronta, il volto o il codice. Riprova, oppure usa la sequenza.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof DEVICE_REFUSALS> {}
}
