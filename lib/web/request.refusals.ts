import { type DetailsOf, says } from '#lib/words/sentences.ts'

/** What any request may be answered. */
export const REQUEST_REFUSALS = {
  'request:invalid': says('Controlla i campi segnalati: qualcosa non è scritto come serve.'),
  'request:foreign-origin': says('La richiesta non arriva da questo portale. Ricarica la pagina e riprova.'),
  'request:signed-out': says(
    'La sessione è finita. Accedi di nuovo: quello che avevi già salvato resta salvato.',
  ),
  'request:not-found': says('Non troviamo quello che cerchi, oppure non è tra le cose che puoi vedere.'),
  'request:looking': says(
    'Stai guardando il portale come lo vede questa famiglia: da qui non si cambia niente.',
  ),
  'request:key-reused': says(
    'Questa conferma era già servita per una richiesta diversa. Ricarica la pagina e riprova.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof REQUEST_REFUSALS> {}
}
