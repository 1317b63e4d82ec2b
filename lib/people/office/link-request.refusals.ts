import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const LINK_REQUEST_REFUSALS = {
  'link:decided': says('Intanto {who} ha già deciso questa richiesta: non è cambiato niente.', {
    who: 'person',
  }),
  'link:choose-pupil': says('Scegli l’alunno.'),
  'link:has-role': says('{name} ha già un ruolo nella famiglia di questo alunno: non serve collegarlo.', {
    name: 'text',
  }),
  'link:no-holder': says('La famiglia di questo alunno non ha un intestatario: prima serve quello.'),
  'link:preview-changed': says(
    'Intanto qualcosa è cambiato e non si è fatto niente. Rileggi che cosa succederà, poi conferma di nuovo.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof LINK_REQUEST_REFUSALS> {}
}
