import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const APPLICANT_REFUSALS = {
  'applicant:other-code': says(
    'Questo non è il codice fiscale con cui hai fatto l’accesso: scrivi il tuo, come sulla tessera sanitaria.',
  ),
  'applicant:identity-first': says('Per questa richiesta serve un accesso con SPID o CIE: esci e rientra.'),
  'applicant:known': says('La mensa ti conosce già: torna all’inizio e troverai la tua pagina.'),
  'applicant:own-code': says('Questo è il tuo codice fiscale: scrivi quello del bambino, o la sua classe.'),
  'applicant:code-or-class': says('Scrivi il codice fiscale del bambino o la sua classe: basta uno dei due.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof APPLICANT_REFUSALS> {}
}
