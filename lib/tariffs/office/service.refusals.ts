import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const SERVICE_REFUSALS = {
  'services:no-year': says(
    'In quel giorno non c’è un anno scolastico: scegline un altro, o crea prima l’anno.',
  ),
  'services:ends-before': says('Il servizio finisce già {day}: si può solo anticipare.', { day: 'day' }),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof SERVICE_REFUSALS> {}
}
