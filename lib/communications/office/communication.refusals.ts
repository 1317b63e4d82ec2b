import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const OFFICE_COMMUNICATION_REFUSALS = {
  'communications:money-to-delegates': says(
    'Chi ha il saldo negativo lo deve sapere solo chi paga: scegli “Riguarda i pagamenti”.',
  ),
  'communications:field-needs-money': says(
    'Il saldo si può scrivere solo in una comunicazione sui pagamenti: scegli “Riguarda i pagamenti”.',
  ),
  'communications:unknown-field': says(
    'Tra parentesi graffe possono stare solo {fields}. Controlla come sono scritti.',
    { fields: 'texts' },
  ),
  'communications:field-in-title': says(
    'Il titolo va anche nelle e-mail: lì non possono stare {fields}. Scrivili nel testo.',
    { fields: 'texts' },
  ),
  'communications:no-audience': says('Scegli a chi mandarla.'),
  'communications:due-without-question': says(
    'C’è un giorno entro cui confermare, ma non è chiesta nessuna conferma. Togli il giorno o chiedi la conferma.',
  ),
  'communications:unknown-code': says(
    'Il codice fiscale {code} non è di nessun alunno o genitore di questo Comune. Controllalo o toglilo.',
    { code: 'text' },
  ),
  'communications:unknown-audience': says(
    'Una scuola, una classe o una famiglia scelta non c’è più. Ricarica la pagina e scegli di nuovo.',
  ),
  'communications:audience-too-long': says(
    plural(
      'Puoi scegliere una per una al massimo {n} famiglia. Per di più, scegli le scuole o le classi.',
      'Puoi scegliere una per una al massimo {n} famiglie. Per di più, scegli le scuole o le classi.',
    ),
    { n: 'count' },
  ),
  'communications:changed-meanwhile': says(
    'Intanto {who} ha salvato un’altra versione. Quello che hai scritto è ancora qui: copialo, ricarica la pagina e unisci le due versioni.',
    { who: 'person' },
  ),
  'communications:not-accessible': says(
    'Prima correggi i punti segnalati nel controllo di accessibilità: {count} da sistemare.',
    { count: 'count' },
  ),
  'communications:no-recipients': says('Non c’è nessun destinatario: cambia la scelta di chi la riceve.'),
  'communications:preview-changed': says(
    'Intanto il numero dei destinatari è cambiato. Non è partito niente: rileggi la prova e conferma di nuovo.',
  ),
  'communications:no-reason': says('Scrivi perché la correggi: lo leggono le famiglie che l’hanno ricevuta.'),
  'communications:over': says('È stata ritirata: non si può più cambiare. Scrivine una nuova.'),
  'communications:cannot-wait': says('Una correzione esce subito: lascia vuoto il momento.'),
  'communications:in-the-past': says(
    'Il momento scelto è già passato. Scegline uno futuro, oppure lascialo vuoto.',
  ),
  'communications:expires-first': says('Scade prima di uscire. Controlla le due date.'),
  'communications:due-passed': says('Il giorno entro cui confermare è già passato. Scegline un altro.'),
  'communications:not-submitted': says('Nessuno ha chiesto di approvare questa versione.'),
  'communications:not-scheduled': says('Non è programmata: non c’è niente da annullare.'),
  'communications:not-public': says('Non è pubblicata: non si può fare.'),
  'communications:reminded-already': says(
    'Un promemoria è già partito nelle ultime {hours} ore. Aspetta domani prima di mandarne un altro.',
    { hours: 'count' },
  ),
  'communications:nobody-to-remind': says('L’hanno già fatto tutti: non c’è nessuno a cui ricordarlo.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof OFFICE_COMMUNICATION_REFUSALS> {}
}
