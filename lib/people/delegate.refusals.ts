import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const DELEGATE_REFUSALS = {
  'delegates:own-code': says('Questo è il tuo codice fiscale: come intestatario puoi già fare tutto.'),
  'delegates:already': says(
    'Questa persona è già tua delegata. Per cambiare i bambini o la scadenza, revoca la delega e invitala di nuovo.',
  ),
  'delegates:end-passed': says(
    'La delega finirebbe in un giorno già passato. Scegli un giorno da oggi in poi.',
  ),
  'delegates:too-many': says(
    plural(
      'Hai già {n} invito senza risposta. Ritiralo, poi invita di nuovo.',
      'Hai già {n} inviti senza risposta. Ritirane uno, poi invita di nuovo.',
    ),
    {
      n: 'count',
    },
  ),
  'delegates:not-for-you': says(
    'Questo invito è per un’altra persona. Entra con la SPID o la CIE della persona invitata.',
  ),
  'delegates:invitation-over': says(
    'Questo invito non vale più: è già stato usato, ritirato o è scaduto. Chiedi di mandartene un altro.',
  ),
  'delegates:needs-identity': says('Per rispondere a un invito esci ed entra di nuovo con SPID o CIE.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof DELEGATE_REFUSALS> {}
}
