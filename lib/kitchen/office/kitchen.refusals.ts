import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const KITCHEN_REFUSALS = {
  'kitchens:gap': says(
    'Dal giorno {day} la scuola resterebbe senza cucina: scegli un altro giorno, così non ne resta nessuno scoperto.',
    { day: 'date' },
  ),
  'kitchens:overlap': says(
    'Da {day} la scuola va già a {name}: scegli un ultimo giorno prima, oppure ritira quel cambio.',
    { day: 'day', name: 'text' },
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof KITCHEN_REFUSALS> {}
}
