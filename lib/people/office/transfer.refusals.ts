import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const TRANSFER_REFUSALS = {
  'transfers:no-town': says('Scegli il Comune in cui vanno: quello scelto non riceve alunni qui.'),
  'transfers:no-holder': says(
    'Nessuno risponde di questa famiglia: prima scrivi un intestatario, poi trasferisci gli alunni.',
  ),
  'transfers:no-pupil': says('In questa famiglia non c’è nessun alunno da trasferire.'),
  'transfers:too-many': says('Si trasferiscono al massimo {most} alunni insieme: scegline uno alla volta.', {
    most: 'count',
  }),
  'transfers:under-way': says(
    'Il trasferimento di {name} è già partito: lo trovi in Famiglie, Trasferimenti.',
    { name: 'text' },
  ),
  'transfers:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
  'transfers:over': says(
    'Questo trasferimento non aspetta più: l’altro Comune l’ha ripreso, o un collega ha già risposto.',
  ),
  'transfers:answered': says(
    'Questo trasferimento è già chiuso: gli alunni sono nell’altro Comune, o già ripresi.',
  ),
  'transfers:not-restored': says(
    'Le iscrizioni non tornano da sole com’erano: un giorno dopo l’ultimo è già contato, o qualcosa è cambiato. Scegli «Restano usciti», poi registra di nuovo gli alunni.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof TRANSFER_REFUSALS> {}
}
